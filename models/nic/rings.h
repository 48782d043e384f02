// The entries that host and NIC exchange, byte for byte (design of the contract: docs/nic.md).
// All little-endian; every entry is 64 bytes so that it is one cache line and one TLP.
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "models/nic/context_format.h"
#include "models/nic/fault.h"
#include "models/sim/params.h"

namespace vctoe::nic {

/// Scatter list element in host memory.
struct SgElement {
  std::uint64_t address = 0;  ///< physical
  std::uint32_t length = 0;
  std::uint32_t reserved = 0;
};
static_assert(sizeof(SgElement) == 16);

constexpr std::uint32_t kEntrySize = 64;
constexpr std::uint64_t kMaxRingEntries = std::uint64_t{1} << 20;
/// A number of entries that a ring may have.
constexpr bool is_ring_size(std::uint64_t entries) {
  return entries != 0 && entries <= kMaxRingEntries && (entries & (entries - 1)) == 0;
}

/// submit ring, host to NIC.
enum class SubmitOp : std::uint8_t {
  kNone,
  kConnect,  ///< active open: `ip`, `port`, `local_port`; `length`: as Option::kMaxSegment, 0: none
  kListen,   ///< passive opens on `local_port`, ids from `connection` on, `length` of them
  kReceive,  ///< memory for received bytes of a connection: a scatter list used as a circle
  kPost,     ///< list of contexts (list_head) and, when count > 0, physical addresses of the bytes
  kClose,    ///< no more posts: send FIN after the last byte
  kAbort,    ///< RST and forget
  kUnlisten,  ///< ends the kListen of the same `local_port`, `connection` and `length`: kClosed for
              ///< every id that has memory and no connection
  kRelease,   ///< as kClose, and nobody reads any more: the host has read `length` bytes since the
              ///< start, and a connection that has more of them, or gets more, is reset
  kOption     ///< `flags` = nic::Option, `length` = its value, from now on
};

/// SubmitEntry::flags of a kOption.
enum class Option : std::uint8_t {
  kNagle,       ///< 0 off, 1 on
  kKeepalive,   ///< 0 off, 1 on
  kMaxSegment,  ///< bytes of a segment before options, at most
  kDiffserv,    ///< code point, 0 to 63
  kRetries,     ///< timeouts of data in a row that end the connection
  kUrgent       ///< all that has been posted is urgent; the value says nothing
};

/// SubmitEntry::flags of a kPost: field 228 of its records has the numbers of another protocol,
/// from `list_sequence` on, and not TCP's.
constexpr std::uint8_t kOwnNumbering = 1;

struct SubmitEntry {
  SubmitOp op = SubmitOp::kNone;
  std::uint8_t flags = 0;
  std::uint16_t asid = 0;
  std::uint32_t connection = 0;      ///< chosen by the driver; index into the NIC's table
  std::uint64_t txn = 0;             ///< the driver's id of this post, comes back in completions
  std::uint64_t list_head = 0;       ///< kPost: virtual address of the first record, 0: none
  std::uint64_t length = 0;          ///< kPost, kReceive: bytes
  std::uint32_t first_sequence = 0;  ///< kPost: sequence number of the first byte
  std::uint32_t count = 0;           ///< kPost, kReceive: elements of the scatter list
  std::uint64_t sg_address = 0;      ///< physical address of the SgElement array
  std::uint32_t ip = 0;              ///< kConnect: peer, host order
  std::uint16_t port = 0;            ///< kConnect: peer
  std::uint16_t local_port = 0;
  std::uint32_t block_size = 0;     ///< kPost: of records with kContextFixedSize, B
  std::uint32_t list_sequence = 0;  ///< kPost with kOwnNumbering: number of the first byte
};
static_assert(sizeof(SubmitEntry) == kEntrySize && std::is_trivially_copyable_v<SubmitEntry>);

/// How the NIC wants a block identified.
enum class Identify : std::uint8_t {
  kPhysical,  ///< reply with physical addresses of pinned locations (FIG. 8, 9)
  kPushed,    ///< push the bytes into the packet buffer (FIG. 10, 11)
  kResident   ///< page request: bring them into memory; the NIC accesses them by virtual address
};

/// request ring, NIC to host: "identify these virtual addresses".
struct RequestEntry {
  std::uint8_t phase = 0;  ///< flips at each turn of the ring; 1 in the first turn
  std::uint8_t why = 0;    ///< sim::Why
  Identify identify = Identify::kPhysical;
  std::uint8_t reserved0 = 0;
  std::uint16_t asid = 0;
  std::uint16_t reserved1 = 0;
  std::uint32_t connection = 0;
  std::uint32_t length = 0;  ///< bytes, kNode: 4096 (the page)
  std::uint64_t virtual_address = 0;
  std::uint32_t sequence = 0;
  std::uint32_t reserved2 = 0;
  std::uint64_t txn = 0;            ///< id of this request; the reply carries it
  std::uint64_t buffer_offset = 0;  ///< kPushed: where in the packet buffer window
  std::uint64_t reserved3[2] = {};
};
static_assert(sizeof(RequestEntry) == kEntrySize && std::is_trivially_copyable_v<RequestEntry>);

enum class ReplyKind : std::uint8_t { kNone, kPhysical, kPushed, kError, kResident };

/// reply ring, host to NIC.
struct ReplyEntry {
  ReplyKind kind = ReplyKind::kNone;
  std::uint8_t status = 0;  ///< kError: kernel::PinStatus
  std::uint16_t asid = 0;
  std::uint32_t connection = 0;
  std::uint64_t txn = 0;
  std::uint32_t length = 0;  ///< bytes covered; kPhysical: may be the next part of the block only
  std::uint32_t count = 0;   ///< elements; up to two lie in `inline_sg`, more at sg_address
  std::uint64_t sg_address = 0;
  SgElement inline_sg[2] = {};
};
static_assert(sizeof(ReplyEntry) == kEntrySize && std::is_trivially_copyable_v<ReplyEntry>);
constexpr std::uint32_t kInlineSg = 2;

enum class CompletionKind : std::uint8_t {
  kNone,
  kEstablished,      ///< value = sequence number of the first byte that will be sent (ISS + 1)
  kAccepted,         ///< a listening port made connection `connection`; value as kEstablished;
                     ///< ip, port: the peer
  kBlockRetrieved,   ///< all bytes of request `txn` are in the NIC
  kBlockSent,        ///< all bytes of request `txn` have left the MAC
  kBlockAcked,       ///< all bytes of request `txn` are acknowledged (nic.unpin_at = acknowledged)
  kNodeReleased,     ///< the walker dropped the translation of request `txn`
  kPinned,           ///< the NIC has pinned the pages of request or post `txn` (nic.pin_by = agent)
  kStreamRetrieved,  ///< all bytes of post `txn` are in the NIC (nic.unpin_at = retrieved)
  kStreamSent,       ///< all bytes of post `txn` have left the MAC
  kStreamAcked,      ///< all bytes of post `txn` are acknowledged
  kReceived,         ///< value = bytes received in order since the start
  kPeerClosed,       ///< FIN received and all before it
  kClosed,           ///< connection gone, orderly
  kReset,            ///< connection gone: RST, give-up or refused
  kFault,            ///< value = nic::Fault; the connection is aborted
  kUrgent,           ///< value = bytes since the start up to which the peer's are urgent
  kAdvice            ///< value = toe::Advice; the connection goes on
};

/// completion ring, NIC to host.
struct CompletionEntry {
  std::uint8_t phase = 0;
  CompletionKind kind = CompletionKind::kNone;
  std::uint16_t port = 0;
  std::uint32_t connection = 0;
  std::uint64_t txn = 0;
  std::uint64_t value = 0;
  std::uint32_t ip = 0;
  std::uint16_t local_port = 0;
  std::uint16_t reserved0 = 0;
  std::uint64_t reserved[4] = {};
};
static_assert(sizeof(CompletionEntry) == kEntrySize &&
              std::is_trivially_copyable_v<CompletionEntry>);

inline CompletionEntry completion(CompletionKind kind, std::uint32_t connection, std::uint64_t txn,
                                  std::uint64_t value) {
  CompletionEntry entry;
  entry.kind = kind;
  entry.connection = connection;
  entry.txn = txn;
  entry.value = value;
  return entry;
}

}  // namespace vctoe::nic

namespace vctoe::sim {
template <>
struct EnumNames<nic::Identify> {
  static constexpr std::string_view kNames[] = {"physical", "pushed", "resident"};
};
}  // namespace vctoe::sim
