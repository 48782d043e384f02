// A piece of a process's virtual memory.
#pragma once

#include <cstdint>

namespace vctoe::driver {

struct VirtualRange {
  std::uint64_t address = 0;
  std::uint64_t length = 0;  ///< bytes

  /// The whole of [at, at + n) lies inside, whatever the values.
  constexpr bool contains(std::uint64_t at, std::uint64_t n) const {
    return at >= address && n <= length && at - address <= length - n;
  }
};

}  // namespace vctoe::driver
