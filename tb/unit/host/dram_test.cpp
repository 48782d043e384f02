#include "models/host/dram.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <vector>

#include "tb/unit/host/fixtures.h"

namespace vctoe::host {
namespace {

using sim::Time;

struct Row {
  double start_ns;
  char op;
  std::uint64_t address;
  std::uint64_t length;
  double end_ns;
};

DramParams plain() {
  DramParams p;
  p.mapping = BankMapping::kPlain;  // bank = address bits 16:13, row = the bits above
  return p;
}

// By hand, in clocks of 0.8333 ns: CL = RCD = RP = 16, a burst of 64 B takes 4.
// req: I-F02-52, I-F13-504
TEST(Dram, FollowsTheCycleTable) {
  const Row table[] = {
      {0, 'r', 0x0, 64, 30.000},          // bank closed: 16 + 16 + 4
      {100, 'r', 0x40, 64, 116.667},      // row hit: 16 + 4
      {200, 'r', 0x20000, 64, 243.333},   // row conflict: 16 + 16 + 16 + 4
      {300, 'r', 0x22000, 64, 330.000},   // other bank, closed
      {400, 'r', 0x22040, 512, 440.000},  // hit, eight bursts: 16 + 32
      {500, 'w', 0x22000, 64, 516.667},   // write hit
      {500, 'r', 0x20040, 64, 520.000},   // hit, but the bus is taken until 516.667
      // Conflict after the write: precharge waits 18 clocks from 516.667, then 16 + 36 clocks.
      {520, 'r', 0x42000, 64, 575.000},
      {700, 'r', 0x4203c, 8, 720.000},   // eight bytes across two lines: 16 + 8
      {800, 'r', 0x43fe0, 64, 830.000},  // across a row's end: the next bank is closed
  };
  sim::Context ctx;
  Dram dram("dram", ctx, plain());
  for (const Row& row : table) {
    const Time end =
        dram.access(row.address, row.length, row.op == 'w', Time::from_ns_f(row.start_ns));
    EXPECT_NEAR(end.ns(), row.end_ns, 0.002) << "start " << row.start_ns;  // rounding to 1 ps
  }
  EXPECT_EQ(dram.stats().row_hits, 6u);
  EXPECT_EQ(dram.stats().row_closed, 3u);
  EXPECT_EQ(dram.stats().row_conflicts, 2u);
  EXPECT_NEAR(dram.stats().waited[static_cast<std::size_t>(DramWait::kBus)].ns(), 3.333, 0.002);
}

TEST(Dram, RefreshBlocksTheBanksAndClosesTheRows) {
  sim::Context ctx;
  Dram dram("dram", ctx, plain());
  dram.access(0, 64, false, Time::from_ns(7000));
  // Refresh from 7800 to 8060 ns, then a closed bank although the row was open.
  EXPECT_NEAR(dram.access(0, 64, false, Time::from_ns(7900)).ns(), 8090, 0.01);
  EXPECT_EQ(dram.stats().row_closed, 2u);
  EXPECT_NEAR(dram.stats().waited[static_cast<std::size_t>(DramWait::kRefresh)].ns(), 160, 0.01);
}

TEST(Dram, ClosedPolicyPrechargesAfterTheWriteRecovery) {
  sim::Context ctx;
  DramParams params = plain();
  params.page_policy = PagePolicy::kClosed;
  Dram dram("dram", ctx, params);
  EXPECT_NEAR(dram.access(0, 64, true, Time::zero()).ns(), 30, 0.002);
  // 36 clocks of the write, 18 of recovery, 16 of precharge, 36 of the read.
  EXPECT_NEAR(dram.access(0, 64, false, Time::from_ns(30)).ns(), 88.333, 0.003);
  EXPECT_EQ(dram.stats().row_closed, 2u);
}

TEST(Dram, XorMappingSpreadsAStrideThatPlainMappingPutsOnOneBank) {
  sim::Context ctx;
  Dram plain_dram("plain", ctx, plain());
  Dram xor_dram("xor", ctx, DramParams{});
  for (std::uint64_t i = 0; i < 16; ++i) {
    const Time start = Time::from_ns(100 * i);
    plain_dram.access(i << 17, 64, false, start);
    xor_dram.access(i << 17, 64, false, start);
  }
  EXPECT_EQ(plain_dram.stats().row_conflicts, 15u);
  EXPECT_EQ(xor_dram.stats().row_conflicts, 0u);
}

TEST(Dram, AnAccessBookedForLaterDoesNotHoldUpAnEarlierOne) {
  sim::Context ctx;
  Dram dram("dram", ctx, plain());
  dram.access(0x2000, 64, false, Time::from_ns(1000));
  EXPECT_NEAR(dram.access(0, 64, false, Time::zero()).ns(), 30, 0.002);
}

// req: I-F02-52
TEST(Dram, UntouchedMemoryIsZeroAndTakesNoRoom) {
  sim::Context ctx;
  DramParams params;
  params.size = sim::Bytes::gib(8);
  Dram dram("dram", ctx, params);
  EXPECT_EQ(dram.resident(), 0u);
  dram.write64(0, 1);
  dram.write64(sim::Bytes::gib(4).n, 2);
  EXPECT_EQ(dram.read64(sim::Bytes::gib(6).n), 0u);
  EXPECT_EQ(dram.read64(sim::Bytes::gib(4).n), 2u);
  // Three touched pages, each at most one huge page of the machine.
  EXPECT_GE(dram.resident(), 2 * 4096u);
  EXPECT_LE(dram.resident(), 3 * sim::Bytes::mib(2).n);
}

TEST(Dram, RefusesWhatLiesOutside) {
  sim::Context ctx;
  Dram dram("dram", ctx, DramParams{});
  MemoryPort port("port");
  port.socket.bind(dram.socket);
  elaborate();
  std::uint8_t bytes[16] = {};
  port.read(dram.size() - 8, bytes, 16);
  EXPECT_EQ(port.status, tlm::TLM_ADDRESS_ERROR_RESPONSE);
  port.read(~std::uint64_t{0} - 3, bytes, 16);
  EXPECT_EQ(port.status, tlm::TLM_ADDRESS_ERROR_RESPONSE);
  port.read(dram.size() - 16, bytes, 16);
  EXPECT_EQ(port.status, tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(dram.stats().out_of_range, 2u);
}

TEST(Dram, BlockingTransportAddsTheTimeToTheDelay) {
  sim::Context ctx;
  Dram dram("dram", ctx, plain());
  MemoryPort port("port");
  port.socket.bind(dram.socket);
  elaborate();
  std::uint64_t word = 7;
  const Time took =
      port.access(tlm::TLM_WRITE_COMMAND, 0x80, &word, sizeof word, Time::from_ns(100));
  EXPECT_NEAR(took.ns(), 30, 0.002);
  EXPECT_EQ(dram.read64(0x80), 7u);
}

// req: I-F05-106
TEST(Dram, HoldsWhatWasWrittenLast) {
  sim::Context ctx;
  DramParams params;
  params.size = sim::Bytes::mib(1);
  Dram dram("dram", ctx, params);
  MemoryPort port("port");
  port.socket.bind(dram.socket);
  elaborate();
  std::vector<std::uint8_t> want(params.size.n);
  EXPECT_TRUE(rc::check("reads see the last writes", [&] {
    const auto length = *rc::gen::inRange<std::uint64_t>(1, 20'000);
    const auto address = *rc::gen::inRange<std::uint64_t>(0, params.size.n - length);
    std::vector<std::uint8_t> data(length);
    if (*rc::gen::arbitrary<bool>()) {
      const auto first = *rc::gen::arbitrary<std::uint8_t>();
      for (std::size_t i = 0; i < length; ++i) data[i] = static_cast<std::uint8_t>(first + i);
      port.write(address, data.data(), length);
      std::copy(data.begin(), data.end(), want.begin() + static_cast<std::ptrdiff_t>(address));
    } else {
      port.read(address, data.data(), length);
      RC_ASSERT(std::equal(data.begin(), data.end(),
                           want.begin() + static_cast<std::ptrdiff_t>(address)));
    }
  }));
}

TEST(Dram, TimesNeverOverlapOnTheBus) {
  EXPECT_TRUE(rc::check("completion after start and bus never above its peak", [] {
    sim::Context ctx;
    Dram dram("dram", ctx, DramParams{});
    Time last;
    Time now;
    const auto count = *rc::gen::inRange(1, 200);
    for (int i = 0; i < count; ++i) {
      now += Time::from_ns(*rc::gen::inRange<std::uint64_t>(0, 30));
      const Time start = now + Time::from_ns(*rc::gen::inRange<std::uint64_t>(0, 300));
      const auto address = *rc::gen::inRange<std::uint64_t>(0, dram.size() - 4096);
      const auto length = *rc::gen::inRange<std::uint64_t>(1, 4096);
      const Time end = dram.access(address, length, *rc::gen::arbitrary<bool>(), start);
      // CL + the access's own beats is the least possible.
      RC_ASSERT(end >= start + Time::from_ns_f(13.333));
      last = sim::max(last, end);
    }
    RC_ASSERT(dram.stats().bus_busy <= last);
  }));
}

}  // namespace
}  // namespace vctoe::host
