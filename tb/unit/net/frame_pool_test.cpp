#include "models/net/frame_pool.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace vctoe::net {
namespace {

TEST(FramePool, AFrameReturnsWithItsLastReferenceAndKeepsItsBytes) {
  FramePool pool;
  FramePtr first = pool.get();
  first->size = 100;
  first->txn = 5;
  first->bytes[99] = 0xab;
  const Frame* address = &*first;
  {
    const FramePtr second = first;
    first = FramePtr();
    EXPECT_EQ(pool.in_use(), 1u);
  }
  EXPECT_EQ(pool.in_use(), 0u);
  const FramePtr again = pool.get();
  EXPECT_EQ(&*again, address);
  EXPECT_EQ(again->size, 0u);
  EXPECT_EQ(again->txn, 0u);
  EXPECT_EQ(again->bytes[99], 0xab) << "reuse does not zero";
}

TEST(FramePool, MovingKeepsTheCount) {
  FramePool pool;
  FramePtr a = pool.get();
  FramePtr b = std::move(a);
  EXPECT_EQ(pool.in_use(), 1u);
  b = pool.get();
  EXPECT_EQ(pool.in_use(), 1u) << "assignment gives the old frame back";
}

// The sanitizer run shows that nothing leaks and nothing is touched after its end.
TEST(FramePool, AFrameMayOutliveItsPool) {
  auto pool = std::make_unique<FramePool>();
  FramePtr kept = pool->get();
  const FramePtr copy = kept;
  { const FramePtr returned = pool->get(); }
  pool.reset();
  kept->bytes[0] = 0x11;
  kept = FramePtr();
  EXPECT_EQ(copy->bytes[0], 0x11);
}

}  // namespace
}  // namespace vctoe::net
