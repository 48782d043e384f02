#include "models/nic/packet_buffer.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <deque>
#include <map>
#include <vector>

#include "models/sim/error.h"
#include "models/sim/kernel.h"

namespace vctoe::nic {
namespace {

PacketBufferParams small(std::uint64_t cells) {
  PacketBufferParams p;
  p.cell = {256};
  p.size = {cells * 256};
  return p;
}

// req: I-F05-306
TEST(PacketBuffer, HandsOutWholeCellsAndTakesThemBack) {
  sim::Context context;
  PacketBuffer buffer(context, 0, small(16));
  const auto a = buffer.allocate(257, BufferUse::kTransmit);
  const auto b = buffer.allocate(256, BufferUse::kReceive);
  ASSERT_TRUE(a && b);
  EXPECT_EQ(*a, 0u);
  EXPECT_EQ(*b, 512u);
  EXPECT_EQ(buffer.free_bytes(), 13u * 256);
  EXPECT_EQ(buffer.stats().used.value(), 768u);
  EXPECT_EQ(buffer.stats().used_by[0].value(), 512u);
  buffer.set_use(*a, BufferUse::kRetained);
  EXPECT_EQ(buffer.stats().used_by[0].value(), 0u);
  EXPECT_EQ(buffer.stats().used_by[2].value(), 512u);
  buffer.free(*a);
  buffer.free(*b);
  EXPECT_EQ(buffer.free_bytes(), buffer.size());
  EXPECT_EQ(buffer.stats().used.value(), 0u);
  EXPECT_EQ(buffer.stats().used_by[2].value(), 0u);
  EXPECT_EQ(buffer.stats().used.peak(), 768u);
}

// req: I-F05-306
TEST(PacketBuffer, RefusesWhenFullAndCountsIt) {
  sim::Context context;
  PacketBuffer buffer(context, 0, small(16));
  EXPECT_FALSE(buffer.allocate(17 * 256, BufferUse::kPushed));
  const auto all = buffer.allocate(16 * 256, BufferUse::kPushed);
  ASSERT_TRUE(all);
  EXPECT_FALSE(buffer.allocate(1, BufferUse::kPushed));
  EXPECT_EQ(buffer.stats().refusals, 2u);
  buffer.free(*all);
  EXPECT_TRUE(buffer.allocate(16 * 256, BufferUse::kPushed));
}

TEST(PacketBuffer, FreeCellsThatAreNotNeighboursDoNotMakeARun) {
  sim::Context context;
  PacketBuffer buffer(context, 0, small(16));
  std::vector<std::uint32_t> cells(16);
  for (std::uint32_t& cell : cells) cell = *buffer.allocate(256, BufferUse::kTransmit);
  for (std::size_t i = 0; i < 16; i += 2) buffer.free(cells[i]);
  EXPECT_EQ(buffer.free_bytes(), 8u * 256);
  EXPECT_FALSE(buffer.allocate(257, BufferUse::kTransmit));
  EXPECT_TRUE(buffer.allocate(256, BufferUse::kTransmit));
  buffer.free(cells[7]);
  EXPECT_TRUE(buffer.allocate(3 * 256, BufferUse::kTransmit)) << "6, 7 and 8 are neighbours";
}

TEST(PacketBuffer, ARunOverThePlaceWhereTheSearchBeganIsFound) {
  sim::Context context;
  PacketBuffer buffer(context, 0, small(16));
  const auto a = buffer.allocate(8 * 256, BufferUse::kTransmit);  // the search goes on at cell 8
  buffer.free(*a);
  EXPECT_TRUE(buffer.allocate(16 * 256, BufferUse::kTransmit));
}

TEST(PacketBuffer, FirstInFirstOutUseGoesRoundTheBuffer) {
  sim::Context context;
  PacketBuffer buffer(context, 0, small(64));
  std::deque<std::uint32_t> held;
  for (int i = 0; i < 1000; ++i) {
    const auto at = buffer.allocate(1448, BufferUse::kTransmit);
    ASSERT_TRUE(at) << i;
    held.push_back(*at);
    if (held.size() == 9) {
      buffer.free(held.front());
      held.pop_front();
    }
  }
  EXPECT_EQ(buffer.stats().refusals, 0u);
}

TEST(PacketBuffer, FreeingWhatIsNotAllocatedBreaksAnInvariant) {
  sim::Context context;
  PacketBuffer buffer(context, 3, small(16));
  const auto a = buffer.allocate(1000, BufferUse::kTransmit);
  for (const std::uint32_t wrong : {*a + 1, *a + 256, *a + 2048, buffer.size(), ~0u}) {
    sim::clear_failure();
    EXPECT_THROW(buffer.free(wrong), sim::Error) << wrong;
    EXPECT_EQ(sim::last_failure().kind, sim::FailureKind::kInternal);
    EXPECT_THROW(buffer.set_use(wrong, BufferUse::kPushed), sim::Error);
  }
  buffer.free(*a);
  EXPECT_THROW(buffer.free(*a), sim::Error) << "twice";
  EXPECT_THROW(buffer.allocate(0, BufferUse::kTransmit), sim::Error);
}

TEST(PacketBuffer, ASizeThatIsNoWholeNumberOfCellsIsTheUsersFault) {
  sim::Context context;
  PacketBufferParams p;
  p.size = {1000};
  p.cell = {256};
  EXPECT_THROW(PacketBuffer(context, 0, p), sim::Error);
  EXPECT_EQ(sim::last_failure().kind, sim::FailureKind::kUser);
}

// req: I-F05-306
TEST(PacketBuffer, OccupancyIsIntegratedOverTime) {
  sim::Context context;
  PacketBuffer buffer(context, 0, small(16));
  sc_core::sc_start(1, sc_core::SC_US);
  const auto a = buffer.allocate(512, BufferUse::kPushed);
  sc_core::sc_start(2, sc_core::SC_US);
  buffer.free(*a);
  sc_core::sc_start(5, sc_core::SC_US);
  buffer.settle_stats();
  // 512 B for 2 us; the sum of doubles is good to a few units in the sixteenth digit.
  EXPECT_NEAR(buffer.stats().used.settled(), 512 * 2e-6, 1e-15);
  EXPECT_NEAR(buffer.stats().used_by[1].settled(), 512 * 2e-6, 1e-15);
}

TEST(PacketBuffer, PortTimeFollowsTheRate) {
  sim::Context context;
  PacketBuffer buffer(context, 0, {});
  EXPECT_EQ(buffer.port_time(64), sim::Time::from_ns(1));
}

/// A bit a cell, and first fit: it finds a run exactly when there is one.
struct NaiveBuffer {
  explicit NaiveBuffer(std::size_t cells) : used(cells, false) {}
  bool has_run(std::uint32_t cells) const {
    std::uint32_t run = 0;
    for (const bool u : used) {
      run = u ? 0 : run + 1;
      if (run >= cells) return true;
    }
    return false;
  }
  void mark(std::uint32_t offset, std::uint32_t cells, bool value) {
    for (std::uint32_t i = 0; i < cells; ++i) {
      RC_ASSERT(used.at(offset / 256 + i) != value);
      used[offset / 256 + i] = value;
    }
  }
  std::vector<bool> used;
};

// req: I-F05-306
TEST(PacketBuffer, AnySequenceAgreesWithANaiveModel) {
  EXPECT_TRUE(rc::check("runs are disjoint, found whenever there is one, and keep their bytes", [] {
    sim::Context context;
    const auto cells = *rc::gen::inRange<std::uint32_t>(1, 40);
    PacketBuffer buffer(context, 0, small(cells));
    NaiveBuffer naive(cells);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> held;  // offset, bytes
    const auto steps = *rc::gen::container<std::vector<std::pair<bool, std::uint32_t>>>(
        rc::gen::pair(rc::gen::arbitrary<bool>(), rc::gen::inRange(1u, 2000u)));
    for (const auto& [release, bytes] : steps) {
      if (release && !held.empty()) {
        const auto one = held.begin() + static_cast<std::ptrdiff_t>(bytes % held.size());
        const std::uint8_t* data = buffer.data(one->first);
        RC_ASSERT(std::all_of(data, data + one->second, [&](std::uint8_t b) {
          return b == static_cast<std::uint8_t>(one->first / 256);
        }));
        buffer.free(one->first);
        naive.mark(one->first, (one->second + 255) / 256, false);
        held.erase(one);
        continue;
      }
      const std::uint32_t run = (bytes + 255) / 256;
      const auto at = buffer.allocate(bytes, BufferUse::kTransmit);
      RC_ASSERT(at.has_value() == naive.has_run(run));
      if (!at) continue;
      naive.mark(*at, run, true);
      std::fill_n(buffer.data(*at), bytes, static_cast<std::uint8_t>(*at / 256));
      held.emplace_back(*at, bytes);
    }
    const auto free = std::count(naive.used.begin(), naive.used.end(), false);
    RC_ASSERT(buffer.free_bytes() == static_cast<std::uint32_t>(free) * 256);
    RC_ASSERT(buffer.stats().used.value() + buffer.free_bytes() == buffer.size());
  }));
}

}  // namespace
}  // namespace vctoe::nic
