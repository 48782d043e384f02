// What the links carry: Ethernet with its framing, PCIe with its TLPs. Rates in bytes a second of
// payload.
#pragma once

#include "models/nic/toe/tcp_params.h"
#include "models/pcie/link_params.h"
#include "sw/scenario/params.h"

namespace vctoe::twin {

/// Of an access to memory, beside the latencies of link and root complex (calibration P7), seconds.
constexpr double kMemoryAndIssue = 90e-9;

/// A full segment on Ethernet, IEEE 802.3 clause 4 and calibration 6.2.
struct Framing {
  double payload = 0;  ///< MSS less options, B
  double on_wire = 0;  ///< preamble, headers, FCS and gap included, B
  double bps = 0;      ///< of the line, or of a slower bottleneck

  double payload_rate() const { return bps / 8 * payload / on_wire; }
  double segment_s() const { return on_wire * 8 / bps; }
};
Framing framing(const system::SystemParams& params);

/// There and back, seconds, of a full segment and its acknowledgement without queues: twice the
/// delay, two segments (an acknowledgement answers the second) and a frame of least size.
double round_trip_s(const system::SystemParams& params);

/// Most payload that the link can carry one way: TLPs of `mps` (calibration P1 to P4).
double pcie_rate(const pcie::LinkParams& link);

/// Payload of full segments read by the device: completions of at most `mps` to requests of at
/// most `mrrs`, which a segment's place in memory cuts once more.
double pcie_read_rate(const pcie::LinkParams& link, double segment);

/// Payload that the CPU stores into the device, in lines of a write-combining buffer.
double pcie_store_rate(const pcie::LinkParams& link);

/// Payload of full segments that the receiving card can write into its host's memory, by Little's
/// law: whole TLPs of `mps` that the posted credits admit, over the time until they come back (base
/// specification 5.0, 2.6.1). Infinity where there is no limit.
double posted_write_rate(const system::SystemParams& params, double segment);

/// Least time from a read request to its first byte, seconds: both crossings and the root complex.
double read_latency_s(const system::SystemParams& params);

/// Most payload with so many reads on the link, by Little's law: tags, or the engine's own limit,
/// over the latency. Infinity without a limit.
double tag_rate(const system::SystemParams& params);

/// Bytes that a connection may have unacknowledged: the windows of both ends (RFC 9293, RFC 7323).
double window_bytes(const scenario::ScenarioParams& params);

}  // namespace vctoe::twin
