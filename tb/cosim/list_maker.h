// Lists of records in virtual memory: of every shape, and with every fault.
#pragma once

#include "tb/cosim/hash.h"
#include "tb/cosim/scenario.h"

namespace vctoe::cosim {

/// What is wrong with a list.
enum class Defect : std::uint8_t {
  kNone,
  kNullHead,
  kMisalignedHead,
  kMisalignedLink,
  kOwnLoop,    ///< a link to its own record
  kHeadLoop,   ///< a link to the head
  kOtherLoop,  ///< a link to another record before
  kZeroSize,
  kHugeSize,  ///< 2^31 or more
  kGap,
  kVersion,
  kBadPage,
  kBadRead,
  kShort,     ///< ends early
  kTooMuch,   ///< more than 2^32 bytes
  kLostLink,  ///< leads to where no record was put
  kCount
};

/// Puts lists into the memory of one scenario, whose pages they share.
class ListMaker {
 public:
  ListMaker(Random& random, unsigned pages);

  struct Shape {
    std::uint32_t connection = 0, asid = 0;
    unsigned records = 1;
    std::uint32_t largest = 1;  ///< bytes of a record
    bool array = false, fixed = false, versioned = true;
  };
  /// A list without defects.
  ListSpec make(const Shape& shape);
  /// Another list, in the same places, with the sequence numbers that follow.
  ListSpec remake(const ListSpec& old, const Shape& shape);
  /// Record `at` of it gets the defect, or the list does.
  void spoil(ListSpec& list, Defect defect, std::size_t at, Scenario& scenario);

 private:
  std::vector<std::uint64_t> places(const Shape& shape);
  std::uint64_t place(std::uint32_t asid);
  ListSpec fill(const Shape& shape, const std::vector<std::uint64_t>& at, std::uint32_t first);
  std::vector<std::uint32_t> sizes(const Shape& shape, std::uint32_t& block_size);
  RawRecord record(const Shape& shape, std::uint32_t size, std::uint64_t next, bool last);

  Random& random_;
  std::vector<std::uint64_t> pages_;
  std::set<std::pair<std::uint32_t, std::uint64_t>> used_;
};

}  // namespace vctoe::cosim
