#include "models/nic/rx_engine.h"

#include <algorithm>
#include <optional>

#include "models/net/icmp.h"

namespace vctoe::nic {

using sim::TraceKind;

void RxParams::declare(sim::ParamList& list) {
  list.add("buffer", buffer, sim::bytes_range(sim::Bytes::kib(2), sim::Bytes::mib(64)),
           "packet buffer for received frames until their payload is in host memory",
           "calibration N6: 48 KiB (82546) to 512 KiB (82599)");
}

RxEngine::RxEngine(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
                   ConnectionTable& connections, toe::Stack& stack, DmaPort& dma,
                   PacketBuffer& buffer, FramePort& mac, Neighbours& neighbours,
                   OutRing<CompletionEntry>& completions, sim::Time notice_interval)
    : sc_module(name),
      context_(context),
      node_(node),
      connections_(connections),
      stack_(stack),
      dma_(dma),
      buffer_(buffer),
      mac_(mac),
      neighbours_(neighbours),
      completions_(completions),
      notice_interval_(notice_interval),
      notice_alarm_([this] { flush_notices(); }) {}

void RxEngine::Stats::declare(sim::StatList& list) const {
  list.add("frames", frames, "1", "frames received");
  list.add("payload_bytes", payload_bytes, "B", "payload written to host memory");
  list.add("dropped_no_memory", dropped_no_memory, "1",
           "pieces of payload dropped: the connection has no receive memory");
  list.add("notices", notices, "1", "completions that tell of received bytes");
}

void RxEngine::frame(net::FramePtr frame) {
  ++stats_.frames;
  const auto room = buffer_.allocate(frame->size, BufferUse::kReceive);
  if (!room) {
    mac_.refuse(*frame, net::DropReason::kNoRoom);
    return;
  }
  const net::ParseResult parsed = net::parse_tcp_frame(*frame, us_);
  if (!parsed.ok()) {
    buffer_.free(*room);
    return other(*frame, parsed.error);
  }
  Job& job = new_job(std::move(frame), *room);
  current_ = &job;
  payload_offset_ = parsed.payload_offset;
  job.writes = 1;
  stack_.input(parsed.segment, sim::now());
  current_ = nullptr;
  release(job);
}

/// A frame that is no segment for us.
void RxEngine::other(const net::Frame& frame, net::DropReason why) {
  const bool icmp = why == net::DropReason::kNotTcp;
  const auto error = icmp ? net::parse_icmp_error(frame) : std::nullopt;
  if (error) return stack_.icmp_error(*error, sim::now());
  if (!neighbours_.take(frame, why)) mac_.refuse(frame, why);
}

void RxEngine::place(Connection& c, std::uint64_t offset, std::uint32_t skip,
                     std::uint32_t length) {
  sim::ensure(current_ != nullptr, "receive engine: payload placed without a frame");
  if (c.receive.empty()) {
    ++stats_.dropped_no_memory;
    return;
  }
  stats_.payload_bytes += length;
  context_.trace.emit({{},
                       TraceKind::kRxData,
                       node_,
                       0,
                       c.id,
                       current_->frame->txn,
                       offset,
                       length,
                       static_cast<std::uint32_t>(offset),
                       0});
  scratch_.clear();
  const std::uint64_t circle = c.receive.size();
  const std::uint64_t at = offset % circle;
  const std::uint64_t before_end = std::min<std::uint64_t>(length, circle - at);
  c.receive.slice(at, before_end, scratch_);
  if (before_end < length) c.receive.slice(0, length - before_end, scratch_);
  DmaRequest request;
  request.write = true;
  request.sg = scratch_.data();
  request.count = static_cast<std::uint32_t>(scratch_.size());
  request.data = current_->frame->bytes.data() + payload_offset_ + skip;
  request.connection = c.id;
  request.txn = current_->frame->txn;
  request.client = this;
  request.cookie = reinterpret_cast<std::uintptr_t>(current_);
  ++current_->writes;
  dma_.submit(request);
}

void RxEngine::dma_done(std::uint64_t cookie, bool ok) {
  sim::ensure(ok, "receive engine: host memory refused payload");
  // NOLINTNEXTLINE(performance-no-int-to-ptr): a cookie is whatever its client wants back
  release(*reinterpret_cast<Job*>(static_cast<std::uintptr_t>(cookie)));
}

void RxEngine::release(Job& job) {
  if (--job.writes != 0) return;
  buffer_.free(job.buffer);
  job.frame = net::FramePtr();
  free_.push_back(&job);
}

void RxEngine::received(Connection& c, std::uint64_t offset) {
  c.received = offset;
  if (c.notice_due) return;
  c.notice_due = true;
  due_.push_back(c.id);
  if (notice_alarm_.at() == sim::Time::never()) notice_alarm_.set(sim::now() + notice_interval_);
}

void RxEngine::flush_notice(Connection& c) {
  if (!c.notice_due) return;
  c.notice_due = false;
  ++stats_.notices;
  CompletionEntry entry;
  entry.kind = CompletionKind::kReceived;
  entry.connection = c.id;
  entry.value = c.received;
  completions_.push(entry);
}

void RxEngine::flush_notices() {
  for (const std::uint32_t id : due_) flush_notice(connections_.at(id));
  due_.clear();
}

RxEngine::Job& RxEngine::new_job(net::FramePtr frame, std::uint32_t buffer) {
  if (free_.empty()) {
    all_.push_back(std::make_unique<Job>());
    free_.push_back(all_.back().get());
  }
  Job& job = *free_.back();
  free_.pop_back();
  job.frame = std::move(frame);
  job.buffer = buffer;
  return job;
}

}  // namespace vctoe::nic
