// Parameters of the TCP core.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/sim/params.h"
#include "models/sim/units.h"

namespace vctoe::toe {

enum class CongestionKind : std::uint8_t { kReno, kCubic };

struct TcpParams {
  std::uint64_t mss = 1460;
  bool timestamps = true;
  sim::Time timestamp_tick = sim::Time::from_ms(1);
  bool sack = true;
  bool window_scaling = true;
  /// 15 = the smallest shift that can express receive_buffer.
  std::uint64_t window_scale = 15;
  sim::Bytes receive_buffer = sim::Bytes::mib(1);
  /// Far above any window of the examples: no limit unless it is set.
  sim::Bytes send_buffer = sim::Bytes::gib(1);
  std::uint64_t reassembly_intervals = 256;

  std::uint64_t initial_window = 10;
  CongestionKind congestion = CongestionKind::kReno;
  std::uint64_t dupack_threshold = 3;
  bool limited_transmit = true;
  bool nagle = true;
  bool ecn = false;
  std::uint64_t ttl = 64;
  std::uint64_t diffserv = 0;

  sim::Time rto_initial = sim::Time::from_s(1);
  sim::Time rto_min = sim::Time::from_ms(200);
  sim::Time rto_max = sim::Time::from_s(60);
  sim::Time clock_granularity = sim::Time::from_us(1);
  std::uint64_t syn_retries = 7;
  std::uint64_t data_retries = 15;
  std::uint64_t report_retries = 3;

  sim::Time delayed_ack_time = sim::Time::from_ms(40);
  std::uint64_t delayed_ack_count = 2;
  bool ack_pushed = true;
  sim::Time msl = sim::Time::from_s(30);
  bool challenge_ack = true;
  std::uint64_t challenge_ack_limit = 10;
  sim::Time challenge_ack_interval = sim::Time::from_s(5);

  bool keepalive = false;
  sim::Time keepalive_idle = sim::Time::from_s(7200);
  sim::Time keepalive_interval = sim::Time::from_s(75);
  std::uint64_t keepalive_probes = 9;

  bool isn_fixed = false;
  std::uint64_t isn = 0;
  std::uint64_t max_connections = 1024;

  void declare(sim::ParamList& list);
  /// Shift that this side offers (RFC 7323 section 2.3).
  std::uint8_t offered_window_scale() const;
};

}  // namespace vctoe::toe

namespace vctoe::sim {
template <>
struct EnumNames<toe::CongestionKind> {
  static constexpr std::string_view kNames[] = {"reno", "cubic"};
};
}  // namespace vctoe::sim
