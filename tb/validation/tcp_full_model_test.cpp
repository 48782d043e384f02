// The laws of docs/validation.md are measured on the TCP core alone; here the whole model, driver,
// PCIe and NIC around the same core, is held against one point of it.
#include <gtest/gtest.h>

#include "tb/system/run.h"
#include "tb/validation/tcp_cases.h"

namespace vctoe::scenario {
namespace {

TEST(TcpValidation, WholeModelHoldsTheWindowOfTheCoreAlone) {
  constexpr std::uint64_t kPeriod = 1000, kWarmUp = 10, kLosses = 30;
  const sim::Time round_trip = sim::Time::from_ms(10);
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::mib(60);
  p.system.host.dram.size = sim::Bytes::mib(256);
  p.system.nic.toe = validation::core_params();
  p.system.nic.toe.receive_buffer = sim::Bytes::mib(1);
  p.system.nic.toe.reassembly_intervals = 256;
  p.system.net.delay = sim::Time::from_ps(round_trip.ps / 2);
  p.system.net.impair = net::Impaired::kForward;
  p.system.net.loss.kind = net::LossKind::kPeriodic;
  p.system.net.loss.period = kPeriod;
  p.system.net.loss.data_only = true;
  std::uint64_t received = 0, losses = 0, from = 0, to = 0;
  sim::Time begin, end;
  expect_intact(run(p, "fig8+fig9", "", [&](sim::Context& context) {
    using sim::TraceKind;
    context.trace.subscribe(sim::mask_of(TraceKind::kRxData) | sim::mask_of(TraceKind::kFrameDrop),
                            [&](const sim::TraceEvent& e) {
                              if (e.kind == TraceKind::kRxData) received += e.length;
                              if (e.kind != TraceKind::kFrameDrop) return;
                              ++losses;
                              if (losses == kWarmUp) from = received, begin = e.at;
                              if (losses == kWarmUp + kLosses) to = received, end = e.at;
                            });
  }));
  ASSERT_GE(losses, kWarmUp + kLosses);
  const double segments = static_cast<double>(to - from) / 1448;
  const double whole = segments * round_trip.seconds() / (end - begin).seconds();
  validation::WireParams wire;
  wire.round_trip = round_trip;
  wire.lost = [](std::uint64_t n) { return n % kPeriod == 0; };
  const double alone = validation::mean_rate(validation::core_params(), wire, kWarmUp, kLosses);
  std::printf("segments a round trip: whole model %.2f, core alone %.2f\n", whole, alone);
  EXPECT_NEAR(whole, alone, 0.03 * alone);
}

}  // namespace
}  // namespace vctoe::scenario
