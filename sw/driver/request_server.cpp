#include "sw/driver/request_server.h"

#include <string>
#include <utility>

namespace vctoe::driver {

using kernel::PinOwner;
using kernel::PinStatus;
using nic::ReplyKind;
using sim::Why;

namespace {
constexpr RingRegisters kReplyRing = {nic::Register::kReplyBase, nic::Register::kReplySize,
                                      nic::Register::kReplyTail, nic::Register::kReplyHead};
}

void RequestServer::Stats::declare(sim::StatList& list) const {
  list.add("blocks_physical", blocks_physical, "1", "blocks answered with physical addresses");
  list.add("blocks_pushed", blocks_pushed, "1", "blocks pushed into the packet buffer");
  list.add("nodes", nodes, "1", "pages of context records answered");
  list.add("page_requests", page_requests, "1",
           "ranges made resident for reads by virtual address");
  list.add("refused", refused, "1", "requests for what was not posted for the connection");
  list.add("late", late, "1", "requests of connections that were gone");
  list.add("failed", failed, "1", "requests that the kernel could not satisfy");
  list.add("handed_over", handed_over, "1",
           "times that a thread of the operating system was woken, with driver.host_side = os");
  list.add("queued", queued, "1", "requests that wait for a worker");
  list.add("service_ps", service_ps, "ps", "from a request's arrival in the driver to its reply");
}

void RequestServer::declare_stats(sim::StatList& list) const {
  stats_.declare(list);
  list.group("push", pusher_.stats());
  list.add("reply_head_reads", replies_.head_reads(), "1",
           "times that the reply ring might have been full");
}

RequestServer::RequestServer(const sc_core::sc_module_name& name, HostPort& port,
                             kernel::MemoryService& memory, const DriverParams& params,
                             ConnectionTable& connections, ContextPools& pools,
                             OutstandingTable& outstanding, StallBoard& board, Memories memories)
    : sc_module(name),
      port_(port),
      memory_(memory),
      params_(params),
      connections_(connections),
      pools_(pools),
      outstanding_(outstanding),
      board_(board),
      replies_(port, params.reply_entries, kReplyRing),
      lists_(port, params.reply_area.n),
      memories_(memories),
      pusher_(port, memory, params, memories.lazy) {
  for (std::uint64_t i = 0; i < params.workers; ++i) {
    workers_.push_back(std::make_unique<Worker>());
    Worker& w = *workers_.back();
    w.thread = std::make_unique<Thread>(("worker" + std::to_string(i)).c_str(),
                                        [this, &w] { serve_all(w); });
  }
}

/// I-X14: the NIC may ask only for what was posted for that connection and address space, and for
/// pages of context records.
PinStatus RequestServer::check(const nic::RequestEntry& request) {
  const bool node = static_cast<Why>(request.why) == Why::kNode;
  const bool pushed = request.identify == nic::Identify::kPushed;
  const bool sane = request.why <= static_cast<std::uint8_t>(Why::kNode) &&
                    (!pushed || (!node && Pusher::in_window(request))) &&
                    request.identify <= nic::Identify::kResident;
  const bool known = sane && request.connection < connections_.size() && request.length != 0;
  if (known && node) {
    // Other connections of the process may need the page too: the connection's state is no matter.
    if (pools_.contains(request.asid, request.virtual_address, request.length)) {
      return PinStatus::kOk;
    }
  } else if (known) {
    const ConnectionState state = connections_.state(request.connection);
    if (state == ConnectionState::kGone || state == ConnectionState::kFree) {
      return PinStatus::kShutDown;
    }
    const DriverConnection& c = connections_.at(request.connection);
    if (c.asid == request.asid && c.posted.allow(request.virtual_address, request.length)) {
      return PinStatus::kOk;
    }
  }
  return PinStatus::kNoPermission;
}

void RequestServer::take(const nic::RequestEntry& request) {
  if (outstanding_.find(request.txn) != nullptr) {
    ++stats_.refused;  // the reply to the first of this name stands; there is none for another
    return;
  }
  const bool node = static_cast<Why>(request.why) == Why::kNode;
  outstanding_.open(request.txn, node ? OutstandingKind::kNode : OutstandingKind::kBlock,
                    request.connection);
  const std::uint32_t turn = request.connection < connections_.size() ? request.connection : 0;
  queue_.push(turn, {request, check(request)});
  stats_.queued.add(1, sim::now());
  if (idle_.empty()) return;
  sim::notify(idle_.back()->wake);
  idle_.pop_back();
}

void RequestServer::serve_all(Worker& self) {
  for (;;) {
    while (queue_.empty()) {
      idle_.push_back(&self);
      sim::wait(self.wake);
      called();
    }
    const Pending pending = queue_.pop();
    stats_.queued.sub(1, sim::now());
    const StallBoard::Mark mark(board_, DriverStall::kServing);
    serve(pending);
  }
}

void RequestServer::serve(const Pending& pending) {
  const nic::RequestEntry& request = pending.request;
  const sim::Time arrived = outstanding_.find(request.txn)->since;
  PinStatus status = pending.verdict;
  if (status == PinStatus::kOk) {
    switch (request.identify) {
      case nic::Identify::kPushed:
        status = push(request);
        break;
      case nic::Identify::kResident:
        status = make_resident(request);
        break;
      default:
        status = answer_physically(request);
    }
    if (status != PinStatus::kOk) ++stats_.failed;
  } else {
    ++(status == PinStatus::kShutDown ? stats_.late : stats_.refused);
  }
  if (status != PinStatus::kOk) refuse(request, status);
  stats_.service_ps.record((sim::now() - arrived).ps);
}

PinStatus RequestServer::push(const nic::RequestEntry& request) {
  const PinStatus status = pusher_.push(request);
  if (status != PinStatus::kOk) return status;
  reply(reply_to(request, ReplyKind::kPushed));
  outstanding_.close(request.txn);
  ++stats_.blocks_pushed;
  return status;
}

/// Page request and response of PCIe ATS: the NIC reads again, and asks again if the pages are gone
/// by then.
PinStatus RequestServer::make_resident(const nic::RequestEntry& request) {
  if (!memory_.make_resident(request.asid, request.virtual_address, request.length)) {
    return PinStatus::kUnmapped;
  }
  reply(reply_to(request, ReplyKind::kResident));
  outstanding_.close(request.txn);
  ++stats_.page_requests;
  return PinStatus::kOk;
}

/// The scatter list of a request on its way to the NIC, whole or in parts.
class RequestServer::Parts : public kernel::PinProgress {
 public:
  Parts(RequestServer& server, const nic::RequestEntry& request, const ScatterArea::Run& run)
      : server_(server), request_(request), run_(run) {}

  void pinned(const std::vector<kernel::SgEntry>& next) override {
    nic::ReplyEntry entry = reply_to(request_, ReplyKind::kPhysical);
    entry.length = 0;
    for (const kernel::SgEntry& e : next) entry.length += e.length;
    entry.count = static_cast<std::uint32_t>(next.size());
    if (entry.count <= nic::kInlineSg) {
      nic::SgElement* to = entry.inline_sg;
      for (const kernel::SgEntry& e : next) *to++ = {e.address, e.length, 0};
    } else {
      entry.sg_address = server_.lists_.write(run_, next, used_);
      used_ += entry.count;
    }
    server_.reply(entry);
  }
  /// Elements of the run that are in use.
  std::uint64_t used() const { return used_; }

 private:
  RequestServer& server_;
  const nic::RequestEntry& request_;
  const ScatterArea::Run& run_;
  std::uint64_t used_ = 0;
};

/// Blocks 254-260 of FIG. 8, 284-288 of FIG. 9. Room for the scatter list is taken before the pin,
/// so that nobody holds pins while waiting for room.
PinStatus RequestServer::answer_physically(const nic::RequestEntry& request) {
  const auto why = static_cast<Why>(request.why);
  const bool node = why == Why::kNode;
  if (!node && params_.gather == Gather::kContiguous) return answer_with_copy(request);
  const std::uint64_t last = request.virtual_address + request.length - 1;
  const std::uint64_t pages =
      last / host::kPageSize - request.virtual_address / host::kPageSize + 1;
  ScatterArea::Run run;
  if (pages > nic::kInlineSg) {
    if (pages > lists_.max_elements()) return PinStatus::kTooLarge;
    const StallBoard::Mark mark(board_, DriverStall::kListArea);
    run = lists_.reserve(pages);
  }
  Parts parts(*this, request, run);
  memories_.lazy.make_room(request.length);
  const PinOwner owner = node ? PinOwner::kNode : PinOwner::kAgent;
  const bool whole = node || params_.reply == ReplyBy::kBlock;
  const kernel::PinResult pinned =
      whole ? memory_.resolve_and_pin(request.asid, request.virtual_address, request.length, owner,
                                      why, request.txn)
            : memory_.resolve_and_pin_by_page(request.asid, request.virtual_address, request.length,
                                              owner, why, request.txn, parts);
  if (pinned.token == 0) {
    lists_.release(run);
    return pinned.status;
  }
  Outstanding& o = *outstanding_.find(request.txn);
  o.token = pinned.token;
  o.list = run;
  if (pinned.status != PinStatus::kOk) return pinned.status;
  if (!node && params_.scheme.pin_by == kernel::PinActor::kHost && params_.scheme.shares_pins()) {
    memory_.share_pins(o.token, kernel::PinActor::kHost, kernel::PinActor::kDevice);
  }
  ++(node ? stats_.nodes : stats_.blocks_physical);
  if (parts.used() == 0 && pinned.sg.size() <= nic::kInlineSg) lists_.release(o.list);
  parts.pinned(pinned.sg);  // from here on the NIC may release it
  return PinStatus::kOk;
}

/// The same with the bytes in contiguous memory (FIG. 4): its pages are free to go at once.
PinStatus RequestServer::answer_with_copy(const nic::RequestEntry& request) {
  const auto why = static_cast<Why>(request.why);
  Gatherer& gatherer = why == Why::kFirst ? memories_.first : memories_.again;
  Outstanding& o = *outstanding_.find(request.txn);
  o.again = why == Why::kRetransmit;
  kernel::SgEntry where;
  const PinStatus status = gatherer.gather(
      {request.asid, why, request.txn}, {{request.virtual_address, request.length}}, o.copy, where);
  if (status != PinStatus::kOk) {
    gatherer.release(o.copy);
    return status;
  }
  ++stats_.blocks_physical;
  Parts(*this, request, {}).pinned({where});
  return status;
}

/// What was answered in part stays pinned until the NIC is through with it.
void RequestServer::refuse(const nic::RequestEntry& request, PinStatus status) {
  nic::ReplyEntry entry = reply_to(request, ReplyKind::kError);
  entry.status = static_cast<std::uint8_t>(status);
  reply(entry);
  if (outstanding_.find(request.txn)->token == 0) outstanding_.close(request.txn);
}

nic::ReplyEntry RequestServer::reply_to(const nic::RequestEntry& request, ReplyKind kind) {
  nic::ReplyEntry entry;
  entry.kind = kind;
  entry.asid = request.asid;
  entry.connection = request.connection;
  entry.txn = request.txn;
  entry.length = request.length;
  return entry;
}

void RequestServer::reply(const nic::ReplyEntry& entry) {
  port_.run(params_.entry_cost + port_.costs().mmio_write, host::Priority::kKernel, work());
  replies_.push(entry);
}

bool RequestServer::pinned_by_nic(sim::TxnId txn) {
  const Outstanding* o = outstanding_.find(txn);
  if (o == nullptr || o->token == 0) return false;
  memory_.share_pins(o->token, kernel::PinActor::kDevice, params_.scheme.unpin_by);
  return true;
}

bool RequestServer::released(sim::TxnId txn) {
  Outstanding* o = outstanding_.find(txn);
  if (o == nullptr || (o->token == 0 && o->copy.hold == 0)) return false;
  const kernel::PinToken token = std::exchange(o->token, 0);
  lists_.release(o->list);
  Gatherer::Copy copy = std::exchange(o->copy, {});
  const bool block = o->kind == OutstandingKind::kBlock;
  if (copy.hold != 0) (o->again ? memories_.again : memories_.first).release(copy);
  if (token != 0 && block) {
    give_back(token);
  } else if (token != 0) {
    memory_.unpin(token);
  }
  outstanding_.close(txn);
  return true;
}

}  // namespace vctoe::driver
