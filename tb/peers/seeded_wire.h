// The wire between a test bench and a peer: delay, loss, reordering, duplication and corruption
// from a seed, in simulated time, without a SystemC kernel. Frames arrive one behind the other, as
// a line of 10 Gb/s brings them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "models/net/frame_pool.h"
#include "models/net/impairment.h"

namespace vctoe::peers {

class SeededWire {
 public:
  enum Side : unsigned { kToe, kPeer };
  /// Frames without FCS.
  using Arrived = std::function<void(const std::uint8_t* frame, std::size_t n)>;

  SeededWire(const net::LinkParams& params, std::uint64_t seed);

  void attach(Side side, Arrived arrived) { arrived_[side] = std::move(arrived); }
  /// A frame of `n` bytes leaves `from` at `at` ns.
  void send(Side from, const std::uint8_t* frame, std::size_t n, std::uint64_t at);
  /// When the next frame arrives, ns; ~0: none is under way.
  std::uint64_t next() const;
  /// Hands over everything that has arrived by `now`.
  void deliver(std::uint64_t now);

  struct Counts {
    std::uint64_t frames = 0, lost = 0, reordered = 0, duplicated = 0, corrupted = 0;
  };
  const Counts& counts() const { return counts_; }

 private:
  struct Flight {
    net::FramePtr frame;
    std::uint64_t begins = 0;  ///< its first bit arrives
  };
  void fly(Side to, net::FramePtr frame, std::uint64_t at);

  net::LinkParams params_;
  net::FramePool pool_;
  net::Impairment impairment_[2];
  std::uint64_t last_[2] = {};                 ///< arrival of the latest frame in order
  std::map<std::uint64_t, Flight> flying_[2];  ///< to each side, by arrival
  Arrived arrived_[2];
  Counts counts_;
};

}  // namespace vctoe::peers
