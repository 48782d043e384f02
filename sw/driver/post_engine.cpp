#include "sw/driver/post_engine.h"

#include <algorithm>
#include <string>
#include <utility>

#include "sw/driver/range_cursor.h"

namespace vctoe::driver {

using kernel::PinStatus;

namespace {
constexpr RingRegisters kSubmitRing = {nic::Register::kSubmitBase, nic::Register::kSubmitSize,
                                       nic::Register::kSubmitTail, nic::Register::kSubmitHead};
/// A list stays below half of the sequence space (specification [0030]: sizes are 31 bits).
constexpr std::uint64_t kMaxPost = 0x7fff'ffff;

std::uint64_t pages_of(const VirtualRange& r) {
  return (r.address + r.length - 1) / host::kPageSize - r.address / host::kPageSize + 1;
}
}  // namespace

void PostEngine::Stats::declare(sim::StatList& list) const {
  list.add("posts", posts, "1", "lists handed to the NIC");
  list.add("bytes", bytes, "B", "their bytes");
  list.add("contexts", contexts, "1", "context records written");
  list.add("too_large", too_large, "1", "lists refused because they have to be split");
  list.add("budget_waits", budget_waits, "1", "posts that waited for others to be unpinned");
  list.add("budget", budget, "B", "memory pinned by lists");
}

PostEngine::PostEngine(sim::Context& context, std::uint8_t node, HostPort& port,
                       kernel::MemoryService& memory, const DriverParams& params,
                       ContextPools& pools, OutstandingTable& outstanding, StallBoard& board,
                       Gatherer& copies, LazyUnpins& lazy)
    : context_(context),
      node_(node),
      port_(port),
      memory_(memory),
      params_(params),
      pools_(pools),
      outstanding_(outstanding),
      board_(board),
      copies_(copies),
      lazy_(lazy),
      submissions_(port, params.submit_entries, kSubmitRing),
      lists_(port, params.list_area.n),
      rng_(context.seed, "driver" + std::to_string(node) + ".blocks") {}

PostResult PostEngine::post(DriverConnection& c, ConnectionId id,
                            const std::vector<VirtualRange>& ranges) {
  const LockGuard order(c.posting);
  PostRecord record;
  record.txn = context_.next_txn();
  record.connection = id;
  record.asid = c.asid;
  for (const VirtualRange& r : ranges) {
    if (r.length == 0) continue;
    record.ranges.push_back(r);
    record.length += r.length;
  }
  if (record.length == 0) return {PinStatus::kUnmapped, 0};
  if (c.state != ConnectionState::kOpen) return {PinStatus::kShutDown, 0};
  nic::SubmitEntry entry;
  trace(sim::TraceKind::kPosting, record, entry);
  const PinStatus status =
      record.length > kMaxPost ? PinStatus::kTooLarge : prepare(c, record, entry);
  const bool gone = c.state != ConnectionState::kOpen;  // meanwhile
  if (status != PinStatus::kOk || gone) {
    if (status == PinStatus::kTooLarge) ++stats_.too_large;
    undo(record);
    if (gone) copies_.release(c.ring.memory);
    return {status != PinStatus::kOk ? status : PinStatus::kShutDown, 0};
  }
  entry.op = nic::SubmitOp::kPost;
  entry.asid = record.asid;
  entry.connection = id;
  entry.txn = record.txn;
  entry.length = record.length;
  entry.first_sequence = c.next_sequence;
  c.posted.add(record.txn, record.ranges, c.next_sequence);
  c.next_sequence += static_cast<std::uint32_t>(record.length);
  ++stats_.posts;
  stats_.bytes += record.length;
  const PostResult result = {PinStatus::kOk, record.txn};
  trace(sim::TraceKind::kPost, record, entry);
  c.posts.push_back(std::move(record));
  submit(entry);
  return result;
}

void PostEngine::trace(sim::TraceKind kind, const PostRecord& record, const nic::SubmitEntry& entry,
                       sim::PostWait wait) {
  context_.trace.emit({{},
                       kind,
                       node_,
                       record.asid,
                       record.connection,
                       record.txn,
                       entry.list_head,
                       record.length,
                       entry.first_sequence,
                       static_cast<std::uint32_t>(wait)});
}

/// Everything that may block. What a post holds while it waits is in an order that all posts keep:
/// table, records, budget, list memory, pins; whoever has all of them waits for nobody.
PinStatus PostEngine::prepare(DriverConnection& c, PostRecord& record, nic::SubmitEntry& entry) {
  if (!outstanding_.has_room(OutstandingKind::kPost)) {
    const StallBoard::Mark mark(board_, DriverStall::kTableFull);
    outstanding_.wait_for_room(OutstandingKind::kPost);
  }
  outstanding_.open(record.txn, OutstandingKind::kPost, record.connection);
  const StallBoard::Mark mark(board_, DriverStall::kPosting);
  PinStatus status = PinStatus::kOk;
  if (params_.copy_on_write) guard(record);
  if (params_.scheme.with_list) status = add_contexts(record, c.next_sequence, entry);
  if (status == PinStatus::kOk && params_.scheme.pin_at_post) status = add_bytes(c, record, entry);
  return status;
}

void PostEngine::guard(PostRecord& record) {
  record.guarded = true;
  for (const VirtualRange& r : record.ranges) memory_.guard(record.asid, r.address, r.length);
}

PinStatus PostEngine::add_contexts(PostRecord& record, std::uint32_t first_sequence,
                                   nic::SubmitEntry& entry) {
  const std::vector<VirtualRange> blocks = cut_into_blocks(record.ranges, params_, rng_);
  ContextPool& pool = pools_.of(record.asid);
  if (blocks.size() > pool.capacity()) return PinStatus::kTooLarge;
  record.records = pool.take(blocks.size());
  const std::uint32_t first = number(record, first_sequence, entry);
  const auto records = make_records(blocks, record.records, first, record.asid, params_);
  if (params_.block_format == BlockFormat::kFixed) {
    entry.block_size = static_cast<std::uint32_t>(params_.block_size.n);
  }
  port_.run(params_.entry_cost * records.size(), host::Priority::kKernel, host::Work::kDriver);
  entry.list_head = record.records.front();
  stats_.contexts += records.size();
  return write_records(memory_, record.asid, records, record.records) ? PinStatus::kOk
                                                                      : PinStatus::kUnmapped;
}

/// What field 228 of the list's first record says. Numbers are the address space's, as its records'
/// places are: what the NIC still knows of an old list never fits a new one. A list that comes to
/// nothing leaves a gap.
std::uint32_t PostEngine::number(const PostRecord& record, std::uint32_t first_sequence,
                                 nic::SubmitEntry& entry) {
  if (params_.numbering == Numbering::kTcp) return first_sequence;
  std::uint32_t& next = numbers_[record.asid];
  entry.flags |= nic::kOwnNumbering;
  entry.list_sequence = next;
  next += static_cast<std::uint32_t>(record.length);
  return entry.list_sequence;
}

/// Makes the bytes ready to be read by physical address, whatever happens to them later.
PinStatus PostEngine::add_bytes(DriverConnection& c, PostRecord& record, nic::SubmitEntry& entry) {
  std::uint64_t pages = 0;
  for (const VirtualRange& r : record.ranges) pages += pages_of(r);
  const bool copied = params_.scheme.circular || params_.gather == Gather::kContiguous;
  const std::uint64_t elements = copied ? 2 : pages;
  if (elements > lists_.max_elements()) return PinStatus::kTooLarge;
  if (!copied) {
    if (!take_budget(record, pages * host::kPageSize)) return PinStatus::kTooLarge;
    record.pinned_bytes = pages * host::kPageSize;
  }
  {
    const StallBoard::Mark mark(board_, DriverStall::kListArea);
    record.list = lists_.reserve(elements);
  }
  std::vector<kernel::SgEntry> list;
  const PinStatus status = params_.scheme.circular ? add_to_ring(c, record, list)
                           : copied                ? add_copy(record, list)
                                                   : add_pinned(record, list);
  if (status != PinStatus::kOk) return status;
  entry.count = static_cast<std::uint32_t>(list.size());
  entry.sg_address = lists_.write(record.list, list);
  return status;
}

/// Blocks 70 and 72 of FIG. 3, 450 and 452 of FIG. 12.
PinStatus PostEngine::add_pinned(PostRecord& record, std::vector<kernel::SgEntry>& list) {
  for (const VirtualRange& r : record.ranges) {
    lazy_.make_room(r.length);
    const kernel::PinResult pinned = memory_.resolve_and_pin(
        record.asid, r.address, r.length, kernel::PinOwner::kAgent, sim::Why::kFirst, record.txn);
    if (pinned.status != PinStatus::kOk) return pinned.status;
    record.pins.push_back(pinned.token);
    if (params_.scheme.pin_by == kernel::PinActor::kHost && params_.scheme.shares_pins()) {
      memory_.share_pins(pinned.token, kernel::PinActor::kHost, kernel::PinActor::kDevice);
    }
    list.insert(list.end(), pinned.sg.begin(), pinned.sg.end());
  }
  return PinStatus::kOk;
}

/// FIG. 4: all of the list in contiguous memory.
PinStatus PostEngine::add_copy(PostRecord& record, std::vector<kernel::SgEntry>& list) {
  list.emplace_back();
  return copies_.gather({record.asid, sim::Why::kFirst, record.txn}, record.ranges, record.copy,
                        list.front());
}

/// Paragraph [0008]: what is posted is kept in a ring until it is acknowledged. Half of the ring at
/// once, so that copying and sending overlap.
PinStatus PostEngine::add_to_ring(DriverConnection& c, PostRecord& record,
                                  std::vector<kernel::SgEntry>& list) {
  const std::uint64_t size = params_.circular_size.n;
  if (record.length > size / 2) return PinStatus::kTooLarge;
  if (!make_ring(c.ring, record)) return PinStatus::kTooLarge;
  const auto full = [&] { return c.ring.end - c.ring.begin + record.length > size; };
  const bool waits = full();
  if (waits) trace(sim::TraceKind::kPostWait, record, {}, sim::PostWait::kRing);
  while (c.state == ConnectionState::kOpen && full()) sim::wait(ring_freed_);
  if (waits) trace(sim::TraceKind::kPostWait, record, {}, sim::PostWait::kNothing);
  if (c.state != ConnectionState::kOpen) return PinStatus::kShutDown;
  const std::uint64_t base = copies_.area().address(c.ring.memory.run);
  const std::uint64_t at = c.ring.end % size;
  const std::uint64_t first = std::min(record.length, size - at);
  list.push_back({base + at, static_cast<std::uint32_t>(first)});
  if (first < record.length) {
    list.push_back({base, static_cast<std::uint32_t>(record.length - first)});
  }
  PinStatus status = PinStatus::kOk;
  RangeCursor bytes(record.ranges);
  for (const kernel::SgEntry& e : list) {
    if (status == PinStatus::kOk) {
      status = copies_.copy(record.asid, bytes.peek(e.length), e.address);
    }
    bytes.advance(e.length);
  }
  if (status == PinStatus::kOk) c.ring.end += record.length;
  return status;
}

/// At a connection's first post. False if there is no memory for it.
bool PostEngine::make_ring(CopyRing& ring, const PostRecord& record) {
  if (ring.memory.hold != 0) return true;
  ring = {};
  ring.memory.run = copies_.area().try_reserve(params_.circular_size.n);
  if (ring.memory.run.bytes == 0) return false;
  ring.memory.hold =
      memory_.hold_driver_memory(copies_.area().address(ring.memory.run), params_.circular_size.n,
                                 kernel::PinOwner::kAgent, sim::Why::kFirst, record.txn);
  return true;
}

/// What the NIC's own requests need must stay free of lists, or both could wait for each other.
std::uint64_t PostEngine::budget() const {
  const std::int64_t left = static_cast<std::int64_t>(port_.pin_capacity()) - receive_bytes_;
  return left <= 0 ? 0
                   : static_cast<std::uint64_t>(params_.post_pin_share * static_cast<double>(left));
}

/// Waits in line until the lists that are pinned leave room. False if there will never be enough.
bool PostEngine::take_budget(const PostRecord& record, std::uint64_t bytes) {
  const LockGuard turn(budget_turn_);
  if (bytes > budget()) return false;
  if (stats_.budget.value() + bytes > budget()) {
    const StallBoard::Mark mark(board_, DriverStall::kPinBudget);
    ++stats_.budget_waits;
    trace(sim::TraceKind::kPostWait, record, {}, sim::PostWait::kPinBudget);
    while (stats_.budget.value() + bytes > budget()) {
      if (bytes > budget()) return false;
      sim::wait(budget_freed_);
    }
    trace(sim::TraceKind::kPostWait, record, {}, sim::PostWait::kNothing);
  }
  stats_.budget.add(bytes, sim::now());
  return true;
}

void PostEngine::submit(const nic::SubmitEntry& entry) {
  port_.run(params_.entry_cost + port_.costs().mmio_write, host::Priority::kKernel,
            host::Work::kDriver);
  submissions_.push(entry);
}

void PostEngine::pinned_by_nic(DriverConnection& c, sim::TxnId txn) {
  for (PostRecord& record : c.posts) {
    if (record.txn != txn) continue;
    for (const kernel::PinToken token : record.pins) {
      memory_.share_pins(token, kernel::PinActor::kDevice, params_.scheme.unpin_by);
    }
  }
}

void PostEngine::stream_retrieved(DriverConnection& c, sim::TxnId txn) {
  if (params_.scheme.unpin_post == UnpinPost::kRetrieved) unpin(c, txn);
}

void PostEngine::stream_sent(DriverConnection& c, sim::TxnId txn) {
  if (params_.scheme.unpin_post == UnpinPost::kSent) unpin(c, txn);
}

void PostEngine::unpin(DriverConnection& c, sim::TxnId txn) {
  for (PostRecord& record : c.posts) {
    if (record.txn != txn) continue;
    unpin(record);
    return;
  }
}

void PostEngine::stream_acked(DriverConnection& c, sim::TxnId txn) {
  if (c.posts.empty() || c.posts.front().txn != txn) return;
  PostRecord record = std::move(c.posts.front());
  c.posts.pop_front();
  c.posted.retire(txn);
  if (params_.scheme.circular) c.ring.begin += record.length;
  sim::notify(ring_freed_);
  lazy_.flush();
  undo(record);
  if (c.closing) close(c);
}

void PostEngine::close(DriverConnection& c) {
  c.closing = true;
  if (c.posts.empty() && !c.posting.held()) copies_.release(c.ring.memory);
}

void PostEngine::abandon(DriverConnection& c) {
  c.posted.clear();
  while (!c.posts.empty()) {
    PostRecord record = std::move(c.posts.front());
    c.posts.pop_front();
    undo(record);
  }
  lazy_.flush();
  sim::notify(ring_freed_);
  if (!c.posting.held()) copies_.release(c.ring.memory);  // else the post that goes on does it
}

void PostEngine::unpin(PostRecord& record) {
  for (const kernel::PinToken token : std::exchange(record.pins, {})) memory_.unpin(token);
  copies_.release(record.copy);
  lists_.release(record.list);
  if (record.pinned_bytes == 0) return;
  stats_.budget.sub(std::exchange(record.pinned_bytes, 0), sim::now());
  sim::notify(budget_freed_);
}

void PostEngine::undo(PostRecord& record) {
  unpin(record);
  if (record.guarded) {
    for (const VirtualRange& r : record.ranges) memory_.unguard(record.asid, r.address, r.length);
  }
  if (!record.records.empty()) pools_.of(record.asid).give_back(record.records);
  if (outstanding_.find(record.txn) != nullptr) outstanding_.close(record.txn);
}

}  // namespace vctoe::driver
