#include "models/nic/nic.h"

#include <algorithm>

#include "models/host/address_map.h"
#include "models/nic/post_trace.h"
#include "models/nic/registers.h"
#include "models/nic/walker_factory.h"

namespace vctoe::nic {

using sim::TraceKind;

namespace {
PacketBufferParams receive_side(const NicParams& params) {
  PacketBufferParams p = params.packet_buffer;
  p.size = params.rx.buffer;
  return p;
}

/// Encryption makes frames longer: segments are shorter by as much.
NicParams with_room_for_esp(NicParams params) {
  if (params.esp.enabled) params.toe.mss = Esp::mss(params.toe.mss);
  return params;
}
}  // namespace

Nic::Nic(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
         std::uint32_t ip, const NicParams& params, const NicSite& site)
    : sc_module(name),
      context_(context),
      node_(node),
      params_(with_room_for_esp(params)),
      connections_(params.core.connections),
      stack_(params_.toe, ip, context.seed + node, *this),
      buffer_(context, node, params.packet_buffer),
      rx_buffer_(context, node, receive_side(params)),
      dma_("dma", context, node, params.dma),
      mac_(site.own_mac ? std::make_unique<Mac>("mac", context, node, params.mac) : nullptr),
      neighbours_(ip, params_.neighbours, params_.station, frames_),
      request_interrupt_("request_interrupt", dma_, host::vector_of(site.device, kRequestVector),
                         params.rings.request_interval),
      completion_interrupt_("completion_interrupt", dma_,
                            host::vector_of(site.device, kCompletionVector),
                            params.rings.completion_interval),
      request_ring_(dma_, request_interrupt_),
      completion_ring_(dma_, completion_interrupt_),
      pins_(context, node, params_.core, dma_, completion_ring_),
      submit_ring_(
          dma_, params.rings.fetch_batch,
          [this](const SubmitEntry& e, const std::vector<SgElement>& sg) { submit(e, sg); }),
      reply_ring_(dma_, params.rings.fetch_batch,
                  [this](const ReplyEntry& e, const std::vector<SgElement>& sg) {
                    if (!pages_.reply(e)) requests_.reply(e, sg);
                    service();
                  }),
      requests_(context, node, params_.core, params.walker.granularity.n, connections_, stack_,
                buffer_, request_ring_, completion_ring_, *this),
      walker_(
          make_walker("walker", context, node, params.walker, params.core.connections, requests_)),
      pages_(context, node, dma_, request_ring_,
             [this](std::uint32_t id) { request_failed(connections_.at(id), Fault::kRefused); }),
      tx_(context, node, params_.core, connections_, stack_, pages_, buffer_, frames_, neighbours_,
          requests_, completion_ring_),
      rx_("rx", context, node, connections_, stack_, dma_, rx_buffer_, frames_, neighbours_,
          completion_ring_, params.rings.receive_interval),
      unit_(params.core.unit_step),
      timer_([this] { on_timer(); }),
      esp_(params.esp.enabled ? std::make_unique<Esp>(params.esp, ip) : nullptr),
      to_open_([this](net::FramePtr& frame) { opened(frame); }) {
  bar.register_b_transport(this, &Nic::b_transport);
  walker_->fetch.bind(dma_.fetch);
  requests_.set_walker(*walker_);
  requests_.set_pin_agent(pins_);
  rx_.set_addresses({neighbours_.mac(), ip});
  neighbours_.on_dropped([this](const net::Frame& frame, std::uint64_t cookie, bool unreachable) {
    not_sent(frame, cookie, unreachable);
  });
  if (esp_) tx_.set_esp(*esp_);
  announce_rings();
  if (params.core.units == Units::kSingle) {
    dma_.set_unit(unit_);
    walker_->set_unit(unit_);
    tx_.set_unit(unit_);
  }
  if (!mac_) return;
  mac_->set_client(*this);
  frames_.connect(*mac_);
}

// ---- wire side ----------------------------------------------------------------------------------

/// RFC 1122 section 2.3.2.2 and 3.2.2.1: TCP hears that a host cannot be reached as it would from a
/// router.
void Nic::not_sent(const net::Frame& frame, std::uint64_t cookie, bool unreachable) {
  tx_.frame_dropped(cookie);
  if (!unreachable) return;
  const toe::Segment s = net::parse_tcp_frame(frame).segment;
  const toe::FourTuple& there = s.tuple;  // as the addressee would see it
  const toe::FourTuple ours{there.remote_ip, there.local_ip, there.remote_port, there.local_port};
  stack_.icmp_error({ours, s.seq, 3, 1, 0}, sim::now());
  service();
}

void Nic::mac_sent(std::uint64_t cookie) {
  if (cookie == 0) return tx_.pump();  // a frame of the NIC itself
  tx_.frame_sent(cookie);
  set_timer();  // the segment's retransmission clock has started
}

void Nic::mac_received(net::FramePtr frame) {
  if (esp_) {
    const sim::Time at = esp_->opened_at(frame->size);
    to_open_.push(at, std::move(frame));
    return;
  }
  rx_.frame(std::move(frame));
  service();
}

/// A frame is decrypted into another one: others may hold the first.
void Nic::opened(const net::FramePtr& frame) {
  net::FramePtr plain = opened_.get();
  const net::DropReason why = esp_->open(*frame, *plain);
  if (why != net::DropReason::kNone) return frames_.refuse(*frame, why);
  rx_.frame(std::move(plain));
  service();
}

/// After anything that may have given TCP work or moved its timers.
void Nic::service() {
  tx_.pump();
  set_timer();
  context_.trace.changed(node_, sim::Watched::kTcp);
}

void Nic::set_timer() {
  const sim::Time next = stack_.next_timer();
  if (next != timer_.at()) timer_.set(sim::max(next, sim::now()));
}

void Nic::on_timer() {
  stack_.on_timer(sim::now());
  service();
}

// ---- what TCP says ------------------------------------------------------------------------------

bool Nic::may_accept(toe::ConnectionId id) const {
  // Memory goes back to the host with the connection that it was given for.
  return connections_.valid(id) && connections_.used(id) && connections_.at(id).receive.size() != 0;
}

void Nic::accepted(toe::ConnectionId id, const toe::FourTuple& tuple) {
  half_open_.emplace_back(id, tuple);
  const Connection& c = connections_.at(id);
  stack_.set_receive_space(id, c.consumed + c.receive.size(), sim::now());
}

void Nic::open(toe::ConnectionId id, std::uint32_t first_sequence) {
  Connection& c = connections_.at(id);
  ++c.generation;
  c.open = true;
  c.fault = Fault::kNone;
  c.first_sequence = first_sequence;
  c.posted = c.requested = c.available = c.acked = c.received = 0;
  ++stats_.connections_opened;
}

void Nic::established(toe::ConnectionId id, toe::Seq first) {
  open(id, first.v);
  const auto view = stack_.view(id);
  context_.trace.emit(
      {{}, TraceKind::kRxAck, node_, 0, id, 0, 0, view ? view->snd_wnd : 0, first.v, 0});
  CompletionEntry entry = completion(CompletionKind::kEstablished, id, 0, first.v);
  if (const auto it = find_half_open(id); it != half_open_.end()) {
    entry.kind = CompletionKind::kAccepted;
    entry.ip = it->second.remote_ip;
    entry.port = it->second.remote_port;
    entry.local_port = it->second.local_port;
    half_open_.erase(it);
  }
  connections_.at(id).notices.pass(entry, completion_ring_);
}

Nic::HalfOpen::iterator Nic::find_half_open(toe::ConnectionId id) {
  return std::find_if(half_open_.begin(), half_open_.end(),
                      [id](const auto& entry) { return entry.first == id; });
}

void Nic::state_changed(toe::ConnectionId id, toe::State state) {
  context_.trace.emit(
      {{}, TraceKind::kConnState, node_, 0, id, 0, 0, 0, 0, static_cast<std::uint32_t>(state)});
}

void Nic::acknowledged(toe::ConnectionId id, std::uint64_t offset) {
  Connection& c = connections_.at(id);
  if (!c.open) return;
  const auto view = stack_.view(id);
  context_.trace.emit({{},
                       TraceKind::kRxAck,
                       node_,
                       0,
                       id,
                       0,
                       offset,
                       view ? view->snd_wnd : 0,
                       c.first_sequence + static_cast<std::uint32_t>(offset),
                       0});
  tx_.acknowledged(c, offset);
  if (esp_) esp_->acknowledged(id, offset);
  while (!c.posts.empty() && c.posts.front().end <= offset) {
    const Post& post = c.posts.front();
    trace_post(context_, TraceKind::kStreamAcked, node_, id, post);
    complete_after_reads(CompletionKind::kStreamAcked, c, post.txn, 0, post.end);
    c.posts.pop_front();
  }
  requests_.acknowledged(c, offset);
}

void Nic::place(toe::ConnectionId id, std::uint64_t offset, std::uint32_t skip,
                std::uint32_t length) {
  rx_.place(connections_.at(id), offset, skip, length);
}

void Nic::received(toe::ConnectionId id, std::uint64_t offset) {
  rx_.received(connections_.at(id), offset);
}

void Nic::peer_closed(toe::ConnectionId id) {
  rx_.flush_notice(connections_.at(id));
  complete(CompletionKind::kPeerClosed, id, 0, 0);
}

void Nic::rto_expired(toe::ConnectionId id, toe::Seq una) {
  ++stats_.timeouts;
  context_.trace.emit({{}, TraceKind::kRtoExpired, node_, 0, id, 0, 0, 0, una.v, 0});
}

void Nic::urgent(toe::ConnectionId id, std::uint64_t offset) {
  complete(CompletionKind::kUrgent, id, 0, offset);
}

void Nic::advice(toe::ConnectionId id, toe::Advice advice) {
  if (find_half_open(id) != half_open_.end()) return;  // the host has not heard of it
  complete(CompletionKind::kAdvice, id, 0, static_cast<std::uint64_t>(advice));
}

void Nic::closed(toe::ConnectionId id, toe::CloseReason reason) {
  Connection& c = connections_.at(id);
  c.closing = false;
  if (const auto it = find_half_open(id); it != half_open_.end()) {
    half_open_.erase(it);  // the host never heard of it: the id listens again, with its memory
    return;
  }
  if (c.fault != Fault::kNone) {
    close(c, CompletionKind::kFault, static_cast<std::uint64_t>(c.fault));
  } else {
    const bool orderly = reason == toe::CloseReason::kOrderly;
    close(c, orderly ? CompletionKind::kClosed : CompletionKind::kReset,
          static_cast<std::uint64_t>(reason));
  }
}

void Nic::close(Connection& c, CompletionKind kind, std::uint64_t value) {
  rx_.flush_notice(c);
  c.open = false;
  tx_.abandon(c);
  requests_.abandon(c);
  if (esp_) esp_->forget(c.id);
  c.posts.clear();
  c.received = c.consumed = 0;
  c.receive.clear();
  complete_after_reads(kind, c, 0, value, NoticeGate::kEverything);
}

// ---- what the request engine says ---------------------------------------------------------------

void Nic::bytes_available(Connection& c) {
  // A short segment may go if nothing that would fill it is on its way.
  const bool flush = !requests_.more_coming(c);
  stack_.set_available(c.id, c.available, flush);
  // The walker calls outside of any service(), and no reply follows what needs none.
  if (flush || params_.core.first == Source::kTranslated) timer_.set(sim::now());
}

void Nic::block_ready(Connection& c, Extent& extent) {
  tx_.block_ready(c, extent);
  // What needs no answer becomes ready in a call of the walker's: nobody else would send it.
  timer_.set(sim::now());
}

void Nic::request_failed(Connection& c, Fault fault) {
  if (!c.open) return;
  ++stats_.faults;
  c.fault = fault;
  stack_.abort(c.id, sim::now());
}

}  // namespace vctoe::nic
