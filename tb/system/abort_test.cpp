// A connection is aborted while the NIC reads its bytes: nothing is unpinned under a read.
#include <gtest/gtest.h>

#include <memory>

#include "sw/driver/nic_driver.h"
#include "sw/driver/sync.h"
#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

using kernel::PinOwner;
using sim::TraceKind;

constexpr std::uint64_t kSegment = 1448;  ///< payload of a full segment with timestamps

/// Calls the driver's abort() when the `nth` payload read of the sender has reached its memory.
class Aborter {
 public:
  explicit Aborter(std::size_t nth) : left_(nth) {}

  void attach(sim::Context& context) {
    context.trace.subscribe(sim::mask_of(TraceKind::kDmaRead), [this](const sim::TraceEvent& e) {
      if (e.node != 0 || left_ == 0 || --left_ != 0) return;
      connection_ = e.connection;
      sim::notify(event_);
    });
    thread_ = std::make_unique<driver::Thread>("aborter", [this] {
      sim::wait(event_);
      auto* nic = dynamic_cast<driver::NicDriver*>(sc_core::sc_find_object("vctoe.sender_driver"));
      ASSERT_NE(nic, nullptr);
      nic->abort(connection_);
    });
  }

 private:
  std::size_t left_;
  std::uint32_t connection_ = 0;
  sc_core::sc_event event_;
  std::unique_ptr<driver::Thread> thread_;
};

/// A narrow link and few reads on it at once: segments wait long inside the DMA engine.
ScenarioParams slow_reads() {
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::mib(1);
  // No segment lies in two blocks, so that each read and its end carry the same transaction.
  p.driver.block_size = {kSegment * 16};
  p.system.pcie.gen = 1;
  p.system.pcie.lanes = 1;
  p.system.nic.dma.outstanding_bytes = {512};
  return p;
}

/// Payload of the sender that reads have asked memory for, or have brought, before place `end` of
/// the log.
std::uint64_t bytes_before(const TraceLog& log, TraceKind kind, std::size_t end,
                           const TraceLog::Test& test = {}) {
  std::uint64_t n = 0;
  for (const std::size_t i : log.all(kind, test)) n += i < end ? log[i].length : 0;
  return n;
}

/// Runs `scheme` with an abort; the log starts to be interesting at the result.
std::size_t run_aborted(const char* scheme, TraceLog& log) {
  Aborter aborter(100);
  const auto s = run(slow_reads(), scheme, "", [&](sim::Context& context) {
    log.listen()(context);
    aborter.attach(context);
  });
  EXPECT_FALSE(s.ok);
  const std::size_t closed =
      log.first(TraceKind::kConnState, [](const auto& e) { return e.detail == 0; });
  EXPECT_NE(closed, kNowhere);
  EXPECT_LT(bytes_before(log, TraceKind::kBufferWrite, closed),
            bytes_before(log, TraceKind::kBufferWrite, kNowhere))
      << "no read was under way at the abort: this shows nothing";
  EXPECT_EQ(log.count(TraceKind::kPin, owner_is(PinOwner::kAgent)),
            log.count(TraceKind::kUnpin, owner_is(PinOwner::kAgent)));
  return closed;
}

TEST(Abort, UnpinsABlockOnlyWhenTheLastReadOfItIsOver) {
  TraceLog log;
  const std::size_t closed = run_aborted("fig8", log);
  std::size_t late = 0;
  for (const std::size_t i : log.all(TraceKind::kUnpin, owner_is(PinOwner::kAgent))) {
    const auto of_block = txn_is(log[i].txn);
    EXPECT_EQ(bytes_before(log, TraceKind::kDmaRead, kNowhere, of_block),
              bytes_before(log, TraceKind::kBufferWrite, i, of_block));
    late += i > closed ? 1 : 0;
  }
  EXPECT_GT(late, 0u);
}

class AbortOfPinnedPost : public testing::TestWithParam<const char*> {};

TEST_P(AbortOfPinnedPost, UnpinsOnlyWhenTheLastReadOfTheConnectionIsOver) {
  TraceLog log;
  const std::size_t closed = run_aborted(GetParam(), log);
  const std::size_t unpin = log.first(TraceKind::kUnpin, owner_is(PinOwner::kAgent));
  ASSERT_NE(unpin, kNowhere);
  EXPECT_GT(unpin, closed);
  EXPECT_EQ(bytes_before(log, TraceKind::kDmaRead, kNowhere),
            bytes_before(log, TraceKind::kBufferWrite, unpin));
}

INSTANTIATE_TEST_SUITE_P(Schemes, AbortOfPinnedPost, testing::Values("fig3", "fig12"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace vctoe::scenario
