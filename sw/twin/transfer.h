// A transfer of so many segments over a path, in arithmetic: slow start, steady state, and the
// saw teeth that losses cut.
#pragma once

namespace vctoe::twin {

/// What a transfer goes over. Sizes in segments, times in seconds.
struct Path {
  double segments = 0;
  double segment_s = 0;        ///< time that a segment takes at the bottleneck
  double round_trip_s = 0;     ///< without queues
  double initial_window = 10;  ///< RFC 6928
  double per_ack = 2;          ///< segments that an acknowledgement answers
  double window = 1e18;        ///< the most that may be unacknowledged: the receiver's window
  double window_turn_s = 0;    ///< what opening the window adds to a round trip
  double losses = 0;           ///< loss events, spread evenly over the segments
  bool random = false;         ///< they are not: the law of random loss
};

struct Transfer {
  double seconds = 0;    ///< from the first segment's departure to the last one's
  double growing_s = 0;  ///< of these, with the congestion window as the limit
  double growing = 0;    ///< segments sent in that time
};

/// Slow start by RFC 5681 section 3.1 (one segment for each acknowledgement) up to the window that
/// fills the path, then a segment every `segment_s`, or a window each round trip. Each loss event
/// halves the window, which then grows by a segment each round trip (section 3.1, equation 3):
/// from w it sends (e^2 - w^2) / 2 segments until it is e. Where losses are random, those rounds
/// are fewer by 1.2247 / 1.31 (Mathis et al.: the constants of periodic and of random loss).
Transfer transfer(const Path& path);

}  // namespace vctoe::twin
