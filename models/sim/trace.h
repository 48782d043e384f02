// The trace bus: every block says what it does, once, in one small record; monitors, writers and
// checkers subscribe from outside. A model never asks whether somebody listens.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "models/sim/kernel.h"
#include "models/sim/params.h"
#include "models/sim/units.h"

namespace vctoe::sim {

/// What happened. The comment names the fields that carry more than their common meaning.
enum class TraceKind : std::uint8_t {
  kPost,          ///< list handed to the NIC; address = list head, length = bytes, seq = first byte
  kWalk,          ///< walk begins; seq, length; detail = Why
  kNodeRequest,   ///< NIC asks for the page of a record; address = its virtual address
  kBlockRequest,  ///< NIC asks for a block; address = virtual, length, seq; detail = Why
  kReplyPhysical,   ///< host answers with physical addresses
  kReplyPushed,     ///< host has pushed the bytes
  kReplyError,      ///< host cannot identify the range; detail = status
  kPin,             ///< one frame, one reference; address = physical, detail = owner
  kUnpin,           ///< one frame, one reference less
  kSwapIn,          ///< page arrived in DRAM; address = frame, seq = low bits of the slot
  kSwapOut,         ///< page left DRAM; address = frame
  kPageFault,       ///< address = virtual; detail = 1 major, 0 minor
  kDmaRead,         ///< payload read by the NIC reaches host memory; address = physical, length
  kDmaWrite,        ///< payload written by the NIC reaches host memory; address = physical, length
  kBufferWrite,     ///< bytes enter the packet buffer; length
  kBufferRead,      ///< bytes leave the packet buffer; length
  kTxFirst,         ///< payload leaves the MAC for the first time; seq, length
  kTxRetransmit,    ///< payload leaves the MAC again; seq, length
  kTxControl,       ///< segment without payload leaves the MAC; seq; detail = TCP flags
  kRxData,          ///< in-window payload accepted; seq, length
  kRxAck,           ///< acknowledgment processed; seq = SND.UNA after it, length = SND.WND
  kBlockRetrieved,  ///< all bytes of a block have been read
  kBlockSent,       ///< all bytes of a block have left the MAC
  kStreamSent,      ///< all bytes of a posted list have left the MAC
  kStreamAcked,     ///< all bytes of a posted list are acknowledged
  kRtoExpired,      ///< retransmission timer ran out; seq = SND.UNA
  kWalkFault,       ///< walker stopped; detail = fault code, address
  kConnState,       ///< detail = new RFC 9293 state
  kFrameDrop,       ///< a frame was lost or refused; detail = reason
  kDeliver,         ///< bytes handed to the receiving application; length
  kCount
};

template <>
struct EnumNames<TraceKind> {
  static constexpr std::string_view kNames[] = {"post",           "walk",
                                                "node_request",   "block_request",
                                                "reply_physical", "reply_pushed",
                                                "reply_error",    "pin",
                                                "unpin",          "swap_in",
                                                "swap_out",       "page_fault",
                                                "dma_read",       "dma_write",
                                                "buffer_write",   "buffer_read",
                                                "tx_first",       "tx_retransmit",
                                                "tx_control",     "rx_data",
                                                "rx_ack",         "block_retrieved",
                                                "block_sent",     "stream_sent",
                                                "stream_acked",   "rto_expired",
                                                "walk_fault",     "conn_state",
                                                "frame_drop",     "deliver"};
};
static_assert(std::size(EnumNames<TraceKind>::kNames) ==
              static_cast<std::size_t>(TraceKind::kCount));

/// Why the NIC asks for bytes or a page.
enum class Why : std::uint8_t { kFirst = 0, kRetransmit = 1, kNode = 2 };

struct TraceEvent {
  Time at;
  TraceKind kind{};
  std::uint8_t node = 0;   ///< which host (0 sender, 1 receiver in the two-host system)
  std::uint16_t asid = 0;  ///< address space, where there is one
  std::uint32_t connection = 0;
  TxnId txn = 0;
  std::uint64_t address = 0;
  std::uint64_t length = 0;
  std::uint32_t seq = 0;
  std::uint32_t detail = 0;
};

/// Set of kinds that a subscriber wants.
using TraceMask = std::uint64_t;
constexpr TraceMask mask_of(TraceKind kind) {
  return TraceMask{1} << static_cast<unsigned>(kind);
}
template <class... Kinds>
constexpr TraceMask mask_of(TraceKind first, Kinds... rest) {
  return mask_of(first) | mask_of(rest...);
}
constexpr TraceMask kAllKinds = mask_of(TraceKind::kCount) - 1;

class TraceBus {
 public:
  using Subscriber = std::function<void(const TraceEvent&)>;

  /// Subscribers are called in the order of their subscription.
  void subscribe(TraceMask kinds, Subscriber subscriber) {
    wanted_ |= kinds;
    subscribers_.push_back({kinds, std::move(subscriber)});
  }
  /// Whether anybody listens: saves filling in a record for nothing.
  bool wanted(TraceKind kind) const { return (wanted_ & mask_of(kind)) != 0; }
  /// Stamps the event with the present time and hands it round.
  void emit(TraceEvent event) const {
    const TraceMask bit = mask_of(event.kind);
    if ((wanted_ & bit) == 0) return;
    event.at = now();
    for (const auto& s : subscribers_) {
      if ((s.kinds & bit) != 0) s.call(event);
    }
  }

 private:
  struct Entry {
    TraceMask kinds;
    Subscriber call;
  };
  std::vector<Entry> subscribers_;
  TraceMask wanted_ = 0;
};

/// What every block is given: the bus, the seed, and the source of transaction ids. One per run.
struct Context {
  std::uint64_t seed = 1;
  TraceBus trace;
  TxnId next_txn() { return ++last_txn; }
  TxnId last_txn = 0;
};

}  // namespace vctoe::sim
