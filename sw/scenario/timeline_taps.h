// Frames and TLPs for the timeline: what the trace bus does not tell.
#pragma once

#include "models/net/frame_tap.h"
#include "models/pcie/tlp_tap.h"
#include "models/system/two_hosts.h"
#include "sw/scenario/outputs_timeline.h"

namespace vctoe::scenario {

/// Frames of a MAC on the line, from the first bit of the preamble to the last bit.
class FrameLanes : public net::FrameTap {
 public:
  /// `card`: of several on the host.
  FrameLanes(outputs::TimelineWriter& timeline, std::uint8_t node, std::uint64_t card,
             nic::Mac& mac);
  void frame_seen(const net::Frame& frame, sim::Time at, net::Heading heading) override;

 private:
  outputs::TimelineWriter& timeline_;
  std::uint8_t node_;
  std::uint64_t card_;
  nic::Mac& mac_;
  sim::Time free_[2];  ///< end of the last slice, by Heading
};

/// TLPs of one direction.
class TlpLane : public pcie::TlpTap {
 public:
  TlpLane(outputs::TimelineWriter& timeline, std::uint8_t node, std::uint64_t card,
          outputs::Lane lane, pcie::Channel& channel);
  void tlps_sent(const pcie::TlpSlice& slice) override;

 private:
  outputs::TimelineWriter& timeline_;
  std::uint8_t node_;
  std::uint64_t card_;
  outputs::Lane lane_;
};

}  // namespace vctoe::scenario
