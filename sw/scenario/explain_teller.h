// Tells the story of a transaction: explain() by parts.
#pragma once

#include <string>

#include "sw/scenario/explain_links.h"
#include "sw/scenario/explain_story.h"

namespace vctoe::outputs {

/// One story; a method for each kind of what it may be about.
class Teller {
 public:
  explicit Teller(const TraceFile& trace) : links_(trace) {}

  void post(const sim::TraceEvent& post);
  void walk(const sim::TraceEvent& walk);
  void request(const sim::TraceEvent& request);
  void node_page(const sim::TraceEvent& serve);
  void segment(const sim::TraceEvent& sent);
  std::string text() { return story_.text(); }

 private:
  void begin_of(const sim::TraceEvent& request);
  void host_steps(const sim::TraceEvent& request);
  void answer(const sim::TraceEvent& request);
  void sending(const sim::TraceEvent& request);
  void end_of(const sim::TraceEvent& request);
  void pins_of(const sim::TraceEvent& e);
  void segments(const StreamRange& range);
  void resent(const StreamRange& range, sim::Time after);
  const sim::TraceEvent* first_of(sim::TxnId txn, sim::TraceMask kinds) const {
    return links_.trace().first([&](const sim::TraceEvent& e) {
      return e.txn == txn && (sim::mask_of(e.kind) & kinds) != 0;
    });
  }
  const sim::TraceEvent* last_of(sim::TxnId txn, sim::TraceMask kinds) const {
    return links_.trace().last([&](const sim::TraceEvent& e) {
      return e.txn == txn && (sim::mask_of(e.kind) & kinds) != 0;
    });
  }
  std::size_t count(sim::TxnId txn, sim::TraceKind kind) const {
    return links_.trace()
        .all([&](const sim::TraceEvent& e) { return e.kind == kind && e.txn == txn; })
        .size();
  }

  Links links_;
  Story story_;
};

/// The host's answers to a request for a block.
constexpr sim::TraceMask kReplies = sim::mask_of(
    sim::TraceKind::kReplyPhysical, sim::TraceKind::kReplyPushed, sim::TraceKind::kReplyError);

}  // namespace vctoe::outputs
