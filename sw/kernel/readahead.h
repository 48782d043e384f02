// How many pages around a faulting one are read with it.
#pragma once

#include <cstdint>

namespace vctoe::kernel {

/// Pages [first, last) to read, by virtual page number.
struct PageWindow {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

/// The rule of Linux for anonymous memory, per mapping (calibration K1, K2): the window grows with
/// the pages read ahead that were used, shrinks by half at a time, and lies in the direction of the
/// run.
class Readahead {
 public:
  /// Called for each fault that goes to the device; the window holds `vpn` and stays inside [low,
  /// high).
  PageWindow on_fault(std::uint64_t vpn, std::uint64_t low, std::uint64_t high,
                      std::uint64_t max_pages);
  /// A page read ahead was asked for: the run has come this far.
  void on_hit(std::uint64_t vpn) {
    ++hits_;
    latest_ = vpn;
  }

 private:
  std::uint64_t window_size(std::uint64_t vpn, std::uint64_t max_pages) const;

  std::uint64_t latest_ = 0;
  std::uint64_t last_window_ = 0;
  std::uint64_t hits_ = 4;  ///< optimism at the start, as Linux
};

}  // namespace vctoe::kernel
