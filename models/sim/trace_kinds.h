// The kinds of event that pass over the trace bus, and what their fields mean beside the common
// meaning.
#pragma once

#include <cstdint>
#include <iterator>
#include <string_view>

#include "models/sim/params.h"

namespace vctoe::sim {

/// What happened. The comment names the fields that carry more than their common meaning.
enum class TraceKind : std::uint8_t {
  kPost,          ///< list handed to the NIC; address = list head, length = bytes, seq = first byte
  kWalk,          ///< walk begins; seq, length; detail = Why
  kNodeRequest,   ///< NIC asks for the page of a record; address = its virtual address
  kBlockRequest,  ///< NIC asks for a block; address = virtual, length, seq; detail = Why
  kReplyPhysical,   ///< host answers with physical addresses; detail = 1: of a part, more to come
  kReplyPushed,     ///< host has pushed the bytes
  kReplyError,      ///< host cannot identify the range; detail = status
  kPin,             ///< one frame, one reference; address = physical, detail = owner; seq = who
                    ///< did it: 0 host, 1 NIC
  kUnpin,           ///< one frame, one reference less; seq likewise, 2: the host's goes as the NIC
                    ///< has its own
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
  kServe,           ///< driver takes a request off the ring; as kBlockRequest
  kSwapBegin,       ///< read of a page from swap begins; address = frame, seq = slot
  kDmaBegin,        ///< NIC begins to read the payload of a segment; as kBufferWrite, its end
  kBufferWait,      ///< a segment finds no packet buffer; seq, length
  kWalkDone,        ///< a walk has found all that it was to find; seq, length; detail = Why
  kPosting,         ///< the driver begins with a post: kPost is its end; txn = the post's, length
  kPostWait,        ///< a post waits for memory of earlier ones; detail = PostWait
  kPostTaken,       ///< a post can be read, or walked, by the NIC; txn, length
  kPinBegin,        ///< a range is to be pinned for a request or a post; txn, address, length
  kPinDone,         ///< all of it is pinned, and the work is done; txn
  kBlockFound,      ///< a block needs no answer: its virtual address is enough; as kBlockRequest
  kRoomWait,        ///< a block that will be pushed finds no packet buffer; as kBlockRequest
  kUnitWait,        ///< TCP's next step waits for the processing unit; length = until, ps
  kDmaLimit,        ///< reads wait for a tag or a channel; detail = 1 from now on, 0 no more
  kPageRequest,     ///< NIC asks for pages that a read by virtual address did not find; txn
  kPageResponse,    ///< the host has answered for all of them; txn
  kTake,            ///< the receiving application begins to read bytes, kDeliver is its end; length
  kStreamData,      ///< the receiving application has bytes of the stream itself; length
  kState,           ///< a state or a fill changed, for waves; detail = Watched
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
                                                "frame_drop",     "deliver",
                                                "serve",          "swap_begin",
                                                "dma_begin",      "buffer_wait",
                                                "walk_done",      "posting",
                                                "post_wait",      "post_taken",
                                                "pin_begin",      "pin_done",
                                                "block_found",    "room_wait",
                                                "unit_wait",      "dma_limit",
                                                "page_request",   "page_response",
                                                "take",           "stream_data",
                                                "state"};
};
static_assert(std::size(EnumNames<TraceKind>::kNames) ==
              static_cast<std::size_t>(TraceKind::kCount));

/// Why the NIC asks for bytes or a page.
enum class Why : std::uint8_t { kFirst = 0, kRetransmit = 1, kNode = 2 };

/// What a post waits for, in a kPostWait; kNothing ends the wait.
enum class PostWait : std::uint8_t { kNothing = 0, kRing = 1, kPinBudget = 2 };

/// Whose state changed, in a kState. What it is now is read from the block itself.
enum class Watched : std::uint8_t { kWalker, kDma, kRings, kBuffers, kTcp, kCount };

}  // namespace vctoe::sim
