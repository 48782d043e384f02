#include "tb/cosim/reference.h"

#include <algorithm>

namespace vctoe::cosim {
namespace {

constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kLongestRecord = (std::uint64_t{1} << 31) - 1;
constexpr std::uint64_t kLongestList = std::uint64_t{1} << 32;

}  // namespace

const char* fault_name(std::uint32_t code) {
  static constexpr const char* kNames[] = {
      "none",         "null_head",      "misaligned", "too_long", "zero_size", "sequence_gap",
      "unresolvable", "bad_completion", "range",      "refused",  "version"};
  return code < std::size(kNames) ? kNames[code] : "unknown";
}

std::array<std::uint64_t, 4> RawRecord::words() const {
  return {virtual_address, offset | std::uint64_t{data_size} << 32,
          starting_sequence | std::uint64_t{flags} << 32 | std::uint64_t{version} << 40 |
              std::uint64_t{asid} << 48,
          next};
}

RawRecord RawRecord::of(const std::array<std::uint64_t, 4>& w) {
  RawRecord r;
  r.virtual_address = w[0];
  r.offset = static_cast<std::uint32_t>(w[1]);
  r.data_size = static_cast<std::uint32_t>(w[1] >> 32);
  r.starting_sequence = static_cast<std::uint32_t>(w[2]);
  r.flags = static_cast<std::uint8_t>(w[2] >> 32);
  r.version = static_cast<std::uint8_t>(w[2] >> 40);
  r.asid = static_cast<std::uint16_t>(w[2] >> 48);
  r.next = w[3];
  return r;
}

std::uint64_t ReferenceWalk::link_of(const RawRecord& raw, std::uint64_t address) {
  const bool adjacent = raw.version == 1 && (raw.flags & kAdjacent) != 0;
  return adjacent ? address + 32 : raw.next;
}

std::uint32_t ReferenceWalk::size_of(const RawRecord& raw, std::uint32_t sequence,
                                     const WalkBeat& walk) {
  if (raw.version != 1 || (raw.flags & kFixedSize) == 0) return raw.data_size;
  return std::min(walk.block_size, walk.end_sequence - sequence);
}

ReferenceWalk::ReferenceWalk(const WalkerConfig& config, const WalkBeat& walk)
    : config_(config), walk_(walk) {
  arrive(walk.head);
}

/// A link leads to `address`.
void ReferenceWalk::arrive(std::uint64_t address) {
  const std::size_t index = visited_.size();
  if (address == 0) {
    if (index == 0) return fault(kNullHead, 0);
    return fault(kRange, visited_.back());
  }
  if (address % 32 != 0) return fault(kMisaligned, address);
  const bool loop = index > 0 && (address == visited_.front() || address == visited_.back());
  if (index >= config_.max_records || loop) return fault(kTooLong, address);
  address_ = address;
  visited_.push_back(address);
}

std::uint32_t ReferenceWalk::record_fault(const RawRecord& raw, std::uint32_t size) const {
  if (raw.version > 1) return kVersion;
  if (size == 0 || size > kLongestRecord) return kZeroSize;
  const auto expected = static_cast<std::uint32_t>(walk_.first_sequence + before_);
  if (raw.starting_sequence != expected) return kSequenceGap;
  if (before_ + size > kLongestList) return kTooLong;
  return kNoFault;
}

void ReferenceWalk::take(const RawRecord& raw) {
  const std::uint32_t size =
      size_of(raw, static_cast<std::uint32_t>(walk_.first_sequence + before_), walk_);
  const std::uint32_t code = record_fault(raw, size);
  if (code != kNoFault) return fault(code, address_);
  cut(raw, size);
  if (found_ == walk_.length) {
    beats_.push_back(beat(nic::kOutDone));
    over_ = true;
    return;
  }
  before_ += size;
  arrive(link_of(raw, address_));
}

/// Blocks of what the walk wants of this record.
void ReferenceWalk::cut(const RawRecord& raw, std::uint32_t size) {
  // Bytes of the list before the first one that is wanted. Both are below 2^32: a walk whose bytes
  // would be the list's second 2^32 ends before it gets there.
  std::uint64_t at =
      std::uint64_t{static_cast<std::uint32_t>(walk_.sequence - walk_.first_sequence)} + found_;
  while (found_ < walk_.length && at >= before_ && at < before_ + size) {
    std::uint64_t n = std::min<std::uint64_t>(walk_.length - found_, before_ + size - at);
    n = std::min<std::uint64_t>(n, config_.granularity);
    const std::uint64_t address = raw.virtual_address + raw.offset + (at - before_);
    if (config_.split != 0) n = std::min(n, kPage - address % kPage);
    OutBeat block = beat(nic::kOutBlock);
    block.asid = walk_.asid;
    block.address = address;
    block.length = static_cast<std::uint32_t>(n);
    block.sequence = static_cast<std::uint32_t>(walk_.sequence + found_);
    block.retransmit = walk_.retransmit;
    block.last = found_ + n == walk_.length ? 1 : 0;
    beats_.push_back(block);
    found_ += n;
    at += n;
  }
}

void ReferenceWalk::fault(std::uint32_t code, std::uint64_t address) {
  OutBeat f = beat(nic::kOutFault);
  f.code = code;
  f.address = address;
  beats_.push_back(f);
  over_ = true;
}

OutBeat ReferenceWalk::beat(std::uint32_t kind) const {
  OutBeat b;
  b.kind = kind;
  b.txn = walk_.txn;
  b.connection = walk_.connection;
  return b;
}

}  // namespace vctoe::cosim
