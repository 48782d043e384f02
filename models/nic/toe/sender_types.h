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
struct SenderCounters {
  std::uint64_t retransmits = 0;
  std::uint64_t duplicate_acks = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t fast_retransmits = 0;
};

}  // namespace vctoe::toe
