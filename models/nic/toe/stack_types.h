// What the stack and its surroundings speak of.
#pragma once

#include <cstdint>

#include "models/nic/toe/segment.h"
#include "models/sim/units.h"

namespace vctoe::toe {

/// Index into the connection table; chosen by the user of the stack for active opens.
using ConnectionId = std::uint32_t;

/// RFC 9293 section 3.3.2, in the order of the diagram.
enum class State : std::uint8_t {
  kClosed,
  kListen,
  kSynSent,
  kSynReceived,
  kEstablished,
  kFinWait1,
  kFinWait2,
  kCloseWait,
  kClosing,
  kLastAck,
  kTimeWait
};

/// Why a connection ended.
enum class CloseReason : std::uint8_t {
  kOrderly,
  kReset,
  kRefused,
  kTimedOut,
  kAborted,
  kUnreachable
};

/// What the user hears about a connection that goes on (RFC 9293 MUST-47).
enum class Advice : std::uint8_t {
  kRetransmissions,  ///< R1 timeouts in a row (MUST-20, SHLD-9)
  kUnreachable,      ///< ICMP destination unreachable
  kTimeExceeded,     ///< ICMP time exceeded
  kParameterProblem  ///< ICMP parameter problem
};

/// An ICMP error (RFC 792) about a segment that was sent, `tuple` and `seq` from the header that it
/// quotes; tuple as the sender of that segment sees it (local = source).
struct IcmpError {
  FourTuple tuple;
  Seq seq;
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  std::uint16_t next_hop_mtu = 0;  ///< type 3 code 4 (RFC 1191); 0: the router did not say
};

/// What to send next. With length 0 it is a control segment that can be emitted at once.
struct TxPlan {
  ConnectionId connection = 0;
  std::uint64_t offset = 0;  ///< of the first byte in the stream (0 = first byte after the SYN)
  std::uint32_t length = 0;  ///< payload bytes
  bool retransmit = false;   ///< payload was sent before
  std::uint64_t id = 0;      ///< for emit() or drop()
};

/// For debugging, monitors and statistics.
struct ConnectionView {
  State state{};
  Seq iss, snd_una, snd_nxt;
  std::uint64_t snd_wnd = 0;  ///< bytes, scaled
  Seq rcv_nxt;
  std::uint64_t rcv_wnd = 0;
  std::uint64_t cwnd = 0;  ///< bytes
  std::uint64_t ssthresh = 0;
  sim::Time srtt, rttvar, rto;
  std::uint32_t mss = 0;          ///< payload bytes of a full segment (options deducted)
  std::uint64_t retransmits = 0;  ///< segments sent again
  std::uint64_t duplicate_acks = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t fast_retransmits = 0;  ///< entries into fast recovery
  /// Entries of its lists: runs out of order or reported by the peer, short segments, plans.
  std::uint64_t remembered = 0;
  bool ecn = false;                  ///< agreed with the peer
  std::uint64_t ecn_reductions = 0;  ///< of the window, for an echo of the peer
};

}  // namespace vctoe::toe
