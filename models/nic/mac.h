// The Ethernet MAC: puts frames on the line at its rate, one behind the other, and takes what
// arrives. Network protocol layer 116 of the specification.
#pragma once

#include <array>
#include <cstdint>
#include <systemc>
#include <vector>

#include "models/net/drop_reason.h"
#include "models/net/frame.h"
#include "models/net/frame_tap.h"
#include "models/nic/frame_port.h"
#include "models/sim/event_queue.h"
#include "models/sim/params.h"
#include "models/sim/stats.h"
#include "models/sim/trace.h"

namespace vctoe::nic {

struct MacParams {
  sim::BitRate rate = sim::BitRate::gbps(10);
  std::uint64_t tx_queue = 4;
  void declare(sim::ParamList& list);
};

/// Full duplex. Frames come with their FCS and at least net::kMinFrameBytes; preamble (8 B) and gap
/// (12 B) are time. One activation for each transmitted frame.
class Mac : public sc_core::sc_module, public net::FrameSink, public FramePort {
 public:
  Mac(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
      const MacParams& params);

  struct Stats {
    std::uint64_t tx_frames = 0;         ///< whose last bit has left
    std::uint64_t tx_bytes = 0;          ///< of them, address to FCS
    std::uint64_t tx_payload_bytes = 0;  ///< TCP payload in them
    sim::Time tx_busy;                   ///< preamble, frame and gap of them
    sim::Time tx_payload_busy;           ///< of this, the payload's share
    double tx_utilisation = 0;           ///< tx_busy / elapsed, at most 1
    std::uint64_t tx_queue_peak = 0;
    std::uint64_t rx_frames = 0;
    std::uint64_t rx_bytes = 0;
    std::uint64_t rx_payload_bytes = 0;
    sim::Time rx_busy;
    std::array<std::uint64_t, static_cast<std::size_t>(net::DropReason::kCount)> rx_refused{};
    void declare(sim::StatList& list) const;
  };

  void set_client(MacClient& client) { client_ = &client; }
  /// Where frames go when their last bit has left: an input of net::Link.
  void connect(net::FrameSink& line) { line_ = &line; }
  /// Taps see each frame when its last bit has left or arrived, in the order of their adding.
  void add_tap(net::FrameTap& tap) { taps_.push_back(&tap); }

  /// True while fewer than `tx_queue` frames are held, the one on the line included.
  bool can_send() const override { return count_ < ring_.size(); }
  void send(net::FramePtr frame, std::uint64_t cookie) override;
  /// When the line is free for a frame sent now to begin.
  sim::Time line_free() const { return line_free_; }
  /// How long `bytes` take on the line.
  sim::Time time_for(std::uint64_t bytes) const { return params_.rate.time_for(bytes); }

  /// A frame from the network; its last bit arrives now.
  void receive(net::FramePtr frame) override;
  void refuse(const net::Frame& frame, net::DropReason reason) override;

  const Stats& stats() const { return stats_; }
  void settle_stats();

 private:
  struct Pending {
    net::FramePtr frame;
    std::uint64_t cookie = 0;
    sim::Time sent;  ///< last bit leaves
  };
  void on_sent();
  void count_sent(const net::Frame& frame);
  void show(const net::Frame& frame, net::Heading heading);

  sim::Context& context_;
  std::uint8_t node_;
  MacParams params_;
  MacClient* client_ = nullptr;
  net::FrameSink* line_ = nullptr;
  std::vector<net::FrameTap*> taps_;
  Stats stats_;
  std::vector<Pending> ring_;
  std::size_t head_ = 0;
  std::size_t count_ = 0;
  sim::Time line_free_;
  sim::Alarm sent_;
};

}  // namespace vctoe::nic
