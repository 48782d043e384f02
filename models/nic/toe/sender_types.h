// Values that the sender takes and gives, and groups of its state.
#pragma once

#include <cstdint>

#include "models/nic/toe/position.h"
#include "models/sim/units.h"

namespace vctoe::toe {

enum class RecoveryMode : std::uint8_t { kNone, kFast, kTimeout };
/// What a timer brought.
enum class TimerResult : std::uint8_t { kNothing, kProbe, kTimeout, kGiveUp };

/// A range to send, planned or planned and out.
struct SendRange {
  Pos begin = 0;
  Pos end = 0;
  bool retransmit = false;
  bool rescue = false;  ///< NextSeg() rule 4 (RFC 6675)
  std::uint64_t id = 0;
};
/// An acknowledgement that passed the checks of RFC 9293 3.10.7.4 fifth.
struct SenderAck {
  Pos ack = 0;
  std::uint64_t window = 0;  ///< scaled
  bool update_window = false;
  bool may_repeat = false;  ///< no payload, SYN or FIN: may count as a duplicate
  bool echo = false;        ///< the peer saw a mark of congestion (RFC 3168)
  sim::Time ts_rtt;         ///< round trip by timestamp echo; zero: none
};
/// How far loss recovery is.
struct SenderRecovery {
  RecoveryMode mode = RecoveryMode::kNone;
  Pos recover = 0;            ///< the recovery ends when this is acknowledged (RFC 6582)
  Pos start = 0;              ///< SND.UNA when it began
  Pos rescue = 0;             ///< RescueRxt (RFC 6675)
  bool partial_seen = false;  ///< the timer was restarted by a partial acknowledgement
  std::uint64_t dupacks = 0;  ///< duplicate acknowledgements in a row
  std::uint64_t flight_at_first_dupack = 0;
};
struct SenderClocks {
  sim::Time rto_at = sim::Time::never();
  sim::Time persist_at = sim::Time::never();
  sim::Time persist_interval;
  sim::Time last_sent;
  std::uint64_t retries = 0;  ///< timeouts since SND.UNA moved
  Pos timed_end = 0;          ///< segment whose round trip is being timed; 0: none
  sim::Time timed_at;
};
struct SenderCounters {
  std::uint64_t retransmits = 0;
  std::uint64_t duplicate_acks = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t fast_retransmits = 0;
  std::uint64_t ecn_reductions = 0;
};
/// Reaction to marks of congestion (RFC 3168 6.1.2).
struct SenderMarks {
  Pos reduced_until = 0;  ///< one reduction for what was sent before
  bool told = true;       ///< the peer has heard of the last reduction (CWR)
};

}  // namespace vctoe::toe
