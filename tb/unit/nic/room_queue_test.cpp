#include "models/nic/room_queue.h"

#include <gtest/gtest.h>

#include <vector>

#include "tb/unit/nic/cells.h"

namespace vctoe::nic {
namespace {

struct Bench {
  explicit Bench(std::uint64_t free_cells, std::uint64_t reserve_cells = 0)
      : buffer(context, 0, cells(free_cells)) {
    params.retransmit_reserve = {reserve_cells * kCell};
  }
  static Extent block(std::uint64_t n, sim::Why why) {
    Extent e;
    e.end = n * kCell;
    e.why = why;
    return e;
  }
  static Extent first(std::uint64_t n) { return block(n, sim::Why::kFirst); }
  static Extent again(std::uint64_t n) { return block(n, sim::Why::kRetransmit); }
  /// Blocks that have room now, in the order in which they got it.
  std::vector<const Extent*> serve() {
    std::vector<const Extent*> ready;
    queue.serve([&](Extent& e) { ready.push_back(&e); });
    return ready;
  }
  void free(Extent& e) { buffer.free(e.buffer); }

  sim::Context context;
  CoreParams params;
  PacketBuffer buffer;
  RoomQueue queue{params, buffer};
};
using Blocks = std::vector<const Extent*>;

TEST(RoomQueue, FirstTransmissionsGetRoomInTheirOrderAndNoneOvertakes) {
  Bench b(4);
  Extent a = b.first(3), big = b.first(3), small = b.first(1);
  EXPECT_TRUE(b.queue.enter(a));
  EXPECT_TRUE(a.has_room);
  EXPECT_FALSE(b.queue.enter(big));
  EXPECT_FALSE(b.queue.enter(small)) << "a cell is free, but another block waits";
  EXPECT_EQ(b.serve(), Blocks{});
  b.free(a);
  EXPECT_EQ(b.serve(), (Blocks{&big, &small}));
  EXPECT_TRUE(big.has_room && small.has_room);
}

TEST(RoomQueue, ARetransmissionOvertakesAndIsServedFirst) {
  Bench b(4);
  Extent held = b.first(3), waiting = b.first(2), small = b.again(1), late = b.again(3);
  EXPECT_TRUE(b.queue.enter(held));
  EXPECT_FALSE(b.queue.enter(waiting));
  EXPECT_TRUE(b.queue.enter(small)) << "it need not wait behind a first transmission";
  EXPECT_FALSE(b.queue.enter(late));
  b.free(held);
  EXPECT_EQ(b.serve(), Blocks{&late});
  b.free(late);
  EXPECT_EQ(b.serve(), Blocks{&waiting});
}

TEST(RoomQueue, OnlyRetransmissionsMayUseTheReserve) {
  Bench b(4, 2);
  Extent a = b.first(2), next = b.first(1), again = b.again(2);
  EXPECT_TRUE(b.queue.enter(a));
  EXPECT_FALSE(b.queue.enter(next));
  EXPECT_TRUE(b.queue.enter(again));
  b.free(a);
  EXPECT_EQ(b.serve(), Blocks{}) << "two cells are free, and both belong to the reserve";
  b.free(again);
  EXPECT_EQ(b.serve(), Blocks{&next});
}

TEST(RoomQueue, AForgottenBlockGetsNoRoomAndHoldsNobodyUp) {
  Bench b(2);
  Extent a = b.first(1), big = b.first(2), small = b.first(1);
  EXPECT_TRUE(b.queue.enter(a));
  EXPECT_FALSE(b.queue.enter(big));
  EXPECT_FALSE(b.queue.enter(small));
  b.queue.forget(big);
  EXPECT_EQ(b.serve(), Blocks{&small});
  EXPECT_FALSE(big.has_room);
  b.queue.forget(a);  // does not wait: nothing happens
}

}  // namespace
}  // namespace vctoe::nic
