#include "models/nic/walk_queue.h"

#include <gtest/gtest.h>

#include <vector>

#include "tb/unit/nic/fake_walker.h"

namespace vctoe::nic {
namespace {

using Walks = std::vector<sim::TxnId>;

struct Bench {
  explicit Bench(std::size_t room) {
    walker.room = room;
    queue.set_walker(walker);
  }
  bool start(sim::TxnId txn, std::uint32_t connection = 1) {
    WalkRequest request;
    request.txn = txn;
    request.connection = connection;
    return queue.start(request, {connection, 1000 * txn, 0});
  }
  FakeWalker walker;
  WalkQueue queue;
};

TEST(WalkQueue, RefusedWalksAreGivenToTheWalkerInOrderAsItTakesThem) {
  Bench b(1);
  EXPECT_TRUE(b.start(1));
  EXPECT_FALSE(b.start(2));
  b.walker.room = 1;
  EXPECT_FALSE(b.start(3)) << "there is room, but another walk waits";
  EXPECT_FALSE(b.start(4));
  b.queue.retry();
  EXPECT_EQ(b.walker.walks, (Walks{1, 2}));
  b.walker.room = 2;
  b.queue.retry();
  EXPECT_EQ(b.walker.walks, (Walks{1, 2, 3, 4}));
  b.walker.room = 1;
  b.queue.retry();
  EXPECT_EQ(b.walker.walks.size(), 4u) << "nothing is walked twice";
}

TEST(WalkQueue, AWalkIsKnownFromItsStartToItsEndAlsoWhileItIsRefused) {
  Bench b(0);
  b.start(7);
  ASSERT_NE(b.queue.find(7), nullptr);
  EXPECT_EQ(b.queue.find(7)->next, 7000u);
  EXPECT_EQ(b.queue.find(8), nullptr);
  EXPECT_FALSE(b.queue.empty());
  EXPECT_TRUE(b.queue.end(7));
  EXPECT_FALSE(b.queue.end(7));
  EXPECT_TRUE(b.queue.empty());
  b.walker.room = 1;
  b.queue.retry();
  EXPECT_EQ(b.walker.walks, Walks{}) << "a walk that is over must not begin";
}

TEST(WalkQueue, CancelEndsTheWalksOfOneConnectionOnly) {
  Bench b(1);
  b.start(1, 5);
  b.start(2, 5);
  b.start(3, 6);
  b.queue.cancel(5);
  EXPECT_EQ(b.walker.cancelled, std::vector<std::uint32_t>{5});
  EXPECT_EQ(b.queue.find(1), nullptr);
  EXPECT_EQ(b.queue.find(2), nullptr);
  EXPECT_NE(b.queue.find(3), nullptr);
  b.walker.room = 2;
  b.queue.retry();
  EXPECT_EQ(b.walker.walks, (Walks{1, 3}));
}

}  // namespace
}  // namespace vctoe::nic
