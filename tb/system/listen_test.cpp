// Connections that come when others are over already.
#include <gtest/gtest.h>

#include "tb/system/run.h"

namespace vctoe::scenario {
namespace {

// The SYN of one connection is lost: it comes again when the others have closed, whose ids are free
// but have no receive memory any more.
TEST(Listen, ALateConnectionGetsAnIdThatHasMemory) {
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::kib(64);
  p.stream.connections = 4;
  p.system.net.loss.kind = net::LossKind::kList;
  p.system.net.loss.list = "2";
  p.system.net.impair = net::Impaired::kForward;
  const auto s = run(p, "fig8");
  expect_intact(s);
  EXPECT_GT(s.completion_s, 1) << "nobody came late: this shows nothing";
}

// Every answer to the first attempt is lost, until both sides have given up. The listener's only id
// has to be there for the second.
TEST(Listen, AnAttemptThatFailsLeavesTheIdListening) {
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::kib(64);
  p.system.nic.toe.syn_retries = 1;
  p.system.nic.toe.rto_initial = sim::Time::from_ms(10);
  p.system.net.loss.kind = net::LossKind::kList;
  p.system.net.loss.list = "1,2,3";
  p.system.net.impair = net::Impaired::kBackward;
  const auto s = run(p, "fig8");
  expect_intact(s);
  EXPECT_EQ(stat(s, "receiver.nic.connections_opened"), 1);
  EXPECT_GT(s.simulated_s, 0.03) << "the first attempt went through: this shows nothing";
}

}  // namespace
}  // namespace vctoe::scenario
