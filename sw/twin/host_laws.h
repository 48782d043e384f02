// What the sending host takes: reading what is on swap, and answering the NIC's requests for
// blocks.
#pragma once

#include "sw/scenario/params.h"

namespace vctoe::twin {

/// Pages of the stream, and how many of them are on swap when it is posted (expectation).
struct Pages {
  double all = 0;
  double swapped = 0;
  double swapped_share() const { return all > 0 ? swapped / all : 0; }
};
Pages pages(const scenario::ScenarioParams& params, double stream_bytes);

/// Reads a second, in bytes, that the swap device can never exceed: flash units over their least
/// time, link, platter, or network with its framing.
double swap_rate_bound(const host::DiskParams& disk);

/// Seconds until so many pages with neighbouring slots, asked for together, have been read
/// (calibration 3).
double swap_read_s(const scenario::ScenarioParams& params, double pages);

/// The CPU's time for pages that had to be read (calibration F1) and for one request of theirs.
double fault_cpu_s(const scenario::ScenarioParams& params, double pages);

/// From a NIC's request for a resident block of so many pages to the answer (calibration 2.3):
/// interrupt, deferred work, pins, ring entries, doorbell, and the NIC's fetch of the reply.
double answer_s(const scenario::ScenarioParams& params, double pages);

/// Of these the seconds behind the pins: ring entries, doorbell, and the NIC's fetch of the reply.
double reply_s(const scenario::ScenarioParams& params);

/// Memory that the pins of a block keep, B: whole pages, and a page once for each block that
/// touches it. The mean over blocks that lie one behind the other from the begin of a page on.
double pinned_by(double block);

/// Blocks through a host that answers them one by one while so many are asked for.
struct BlockPipeline {
  double block = 0;              ///< B
  double pinned = 0;             ///< what its pins keep, B
  double ahead = 1;              ///< blocks asked for and not sent
  double answer_s = 0;           ///< of a resident block
  double reply_s = 0;            ///< of these behind the pins
  double swapped = 0;            ///< share of the blocks of which something is on swap
  double swapped_s = 0;          ///< answer of such a block
  double fetch_s = 0;            ///< DMA of a segment
  double segment_s = 0;          ///< a segment on the line
  double line_rate = 0;          ///< B/s
  bool spans = true;             ///< a block's last segment carries the begin of the next block
  double unacknowledged = 1e18;  ///< blocks asked for and not acknowledged, at most
  double round_trip_s = 0;

  /// B/s. Blocks leave in order, so a cycle is one wait for a block that is on swap. In it go the
  /// `ahead` blocks whose waits overlap, and the run of resident ones behind them; but where
  /// segments span blocks, a block has left only when the next one has come, and with the
  /// probability that this one waits too its place is lost. Resident blocks alone: Little's law.
  /// The places of blocks that wait for their acknowledgement are free a round trip later; they are
  /// asked for together, and no block waits for one that may not be asked for yet.
  double rate() const;
  /// The acknowledgements hold it back more than the host does.
  bool waits_for_acknowledgement() const;

 private:
  double rate_of(double places, double lost, double turn_s) const;
};

}  // namespace vctoe::twin
