#include <gtest/gtest.h>

#include <cstring>

#include "tb/unit/pcie/bench.h"

namespace vctoe::pcie {
namespace {

using sim::Time;
using test::Bench;

// A cycle table: 1448 B at gen3 x8, 5.5 % for DLLPs. One byte takes 8 / (63.015 x 0.945) ns.
constexpr double kNsPerByte = 8 / (63.0153846 * 0.945);

TEST(Link, ReadTakesWhatItsPartsTake) {
  Bench b;
  b.host.latency = Time::from_ns(230);
  std::vector<unsigned char> data(64);
  b.device.read(0x1040, data.data(), 64);
  b.run();
  ASSERT_EQ(b.device.answers.size(), 1U);
  // device 20 + 24 B + up 101 + memory 230 + 84 B + down 101
  const double expected = 20 + 24 * kNsPerByte + 101 + 230 + 84 * kNsPerByte + 101;
  EXPECT_NEAR(b.device.answers[0].at.ns(), expected, 0.01);
  EXPECT_EQ(std::memcmp(data.data(), &b.host.bytes[0x1040], 64), 0);
  EXPECT_TRUE(b.link.quiet());
}

TEST(Link, LongReadPaysForRequestOnceAndStreamsCompletions) {
  Bench b;
  b.host.latency = Time::from_ns(200);
  std::vector<unsigned char> data(1448);
  b.device.read(0, data.data(), 1448);
  b.run();
  ASSERT_EQ(b.device.answers.size(), 1U);
  const double expected = 20 + 24 * kNsPerByte + 101 + 200 + (1448 + 6 * 20) * kNsPerByte + 101;
  EXPECT_NEAR(b.device.answers[0].at.ns(), expected, 0.01);
  // Three read requests of 512, 512 and 424 B, each at its own time.
  ASSERT_EQ(b.host.log.size(), 3U);
  for (int i = 0; i < 3; ++i) {
    EXPECT_NEAR(b.host.log[i].at.ns(), 121 + 24 * kNsPerByte * (i + 1), 0.01);
  }
  EXPECT_EQ(data, std::vector<unsigned char>(b.host.bytes.begin(), b.host.bytes.begin() + 1448));
}

TEST(Link, WriteIsPerformedWhenItsLastByteArrives) {
  Bench b;
  b.host.latency = Time::from_ns(130);
  const std::vector<unsigned char> data(1448, 0xa5);
  b.device.write(0x2000, data.data(), 1448);
  b.run();
  ASSERT_EQ(b.host.log.size(), 1U);
  EXPECT_NEAR(b.host.log[0].at.ns(), 20 + (1448 + 6 * 24) * kNsPerByte + 101, 0.01);
  EXPECT_EQ(b.device.answers.size(), 1U);
  EXPECT_EQ(std::memcmp(data.data(), &b.host.bytes[0x2000], 1448), 0);
}

TEST(Link, AReadOrWriteCostsAtMostTwoActivations) {
  Bench b;
  std::vector<unsigned char> data(1448);
  b.device.read(0, data.data(), 1448);
  b.run();
  EXPECT_EQ(sim::g_activations, 2U);
  b.device.write(0, data.data(), 1448);
  b.run();
  EXPECT_EQ(sim::g_activations, 3U);
}

TEST(Link, RefusedReadAnswersWithAnError) {
  Bench b;
  std::vector<unsigned char> data(1024);
  b.device.read(test::Memory<64>::kBad, data.data(), 1024);
  b.device.ext.txn = 1;
  b.device.read(0, data.data(), 64);
  b.run();
  ASSERT_EQ(b.device.answers.size(), 2U);
  for (const auto& a : b.device.answers) EXPECT_EQ(a.ok, a.id == 1);
  EXPECT_EQ(b.link.stats().dma_errors, 1U);
  EXPECT_TRUE(b.link.quiet());
}

TEST(Link, CountsByKindPurposeAndWireBytes) {
  Bench b;
  std::vector<unsigned char> data(1448);
  b.device.read(0, data.data(), 1448);
  b.device.ext.purpose = Purpose::kInterrupt;
  b.device.write(0, data.data(), 4);
  b.run();
  b.link.settle_stats();
  const ChannelStats& up = b.link.stats().up;
  const ChannelStats& down = b.link.stats().down;
  EXPECT_EQ(up.of(TlpKind::kMemoryRead).tlps, 3U);
  EXPECT_EQ(up.of(TlpKind::kMemoryWrite).bytes, 4U);
  EXPECT_EQ(up.of(Purpose::kInterrupt).tlps, 1U);
  EXPECT_EQ(down.of(TlpKind::kCompletion).tlps, 6U);
  EXPECT_EQ(down.of(Purpose::kPayload).bytes, 1448U);
  EXPECT_EQ(up.wire_bytes, 3U * 24 + 28);
  EXPECT_EQ(down.wire_bytes, 1448U + 6 * 20);
  const Time busy = down.time.spent(ChannelState::kSending);
  EXPECT_NEAR(busy.ns(), (1448 + 120) * kNsPerByte, 0.01);
  // settle_stats() has checked that the states add up to the elapsed time.
  EXPECT_EQ(down.time.spent(ChannelState::kIdle) + busy, sim::now());
  EXPECT_EQ(b.link.stats().read_latency.count(), 1U);
}

TEST(Link, LookingAtTheStatisticsChangesNothing) {
  LinkParams p;
  p.tags = 3;
  p.host_credits = {2, 32, 1, 1, 1, 16};
  p.device_credits = p.host_credits;
  Bench b(p);
  b.host.latency = Time::from_ns(111);
  Bench twin(p, "twin_");
  twin.host.latency = b.host.latency;
  std::vector<unsigned char> data(16384);
  for (std::uint64_t i = 0; i < 40; ++i) {
    for (test::Device* d : {&b.device, &twin.device}) {
      d->ext.txn = i;
      if (i % 3 == 0) {
        d->write(i * 5000, data.data(), 100 + i * 61);
      } else {
        d->read(i * 3001, data.data(), 64 + i * 97);
      }
    }
  }
  for (int i = 0; i < 2000; ++i) {
    b.run(Time::from_ns(13));
    b.link.settle_stats();
  }
  b.run();
  ASSERT_EQ(b.device.answers.size(), 40U);
  ASSERT_EQ(twin.device.answers.size(), 40U);
  for (std::size_t i = 0; i < 40; ++i) {
    EXPECT_EQ(b.device.answers[i].id, twin.device.answers[i].id);
    EXPECT_EQ(b.device.answers[i].at.ps, twin.device.answers[i].at.ps);
  }
}

}  // namespace
}  // namespace vctoe::pcie
