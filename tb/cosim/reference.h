// What a walk must put out: the contract of docs/walker.md, written down a second time, from that
// page and not from the code of the model.
#pragma once

#include <cstdint>
#include <vector>

#include "tb/cosim/pins.h"

namespace vctoe::cosim {

enum FaultCode : std::uint32_t {
  kNoFault = 0,
  kNullHead = 1,
  kMisaligned = 2,
  kTooLong = 3,
  kZeroSize = 4,
  kSequenceGap = 5,
  kUnresolvable = 6,
  kBadCompletion = 7,
  kRange = 8,
  kVersion = 10
};
const char* fault_name(std::uint32_t code);

constexpr std::uint8_t kAdjacent = 1;   ///< flags: the next record lies behind this one
constexpr std::uint8_t kFixedSize = 2;  ///< flags: the size is that of the list

/// The 32 bytes of a record.
struct RawRecord {
  std::uint64_t virtual_address = 0;
  std::uint32_t offset = 0, data_size = 0, starting_sequence = 0;
  std::uint8_t flags = 0, version = 0;
  std::uint16_t asid = 0;
  std::uint64_t next = 0;

  std::array<std::uint64_t, 4> words() const;
  static RawRecord of(const std::array<std::uint64_t, 4>& words);
};

/// A walk from the head of its list on. While it is not over() it wants the record at wanted(), and
/// gets it by take(), or learns by fail() why it cannot have it.
class ReferenceWalk {
 public:
  ReferenceWalk(const WalkerConfig& config, const WalkBeat& walk);

  bool over() const { return over_; }
  std::uint64_t wanted() const { return address_; }
  void take(const RawRecord& raw);
  void fail(std::uint32_t code) { fault(code, address_); }

  /// All that it has put out so far.
  const std::vector<OutBeat>& beats() const { return beats_; }
  /// Addresses of the records that it wanted, in order.
  const std::vector<std::uint64_t>& visited() const { return visited_; }
  /// The address behind record `raw`, 0 at the end, and the bytes that it stands for.
  static std::uint64_t link_of(const RawRecord& raw, std::uint64_t address);
  static std::uint32_t size_of(const RawRecord& raw, std::uint32_t sequence, const WalkBeat& walk);

 private:
  void arrive(std::uint64_t address);
  std::uint32_t record_fault(const RawRecord& raw, std::uint32_t size) const;
  void cut(const RawRecord& raw, std::uint32_t size);
  void fault(std::uint32_t code, std::uint64_t address);
  OutBeat beat(std::uint32_t kind) const;

  WalkerConfig config_;
  WalkBeat walk_;
  std::uint64_t address_ = 0;  ///< of the record that is wanted
  std::uint64_t before_ = 0;   ///< bytes of the list before it
  std::uint64_t found_ = 0;    ///< bytes of the walk that have been put out
  bool over_ = false;
  std::vector<OutBeat> beats_;
  std::vector<std::uint64_t> visited_;
};

}  // namespace vctoe::cosim
