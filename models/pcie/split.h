// How requests are cut into TLPs: pure functions.
#pragma once

#include <algorithm>
#include <cstdint>

namespace vctoe::pcie {

/// No request crosses a boundary of this (base specification 5.0, 2.2.7).
constexpr std::uint64_t kPage = 4096;

/// Bytes from `address` that one request of at most `limit` bytes covers.
inline std::uint64_t piece_at(std::uint64_t address, std::uint64_t left, std::uint64_t limit) {
  return std::min({left, limit, kPage - address % kPage});
}

/// Payloads of a row of TLPs: `first` bytes, then `step` each, the last what is left of `bytes`.
struct Cut {
  std::uint32_t bytes = 0;
  std::uint32_t first = 0;
  std::uint32_t step = 1;
  std::uint32_t tlps = 0;

  /// Payload bytes of the first `n` TLPs.
  std::uint32_t end_of(std::uint32_t n) const {
    if (n == 0) return 0;
    return n >= tlps ? bytes : first + (n - 1) * step;
  }
};

inline Cut make_cut(std::uint64_t bytes, std::uint64_t first, std::uint64_t step) {
  const auto all = static_cast<std::uint32_t>(bytes);
  const auto head = static_cast<std::uint32_t>(std::min(bytes, first));
  const auto each = static_cast<std::uint32_t>(step);
  return {all, head, each, 1 + (all - head + each - 1) / each};
}

/// A posted write inside one page, in TLPs of at most `mps` bytes.
inline Cut cut_write(std::uint64_t bytes, std::uint64_t mps) {
  return make_cut(bytes, mps, mps);
}

/// CPU stores combined in lines of `line` bytes: no TLP crosses a line.
inline Cut cut_lines(std::uint64_t address, std::uint64_t bytes, std::uint64_t line) {
  return make_cut(bytes, line - address % line, line);
}

/// The completions of one read request. They may be as long as `mps`; all but the last end on a
/// read completion boundary (base specification 5.0, 2.3.1.1). With `rcb_chunks` each ends at the
/// next boundary. `rcb` is a power of two.
inline Cut cut_completions(std::uint64_t address, std::uint64_t bytes, std::uint64_t mps,
                           std::uint64_t rcb, bool rcb_chunks) {
  if (rcb_chunks) return make_cut(bytes, rcb - (address & (rcb - 1)), rcb);
  if (bytes <= mps) return make_cut(bytes, bytes, mps);
  return make_cut(bytes, mps - (address & (rcb - 1)), mps);
}

}  // namespace vctoe::pcie
