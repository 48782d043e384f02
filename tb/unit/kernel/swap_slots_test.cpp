#include "sw/kernel/swap_slots.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

#include "models/sim/error.h"

namespace vctoe::kernel {
namespace {

TEST(SwapSlots, NeighboursFollowOneAnotherRoundTheEnd) {
  SwapSlots slots(70);
  for (SwapSlot s = 0; s < 70; ++s) EXPECT_EQ(slots.take(), s);
  EXPECT_EQ(slots.take(), kNoSlot);
  slots.release(5);
  slots.release(66);
  EXPECT_EQ(slots.take(), 5u);
  EXPECT_EQ(slots.take(), 66u);
  EXPECT_EQ(slots.take(), kNoSlot);
}

TEST(SwapSlots, AHostWithoutSwapHasNone) {
  EXPECT_EQ(SwapSlots(0).take(), kNoSlot);
}

TEST(SwapSlots, FreeingTwiceIsAnErrorOfTheModel) {
  SwapSlots slots(8);
  const SwapSlot s = slots.take();
  slots.release(s);
  EXPECT_THROW(slots.release(s), sim::Error);
}

TEST(SwapSlots, NeverGivesOutASlotTwiceAndFindsEveryFreeOne) {
  EXPECT_TRUE(rc::check("against a set", [] {
    const auto size = *rc::gen::inRange<std::size_t>(1, 200);
    SwapSlots slots(size);
    std::set<SwapSlot> used;
    for (const bool take :
         *rc::gen::container<std::vector<bool>>(400, rc::gen::arbitrary<bool>())) {
      if (take) {
        const SwapSlot s = slots.take();
        RC_ASSERT((s == kNoSlot) == (used.size() == size));
        if (s != kNoSlot) RC_ASSERT(s < size && used.insert(s).second);
      } else if (!used.empty()) {
        slots.release(*used.begin());
        used.erase(used.begin());
      }
      RC_ASSERT(slots.free_count() == size - used.size());
    }
  }));
}

}  // namespace
}  // namespace vctoe::kernel
