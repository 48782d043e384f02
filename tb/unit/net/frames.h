// Frames for the tests of this folder and the MAC's.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "models/net/frame_pool.h"
#include "models/net/headers.h"
#include "models/sim/kernel.h"

namespace vctoe::net::testing {

constexpr std::uint32_t kSenderIp = 0x0a000001;
constexpr std::uint32_t kReceiverIp = 0x0a000002;

/// A segment from the sender with timestamps, as in the middle of a transfer.
inline toe::Segment data_segment(std::uint32_t sequence, std::uint32_t length) {
  toe::Segment s;
  s.tuple = {kSenderIp, kReceiverIp, 40000, 5001};
  s.seq = {sequence};
  s.ack = {0x01020304};
  s.flags = toe::kAck;
  s.window = 0x7fff;
  s.has_timestamps = true;
  s.ts_value = 7;
  s.ts_echo = 9;
  s.length = length;
  return s;
}

/// The frame of a segment; payload byte i is `sequence` + i.
inline FramePtr make_frame(FramePool& pool, const toe::Segment& s) {
  FramePtr frame = pool.get();
  const std::uint32_t at = header_length(s);
  for (std::uint32_t i = 0; i < s.length; ++i) {
    frame->bytes[at + i] = static_cast<std::uint8_t>(s.seq.v + i);
  }
  encode_tcp_frame(*frame, {mac_address_of(s.tuple.remote_ip), mac_address_of(s.tuple.local_ip)},
                   s);
  return frame;
}

/// Keeps what arrives and when.
struct Sink : FrameSink {
  struct Arrival {
    FramePtr frame;
    sim::Time at;
  };
  std::vector<Arrival> arrivals;

  void receive(FramePtr frame) override { arrivals.push_back({std::move(frame), sim::now()}); }
  /// TCP sequence numbers in the order of arrival.
  std::vector<std::uint32_t> sequences() const {
    std::vector<std::uint32_t> numbers;
    for (const Arrival& a : arrivals) numbers.push_back(peek_tcp(*a.frame).sequence);
    return numbers;
  }
};

}  // namespace vctoe::net::testing
