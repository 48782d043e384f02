// Whole runs on the platforms that parameters choose: link profiles, swap devices, polling,
// integrated NIC, two sockets, relaxed ordering.
#include <gtest/gtest.h>

#include "models/net/profiles.h"
#include "sw/scenario/presets.h"
#include "tb/system/transfer.h"

namespace vctoe::scenario {
namespace {

/// Parameters as a user gets them who sets these.
ScenarioParams with(ScenarioParams p, const std::vector<std::string>& assignments) {
  sim::ParamList list;
  p.declare(list);
  config::Loader loader(list);
  for (config::Preset& preset : presets()) loader.add_preset(std::move(preset));
  for (const std::string& a : assignments) loader.set(a);
  loader.finish();
  return p;
}

ScenarioParams small(std::uint64_t bytes = 2 << 20) {
  ScenarioParams p = quiet_params();
  p.stream.size = {bytes};
  return p;
}

class Profile : public testing::TestWithParam<const char*> {};

// req: I-P0018a
TEST_P(Profile, CarriesAStreamWithItsRateAndRoundTrip) {
  const ScenarioParams p = with(small(), {std::string("net.profile=") + GetParam()});
  const auto s = run(p, "fig8+fig9");
  expect_intact(s);
  // No faster than the slowest line and one round trip for the last byte's way.
  double bps = p.system.nic.mac.rate.bps;
  if (p.system.net.rate.bps > 0) bps = std::min(bps, p.system.net.rate.bps);
  EXPECT_GT(s.completion_s, 8.0 * (2 << 20) / bps + p.system.net.delay.seconds());
}
INSTANTIATE_TEST_SUITE_P(Names, Profile,
                         testing::Values("lan", "wan", "san", "wireless", "loopback"));

// req: I-P0018b
TEST(ProfileValues, WirelessLosesInBurstsAndJitters) {
  const auto p = with(small(), {"net.profile=wireless"});
  EXPECT_EQ(p.system.net.loss.kind, net::LossKind::kGilbertElliott);
  EXPECT_GT(p.system.net.jitter, sim::Time::zero());
  const auto s = run(p, "fig8+fig9");
  expect_intact(s);
  EXPECT_GT(stat(s, "net.forward.lost"), 0);
}

TEST(ProfileValues, ExplicitKeysOverrideTheProfile) {
  const auto p = with(small(), {"net.delay=1 ms", "net.profile=wan"});
  EXPECT_EQ(p.system.net.delay, sim::Time::from_ms(1));
  EXPECT_EQ(p.system.net.rate.bps, 1e9);
}

TEST(ProfileValues, EveryProfileNamesDeclaredParametersAndASource) {
  for (const auto& s : net::profile_settings()) EXPECT_GT(std::string(s.source).size(), 5u);
  for (const auto& preset : presets()) {
    with(small(), {preset.selector + "=" + preset.value});  // a wrong setting throws
  }
  EXPECT_EQ(presets().size(), 5u);
}

TEST(ProfileValues, SanCarriesFramesOf2112Bytes) {
  const auto p = with(small(1 << 20), {"net.profile=san"});
  std::uint32_t longest = 0;
  const auto s = run(p, "fig8+fig9", "", [&](sim::Context& context) {
    context.trace.subscribe(sim::mask_of(sim::TraceKind::kTxFirst), [&](const sim::TraceEvent& e) {
      longest = std::max(longest, static_cast<std::uint32_t>(e.length));
    });
  });
  expect_intact(s);
  EXPECT_EQ(longest, 2112u - 40 - 12);  // IP, TCP, and timestamps
}

class SwapTier : public testing::TestWithParam<const char*> {};

// The sender's buffers and the swap path share its memory: half of the stream is on the device, and
// the victim wants more than is left.
TEST_P(SwapTier, ServesASenderUnderPressure) {
  ScenarioParams p = params_of({"fig8+fig9", 2 << 20, 0.0, Memory::kPressed});
  p = with(p, {std::string("host.disk.kind=") + GetParam()});
  const auto s = run(p, "fig8+fig9");
  expect_intact(s);
  EXPECT_GT(stat(s, "sender.disk.reads"), 0);
  EXPECT_GT(stat(s, "sender.kernel.pages.swap_in"), 200);
}
INSTANTIATE_TEST_SUITE_P(Kinds, SwapTier, testing::Values("hdd", "sata", "nvme", "network"));

class Polling : public testing::TestWithParam<const char*> {};

TEST_P(Polling, CarriesEverySchemeWithoutInterrupts) {
  ScenarioParams p = params_of({GetParam(), 2 << 20, 0.001, Memory::kPressed});
  p.driver.notify = driver::Notify::kPolling;
  const auto s = run(p, GetParam());
  expect_intact(s);
  for (const std::string side : {"sender", "receiver"}) {
    EXPECT_EQ(stat(s, side + ".driver.interrupts"), 0);
    EXPECT_EQ(stat(s, side + ".root_complex.interrupts"), 0);
    EXPECT_GT(stat(s, side + ".driver.polls"), 0);
  }
}
INSTANTIATE_TEST_SUITE_P(Schemes, Polling,
                         testing::Values("fig3", "fig8+fig9", "fig8+fig10", "fig11+fig9",
                                         "fig11+fig10", "fig12+fig9", "fig12+fig10"),
                         scheme_name);

TEST(PollingCost, EachLookIsBookedOnACore) {
  ScenarioParams p = small();
  p.driver.notify = driver::Notify::kPolling;
  const auto s = run(p, "fig8+fig9");
  expect_intact(s);
  const double polls = stat(s, "sender.driver.polls");
  EXPECT_GE(stat(s, "sender.cpu.busy.driver"), polls * p.driver.poll_cost.seconds());
}

struct Attached {
  outputs::RunSummary summary;
  double read_ns;
};
Attached attached(system::NicAttach attach) {
  ScenarioParams p = small();
  p.system.attach = attach;
  // The line is no limit, so that what the NIC is attached to can be.
  p.system.nic.mac.rate = sim::BitRate::gbps(100);
  p.system.pcie.lanes = 1;
  auto s = run(p, "fig8+fig9");
  const double ns = stat(s, "sender.pcie.read_latency", "mean") * 1e-3;
  return {std::move(s), ns};
}

// req: I-P0068
TEST(NicAttach, CardOnOneLaneCarriesNoMoreThanItsLane) {
  const Attached card = attached(system::NicAttach::kPcie);
  expect_intact(card.summary);
  EXPECT_GT(card.read_ns, 500);
  EXPECT_LT(card.summary.goodput_bps, 8e9);
}
// req: I-P0068
TEST(NicAttach, IntegratedNicHasTheLatencyAndBandwidthOfTheFabric) {
  const Attached fabric = attached(system::NicAttach::kIntegrated);
  expect_intact(fabric.summary);
  EXPECT_LT(fabric.read_ns, 300);
  EXPECT_GT(fabric.summary.goodput_bps, 8e9);
  // No headers: what crosses is payload and requests of a beat.
  const double wire = stat(fabric.summary, "receiver.pcie.up.wire_bytes");
  const double payload = stat(fabric.summary, "receiver.pcie.up.mwr.bytes");
  const double answers = stat(fabric.summary, "receiver.pcie.up.cpld.bytes");
  const double requests = stat(fabric.summary, "receiver.pcie.up.mrd.tlps");
  EXPECT_EQ(wire, payload + answers + requests * pcie::LinkParams::kFabricBeat);
}

class Sockets : public testing::TestWithParam<host::NumaPlacement> {};

TEST_P(Sockets, CarryAStreamLaterThanOne) {
  ScenarioParams p = small();
  const auto local = p.system.host.root_complex.numa;
  ASSERT_EQ(local, host::NumaPlacement::kLocal);
  p.system.host.root_complex.numa = GetParam();
  const auto s = run(p, "fig8+fig9");
  expect_intact(s);
  EXPECT_GT(stat(s, "sender.root_complex.numa_bytes"), 2 << 20);
}
INSTANTIATE_TEST_SUITE_P(Placements, Sockets,
                         testing::Values(host::NumaPlacement::kRemoteNic,
                                         host::NumaPlacement::kRemoteMemory));

class HugePages : public testing::TestWithParam<const char*> {};

TEST_P(HugePages, CarryAStreamUnderPressure) {
  ScenarioParams p = params_of({GetParam(), 8 << 20, 0.001, Memory::kPressed});
  p.kernel.huge_pages = true;
  p.system.host.iommu.enabled = true;
  const auto s = run(p, GetParam());
  expect_intact(s);
  EXPECT_GT(stat(s, "sender.kernel.pages.large_mapped"), 0);
  EXPECT_EQ(stat(s, "sender.iommu.faults"), 0);
}
INSTANTIATE_TEST_SUITE_P(Schemes, HugePages,
                         testing::Values("fig3", "fig8+fig9", "fig8+fig10", "fig11+fig9",
                                         "fig11+fig10", "fig12+fig9", "fig12+fig10"),
                         scheme_name);

/// Page walks of the sender's IOMMU.
double walks(bool huge) {
  ScenarioParams p = small(8 << 20);
  p.kernel.huge_pages = huge;
  p.system.host.iommu.enabled = true;
  const auto s = run(p, "fig3");
  expect_intact(s);
  return stat(s, "sender.iommu.walks");
}
TEST(HugePagesWalks, SmallPagesAreWalkedOneByOne) {
  EXPECT_GT(walks(false), 2000);  // 8 MiB are 2048 pages, each read once
}
TEST(HugePagesWalks, LargePagesSaveNearlyAll) {
  EXPECT_LT(walks(true), 500);
}

class RelaxedTransfer : public testing::TestWithParam<const char*> {};

TEST_P(RelaxedTransfer, ArrivesIntactWithEveryAttributeSet) {
  ScenarioParams p = params_of({GetParam(), 2 << 20, 0.001, Memory::kPressed});
  nic::OrderingParams& o = p.system.nic.dma.ordering;
  o.payload = o.descriptors = o.receive = nic::OrderingAttribute::kBoth;
  o.functions = 4;
  p.stream.connections = 3;
  expect_intact(run(p, GetParam()));
}
INSTANTIATE_TEST_SUITE_P(Schemes, RelaxedTransfer,
                         testing::Values("fig3", "fig8+fig9", "fig11+fig10", "fig12+fig9"),
                         scheme_name);

}  // namespace
}  // namespace vctoe::scenario
