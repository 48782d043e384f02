#include "sw/driver/request_server.h"

#include <string>

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
  list.add("refused", refused, "1", "requests for what was not posted for the connection");
  list.add("late", late, "1", "requests of connections that were gone");
  list.add("failed", failed, "1", "requests that the kernel could not satisfy");
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
                             OutstandingTable& outstanding, StallBoard& board)
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
      pusher_(port, memory, params) {
  for (std::uint64_t i = 0; i < params.workers; ++i) {
    workers_.push_back(std::make_unique<Worker>());
    Worker& w = *workers_.back();
    w.thread =
        std::make_unique<Thread>(("worker" + std::to_string(i)).c_str(), [this, &w] { work(w); });
  }
}

/// I-X14: the NIC may ask only for what was posted for that connection and address space, and for
/// pages of context records.
PinStatus RequestServer::check(const nic::RequestEntry& request) {
  const bool known = request.connection < connections_.size() && request.length != 0;
  if (known && static_cast<Why>(request.why) == Why::kNode) {
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

void RequestServer::work(Worker& self) {
  for (;;) {
    while (queue_.empty()) {
      idle_.push_back(&self);
      sim::wait(self.wake);
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
    const bool pushed = request.identify == nic::Identify::kPushed;
    status = pushed ? push(request) : answer_physically(request);
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

/// Blocks 254-260 of FIG. 8, 284-288 of FIG. 9. Room for the scatter list is taken before the pin,
/// so that nobody holds pins while waiting for room.
PinStatus RequestServer::answer_physically(const nic::RequestEntry& request) {
  const std::uint64_t last = request.virtual_address + request.length - 1;
  const std::uint64_t pages =
      last / host::kPageSize - request.virtual_address / host::kPageSize + 1;
  ScatterArea::Run run;
  if (pages > nic::kInlineSg) {
    if (pages > lists_.max_elements()) return PinStatus::kTooLarge;
    const StallBoard::Mark mark(board_, DriverStall::kListArea);
    run = lists_.reserve(pages);
  }
  const auto why = static_cast<Why>(request.why);
  const kernel::PinResult pinned = memory_.resolve_and_pin(
      request.asid, request.virtual_address, request.length,
      why == Why::kNode ? PinOwner::kNode : PinOwner::kAgent, why, request.txn);
  if (pinned.status != PinStatus::kOk) {
    lists_.release(run);
    return pinned.status;
  }
  nic::ReplyEntry entry = reply_to(request, ReplyKind::kPhysical);
  entry.count = static_cast<std::uint32_t>(pinned.sg.size());
  if (entry.count <= nic::kInlineSg) {
    for (std::uint32_t i = 0; i < entry.count; ++i) {
      entry.inline_sg[i] = {pinned.sg[i].address, pinned.sg[i].length, 0};
    }
    lists_.release(run);
  } else {
    entry.sg_address = lists_.write(run, pinned.sg);
  }
  Outstanding& o = *outstanding_.find(request.txn);
  o.token = pinned.token;
  o.list = run;
  ++(why == Why::kNode ? stats_.nodes : stats_.blocks_physical);
  reply(entry);
  return PinStatus::kOk;
}

void RequestServer::refuse(const nic::RequestEntry& request, PinStatus status) {
  nic::ReplyEntry entry = reply_to(request, ReplyKind::kError);
  entry.status = static_cast<std::uint8_t>(status);
  reply(entry);
  outstanding_.close(request.txn);
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
  port_.run(params_.entry_cost + port_.costs().mmio_write, host::Priority::kKernel,
            host::Work::kDriver);
  replies_.push(entry);
}

bool RequestServer::released(sim::TxnId txn) {
  Outstanding* o = outstanding_.find(txn);
  if (o == nullptr || o->token == 0) return false;
  const kernel::PinToken token = o->token;
  o->token = 0;
  lists_.release(o->list);
  memory_.unpin(token);
  outstanding_.close(txn);
  return true;
}

}  // namespace vctoe::driver
