// A summary with a different value in every field.
#pragma once

#include <string>

#include "sw/scenario/outputs.h"

namespace vctoe::outputs {

inline RunSummary sample_run(const std::string& scheme) {
  RunSummary r;
  r.scheme = scheme;
  r.ok = true;
  r.sha256_source = std::string(64, 'a');
  r.sha256_received = std::string(64, 'a');
  r.stream_bytes = r.expected_bytes = r.received_bytes = 16 << 20;
  r.lists_posted = 2;
  r.goodput_bps = 9.49e9;
  r.completion_s = 0.0143;
  for (std::size_t i = 0; i < kTimeParts; ++i) r.time_s[i] = 0.0001 * static_cast<double>(i);
  r.time_s[static_cast<std::size_t>(TimePart::kWire)] += 0.0143 - 0.0055;
  r.pinned_peak_bytes = 3 << 20;
  r.pinned_byte_s = 1234.5;
  r.hold_s = 0.0141;
  r.swap_in_bytes = 8 << 20;
  r.swap_out_bytes = 1 << 20;
  r.pcie_up_bytes = 5 << 20;
  r.pcie_down_bytes = 18 << 20;
  r.host_cpu_s = 0.002;
  r.retransmitted_segments = 12;
  r.buffer_peak_bytes = 65536;
  r.victim_slowdown = 1.25;
  r.kernel_activations = 99;
  r.segments = 11;
  r.simulated_s = 0.02;
  r.wall_s = 1.5;
  return r;
}

}  // namespace vctoe::outputs
