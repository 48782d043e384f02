#include "models/sim/random.h"

#include <gtest/gtest.h>

namespace vctoe::sim {
namespace {

TEST(Rng, SameSeedAndNameGiveTheSameStream) {
  Rng a(7, "wire");
  Rng b(7, "wire");
  for (int i = 0; i < 100; ++i) ASSERT_EQ(a.next(), b.next());
}

TEST(Rng, NamesAndSeedsSeparateStreams) {
  EXPECT_NE(Rng(7, "wire").next(), Rng(7, "disk").next());
  EXPECT_NE(Rng(7, "wire").next(), Rng(8, "wire").next());
}

TEST(Rng, BelowCoversItsRangeEvenly) {
  Rng rng(1, "die");
  int count[6] = {};
  for (int i = 0; i < 60000; ++i) ++count[rng.below(6)];
  // 10000 expected, standard deviation 91: five of them.
  for (const int c : count) EXPECT_NEAR(c, 10000, 460);
}

}  // namespace
}  // namespace vctoe::sim
