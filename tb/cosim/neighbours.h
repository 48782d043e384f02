// Who answers the walker: host memory reads and the host's page tables. What they answer, and when,
// hangs on the names of what is asked, not on the order of events.
#pragma once

#include <unordered_map>
#include <vector>

#include "tb/cosim/page_book.h"
#include "tb/cosim/ports.h"

namespace vctoe::cosim {

/// A fetch that is out.
struct Fetching {
  FetchBeat beat;
  std::uint64_t left = 0, due = 0;  ///< cycles
  std::uint64_t record = 0;         ///< its virtual address
  PageName page;
  bool stale = false;  ///< the page was invalidated meanwhile
  bool dead = false;   ///< its connection was cancelled meanwhile
  CompletionBeat answer;
  bool by_chance = false;  ///< it fails, and the next one of the record may not
};

class MemorySide {
 public:
  MemorySide(const Traffic& traffic, const HostMemory& memory)
      : traffic_(traffic), memory_(memory) {}

  /// Throws when the tag is in use.
  Fetching& take(const FetchBeat& beat, const PageName& page, std::uint64_t cycle);
  /// The fetch to be answered next, or null; stays the same until it is completed.
  const Fetching* next(std::uint64_t cycle);
  /// Ends the fetch of this tag.
  Fetching complete(std::uint32_t tag);
  std::vector<Fetching>& out() { return out_; }
  const std::vector<Fetching>& out() const { return out_; }
  /// Of the fetches that left before this one, how many are still out.
  std::size_t overtaken(const Fetching& fetch) const;
  void reset();

 private:
  const Traffic& traffic_;
  const HostMemory& memory_;
  std::vector<Fetching> out_;  ///< in the order in which they left
  bool chosen_ = false;
  std::uint32_t tag_ = 0;  ///< of the one that is being answered
  std::unordered_map<std::uint64_t, unsigned> reads_;
};

class HostSide {
 public:
  HostSide(const Traffic& traffic, HostMemory& memory, const std::set<PageName>& bad)
      : traffic_(traffic), memory_(memory), bad_(bad) {}

  void ask(const PageName& page, std::uint64_t cycle);
  /// Answers that are due go to the port; `held_back`: pages that may not be answered now.
  void step(std::uint64_t cycle, Source<FillBeat>& port, const PageName* held_back);
  std::size_t asked() const { return asked_.size(); }
  void reset() { asked_.clear(); }

 private:
  struct Question {
    PageName page;
    std::uint64_t due;
  };
  const Traffic& traffic_;
  HostMemory& memory_;
  const std::set<PageName>& bad_;
  std::vector<Question> asked_;
  std::unordered_map<std::uint64_t, unsigned> times_;
};

}  // namespace vctoe::cosim
