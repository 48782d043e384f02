// Pinning and unpinning by the host or by the NIC, through a table of counts that reclaim honours.
#include <gtest/gtest.h>

#include <map>

#include "tb/system/run.h"
#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

using kernel::PinOwner;
using nic::Actor;
using sim::TraceKind;

constexpr std::uint32_t kByHost = 0;
constexpr std::uint32_t kByNic = 1;
constexpr std::uint32_t kHandedOver = 2;

ScenarioParams params(Actor pins, Actor unpins) {
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::kib(512);
  p.stream.swapped = 0.4;
  p.driver.block_size = {32 * 1024};
  p.system.nic.core.pin_by = pins;
  p.system.nic.core.unpin_by = unpins;
  return p;
}

TraceLog::Test agents(std::uint32_t actor) {
  return [actor](const sim::TraceEvent& e) {
    return e.seq == actor && e.detail == static_cast<std::uint32_t>(PinOwner::kAgent);
  };
}

/// The pages of the stream, each pinned and unpinned by whom the parameters say, and none left.
void expect_actors(const TraceLog& log, Actor pins, Actor unpins, std::size_t pages) {
  const bool nic_pins = pins == Actor::kAgent, nic_unpins = unpins == Actor::kAgent;
  EXPECT_EQ(log.count(TraceKind::kPin, agents(kByNic)), nic_pins ? pages : 0);
  EXPECT_EQ(log.count(TraceKind::kPin, agents(kByHost)), pages);
  EXPECT_EQ(log.count(TraceKind::kUnpin, agents(kHandedOver)), nic_pins ? pages : 0);
  EXPECT_EQ(log.count(TraceKind::kUnpin, agents(kByNic)), nic_unpins ? pages : 0);
  EXPECT_EQ(log.count(TraceKind::kUnpin, agents(kByHost)), nic_unpins ? 0 : pages);
}

using Actors = std::tuple<Actor, Actor>;
class PinActor : public testing::TestWithParam<Actors> {};

INSTANTIATE_TEST_SUITE_P(Matrix, PinActor,
                         testing::Combine(testing::Values(Actor::kHost, Actor::kAgent),
                                          testing::Values(Actor::kHost, Actor::kAgent)));

// req: I-C15, I-P0059b
TEST_P(PinActor, OfABlockIsWhoTheParametersSayAndNothingStaysPinned) {
  const auto [pins, unpins] = GetParam();
  TraceLog log;
  ScenarioParams p = params(pins, unpins);
  const auto s = run(p, "fig8", "", log.listen());
  expect_intact(s);
  expect_actors(log, pins, unpins, 128);
}

// req: I-C20
TEST_P(PinActor, InFig12UnpinsAfterRetrieval) {
  const auto [pins, unpins] = GetParam();
  TraceLog log;
  ScenarioParams p = params(pins, unpins);
  p.system.nic.core.unpin_at = nic::UnpinAt::kRetrieved;
  p.system.nic.mac.rate = sim::BitRate::gbps(1);
  const auto s = run(p, "fig12+fig9", "", log.listen());
  expect_intact(s);
  expect_actors(log, pins, unpins, 128);
  const auto mine = agents(unpins == Actor::kAgent ? kByNic : kByHost);
  EXPECT_GT(log.first(TraceKind::kUnpin, mine), log.last(TraceKind::kDmaRead));
  EXPECT_LT(log.last(TraceKind::kUnpin, mine), log.last(TraceKind::kTxFirst));
}

TEST_P(PinActor, LossPressureAndManyConnectionsGoThrough) {
  const auto [pins, unpins] = GetParam();
  ScenarioParams p = params(pins, unpins);
  p.stream.connections = 6;
  p.stream.size = sim::Bytes::kib(200);
  p.stream.swapped = 0.8;
  p.victims = 1;
  lose(p, 0.02);
  expect_intact(run(p, "fig8+fig9"));
}

TEST_P(PinActor, Fig3KeepsItsPinsUntilAllIsAcknowledged) {
  const auto [pins, unpins] = GetParam();
  TraceLog log;
  ScenarioParams p = params(pins, unpins);
  lose(p, 0.02);
  expect_intact(run(p, "fig3", "", log.listen()));
  expect_actors(log, pins, unpins, 128);
  const auto mine = agents(unpins == Actor::kAgent ? kByNic : kByHost);
  EXPECT_GT(log.first(TraceKind::kUnpin, mine), log.first(TraceKind::kRxAck, [&](const auto& e) {
    return e.address == p.stream.size.n;
  }));
}

}  // namespace
}  // namespace vctoe::scenario
