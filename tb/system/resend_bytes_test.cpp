// Every byte that is sent again is the one that was sent first, whatever becomes of the pages of
// the stream in between: in every scheme, with the stream half swapped out, another process
// fighting for memory, and stores to other pages of the sending process all the time. The judge of
// tb/judge, which shares no code with the model, compares them in the captures.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "models/sim/kernel.h"
#include "sw/driver/sync.h"
#include "sw/scenario/layout.h"
#include "tb/judge/judge.h"
#include "tb/system/inside.h"
#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

using sim::TraceKind;

constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kStream = 3 * 1024 * 1024;

/// Stores to pages next to the stream, in its address space, from the post until the stream has
/// been acknowledged. They need frames too: with the stream there is not room for all of them.
class Neighbour {
 public:
  static constexpr std::uint64_t kPages = 512;

  /// Into the stream itself instead, `own`: what a program must not do.
  explicit Neighbour(bool own = false) : own_(own) {}

  Observe start() {
    return [this](sim::Context& context) {
      thread_ = std::make_unique<driver::Thread>("neighbour", [this] { run(); });
      const auto kinds = sim::mask_of(TraceKind::kPost, TraceKind::kStreamAcked);
      context.trace.subscribe(kinds, [this](const sim::TraceEvent& e) {
        if (e.node != 0) return;
        if (e.kind == TraceKind::kStreamAcked) over_ = true;
        if (e.kind != TraceKind::kPost || asid_ != 0) return;
        asid_ = e.asid;
        sim::notify(go_);
      });
    };
  }
  std::uint64_t stores() const { return stores_; }

 private:
  void run() {
    while (asid_ == 0) sim::wait(go_);
    auto& kernel = inside<kernel::Kernel>("sender_kernel");
    // A page behind the last one of the stream.
    const std::uint64_t base = stream_address(0) + (own_ ? 0 : kStream + kPage);
    if (!own_) kernel.map(asid_, base, kPages * kPage);
    for (std::uint64_t i = 0; !over_; ++i) {
      const std::uint64_t value = 0xbad0'0000'0000'0000 + i;
      const std::uint64_t va = base + i * 7 % kPages * kPage;
      if (kernel.write(asid_, va, &value, sizeof value)) ++stores_;
      sim::wait(sim::Time::from_us(2));
    }
  }

  bool own_;
  std::uint16_t asid_ = 0;
  bool over_ = false;
  std::uint64_t stores_ = 0;
  sc_core::sc_event go_;
  std::unique_ptr<driver::Thread> thread_;
};

ScenarioParams params(const std::string& scheme) {
  ScenarioParams p = quiet_params();
  p.stream.size = {kStream};
  p.stream.swapped = 0.5;
  p.system.host.dram.size = sim::Bytes::mib(16);
  p.system.host.iommu.enabled = scheme.find("ats") != std::string::npos;
  p.driver.circular_size = sim::Bytes::kib(64);
  p.victims = 1;
  p.victim_resident = scheme == "circular" ? 0.85 : 1;  // the rings take memory before anybody else
  p.pressure.working_set = sim::Bytes::mib(11);
  lose(p, 0.03);
  p.system.net.reorder.probability = 0.02;
  return p;
}

class ResentBytes : public testing::TestWithParam<const char*> {};

TEST_P(ResentBytes, AreThoseThatWereSentFirst) {
  const std::string dir =
      testing::TempDir() + "vctoe_resent_" + std::to_string(static_cast<long>(getpid()));
  std::filesystem::create_directories(dir);
  Neighbour neighbour;
  const auto s = run(params(GetParam()), GetParam(), dir, neighbour.start());
  expect_intact(s);
  EXPECT_GT(s.retransmitted_segments, 20u);
  EXPECT_GT(s.swap_out_bytes, 0u) << "no pressure";
  EXPECT_GT(neighbour.stores(), 50u);
  judge::Expectations expected;
  expected.reorders = true;
  expected.streams = {s.sha256_source};
  const judge::Report report = judge::judge_file(dir + "/sender.pcapng", expected);
  EXPECT_TRUE(report.findings.empty()) << judge::to_text(report);
  std::filesystem::remove_all(dir);
}

TEST(ResentBytesOfAnother, AreSeenWhenTheProgramWritesToItsStream) {
  const std::string dir =
      testing::TempDir() + "vctoe_resent_" + std::to_string(static_cast<long>(getpid()));
  std::filesystem::create_directories(dir);
  Neighbour scribbler(true);
  EXPECT_FALSE(run(params("fig8+fig9"), "fig8+fig9", dir, scribbler.start()).ok);
  judge::Expectations expected;
  expected.reorders = true;
  const judge::Report report = judge::judge_file(dir + "/sender.pcapng", expected);
  ASSERT_FALSE(report.findings.empty());
  for (const judge::Finding& finding : report.findings) {
    EXPECT_EQ(finding.rule, judge::Rule::kOtherBytes) << to_string(finding);
  }
  std::filesystem::remove_all(dir);
}

INSTANTIATE_TEST_SUITE_P(All, ResentBytes,
                         testing::Values("fig3", "circular", "fig8+fig9", "fig8+fig10",
                                         "fig11+fig9", "fig11+fig10", "fig12+fig9", "fig12+fig10",
                                         "ats", "ats+fig9", "ats+fig10", "fig8+ats", "fig11+ats",
                                         "fig12+ats"),
                         scheme_name);

}  // namespace
}  // namespace vctoe::scenario
