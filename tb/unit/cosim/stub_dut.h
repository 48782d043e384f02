// A walker in C++ that does all that it must, one walk after the other, or breaks one rule: what
// the bench itself is tested with.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>

#include "tb/cosim/memory.h"
#include "tb/cosim/pins.h"
#include "tb/cosim/reference.h"

namespace vctoe::cosim {

enum class Sin : std::uint8_t {
  kNone,
  kDropsDone,
  kDoneTwice,
  kWrongAddress,
  kNoLast,
  kOutChanges,
  kFetchTakenBack,
  kValidWaitsForReady,
  kTagTwice,
  kNodeTwice,
  kReleaseTwice,
  kReleaseUnderFetch,
  kKeepsPages,
  kIgnoresInvalidation,
  kOutAfterCancel,
  kFetchAfterCancel,
  kForeignFetch,
  kReadsAheadAnything,
  kLosesWalk,
  kSwapsWalks,
  kDirtyField,
  kMiscounts,
  kNeverQuiet,
  kQuietTooEarly,
  kStuckBusy,
  kIgnoresErrors,
  kValidInReset,
  kAsserts
};

class StubDut : public Dut {
 public:
  explicit StubDut(Sin sin) : sin_(sin) {}
  void settle(const Inputs& in, Outputs& out) override;
  void edge() override;
  bool assertion_failed() const override { return sin_ == Sin::kAsserts && blocks_ > 5; }

 private:
  struct Page {
    bool valid = false, stale = false;
    std::uint64_t frame = 0;
    std::set<std::uint32_t> users;
  };
  enum class State : std::uint8_t { kIdle, kRun, kPage, kFetch };

  void reset();
  void take_inputs();
  void take_answers();
  void invalidate(const PageName& page);
  void cancel(std::uint32_t connection);
  void step();
  bool page_answered() const;
  void want_record();
  void send_fetch(const Page& page);
  void deliver();
  bool make_room();
  void release(const PageName& page);
  void push(OutBeat beat);
  bool is(Sin sin) const { return sin_ == sin; }
  bool now_and_then() { return ++tries_ % 4 == 0; }
  PageName page_of_walk() const { return {asked_.asid, walk_->wanted() / 4096}; }

  Sin sin_;
  Inputs in_;
  Outputs out_;
  State state_ = State::kIdle;
  std::deque<WalkBeat> queue_;
  WalkBeat asked_;
  std::optional<ReferenceWalk> walk_;
  std::size_t delivered_ = 0;
  bool fetching_ = false, fetch_stale_ = false, fetch_dead_ = false;
  PageName fetch_page_;
  std::map<PageName, Page> pages_;
  std::deque<OutBeat> outs_;
  std::deque<FetchBeat> fetches_;
  std::optional<OutBeat> late_;
  std::array<std::uint32_t, kPerfCount> count_{};
  std::uint32_t perf_ = 0, tag_ = 0, blocks_ = 0, lost_ = 0;
  unsigned tries_ = 0;
};

}  // namespace vctoe::cosim
