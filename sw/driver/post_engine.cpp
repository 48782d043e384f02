#include "sw/driver/post_engine.h"

#include <algorithm>
#include <string>
#include <utility>

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
                       ContextPools& pools, OutstandingTable& outstanding, StallBoard& board)
    : context_(context),
      node_(node),
      port_(port),
      memory_(memory),
      params_(params),
      pools_(pools),
      outstanding_(outstanding),
      board_(board),
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
  const PinStatus status =
      record.length > kMaxPost ? PinStatus::kTooLarge : prepare(record, c.next_sequence, entry);
  const bool gone = c.state != ConnectionState::kOpen;  // meanwhile
  if (status != PinStatus::kOk || gone) {
    if (status == PinStatus::kTooLarge) ++stats_.too_large;
    undo(record);
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
  context_.trace.emit({{},
                       sim::TraceKind::kPost,
                       node_,
                       entry.asid,
                       id,
                       entry.txn,
                       entry.list_head,
                       entry.length,
                       entry.first_sequence,
                       0});
  c.posts.push_back(std::move(record));
  submit(entry);
  return result;
}

/// Everything that may block. What a post holds while it waits is in an order that all posts keep:
/// table, records, budget, list memory, pins; whoever has all of them waits for nobody.
PinStatus PostEngine::prepare(PostRecord& record, std::uint32_t first_sequence,
                              nic::SubmitEntry& entry) {
  if (!outstanding_.has_room(OutstandingKind::kPost)) {
    const StallBoard::Mark mark(board_, DriverStall::kTableFull);
    outstanding_.wait_for_room(OutstandingKind::kPost);
  }
  outstanding_.open(record.txn, OutstandingKind::kPost, record.connection);
  const StallBoard::Mark mark(board_, DriverStall::kPosting);
  PinStatus status = PinStatus::kOk;
  if (params_.scheme.with_list) status = add_contexts(record, first_sequence, entry);
  if (status == PinStatus::kOk && params_.scheme.pin_at_post) status = add_pinned(record, entry);
  return status;
}

PinStatus PostEngine::add_contexts(PostRecord& record, std::uint32_t first_sequence,
                                   nic::SubmitEntry& entry) {
  const std::vector<VirtualRange> blocks = cut_into_blocks(record.ranges, params_, rng_);
  ContextPool& pool = pools_.of(record.asid);
  if (blocks.size() > pool.capacity()) return PinStatus::kTooLarge;
  record.records = pool.take(blocks.size());
  const auto records = make_records(blocks, record.records, first_sequence, record.asid,
                                    static_cast<std::uint32_t>(params_.context_offset));
  port_.run(params_.entry_cost * records.size(), host::Priority::kKernel, host::Work::kDriver);
  entry.list_head = record.records.front();
  stats_.contexts += records.size();
  return write_records(memory_, record.asid, records, record.records) ? PinStatus::kOk
                                                                      : PinStatus::kUnmapped;
}

/// Blocks 70 and 72 of FIG. 3, 450 and 452 of FIG. 12.
PinStatus PostEngine::add_pinned(PostRecord& record, nic::SubmitEntry& entry) {
  std::uint64_t pages = 0;
  for (const VirtualRange& r : record.ranges) pages += pages_of(r);
  if (pages > lists_.max_elements() || !take_budget(pages * host::kPageSize)) {
    return PinStatus::kTooLarge;
  }
  record.pinned_bytes = pages * host::kPageSize;
  {
    const StallBoard::Mark mark(board_, DriverStall::kListArea);
    record.list = lists_.reserve(pages);
  }
  std::vector<kernel::SgEntry> list;
  for (const VirtualRange& r : record.ranges) {
    const kernel::PinResult pinned = memory_.resolve_and_pin(
        record.asid, r.address, r.length, kernel::PinOwner::kAgent, sim::Why::kFirst, record.txn);
    if (pinned.status != PinStatus::kOk) return pinned.status;
    record.pins.push_back(pinned.token);
    list.insert(list.end(), pinned.sg.begin(), pinned.sg.end());
  }
  entry.count = static_cast<std::uint32_t>(list.size());
  entry.sg_address = lists_.write(record.list, list);
  return PinStatus::kOk;
}

/// What the NIC's own requests need must stay free of lists, or both could wait for each other.
std::uint64_t PostEngine::budget() const {
  const std::int64_t left = static_cast<std::int64_t>(port_.pin_capacity()) - receive_bytes_;
  return left <= 0 ? 0
                   : static_cast<std::uint64_t>(params_.post_pin_share * static_cast<double>(left));
}

/// Waits in line until the lists that are pinned leave room. False if there will never be enough.
bool PostEngine::take_budget(std::uint64_t bytes) {
  const LockGuard turn(budget_turn_);
  if (bytes > budget()) return false;
  if (stats_.budget.value() + bytes > budget()) {
    const StallBoard::Mark mark(board_, DriverStall::kPinBudget);
    ++stats_.budget_waits;
    while (stats_.budget.value() + bytes > budget()) {
      if (bytes > budget()) return false;
      sim::wait(budget_freed_);
    }
  }
  stats_.budget.add(bytes, sim::now());
  return true;
}

void PostEngine::submit(const nic::SubmitEntry& entry) {
  port_.run(params_.entry_cost + port_.costs().mmio_write, host::Priority::kKernel,
            host::Work::kDriver);
  submissions_.push(entry);
}

void PostEngine::stream_sent(DriverConnection& c, sim::TxnId txn) {
  if (params_.scheme.unpin_post != UnpinPost::kSent) return;
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
  undo(record);
}

void PostEngine::abandon(DriverConnection& c) {
  c.posted.clear();
  while (!c.posts.empty()) {
    PostRecord record = std::move(c.posts.front());
    c.posts.pop_front();
    undo(record);
  }
}

void PostEngine::unpin(PostRecord& record) {
  for (const kernel::PinToken token : std::exchange(record.pins, {})) memory_.unpin(token);
  lists_.release(record.list);
  if (record.pinned_bytes == 0) return;
  stats_.budget.sub(std::exchange(record.pinned_bytes, 0), sim::now());
  sim::notify(budget_freed_);
}

void PostEngine::undo(PostRecord& record) {
  unpin(record);
  if (!record.records.empty()) pools_.of(record.asid).give_back(record.records);
  if (outstanding_.find(record.txn) != nullptr) outstanding_.close(record.txn);
}

}  // namespace vctoe::driver
