// Copy-on-write for bytes that were posted and are not acknowledged: the pages may be unpinned, but
// what was posted must not change ([0036]; a program would otherwise resend other bytes).
#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "sw/kernel/memory_service.h"

namespace vctoe::kernel {

/// A page of an address space.
struct PageKey {
  Asid asid = 0;
  std::uint64_t vpn = 0;
  bool operator<(const PageKey& o) const { return std::pair(asid, vpn) < std::pair(o.asid, o.vpn); }
};

/// Which pages are guarded, and where the old bytes of those are that were written to since.
/// Bookkeeping only; the kernel copies and protects.
class CopyGuard {
 public:
  bool any() const { return !pages_.empty(); }
  /// The program may not write to the page itself: no copy has been made, or devices read it still.
  bool blocks(PageKey page) const {
    const auto it = pages_.find(page);
    return it != pages_.end() && !it->second.open;
  }
  bool copied(PageKey page) const {
    const auto it = pages_.find(page);
    return it != pages_.end() && it->second.copied;
  }
  /// Where the bytes are as they were posted.
  PageKey source(PageKey page) const {
    const auto it = pages_.find(page);
    return it != pages_.end() && it->second.copied ? it->second.copy : page;
  }
  /// True for the first guard of a page.
  bool add(PageKey page) { return pages_[page].guards++ == 0; }
  void set_copy(PageKey page, PageKey copy) {
    pages_[page].copied = true;
    pages_[page].copy = copy;
  }
  /// The copied page is the program's. False if it is not guarded any more.
  bool open(PageKey page) {
    const auto it = pages_.find(page);
    if (it != pages_.end()) it->second.open = true;
    return it != pages_.end();
  }
  /// One guard less. True for the last; `copy` is its copy then, asid 0 if there is none.
  bool remove(PageKey page, PageKey& copy) {
    const auto it = pages_.find(page);
    if (--it->second.guards > 0) return false;
    copy = it->second.copied ? it->second.copy : PageKey{};
    pages_.erase(it);
    return true;
  }

 private:
  struct State {
    std::uint64_t guards = 0;
    bool copied = false;
    bool open = false;
    PageKey copy;
  };
  std::map<PageKey, State> pages_;
};

}  // namespace vctoe::kernel
