// What is on a wire between two TCP cores, what the wire does to it, and what each side notes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/nic/toe/interval_set.h"
#include "models/nic/toe/stack.h"

namespace vctoe::toe::test {

/// A segment on the wire; `offset`: of its first payload byte in the sender's stream.
struct Packet {
  Segment segment;
  std::uint64_t offset = 0;
  bool retransmit = false;
};

struct WireParams {
  sim::Time delay = sim::Time::from_us(10);
  double gbps = 0;  ///< 0: no limit
  double loss = 0;  ///< chances for each segment, both ways
  double duplicate = 0;
  double reorder = 0;
  double corrupt = 0;    ///< one byte of the frame changes; the frame codec has to find it
  double mark = 0;       ///< congestion is marked on segments that allow it
  double complaint = 0;  ///< a router sends an ICMP error about the segment, which goes on
  sim::Time reorder_delay = sim::Time::from_us(30);
  sim::Time fetch = sim::Time::zero();  ///< longest time between a plan and its segment
};

/// Everything that one side of a connection did.
struct Record {
  std::vector<State> states;
  std::optional<CloseReason> closed;
  bool accepted = false, established = false, peer_closed = false;
  std::uint64_t acknowledged = 0;
  std::uint64_t received = 0;
  std::uint64_t placed_bytes = 0;
  std::vector<Seq> rtos;
  std::vector<Advice> advices;
  std::vector<std::uint64_t> urgent;  ///< as told, one behind the other
  IntervalSet placed;
  std::uint64_t window = 1 << 20;  ///< receive space kept ahead of what was received
  std::uint64_t space = 0;         ///< granted
  bool closes_back = false;        ///< closes when the peer has closed
};

}  // namespace vctoe::toe::test
