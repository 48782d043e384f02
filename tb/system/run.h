// Runs one scheme in this process. A SystemC kernel elaborates once per process, so one run a test.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <string>
#include <utility>

#include "sw/scenario/params.h"
#include "sw/scenario/run.h"
#include "tb/charts/coverage.h"
#include "tb/charts/options.h"
#include "tb/judge/capture_check.h"

namespace vctoe::scenario {

/// The default scenario without victims and without loss, all resident: tests add what they are
/// about.
inline ScenarioParams quiet_params() {
  ScenarioParams p;
  p.stream.swapped = 0;
  p.victims = 0;
  p.system.net.loss.kind = net::LossKind::kNone;
  return p;
}

/// Independent loss in both directions.
inline void lose(ScenarioParams& p, double probability) {
  p.system.net.loss.kind = net::LossKind::kBernoulli;
  p.system.net.loss.probability = probability;
  // The round trip is 100 us: the usual 200 ms for every lost retransmission and the usual second
  // for a lost SYN would only cost simulated time.
  p.system.nic.toe.rto_min = sim::Time::from_ms(5);
  p.system.nic.toe.rto_initial = sim::Time::from_ms(20);
  p.system.nic.toe.delayed_ack_time = sim::Time::from_ms(1);  // has to be below the other's RTO
}

using Observe = std::function<void(sim::Context&)>;

inline std::string running_test() {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  return std::string(info->test_suite_name()) + "." + info->name();
}

/// Who plays the sending agent, from outside: VCTOE_WALKER_IMPL = rtl or lockstep puts the RTL
/// walker in, VCTOE_AGENT = software puts transport and walker into the driver.
/// tb/system/CMakeLists.txt runs the same tests so.
inline ScenarioParams with_agent(ScenarioParams p) {
  const auto is = [](const char* variable, const char* value) {
    const char* const set = std::getenv(variable);
    return set != nullptr && std::string(set) == value;
  };
  if (is("VCTOE_WALKER_IMPL", "rtl")) p.system.nic.walker.impl = nic::WalkerImpl::kRtl;
  if (is("VCTOE_WALKER_IMPL", "lockstep")) p.system.nic.walker.impl = nic::WalkerImpl::kLockstep;
  if (is("VCTOE_AGENT", "software")) p.system.transport.sending = system::Place::kDriver;
  return p;
}

/// Both hosts' captures of a run before the judge of tb/judge. Not of sealed packets.
inline void judge_captures(const ScenarioParams& p, const std::string& dir) {
  if (p.system.nic.esp.enabled) return;
  const net::LinkParams& net = p.system.net;
  for (const unsigned side : {0u, 1u}) {
    judge::Expectations expected;
    for (std::uint64_t card = 0; card < p.system.host.nics; ++card) {
      expected.local.insert(system::station_ip(side, card));
    }
    expected.no_resets = true;
    expected.reorders = net.reorder.probability > 0;
    expected.corrupts = net.corrupt.probability > 0;
    // Where frames are lost the run may be over before the last FIN has come.
    expected.complete = net.loss.kind == net::LossKind::kNone && !expected.corrupts;
    judge::judge_capture(dir + (side == 0 ? "/sender.pcapng" : "/receiver.pcapng"), expected);
  }
}

/// With an `out_dir` both hosts' frames are captured into it and judged. Every run is followed on
/// the flow charts of the specification.
inline outputs::RunSummary run(const ScenarioParams& given, const std::string& scheme,
                               const std::string& out_dir = "", Observe observe = {}) {
  const ScenarioParams p = with_agent(given);
  RunOptions options;
  options.file = p.file;
  options.out_dir = out_dir.empty() ? testing::TempDir() : out_dir;
  options.pcap = !out_dir.empty();
  charts::FlowCharts charts(charts::options_of(p, scheme));
  options.observe = [&charts, &p, &scheme, observe](sim::Context& context) {
    if (charts::options_of(p, scheme).enabled) {
      context.trace.subscribe(charts::FlowCharts::kinds(),
                              [&charts](const sim::TraceEvent& e) { charts.see(e); });
    }
    if (observe) observe(context);
  };
  outputs::RunSummary summary = run_one(p, options, scheme);
  if (summary.ok) charts.finish();
  if (!out_dir.empty() && summary.ok) judge_captures(p, out_dir);
  charts::write_taken(charts.taken(), VCTOE_CHART_EDGES, running_test());
  return summary;
}

/// A statistic's number by its dotted path; a test failure if there is none.
inline double stat(const outputs::RunSummary& summary, const std::string& path,
                   const std::string& number = "value") {
  for (const auto& sample : summary.statistics) {
    if (sample.path != path) continue;
    for (const auto& [name, value] : sample.numbers) {
      if (name == number) {
        return std::visit([](auto v) { return static_cast<double>(v); }, value);
      }
    }
  }
  ADD_FAILURE() << "no statistic " << path << " " << number;
  return 0;
}

inline void expect_intact(const outputs::RunSummary& s) {
  EXPECT_TRUE(s.ok) << s.failure;
  EXPECT_EQ(s.sha256_received, s.sha256_source);
}

/// The scheme as part of a test's name.
inline std::string scheme_name(const testing::TestParamInfo<const char*>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '+', '_');
  return name;
}

}  // namespace vctoe::scenario
