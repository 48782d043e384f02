#include <rapidcheck.h>

#include <map>
#include <utility>
#include <vector>

#include "tb/unit/monitors/rig.h"

namespace vctoe::scenario {
namespace {

using kernel::PinOwner;
using sim::TraceKind;

// req: I-G01e
TEST(PinnedFrames, SwappingOutAPinnedFrameFiresAndNamesFrameAndTransaction) {
  Rig rig;
  rig.ctx.trace.emit(Rig::pin_event(TraceKind::kPin, 9));
  const std::string text = rig.fires(Rig::pin_event(TraceKind::kSwapOut, 9));
  EXPECT_TRUE(has(text, "pinned_frames"));
  EXPECT_TRUE(has(text, "0x9000"));
  EXPECT_TRUE(has(text, "txn 77"));
  EXPECT_TRUE(has(text, "node 0"));
}

TEST(PinnedFrames, EachPinCounts) {
  Rig rig;
  rig.ctx.trace.emit(Rig::pin_event(TraceKind::kPin, 9));
  rig.ctx.trace.emit(Rig::pin_event(TraceKind::kPin, 9, PinOwner::kNode));
  rig.ctx.trace.emit(Rig::pin_event(TraceKind::kUnpin, 9));
  EXPECT_EQ(rig.monitors.pins().pins(0, 0x9123), 1u);
  EXPECT_TRUE(has(rig.fires(Rig::pin_event(TraceKind::kSwapOut, 9)), "1 pins"));
  rig.ctx.trace.emit(Rig::pin_event(TraceKind::kUnpin, 9, PinOwner::kNode));
  EXPECT_EQ(rig.fires(Rig::pin_event(TraceKind::kSwapOut, 9)), "");
  EXPECT_EQ(rig.monitors.checked().pinned_frames, 2u);
}

TEST(PinnedFrames, OtherFramesAndOtherNodesMayBeSwappedOut) {
  Rig rig;
  rig.ctx.trace.emit(Rig::pin_event(TraceKind::kPin, 9));
  EXPECT_EQ(rig.fires(Rig::pin_event(TraceKind::kSwapOut, 8)), "");
  EXPECT_EQ(rig.fires(Rig::pin_event(TraceKind::kSwapOut, 1'000'000)), "");
  EXPECT_EQ(rig.fires(Rig::pin_event(TraceKind::kSwapOut, 9, PinOwner::kAgent, 1)), "");
}

// req: I-G01f
TEST(DmaReads, FrameMustBePinnedToItsLastByte) {
  Rig rig;
  rig.ctx.trace.emit(Rig::pin_event(TraceKind::kPin, 9));
  EXPECT_EQ(rig.fires(Rig::event(TraceKind::kDmaRead, 0x9000, 4096)), "");
  EXPECT_TRUE(has(rig.fires(Rig::event(TraceKind::kDmaRead, 0x9000, 4097)), "frame at 0xa000"));
  EXPECT_TRUE(has(rig.fires(Rig::event(TraceKind::kDmaRead, 0x8fff, 2)), "frame at 0x8000"));
  EXPECT_EQ(rig.monitors.checked().dma_reads, 3u);
}

TEST(DmaReads, ByVirtualAddressTheFrameMustBeMappedByTheProcess) {
  Rig rig;
  rig.monitors.set_mapped(
      0, [](std::uint16_t asid, std::uint64_t f) { return asid == 3 && (f == 9 || f == 10); });
  auto read = Rig::event(TraceKind::kDmaRead, 0x9f00, 512);
  read.detail = 1;
  EXPECT_EQ(rig.fires(read), "");
  auto beyond = Rig::event(TraceKind::kDmaRead, 0xaf00, 512);
  beyond.detail = 1;
  EXPECT_TRUE(has(rig.fires(beyond), "frame at 0xb000"));
  read.asid = 4;
  EXPECT_TRUE(has(rig.fires(read), "address space 4"));
  // A pin of somebody else's does not make it right.
  rig.ctx.trace.emit(Rig::pin_event(TraceKind::kPin, 9));
  EXPECT_TRUE(has(rig.fires(read), "dma_reads"));
}

TEST(DmaReads, ByVirtualAddressFiresWhenNobodyKnowsWhatIsMapped) {
  Rig rig;
  auto read = Rig::event(TraceKind::kDmaRead, 0x9000, 64);
  read.detail = 1;
  EXPECT_TRUE(has(rig.fires(read), "dma_reads"));
}

TEST(DmaReads, RangeOverTwoFramesNeedsBoth) {
  Rig rig;
  rig.ctx.trace.emit(Rig::pin_event(TraceKind::kPin, 9));
  const auto read = Rig::event(TraceKind::kDmaRead, 0x9f00, 1448);
  EXPECT_TRUE(has(rig.fires(read), "dma_reads"));
  rig.ctx.trace.emit(Rig::pin_event(TraceKind::kPin, 10));
  EXPECT_EQ(rig.fires(read), "");
}

// req: I-X12
TEST(DmaReads, AddressIsStaleAfterTheLastUnpin) {
  Rig rig;
  rig.ctx.trace.emit(Rig::pin_event(TraceKind::kPin, 9));
  rig.ctx.trace.emit(Rig::pin_event(TraceKind::kUnpin, 9));
  const std::string text = rig.fires(Rig::event(TraceKind::kDmaRead, 0x9000, 64));
  EXPECT_TRUE(has(text, "changed last for txn 77"));
  EXPECT_TRUE(has(text, "connection 4"));
}

TEST(DmaReads, ReadRoundTheEndOfMemoryFires) {
  Rig rig;
  EXPECT_TRUE(
      has(rig.fires(Rig::event(TraceKind::kDmaRead, ~std::uint64_t{0} - 7, 16)), "unpinned"));
}

TEST(Balance, UnpinWithoutPinFiresAtOnce) {
  Rig rig;
  EXPECT_TRUE(has(rig.fires(Rig::pin_event(TraceKind::kUnpin, 9)), "without pins"));
  rig.ctx.trace.emit(Rig::pin_event(TraceKind::kPin, 10));
  EXPECT_TRUE(has(rig.fires(Rig::pin_event(TraceKind::kUnpin, 9)), "without pins"));
}

TEST(Balance, UnknownOwnerFires) {
  Rig rig;
  auto pin = Rig::pin_event(TraceKind::kPin, 9);
  pin.detail = 5;
  EXPECT_TRUE(has(rig.fires(pin), "owner 5"));
}

TEST(Monitors, EventOfAThirdNodeIsAModelError) {
  Rig rig;
  try {
    rig.ctx.trace.emit(Rig::pin_event(TraceKind::kPin, 9, PinOwner::kAgent, 2));
    FAIL() << "nothing was raised";
  } catch (const sim::Error& error) {
    EXPECT_EQ(error.kind(), sim::FailureKind::kInternal);
  }
}

// The shadow against the plainest possible count, over random histories.
TEST(PinnedFrames, AgreesWithAPlainCount) {
  int fired = 0;
  EXPECT_TRUE(rc::check("fires exactly when the frame is pinned", [&] {
    PinMonitor pins;
    std::map<std::uint64_t, int> plain;
    const auto agrees = [&](auto rule, const sim::TraceEvent& event, bool fine) {
      RC_ASSERT(Rig::failure_of([&] { (pins.*rule)(event); }).empty() == fine);
      if (!fine) ++fired;
    };
    const auto steps = *rc::gen::container<std::vector<std::pair<std::uint8_t, std::uint8_t>>>(
        200, rc::gen::pair(rc::gen::resize(100, rc::gen::inRange<std::uint8_t>(0, 4)),
                           rc::gen::resize(100, rc::gen::inRange<std::uint8_t>(0, 12))));
    for (const auto& [action, f] : steps) {
      const std::uint64_t frame = f;
      if (action == 0) {
        agrees(&PinMonitor::pin, Rig::pin_event(TraceKind::kPin, frame), true);
        ++plain[frame];
      } else if (action == 1) {
        agrees(&PinMonitor::unpin, Rig::pin_event(TraceKind::kUnpin, frame), plain[frame] > 0);
        if (plain[frame] > 0) --plain[frame];
      } else if (action == 2) {
        agrees(&PinMonitor::swap_out, Rig::pin_event(TraceKind::kSwapOut, frame),
               plain[frame] == 0);
      } else {
        agrees(&PinMonitor::dma_read, Rig::event(TraceKind::kDmaRead, frame * 4096 + 4000, 1448),
               plain[frame] > 0 && plain[frame + 1] > 0);
      }
    }
  }));
  EXPECT_GT(fired, 0);
}

}  // namespace
}  // namespace vctoe::scenario
