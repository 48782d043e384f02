#include "models/nic/scatter_map.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace vctoe::nic {
namespace {

TEST(ScatterMap, AnySliceNamesTheSameBytesAsTheFlatList) {
  EXPECT_TRUE(rc::check("slice equals flat", [] {
    const auto lengths = *rc::gen::nonEmpty(
        rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange(1u, 50u)));
    std::vector<SgElement> list;
    std::vector<std::uint64_t> flat;
    std::uint64_t address = 1000;
    for (const std::uint32_t n : lengths) {
      list.push_back({address, n, 0});
      for (std::uint32_t i = 0; i < n; ++i) flat.push_back(address + i);
      address += n + 7;
    }
    ScatterMap map;
    map.assign(list.data(), list.size());
    RC_ASSERT(map.size() == flat.size());
    const auto begin = *rc::gen::inRange<std::uint64_t>(0, flat.size());
    const auto length = *rc::gen::inRange<std::uint64_t>(0, flat.size() - begin + 1);
    std::vector<SgElement> slice;
    map.slice(begin, length, slice);
    std::vector<std::uint64_t> got;
    for (const SgElement& e : slice) {
      for (std::uint32_t i = 0; i < e.length; ++i) got.push_back(e.address + i);
    }
    RC_ASSERT(got == std::vector<std::uint64_t>(
                         flat.begin() + static_cast<std::ptrdiff_t>(begin),
                         flat.begin() + static_cast<std::ptrdiff_t>(begin + length)));
  }));
}

TEST(ScatterMap, APartOutsideIsAModelError) {
  ScatterMap map;
  const SgElement one{0, 10, 0};
  map.assign(&one, 1);
  std::vector<SgElement> out;
  EXPECT_THROW(map.slice(5, 6, out), sim::Error);
}

}  // namespace
}  // namespace vctoe::nic
