// What a run gives back: the figures of the table and every statistic, detached from the blocks
// that counted them so that they outlive the simulation.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "models/sim/stats.h"
#include "sw/scenario/time_parts.h"

namespace vctoe::outputs {

/// "Not measured": printed as null and as "-", where zero would be a value.
constexpr double kNotMeasured = std::numeric_limits<double>::quiet_NaN();

/// Parts of a run whose whole was not measured.
constexpr TimeParts no_parts() {
  TimeParts parts{};
  for (double& part : parts) part = kNotMeasured;
  return parts;
}

/// A statistic's number, or its several ({"value", ..}, {"peak", ..} of a level).
using StatNumber = std::variant<std::uint64_t, double>;

struct StatSample {
  std::string path;  ///< dotted: "tx.nic.dma.reads"
  std::string unit;  ///< of the value; an integral's is "<unit>.s"
  std::string text;  ///< what it counts
  /// One entry named "value" for a counter or time (in seconds); value, peak, integral for a level;
  /// count, mean, min, max, p50, p90, p99 for a histogram.
  std::vector<std::pair<std::string, StatNumber>> numbers;
};

/// Copies the present values. Levels and stalls must have been settled at the end of the run.
/// A model_error if two have the same path.
std::vector<StatSample> snapshot(const sim::StatList& list);

/// What arithmetic says of a run (sw/twin, docs/twin.md) and how far the simulation is from it.
struct TwinFigures {
  double goodput_bps = kNotMeasured;  ///< closed form; not measured where none holds
  double completion_s = kNotMeasured;
  double pinned_byte_s = kNotMeasured;
  double goodput_gap = kNotMeasured;  ///< simulated / closed form - 1
  double completion_gap = kNotMeasured;
  double pinned_gap = kNotMeasured;
  double bound = kNotMeasured;         ///< largest gap of goodput and completion that is expected
  double pinned_bound = kNotMeasured;  ///< largest gap of the pinned memory
  std::string limit;                   ///< what sets the rate by the forms, or why there are none
};

/// One scheme's run. Sizes in bytes, times in seconds of simulated time unless said otherwise.
struct RunSummary {
  std::string scheme;
  bool finished = true;  ///< false: the run broke off, only scheme and failure mean something
  bool ok = false;       ///< every check held and the bytes arrived
  bool complete = true;  ///< all bytes arrived, right or wrong; if not, the figures of the whole
                         ///< transfer are not measured, costs are those until the run ended
  std::string failure;   ///< why it is not ok; empty when it is

  std::string sha256_source;  ///< lower-case hex
  /// Of what the receiving application was given; empty if not complete or not computed.
  std::string sha256_received;

  std::uint64_t stream_bytes = 0;
  std::uint64_t expected_bytes = 0;  ///< of all streams together
  std::uint64_t received_bytes = 0;  ///< of these, delivered to the receiving application
  std::uint64_t lists_posted = 0;    ///< above 1 when a stream above the pin limit is sent in parts

  double goodput_bps = kNotMeasured;   ///< application bits a second, first post to last delivery
  double completion_s = kNotMeasured;  ///< first post to last byte delivered
  TimeParts time_s = no_parts();       ///< what that was spent on; add up to it
  std::uint64_t pinned_peak_bytes = 0;
  double pinned_byte_s = kNotMeasured;  ///< integral of pinned memory, NIC's account, in B.s
  double hold_s = kNotMeasured;         ///< post to "buffer may be reused", mean over the lists
  std::uint64_t swap_in_bytes = 0;
  std::uint64_t swap_out_bytes = 0;
  std::uint64_t pcie_up_bytes = 0;    ///< device to host on the sender's link, headers included
  std::uint64_t pcie_down_bytes = 0;  ///< host to device
  double host_cpu_s = kNotMeasured;   ///< sender's CPU time of kernel, driver and socket layer
  std::uint64_t retransmitted_segments = 0;
  std::uint64_t buffer_peak_bytes = 0;    ///< sender's packet buffer
  double victim_slowdown = kNotMeasured;  ///< 1 = not slowed
  std::uint64_t kernel_activations = 0;   ///< SystemC process activations of the whole run
  std::uint64_t segments = 0;             ///< TCP segments with payload, both hosts' transmissions
  double simulated_s = kNotMeasured;      ///< simulated time at the end of the run
  double cpu_s = kNotMeasured;            ///< processor time of the simulation itself, without the
                                          ///< set-up before it; never written to stats.json
  double wall_s = kNotMeasured;           ///< real time; never written to stats.json

  TwinFigures twin;

  std::vector<StatSample> statistics;
};

}  // namespace vctoe::outputs
