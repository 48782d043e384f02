// Who plays the host's part and who the sending agent's: every legal combination moves the bytes.
#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "tb/system/run.h"
#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

using nic::Actor;
using sim::TraceKind;

/// The sending agent: transport layer 121 and protocol layer 116 of FIG. 5.
enum class Agent {
  kAdaptor,           ///< both in the adaptor
  kDriverAndAdaptor,  ///< 121 in the driver, 116 on a plain card
  kDriver             ///< both in the driver: the other process is on the same computer
};
/// Who pins, of the host's part: the host, or the side of the agent by itself; and who plays the
/// host.
using Roles = std::tuple<const char*, Agent, Actor, driver::HostBy>;

ScenarioParams params(Agent agent, Actor pins, driver::HostBy host) {
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::kib(400);
  p.stream.swapped = 0.5;
  p.victims = 1;
  p.driver.host_side = host;
  if (agent != Agent::kAdaptor) p.system.transport.sending = system::Place::kDriver;
  if (agent == Agent::kDriver) p.stream.destination = Destination::kLocal;
  p.system.nic.core.pin_by = p.system.nic.core.unpin_by = pins;
  return p;
}

class RoleMatrix : public testing::TestWithParam<Roles> {};

// req: I-C11c, I-P0004b, I-P0023, I-P0059a, I-F05-130
TEST_P(RoleMatrix, MovesTheBytesAndShowsWhoDidWhat) {
  const auto& [scheme, agent, pins, host] = GetParam();
  TraceLog log;
  ScenarioParams p = params(agent, pins, host);
  if (agent != Agent::kDriver) lose(p, 0.01);  // a computer loses nothing on the way to itself
  const auto s = run(p, scheme, "", log.listen());
  expect_intact(s);
  const std::string name = scheme;
  const bool pinned =
      name != "fig11+fig10" && (name != "fig11+fig9" || s.retransmitted_segments > 0);
  const auto by_agent = [](const sim::TraceEvent& e) { return e.seq == 1; };
  EXPECT_EQ(log.count(TraceKind::kPin, by_agent) > 0, pinned && pins == Actor::kAgent);
  EXPECT_EQ(log.count(TraceKind::kUnpin, by_agent), log.count(TraceKind::kPin, by_agent));
  EXPECT_EQ(stat(s, "sender.cpu.busy.transport") > 0, agent != Agent::kAdaptor);
  EXPECT_EQ(stat(s, "sender.driver.request.handed_over") > 0,
            host == driver::HostBy::kOs && stat(s, "sender.driver.requests") > 0);
}

INSTANTIATE_TEST_SUITE_P(
    All, RoleMatrix,
    testing::Combine(testing::Values("fig3", "fig8+fig9", "fig8+fig10", "fig11+fig9", "fig11+fig10",
                                     "fig12+fig9", "fig12+fig10"),
                     testing::Values(Agent::kAdaptor, Agent::kDriverAndAdaptor, Agent::kDriver),
                     testing::Values(Actor::kHost, Actor::kAgent),
                     testing::Values(driver::HostBy::kDriver, driver::HostBy::kOs)));

}  // namespace
}  // namespace vctoe::scenario
