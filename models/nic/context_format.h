// The virtual context record, the forms that it may have (docs/alternatives/formats.md), and the
// one form in which the walker handles it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

namespace vctoe::nic {

/// Virtual context 220 of FIG. 7, in the sender's virtual memory, 32-byte aligned.
struct ContextRecord {
  std::uint64_t virtual_address = 0;    ///< 222: first byte of the block, less `offset`
  std::uint32_t offset = 0;             ///< 224: added to the address
  std::uint32_t data_size = 0;          ///< 226: 1 .. 2^31 - 1
  std::uint32_t starting_sequence = 0;  ///< 228: TCP sequence number of the first byte
  std::uint8_t flags = 0;
  std::uint8_t version = 0;
  std::uint16_t asid = 0;
  std::uint64_t next = 0;  ///< 230: virtual address of the next record, 0 at the end
};
static_assert(sizeof(ContextRecord) == 32 && std::is_trivially_copyable_v<ContextRecord>);

/// Highest `version` of a record. 0: the fields of FIG. 7 alone, `flags` and `asid` are ignored. 1:
/// `flags` count.
constexpr std::uint8_t kContextVersion = 1;
/// `flags`: the next record lies directly behind this one, and `next` is not used (an array).
constexpr std::uint8_t kContextAdjacent = 1;
/// `flags`: `data_size` is not used; the block has the size that came with the list, or what is
/// left of the list.
constexpr std::uint8_t kContextFixedSize = 2;

/// What records may leave out because it holds for their whole list.
struct ListShape {
  std::uint32_t block_size = 0;    ///< of records with kContextFixedSize, B; 0: there are none
  std::uint32_t end_sequence = 0;  ///< sequence number behind the list's last byte
};

/// `record`, read from virtual `address` and expected to begin at `sequence`, with its size and its
/// link written out. One of an unknown version is left as it is: its flags mean nothing.
inline void spell_out(ContextRecord& record, std::uint64_t address, std::uint32_t sequence,
                      const ListShape& shape) {
  if (record.version == 0 || record.version > kContextVersion) return;
  if ((record.flags & kContextFixedSize) != 0) {
    record.data_size = std::min(shape.block_size, shape.end_sequence - sequence);
  }
  if ((record.flags & kContextAdjacent) != 0) record.next = address + sizeof(ContextRecord);
}

}  // namespace vctoe::nic
