// Where the time of a run went: sums, runs that are limited by one thing, and what relief brings.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "models/sim/random.h"
#include "tb/support/in_child.h"
#include "tb/system/run.h"

namespace vctoe::scenario {
namespace {

using support::in_child;

using outputs::TimePart;

/// What in_child() can hand over.
struct Figures {
  std::uint64_t whole_ps = 0;
  std::array<std::uint64_t, outputs::kTimeParts> part_ps{};

  std::uint64_t of(TimePart part) const { return part_ps[static_cast<std::size_t>(part)]; }
  double share(TimePart part) const {
    return static_cast<double>(of(part)) / static_cast<double>(whole_ps);
  }
  std::string text() const {
    std::string out;
    for (std::size_t i = 0; i < part_ps.size(); ++i) {
      const auto part = static_cast<TimePart>(i);
      if (of(part) == 0) continue;
      out += std::string(sim::enum_name(part)) + " " + std::to_string(share(part)) + ", ";
    }
    return out + std::to_string(whole_ps) + " ps";
  }
};

/// Seconds of a summary are whole picoseconds, rounded once.
std::uint64_t picoseconds(double seconds) {
  return static_cast<std::uint64_t>(std::llround(seconds * 1e12));
}

Figures figures(const ScenarioParams& p, const std::string& scheme = "fig8") {
  const outputs::RunSummary s = run(p, scheme);
  expect_intact(s);
  Figures f;
  f.whole_ps = picoseconds(s.completion_s);
  for (std::size_t i = 0; i < f.part_ps.size(); ++i) f.part_ps[i] = picoseconds(s.time_s[i]);
  return f;
}

void expect_exact_sum(const Figures& f) {
  std::uint64_t sum = 0;
  for (const std::uint64_t part : f.part_ps) sum += part;
  EXPECT_EQ(sum, f.whole_ps) << f.text();
  EXPECT_GT(f.whole_ps, 0u);
}

// ---- sums ---------------------------------------------------------------------------------------

class AttributionOf : public testing::TestWithParam<const char*> {};

TEST_P(AttributionOf, PartsAddUpToTheElapsedTimeToThePicosecond) {
  ScenarioParams p = quiet_params();
  lose(p, 0.01);
  p.stream.size = sim::Bytes::kib(512);
  p.stream.swapped = 0.25;
  p.system.host.iommu.enabled = std::string(GetParam()).find("ats") != std::string::npos;
  expect_exact_sum(figures(p, GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Scheme, AttributionOf,
                         testing::Values("fig3", "circular", "fig8+fig9", "fig8+fig10",
                                         "fig11+fig9", "fig11+fig10", "fig12+fig9", "fig12+fig10",
                                         "ats", "ats+fig10", "fig8+ats", "fig12+ats"),
                         scheme_name);

class AttributionSample : public testing::TestWithParam<std::uint64_t> {};

TEST_P(AttributionSample, PartsAddUpWhateverIsConfigured) {
  sim::Rng random(GetParam(), "attribution");
  const auto one_of = [&](std::initializer_list<std::uint64_t> values) {
    return *(values.begin() + random.below(values.size()));
  };
  ScenarioParams p = quiet_params();
  if (random.chance(0.5)) lose(p, 0.02);
  p.seed = GetParam();
  p.stream.size = {one_of({1, 5000, 100'000, 700'001})};
  p.stream.connections = one_of({1, 2, 5});
  p.stream.swapped = random.chance(0.5) ? 0.3 : 0;
  p.system.net.delay = sim::Time::from_us(one_of({0, 5, 50, 2000}));
  p.driver.block_size = {one_of({512, 4096, 65536})};
  p.socket.receive_buffer = sim::Bytes::kib(one_of({16, 256, 1024}));
  p.system.nic.packet_buffer.size = sim::Bytes::kib(one_of({16, 64}));
  p.system.nic.dma.outstanding_reads = one_of({1, 4, 64});
  p.system.nic.core.blocks_outstanding = one_of({1, 3, 1024});
  p.system.pcie.gen = one_of({1, 3, 5});
  if (random.chance(0.3)) p.stream.framing = Framing::kIscsi;
  if (random.chance(0.3)) p.system.nic.esp.enabled = true;
  if (random.chance(0.2)) p.stream.destination = Destination::kLocal;
  if (random.chance(0.3)) p.system.transport.sending = system::Place::kDriver;
  if (random.chance(0.3)) p.system.transport.receiving = system::Place::kDriver;
  std::vector<std::string> problems;
  check_params(p, problems);
  if (!problems.empty()) GTEST_SKIP() << problems.front();
  const char* const schemes[] = {"fig3", "circular", "fig8+fig9", "fig8+fig10", "fig11", "fig12"};
  expect_exact_sum(figures(p, schemes[random.below(6)]));
}

INSTANTIATE_TEST_SUITE_P(Seed, AttributionSample, testing::Range<std::uint64_t>(1, 25));

// ---- runs with one limit ------------------------------------------------------------------------

/// A short wire and no loss, nothing on swap: the line is all that limits it.
ScenarioParams plain() {
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::mib(2);
  p.system.net.delay = sim::Time::from_us(1);
  return p;
}

using Change = void (*)(ScenarioParams&);

struct Limit {
  const char* name;
  TimePart part;
  double share;  ///< at least, of the elapsed time
  Change worse;  ///< of plain()
  double least;  ///< of the part's time comes back when plain() is left as it is
};

std::ostream& operator<<(std::ostream& out, const Limit& limit) {
  return out << limit.name;
}

class LimitedBy : public testing::TestWithParam<Limit> {};

/// The time that is blamed on the only thing that is bad comes back without it, and no more.
TEST_P(LimitedBy, IsToldAndReliefBringsItsTimeBack) {
  const Limit& limit = GetParam();
  ScenarioParams worse = plain();
  limit.worse(worse);
  const Figures before = in_child([&] { return figures(worse); });
  const Figures after = in_child([] { return figures(plain()); });
  expect_exact_sum(before);
  EXPECT_GE(before.share(limit.part), limit.share) << before.text();
  ASSERT_GT(before.whole_ps, after.whole_ps) << after.text();
  const auto gained = static_cast<double>(before.whole_ps - after.whole_ps);
  const auto blamed = static_cast<double>(before.of(limit.part));
  EXPECT_GE(gained, limit.least * blamed) << before.text() << "; " << after.text();
  // What the part hid at its edges comes back with it.
  EXPECT_LE(gained, 1.15 * blamed) << before.text() << "; " << after.text();
}

void slow_disk(ScenarioParams& p) {
  p.stream.swapped = 1;
  p.system.host.disk.kind = host::DiskKind::kHdd;
}
void small_window(ScenarioParams& p) {
  p.system.net.delay = sim::Time::from_us(500);
  p.socket.receive_buffer = sim::Bytes::kib(32);
}
void narrow_link(ScenarioParams& p) {
  p.system.pcie.gen = 1;
  p.system.pcie.lanes = 1;
}
void one_read(ScenarioParams& p) {
  p.system.nic.dma.outstanding_reads = 1;
  p.system.nic.dma.max_piece = {512};
  p.system.pcie.down_latency = sim::Time::from_us(1);
}
void one_tag(ScenarioParams& p) {
  p.system.pcie.tags = 1;
  p.system.pcie.down_latency = sim::Time::from_us(1);
}
void slow_walker(ScenarioParams& p) {
  p.system.nic.walker.clock = sim::Time::from_us(1);
  p.driver.block_size = {4096};
}
void much_loss(ScenarioParams& p) {
  lose(p, 0.05);
}
void little_buffer(ScenarioParams& p) {
  p.system.nic.packet_buffer.size = sim::Bytes::kib(2);
  p.system.pcie.down_latency = sim::Time::from_us(2);
}
void slow_reader(ScenarioParams& p) {
  p.receiver.limit = sim::BitRate::gbps(0.5);
}
void slow_host(ScenarioParams& p) {
  p.system.host.cpu.isr = sim::Time::from_us(300);
  p.system.host.cpu.deferred_work = sim::Time::from_us(100);
}
void dear_pins(ScenarioParams& p) {
  p.system.host.cpu.pin_page = sim::Time::from_us(50);
}

INSTANTIATE_TEST_SUITE_P(
    One, LimitedBy,
    testing::Values(Limit{"slow_disk", TimePart::kSwapIn, 0.7, slow_disk, 0.7},
                    Limit{"small_window", TimePart::kWindow, 0.7, small_window, 0.7},
                    Limit{"narrow_link", TimePart::kPcie, 0.7, narrow_link, 0.7},
                    Limit{"one_read", TimePart::kDmaTags, 0.6, one_read, 0.6},
                    Limit{"one_tag", TimePart::kDmaTags, 0.6, one_tag, 0.6},
                    Limit{"slow_walker", TimePart::kWalker, 0.5, slow_walker, 0.7},
                    Limit{"much_loss", TimePart::kLossRecovery, 0.7, much_loss, 0.7},
                    Limit{"little_buffer", TimePart::kPacketBuffer, 0.5, little_buffer, 0.5},
                    Limit{"slow_reader", TimePart::kApplication, 0.7, slow_reader, 0.7},
                    Limit{"slow_host", TimePart::kHost, 0.6, slow_host, 0.6},
                    Limit{"dear_pins", TimePart::kPinning, 0.6, dear_pins, 0.6}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(AttributionOfAPlainRun, NamesTheWire) {
  const Figures f = figures(plain());
  expect_exact_sum(f);
  EXPECT_GT(f.share(TimePart::kWire), 0.7) << f.text();
}

TEST(AttributionOfAnEmptyStream, IsNotMeasured) {
  ScenarioParams p = plain();
  p.stream.size = {0};
  const outputs::RunSummary s = run(p, "fig8");
  EXPECT_TRUE(s.ok) << s.failure;
  for (const double part : s.time_s) EXPECT_TRUE(std::isnan(part));
}

}  // namespace
}  // namespace vctoe::scenario
