// When the operations of a scenario come about.
#include <algorithm>

#include "tb/cosim/bench.h"

namespace vctoe::cosim {
namespace {

/// Cycles that an operation waits for its moment.
constexpr std::uint64_t kMoment = 2000;

}  // namespace

bool Bench::connection_idle(std::uint32_t connection) const {
  const auto its = [&](const auto& beat) { return beat.connection == connection; };
  const auto& walks = walk_.waiting();
  const auto& cancels = cancel_.waiting();
  return board_.open(connection) == nullptr && std::none_of(walks.begin(), walks.end(), its) &&
         std::none_of(cancels.begin(), cancels.end(), its);
}

bool Bench::moment(const Op& op) const {
  const std::uint32_t c = s_.lists[op.list].connection;
  const auto its = [c](const Fetching& f) { return f.beat.connection == c && !f.dead; };
  const auto* open = board_.open(c);
  switch (op.when) {
    case When::kQueued:
      return open != nullptr && open->size() > 1;
    case When::kFetchStalled:
      return fetch_.stalled() && out_.fetch.beat.connection == c;
    case When::kFetchOut:
      return std::any_of(reads_.out().begin(), reads_.out().end(), its);
    case When::kPageAsked:
      return open != nullptr && host_.asked() > 0;
    case When::kOutStalled:
      return output_.stalled() && out_.out.beat.connection == c &&
             out_.out.beat.kind != nic::kOutRelease;
    case When::kBlock:
      return open != nullptr && board_.find(open->front())->blocks() > 0;
    case When::kReadAhead:
      return open == nullptr && std::any_of(reads_.out().begin(), reads_.out().end(), its);
    default:
      return true;
  }
}

bool Bench::may_go(const Op& op) {
  const std::uint64_t waited = now_ - op_since_;
  if (waited < op.gap) return false;
  // What has been asked for and is to be rewritten must be over before anything follows it.
  const bool rewriting =
      std::any_of(rewrites_.begin(), rewrites_.end(), [](const Op* r) { return r != nullptr; });
  if (rewriting) return false;
  const std::uint32_t c = s_.lists.empty() ? 0 : s_.lists[op.list].connection;
  switch (op.kind) {
    case OpKind::kDrain:
      return idle();
    case OpKind::kInstall:
      return connection_idle(c);
    case OpKind::kInvalidate:
      // One of the two ports at a time: rewrites_ has one order.
      if (!cancel_.empty() || (op.rewrite && !connection_idle(c))) return false;
      break;
    case OpKind::kCancel:
      if (!invalidate_.empty()) return false;
      break;
    default:
      break;
  }
  return moment(op) || waited >= op.gap + kMoment;
}

void Bench::play() {
  while (next_op_ < s_.ops.size() && may_go(s_.ops[next_op_])) {
    issue(s_.ops[next_op_]);
    ++next_op_;
    op_since_ = now_;
    last_progress_ = now_;
  }
}

void Bench::issue(const Op& op) {
  const ListSpec* const list = s_.lists.empty() ? nullptr : &s_.lists[op.list];
  switch (op.kind) {
    case OpKind::kWalk:
      walk_.push({op.txn, list->connection, list->asid, list->head, list->first_sequence,
                  op.sequence, op.length, list->block_size, list->end_sequence, op.retransmit});
      break;
    case OpKind::kCancel:
      cancel_.push({list->connection});
      rewrites_.push_back(op.rewrite ? &op : nullptr);
      break;
    case OpKind::kInvalidate:
      invalidate_.push({list->asid, list->records[op.record].address / 4096});
      rewrites_.push_back(op.rewrite ? &op : nullptr);
      break;
    case OpKind::kInstall:
      memory_.install(*list);
      board_.moved(list->connection);
      break;
    case OpKind::kReset:
      cover_reset();
      hold_reset(2);
      break;
    case OpKind::kDrain:
      break;
  }
}

}  // namespace vctoe::cosim
