// Who holds a page: asked for, answered, released, in turn; and never released under a fetch.
#pragma once

#include <map>
#include <set>
#include <unordered_map>

#include "tb/cosim/checks.h"
#include "tb/cosim/memory.h"

namespace vctoe::cosim {

class PageBook {
 public:
  /// `entries`: translations that there may be.
  explicit PageBook(std::size_t entries) : entries_(entries) {}

  /// `doubtful`: the connection may have been cancelled since it wanted the page.
  void requested(const PageName& page, std::uint32_t connection, bool doubtful = false);
  /// The host's answer, which has passed.
  void answered(const PageName& page, std::uint64_t frame, bool failed);
  /// `leaving`: the connection whose cancel is in progress, or null; `invalidating`: the page's
  /// invalidation is.
  void released(const PageName& page, const std::uint32_t* leaving = nullptr,
                bool invalidating = false);
  /// A fetch has left; returns the page that it goes through. That may be an invalidated one, if it
  /// waited inside of the walker: what it reads there is not what the list says.
  PageName fetched(std::uint64_t address, std::uint32_t connection);
  void completed(const PageName& page);
  void invalidated(const PageName& page);
  void cancelled(std::uint32_t connection);
  void reset() { pages_.clear(), frames_.clear(), evictions_ = 0; }

  /// Throws when a page is kept that none of its connections can want any more. To be called when
  /// nothing moves.
  void check_rest() const;
  std::size_t in_use() const { return pages_.size(); }
  /// Releases that only a lack of room explains.
  std::uint64_t evictions() const { return evictions_; }
  bool asked(const PageName& page) const;
  bool held(const PageName& page) const;
  bool stale(const PageName& page) const;
  bool under_fetch(const PageName& page) const;
  std::size_t sharers(const PageName& page) const;

 private:
  struct Entry {
    bool valid = false;
    bool invalid = false;  ///< must go
    bool doubtful = false;
    std::uint64_t frame = 0;
    unsigned fetches = 0;
    std::set<std::uint32_t> users;
  };
  const Entry* find(const PageName& page) const;

  std::size_t entries_;
  std::uint64_t evictions_ = 0;
  std::map<PageName, Entry> pages_;
  std::unordered_map<std::uint64_t, PageName> frames_;
};

}  // namespace vctoe::cosim
