// Host memory and its page tables, as far as records are concerned.
#pragma once

#include <map>
#include <optional>
#include <unordered_map>

#include "tb/cosim/scenario.h"

namespace vctoe::cosim {

using PageName = std::pair<std::uint32_t, std::uint64_t>;  ///< address space, page number

class HostMemory {
 public:
  explicit HostMemory(std::uint64_t seed) : seed_(seed) {}

  void install(const ListSpec& list);
  /// The same list, but the blocks of its records, or of those in one page, lie elsewhere.
  void rewrite(const ListSpec& list, std::optional<std::uint64_t> page = std::nullopt);
  /// The frame of a page, a new one at its first use.
  std::uint64_t frame(const PageName& page);
  /// The page lies elsewhere from now on; where it was there is something else.
  void move(const PageName& page);

  /// Whose page a frame is now, or was.
  std::optional<PageName> page_of(std::uint64_t frame) const;
  struct Read {
    RawRecord raw;
    bool broken = false;
  };
  /// What lies at a virtual address; where nothing was put, something that hangs on the address.
  Read at(std::uint32_t asid, std::uint64_t address) const;
  /// What lies at a physical one.
  Read physical(std::uint64_t address) const;

 private:
  using Place = std::pair<std::uint32_t, std::uint64_t>;  ///< address space, address
  struct Hash {
    std::size_t operator()(const Place& p) const;
  };
  std::uint64_t new_frame(const PageName& page);

  std::uint64_t seed_;
  std::uint64_t moved_ = 0, rewritten_ = 0;
  std::unordered_map<Place, Read, Hash> records_;
  std::unordered_map<PageName, std::uint64_t, Hash> frames_;
  std::unordered_map<std::uint64_t, PageName> pages_;
};

}  // namespace vctoe::cosim
