// A program that writes to what it has posted and the peer has not acknowledged.
#include <gtest/gtest.h>

#include <memory>

#include "models/sim/kernel.h"
#include "sw/driver/sync.h"
#include "sw/scenario/layout.h"
#include "tb/system/inside.h"
#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

using sim::TraceKind;

constexpr std::uint64_t kStream = 256 * 1024;

ScenarioParams params(bool guard) {
  ScenarioParams p = quiet_params();
  p.stream.size = {kStream};
  p.driver.copy_on_write = guard;
  lose(p, 0.05);
  return p;
}

/// Writes over the whole stream as soon as the event that it waits for has been seen.
class Scribbler {
 public:
  explicit Scribbler(TraceKind when) : when_(when) {}

  Observe start() {
    return [this](sim::Context& context) {
      thread_ = std::make_unique<driver::Thread>("scribbler", [this] { run(); });
      context.trace.subscribe(sim::mask_of(when_), [this](const sim::TraceEvent& e) {
        if (e.node != 0 || seen_) return;
        seen_ = true;
        sim::notify(go_);
      });
    };
  }
  bool done() const { return done_; }

 private:
  void run() {
    while (!seen_) sim::wait(go_);
    const std::vector<std::uint8_t> junk(kStream, 0x5a);
    // The only process beside the kernel.
    done_ = inside<kernel::Kernel>("sender_kernel")
                .write(1, stream_address(0), junk.data(), junk.size());
  }

  TraceKind when_;
  bool seen_ = false;
  bool done_ = false;
  sc_core::sc_event go_;
  std::unique_ptr<driver::Thread> thread_;
};

// req: I-X03
TEST(CopyOnWrite, OffTheHarnessSeesThatResentBytesWereChanged) {
  Scribbler scribbler(TraceKind::kRtoExpired);
  const auto s = run(params(false), "fig8+fig9", "", scribbler.start());
  ASSERT_TRUE(scribbler.done());
  EXPECT_FALSE(s.ok);
  EXPECT_NE(s.sha256_received, s.sha256_source);
}

struct Guarded : testing::TestWithParam<std::tuple<const char*, TraceKind>> {};

// req: I-X03
TEST_P(Guarded, OnTheOldBytesAreSent) {
  const auto [scheme, when] = GetParam();
  Scribbler scribbler(when);
  const auto s = run(params(true), scheme, "", scribbler.start());
  ASSERT_TRUE(scribbler.done());
  expect_intact(s);
  EXPECT_GT(s.retransmitted_segments, 0u);
  EXPECT_GT(stat(s, "sender.kernel.guard_copies"), 0);
}

INSTANTIATE_TEST_SUITE_P(Schemes, Guarded,
                         testing::Combine(testing::Values("fig8+fig9", "fig8+fig10", "fig11+fig9",
                                                          "fig11+fig10", "fig12+fig9",
                                                          "fig12+fig10"),
                                          testing::Values(TraceKind::kPost, TraceKind::kTxFirst,
                                                          TraceKind::kRtoExpired)));

TEST(CopyOnWrite, Fig3MakesTheWriterWaitForItsPins) {
  Scribbler scribbler(TraceKind::kTxFirst);
  const auto s = run(params(true), "fig3", "", scribbler.start());
  expect_intact(s);
  EXPECT_GT(stat(s, "sender.kernel.guard_waits"), 0);
}

}  // namespace
}  // namespace vctoe::scenario
