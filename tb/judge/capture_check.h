// For tests: a capture before both judges. Every finding is a failure of the running test.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tb/judge/expectations.h"

namespace vctoe::judge {

/// Complete connections without a reset, captured at the host of these addresses.
Expectations captured_at(const std::set<std::string>& addresses);

/// The judge of this folder. Costs about 1 ms and a copy of the payload in memory for every MB.
void judge_capture(const std::string& path, const Expectations& expected);

/// What tshark is asked. It takes half a second to start.
struct TsharkExpectations {
  bool lossy = false;     ///< loss, reordering or duplication on the wire
  bool corrupts = false;  ///< the wire corrupts frames
  bool resets = false;    ///< connections may be reset, or be without their end
  unsigned max_payload = 1460;
};

/// tb/judge/tshark_filters.
void tshark_capture(const std::string& path, const TsharkExpectations& expected);

/// tshark puts the two streams of the first connection together: each of these SHA-256 (hex) has to
/// be one of them.
void tshark_streams(const std::string& path, const std::vector<std::string>& streams);

/// The same by tcpflow, all connections. It does not look at checksums, and begins anew at what is
/// sent again after a FIN.
void tcpflow_capture(const std::string& path, const std::vector<std::string>& streams);

}  // namespace vctoe::judge
