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

  void requested(const PageName& page, std::uint32_t connection);
  /// The host's answer, which has passed.
  void answered(const PageName& page, std::uint64_t frame, bool failed);
  void released(const PageName& page);
  /// A fetch has left; returns the page that it goes through. `pending`: it was offered before the
  /// last invalidation.
  PageName fetched(std::uint64_t address, std::uint32_t connection, bool pending);
  void completed(const PageName& page);
  void invalidated(const PageName& page);
  void cancelled(std::uint32_t connection);
  void reset() { pages_.clear(), frames_.clear(); }

  /// Throws when a page is kept that none of its connections can want any more. To be called when
  /// nothing moves.
  void check_rest() const;
  std::size_t in_use() const { return pages_.size(); }
  bool asked(const PageName& page) const;
  bool held(const PageName& page) const;
  bool stale(const PageName& page) const;
  bool under_fetch(const PageName& page) const;
  std::size_t sharers(const PageName& page) const;

 private:
  struct Entry {
    bool valid = false;
    bool invalid = false;  ///< must go
    std::uint64_t frame = 0;
    unsigned fetches = 0;
    std::set<std::uint32_t> users;
  };
  const Entry* find(const PageName& page) const;

  std::size_t entries_;
  std::map<PageName, Entry> pages_;
  std::unordered_map<std::uint64_t, PageName> frames_;
};

}  // namespace vctoe::cosim
