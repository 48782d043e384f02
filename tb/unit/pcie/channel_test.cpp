// One direction alone. At 8 Gb/s a byte takes 1 ns, so times can be read as byte counts.
#include "models/pcie/channel.h"

#include <gtest/gtest.h>

#include "tb/unit/pcie/channel_rig.h"

namespace vctoe::pcie {
namespace {

using sim::Time;

using test::Rig;

TEST(Channel, TrainsThatContendGoFirstComeFirstServed) {
  Rig rig;
  rig.push(TlpKind::kMemoryWrite, 3);
  rig.push(TlpKind::kMemoryWrite, 1, 10);
  rig.push(TlpKind::kMemoryWrite, 2, 5);
  rig.run();
  ASSERT_EQ(rig.order(), "acb");
  EXPECT_DOUBLE_EQ(rig.seen[0].ns, 400);
  EXPECT_DOUBLE_EQ(rig.seen[1].ns, 600);
  EXPECT_DOUBLE_EQ(rig.seen[2].ns, 700);
}

TEST(Channel, AnIdleChannelNeedsOneActivationATrain) {
  Rig rig;
  rig.push(TlpKind::kCompletion, 40);
  rig.run();
  EXPECT_EQ(sim::g_activations, 1U);
  EXPECT_DOUBLE_EQ(rig.seen.at(0).ns, 4100);
}

TEST(Channel, ReadRequestsAndCompletionsDoNotPassWrites) {
  Rig rig;
  rig.push(TlpKind::kMemoryWrite, 20);
  rig.push(TlpKind::kMemoryRead, 1);
  rig.push(TlpKind::kCompletion, 1);
  rig.run();
  EXPECT_EQ(rig.order(), "abc");
  EXPECT_DOUBLE_EQ(rig.seen[1].ns, 2000 + 24 + 100);
}

TEST(Channel, RelaxedOnesPassWrites) {
  Rig rig;
  rig.push(TlpKind::kMemoryWrite, 20);
  rig.push(TlpKind::kCompletion, 1, 0, true);
  rig.push(TlpKind::kMemoryWrite, 1, 0, true);
  rig.run();
  // After one turn of four TLPs the others get theirs.
  EXPECT_EQ(rig.order(), "bca");
  EXPECT_DOUBLE_EQ(rig.seen[0].ns, 400 + 100 + 100);
}

TEST(Channel, WritesPassReadRequestsThatLackCredits) {
  Rig rig({0, 0, 1, 0, 0, 0});
  rig.push(TlpKind::kMemoryRead, 2);
  rig.push(TlpKind::kMemoryWrite, 2);
  rig.run();
  // The first request, both writes, and the second request: its credit is back at 24 + 100 + 50.
  EXPECT_EQ(rig.order(), "aba");
  EXPECT_DOUBLE_EQ(rig.seen[1].ns, 24 + 200 + 100);
  EXPECT_DOUBLE_EQ(rig.seen[2].ns, 24 + 200 + 24 + 100);
}

TEST(Channel, CompletionsOfDifferentRequestsTakeTurns) {
  Rig rig;
  rig.push(TlpKind::kCompletion, 12);
  rig.push(TlpKind::kCompletion, 6);
  rig.run();
  // a4 b4 a4 b2 a4
  ASSERT_EQ(rig.order(), "ba");
  EXPECT_DOUBLE_EQ(rig.seen[0].ns, 1400 + 100);
  EXPECT_DOUBLE_EQ(rig.seen[1].ns, 1800 + 100);
}

TEST(Channel, WhoComesDuringATurnGoesBeforeTheNextTurnOfTheSame) {
  Rig rig;
  rig.push(TlpKind::kCompletion, 12);
  rig.push(TlpKind::kCompletion, 4, 150);
  rig.run();
  ASSERT_EQ(rig.order(), "ba");
  EXPECT_DOUBLE_EQ(rig.seen[0].ns, 800 + 100);
}

TEST(Channel, WithoutInterleavingOneRequestIsServedWhole) {
  Rig rig({0, 0, 0, 0, 0, 0}, 64);
  rig.push(TlpKind::kCompletion, 12);
  rig.push(TlpKind::kCompletion, 6);
  rig.run();
  EXPECT_EQ(rig.order(), "ab");
  EXPECT_DOUBLE_EQ(rig.seen[0].ns, 1300);
}

TEST(Channel, SegmentsWaitForTheirDataAndLetOthersPass) {
  Rig rig;
  Train& x = rig.make(TlpKind::kCompletion);
  x.add(Time::zero(), make_cut(76, 76, 76));
  x.add(Time::from_ns(500), make_cut(76, 76, 76));
  rig.channel.watch_segments(true);
  rig.channel.push(x);
  rig.push(TlpKind::kCompletion, 2, 50);
  rig.run();
  EXPECT_EQ(rig.order(), "aba");
  EXPECT_DOUBLE_EQ(rig.seen[0].ns, 200);
  EXPECT_FALSE(rig.seen[0].last);
  EXPECT_DOUBLE_EQ(rig.seen[1].ns, 400);
  EXPECT_DOUBLE_EQ(rig.seen[2].ns, 700);
}

class SixCredits : public testing::TestWithParam<CreditType> {};

// Room for one TLP of 76 B (5 data credits): each waits until its predecessor's credit is back,
// 100 ns on the wire (the read request with data as well), 100 to arrive, 30 to drain, 50 to
// return.
TEST_P(SixCredits, HoldBackTheirOwnClassOnly) {
  const auto type = static_cast<std::size_t>(GetParam());
  std::uint64_t limits[6] = {};
  limits[type] = type % 2 == 0 ? 1 : 5;
  Rig rig({limits[0], limits[1], limits[2], limits[3], limits[4], limits[5]});
  rig.reads_carry_data = true;
  const auto kind = static_cast<TlpKind>(type / 2);
  rig.channel.set_drain(kind, Time::from_ns(30));
  rig.push(kind, 4);
  rig.run();
  rig.channel.settle(sim::now());
  ASSERT_FALSE(rig.seen.empty());
  const bool first_counts = kind == TlpKind::kMemoryRead;  // told when its header has arrived
  EXPECT_DOUBLE_EQ(rig.seen.back().ns, 3 * 280 + (first_counts ? 24 : 100) + 100);
  for (std::size_t i = 0; i < kCreditTypes; ++i) {
    EXPECT_DOUBLE_EQ(rig.stats.credit_stall[i].ns(), i == type ? 3 * 180 : 0);
  }
  EXPECT_DOUBLE_EQ(rig.stats.time.spent(ChannelState::kWaitCredits).ns(), 3 * 180);
  rig.stats.time.check_sum(sim::now());
}

INSTANTIATE_TEST_SUITE_P(All, SixCredits,
                         testing::Values(CreditType::kPh, CreditType::kPd, CreditType::kNph,
                                         CreditType::kNpd, CreditType::kCplh, CreditType::kCpld),
                         [](const auto& info) { return std::string(sim::enum_name(info.param)); });

TEST(Channel, AnOtherClassFlowsWhileOneLacksCredits) {
  Rig rig({1, 0, 0, 0, 0, 0});
  rig.push(TlpKind::kCompletion, 1);  // came before the write
  rig.push(TlpKind::kMemoryWrite, 2, 1);
  rig.push(TlpKind::kCompletion, 1, 300);  // held back by the write, which waits for credit
  rig.run();
  EXPECT_EQ(rig.order(), "abc");
  // write: 100..200, credit back at 350, 350..450; then the completion.
  EXPECT_DOUBLE_EQ(rig.seen[1].ns, 550);
  EXPECT_DOUBLE_EQ(rig.seen[2].ns, 650);
}

}  // namespace
}  // namespace vctoe::pcie
