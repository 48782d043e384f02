// What a seed means: one transfer between the test bench and lwIP over one wire.
#pragma once

#include <cstdint>
#include <string>

#include "models/net/link_params.h"

namespace vctoe::peers {

/// Seeds 0 to kSeeds - 1 are the whole cross of the first seven members; the others take turns.
struct Seed {
  static constexpr unsigned kSeeds = 288;

  double loss = 0;         ///< 0, 1 % or 5 % of the frames, each way
  bool reorder = false;    ///< 2 %, by up to ten frames
  bool duplicate = false;  ///< 1 %
  bool corrupt = false;    ///< 1 %: one bit, under a right FCS
  bool wrap = false;       ///< both initial sequence numbers lie just below 2^32
  bool toe_connects = false;
  unsigned direction = 0;               ///< 0: from the TOE, 1: to it, 2: both
  int window_scale = -1;                ///< of the TOE: -1 (none) to 14
  bool nagle = true;                    ///< of lwIP
  bool timestamps = true, sack = true;  ///< offered by the TOE; lwIP has neither
  std::uint64_t delay_us = 0;           ///< one way
  std::size_t bytes = 0;                ///< each way

  static Seed of(unsigned n);
  net::LinkParams wire() const;
  std::string cfg(unsigned n, const std::string& pcap) const;
  std::string text() const;
};

/// How it went. Crosses the border of a process as it is.
struct Result {
  bool ok = false;
  char what[160] = "";
  std::uint64_t frames = 0, lost = 0, reordered = 0, duplicated = 0, corrupted = 0;
  std::uint64_t end_ns = 0;
  char streams[2][65] = {};  ///< SHA-256 of what the TOE and lwIP sent; empty: nothing
};

/// Runs seed `n`, with a capture at the TOE's MAC in `pcap`. Once in a process.
Result run_seed(unsigned n, const std::string& pcap);

}  // namespace vctoe::peers
