#include "models/nic/toe/tcp_params.h"

namespace vctoe::toe {

namespace {
constexpr std::uint64_t kAutoScale = 15;
constexpr std::uint8_t kMaxScale = 14;

void declare_options(TcpParams& p, sim::ParamList& list) {
  list.add("mss", p.mss, {88, 65495},
           "largest segment offered to the peer, before options are deducted (Ethernet MTU - 40)",
           "RFC 9293 3.7.1");
  list.add("timestamps", p.timestamps, "offer the timestamps option", "RFC 7323 3");
  list.add("timestamp_tick", p.timestamp_tick,
           sim::time_range(sim::Time::from_us(1), sim::Time::from_s(1)),
           "period of the timestamp clock", "RFC 7323 5.4");
  list.add("sack", p.sack, "offer selective acknowledgements", "RFC 2018");
  list.add("window_scaling", p.window_scaling, "offer window scaling", "RFC 7323 2");
  list.add("window_scale", p.window_scale, {0, 15},
           "shift offered; 15: the smallest that can express receive_buffer", "RFC 7323 2.3");
  list.add("receive_buffer", p.receive_buffer, sim::bytes_range({1}, sim::Bytes::gib(1)),
           "largest window that a connection will offer; sizes the shift and the opening steps",
           "own choice");
  list.add(
      "send_buffer", p.send_buffer, sim::bytes_range(sim::Bytes::kib(1), sim::Bytes::gib(1)),
      "most bytes of a connection that are sent and not acknowledged, whatever the peer offers",
      "own choice: the largest window, no limit");
  list.add("reassembly_intervals", p.reassembly_intervals, {1, 65536},
           "separate runs of out-of-order bytes that a connection remembers; more are dropped",
           "own choice");
}

void declare_sender(TcpParams& p, sim::ParamList& list) {
  list.add("initial_window", p.initial_window, {1, 1000},
           "congestion window at the start, in segments", "RFC 6928 2");
  list.add("congestion", p.congestion, "congestion control algorithm", "RFC 5681, RFC 9438");
  list.add("dupack_threshold", p.dupack_threshold, {1, 255},
           "duplicate acknowledgements that mean loss", "RFC 5681 3.2");
  list.add("limited_transmit", p.limited_transmit,
           "send a new segment for each of the first two duplicate acknowledgements", "RFC 3042");
  list.add("nagle", p.nagle,
           "hold the short last segment of a post while an earlier short one is unacknowledged",
           "RFC 9293 SHLD-7, Minshall's variant");
  list.add("ecn", p.ecn, "offer explicit congestion notification", "RFC 3168");
  list.add("ttl", p.ttl, {1, 255}, "time to live in the IP header of segments",
           "RFC 9293 MUST-49; IANA's default");
  list.add("diffserv", p.diffserv, {0, 63},
           "Diffserv code point of segments, unless the user sets one for a connection",
           "RFC 2474; RFC 9293 MUST-48");
}

void declare_timers(TcpParams& p, sim::ParamList& list) {
  const sim::Range any = sim::time_range(sim::Time::from_us(1), sim::Time::from_s(3600));
  list.add("rto_initial", p.rto_initial, any, "retransmission timeout before the first sample",
           "RFC 6298 2.1");
  list.add("rto_min", p.rto_min, any, "least retransmission timeout; the RFC asks for 1 s",
           "Linux TCP_RTO_MIN (RFC 6298 2.4: 1 s)");
  list.add("rto_max", p.rto_max, any, "largest retransmission timeout", "RFC 6298 2.5");
  list.add("clock_granularity", p.clock_granularity,
           sim::time_range(sim::Time::from_ps(1), sim::Time::from_s(1)),
           "least variance term of the retransmission timeout (G)", "RFC 6298 2.2");
  list.add("syn_retries", p.syn_retries, {0, 255}, "SYNs sent again before giving up (R2)",
           "RFC 9293 MUST-23: at least 3 minutes");
  list.add("data_retries", p.data_retries, {0, 255},
           "timeouts of one segment before giving up (R2)", "Linux tcp_retries2");
  list.add("report_retries", p.report_retries, {1, 255},
           "timeouts of one segment before the user is told (R1)",
           "RFC 9293 SHLD-10, Linux tcp_retries1");
  list.add("delayed_ack_time", p.delayed_ack_time,
           sim::time_range(sim::Time::zero(), sim::Time::from_ms(500)),
           "longest delay of an acknowledgement", "Linux TCP_DELACK_MIN (RFC 9293 MUST-40: 0.5 s)");
  list.add("delayed_ack_count", p.delayed_ack_count, {1, 255},
           "full segments that are acknowledged at once", "RFC 9293 SHLD-19");
  list.add("ack_pushed", p.ack_pushed,
           "acknowledge a segment with PSH at once: its sender has nothing to follow it with, so "
           "waiting for a second segment only costs time",
           "own choice; allowed by RFC 9293 MUST-58");
  list.add("msl", p.msl, any, "maximum segment lifetime; TIME-WAIT lasts twice as long",
           "Linux TCP_TIMEWAIT_LEN / 2 (RFC 9293 3.4.1: 2 min)");
}

void declare_keepalive(TcpParams& p, sim::ParamList& list) {
  const sim::Range any = sim::time_range(sim::Time::from_us(1), sim::Time::from_s(1000000));
  list.add("keepalive", p.keepalive, "probe idle connections unless the user says otherwise",
           "RFC 9293 MUST-25: off");
  list.add("keepalive_idle", p.keepalive_idle, any,
           "silence of the peer before the first keep-alive probe",
           "RFC 9293 MUST-28: at least 2 h");
  list.add("keepalive_interval", p.keepalive_interval, any, "time between keep-alive probes",
           "Linux tcp_keepalive_intvl");
  list.add("keepalive_probes", p.keepalive_probes, {1, 255},
           "keep-alive probes without an answer that end a connection",
           "Linux tcp_keepalive_probes (RFC 9293 MUST-29: more than one)");
}
}  // namespace

void TcpParams::declare(sim::ParamList& list) {
  declare_options(*this, list);
  declare_sender(*this, list);
  declare_timers(*this, list);
  declare_keepalive(*this, list);
  list.add("challenge_ack", challenge_ack,
           "answer resets and SYNs inside the window with a challenge instead of believing them",
           "RFC 5961 3, 4 and 5; off: RFC 793");
  list.add("challenge_ack_limit", challenge_ack_limit, {1, 1e6},
           "challenge acknowledgements that a connection sends in one interval", "RFC 5961 7");
  list.add("challenge_ack_interval", challenge_ack_interval,
           sim::time_range(sim::Time::from_us(1), sim::Time::from_s(3600)),
           "interval of challenge_ack_limit", "RFC 5961 7");
  list.add("isn_fixed", isn_fixed, "start every connection at isn, for tests", "own choice");
  list.add("isn", isn, {0, 4294967295.0}, "initial sequence number if isn_fixed", "own choice");
  list.add("max_connections", max_connections, {1, 1 << 20},
           "passive opens beyond this are dropped", "own choice");
}

std::uint8_t TcpParams::offered_window_scale() const {
  if (window_scale < kAutoScale) return static_cast<std::uint8_t>(window_scale);
  std::uint8_t shift = 0;
  while (shift < kMaxScale && (std::uint64_t{65535} << shift) < receive_buffer.n) ++shift;
  return shift;
}

}  // namespace vctoe::toe
