// Pinned memory over time and the latencies of blocks, of one run, small enough to be drawn.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "models/sim/trace.h"

namespace vctoe::outputs {

/// A step function: from this time on (in seconds) so many bytes.
using Steps = std::vector<std::pair<double, double>>;

/// At most `most` (at least 4) of the steps: of each run of neighbours the first, the least, the
/// largest and the last, so that peaks stay and so does what lies between them.
Steps thinned(const Steps& steps, std::size_t most);
/// At most `most` (at least 2) of the values, which are sorted: evenly along the ranks, both ends
/// among them, so that quantiles stay.
std::vector<double> quantiles(const std::vector<double>& sorted, std::size_t most);

/// Listens to the sending host. Pinned is what the pin ledger books on the agent's account, a page
/// counting once for each reference; where the NIC lowers the count itself it ends with that, and
/// not with the host's hearing of it. A block's latency is from its request, for the first
/// transmission, until its last byte has left the MAC; in a scheme that requests none for that it
/// is that of the NIC's reads of payload.
class SeriesWriter {
 public:
  static constexpr std::size_t kMost = 2000;  ///< pairs, and latencies

  /// Starts to listen at once. The bus calls this object as long as it lives.
  explicit SeriesWriter(sim::TraceBus& bus);
  SeriesWriter(const SeriesWriter&) = delete;
  SeriesWriter& operator=(const SeriesWriter&) = delete;

  /// {"schema": "vctoe-series", "version": 1, "index", "scheme", "pinned": [[s, bytes], ..],
  ///  "latency": {"what", "unit": "s", "sorted": [..]}}. To be called after the run, at its end.
  std::string document(std::size_t index, const std::string& scheme) const;

 private:
  /// What of one kind of span was measured.
  struct Latencies {
    std::map<std::uint64_t, sim::Time> open;  ///< begins by key
    std::vector<double> seconds;
  };

  void record(const sim::TraceEvent& event);
  void pinned(const sim::TraceEvent& event);

  Steps steps_{{0, 0}};
  double bytes_ = 0;
  Latencies blocks_, reads_;
};

}  // namespace vctoe::outputs
