// Every capture of a peer's test goes to the judge.
#pragma once

#include <string>
#include <vector>

#if __has_include("tb/judge/capture_check.h")
#include "tb/judge/capture_check.h"
#endif

namespace vctoe::peers {

/// What is known of a capture at the TOE's MAC of one complete transfer.
struct Expectations {
  std::string toe;        ///< its address
  bool reorders = false;  ///< the wire reorders or duplicates
  bool corrupts = false;  ///< the wire corrupts
  bool loses = false;
  std::vector<std::string> streams;  ///< SHA-256 of those that carry bytes, in hex
};

inline void judge_capture(const std::string& path, const Expectations& known) {
#if __has_include("tb/judge/capture_check.h")
  judge::Expectations expected = judge::captured_at({known.toe});
  expected.reorders = known.reorders;
  expected.corrupts = known.corrupts;
  expected.streams = known.streams;
  // What is late comes to a connection that is gone, and is answered with a reset (RFC
  // 9293 3.10.7.1).
  expected.no_resets = false;
  // Acknowledgements of segments that came while another frame was leaving all say the same: one
  // for each segment, as RFC 5681 4.2 has it, but the judge sees them in a row.
  expected.allowed.insert(judge::Rule::kAckRepeated);
  judge::judge_capture(path, expected);
#else
  static_cast<void>(path);
  static_cast<void>(known);
#endif
}

/// What tshark has to say of it: about a second.
inline void judge_outside(const std::string& path, const Expectations& known) {
#if __has_include("tb/judge/capture_check.h")
  judge::TsharkExpectations filters;
  filters.lossy = known.loses || known.reorders || known.corrupts;
  filters.corrupts = known.corrupts;
  filters.resets = true;  // as above
  judge::tshark_capture(path, filters);
  if (!known.corrupts) judge::tshark_streams(path, known.streams);  // it takes what is damaged
#else
  static_cast<void>(path);
  static_cast<void>(known);
#endif
}

}  // namespace vctoe::peers
