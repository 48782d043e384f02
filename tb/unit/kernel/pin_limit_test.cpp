// Pins where memory is short: the limit, reclaim, and what is taken away under them.
#include "tb/unit/kernel/rig.h"

namespace vctoe::kernel::test {
namespace {

constexpr std::uint64_t kPage = kPageBytes;

// req: I-G01e, I-C14
TEST(Pin, ForcedReclaimFindsAPinnedPageBusyAndTakesEverythingElse) {
  Rig rig;
  Kernel& k = rig.kernel;
  const auto bytes = Rig::pattern(100 * kPage);
  const Asid a = resident_space(k, bytes);
  std::uint64_t swapped_while_pinned = 0;
  rig.ctx.trace.subscribe(sim::mask_of(sim::TraceKind::kSwapOut), [&](const sim::TraceEvent& e) {
    if (k.frames()[frame_of(e.address)].pins > 0) ++swapped_while_pinned;
  });
  rig.program([&] {
    const PinResult r = rig.pin(a, kBase + 40 * kPage, 8 * kPage);
    ASSERT_EQ(r.status, PinStatus::kOk);
    EXPECT_EQ(k.try_evict(a, kBase + 40 * kPage), Evicted::kBusy);
    for (int i = 0; i < 4; ++i) k.force_reclaim(1000);
    sim::wait(sim::Time::from_ms(20));
    for (int i = 0; i < 100; ++i) {
      const bool pinned = i >= 40 && i < 48;
      EXPECT_EQ(k.info(a, kBase + i * kPage).tier, pinned ? Tier::kResident : Tier::kSwapped) << i;
    }
    EXPECT_EQ(rig.gather(r.sg),
              std::vector<std::uint8_t>(bytes.begin() + 40 * kPage, bytes.begin() + 48 * kPage));
    k.unpin(r.token);
    EXPECT_NE(k.try_evict(a, kBase + 40 * kPage), Evicted::kBusy);
  });
  rig.run();
  EXPECT_EQ(swapped_while_pinned, 0u);
  EXPECT_GE(k.page_stats().busy_pinned, 9u);
  EXPECT_EQ(rig.peek(a, kBase, bytes.size()), bytes);
}

// req: I-F02-50d
TEST(Pin, RefusesWhatIsNotMappedNotPermittedOrLargerThanTheLimit) {
  Rig rig;
  Kernel& k = rig.kernel;
  const Asid a = mapped_space(k, 200 * kPage);
  k.map(a, 2 * kBase, 4 * kPage, Permission::kRead);
  rig.program([&] {
    EXPECT_EQ(rig.pin(a, kBase - 1, 2).status, PinStatus::kUnmapped);
    EXPECT_EQ(rig.pin(a, kBase + 199 * kPage, 2 * kPage).status, PinStatus::kUnmapped);
    EXPECT_EQ(rig.pin(a, kBase, 0).status, PinStatus::kUnmapped);
    EXPECT_EQ(rig.pin(77, kBase, 1).status, PinStatus::kUnmapped);
    EXPECT_EQ(rig.pin(a, 2 * kBase, 8, PinOwner::kReceive).status, PinStatus::kNoPermission);
    EXPECT_EQ(rig.pin(a, kBase, (k.pin_capacity() + 1) * kPage).status, PinStatus::kTooLarge);
    EXPECT_EQ(k.pinned_pages(), 0u);
    EXPECT_EQ(rig.pin(a, 2 * kBase, 8).status, PinStatus::kOk);
    EXPECT_EQ(rig.pin(a, kBase, (k.pin_capacity() - 1) * kPage).status, PinStatus::kOk);
  });
  rig.run();
}

TEST(Pin, RequestsThatWaitForTheLimitAreServedInOrder) {
  RigParams p;
  p.kernel.pin_limit_bytes = {8 * kPage};
  Rig rig(p);
  Kernel& k = rig.kernel;
  const Asid a = mapped_space(k, 64 * kPage);
  std::vector<int> order;
  rig.program([&] {
    const PinResult r = rig.pin(a, kBase, 6 * kPage);
    sim::wait(sim::Time::from_us(100));
    k.unpin(r.token);
  });
  for (std::uint64_t i = 1; i <= 3; ++i) {
    rig.program([&, i] {
      sim::wait(sim::Time::from_us(10 * i));
      // The second would fit at once, but the first asked before and needs more.
      const PinResult r = rig.pin(a, kBase + 10 * i * kPage, (i == 2 ? 1 : 8) * kPage);
      EXPECT_EQ(r.status, PinStatus::kOk);
      EXPECT_LE(k.ledger().bytes(), 8 * kPage);
      order.push_back(static_cast<int>(i));
      sim::wait(sim::Time::from_us(50));
      k.unpin(r.token);
    });
  }
  rig.run();
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(k.stats().pin_waits, 3u);
  EXPECT_LE(k.ledger().stats().total.peak(), 8 * kPage);
}

// req: I-X08
TEST(Pin, ManyRequestsOverFewFramesAllFinish) {
  RigParams p;
  p.frames = 40;
  p.kernel.reserve_frames = 6;
  p.kernel.pin_limit = 1;
  Rig rig(p);
  Kernel& k = rig.kernel;
  const auto bytes = Rig::pattern(256 * kPage);
  const Asid a = swapped_space(k, bytes);
  const std::uint64_t capacity = k.pin_capacity();
  EXPECT_LT(capacity, 30u);
  for (unsigned i = 0; i < 64; ++i) {
    rig.program([&, i] {
      sim::Rng rng(7, "program" + std::to_string(i));
      for (int n = 0; n < 20; ++n) {
        const std::uint64_t pages = 1 + rng.below(capacity);
        const std::uint64_t at = rng.below(256 - pages) * kPage;
        if (i % 4 == 0) {
          EXPECT_TRUE(k.access(a, kBase + at, kPage, false));
          continue;
        }
        const PinResult r = rig.pin(a, kBase + at, pages * kPage);
        ASSERT_EQ(r.status, PinStatus::kOk);
        EXPECT_EQ(rig.gather(r.sg),
                  std::vector<std::uint8_t>(&bytes[at], &bytes[at] + pages * kPage));
        sim::wait(sim::Time::from_us(rng.below(50)));
        k.unpin(r.token);
      }
    });
  }
  rig.run();
  EXPECT_EQ(k.ledger().bytes(), 0u);
  EXPECT_LE(k.ledger().stats().total.peak(), capacity * kPage);
}

TEST(Pin, TheEndOfAnAddressSpaceSendsItsWaitersAwayAndKeepsPinnedFrames) {
  RigParams p;
  p.kernel.pin_limit_bytes = {8 * kPage};
  Rig rig(p);
  Kernel& k = rig.kernel;
  const std::size_t free = k.free_frames();
  const auto bytes = Rig::pattern(16 * kPage);
  const Asid a = swapped_space(k, bytes);
  PinStatus waiting_for_limit = PinStatus::kOk;
  PinStatus waiting_for_disk = PinStatus::kOk;
  rig.program([&] {
    const PinResult r = rig.pin(a, kBase, 4 * kPage);
    ASSERT_EQ(r.status, PinStatus::kOk);
    sim::wait(sim::Time::from_us(120));
    k.destroy_address_space(a);
    EXPECT_EQ(k.force_reclaim(100), 0u);
    EXPECT_EQ(rig.gather(r.sg), std::vector<std::uint8_t>(&bytes[0], &bytes[4 * kPage]));
    sim::wait(sim::Time::from_ms(1));
    EXPECT_EQ(k.free_frames(), free - 4);
    k.unpin(r.token);
    EXPECT_EQ(k.free_frames(), free);
    EXPECT_EQ(k.page_stats().swap_used.value(), 0u);
  });
  rig.program([&] {
    sim::wait(sim::Time::from_us(150));
    waiting_for_disk = rig.pin(a, kBase + 4 * kPage, 4 * kPage).status;
  });
  rig.program([&] {
    sim::wait(sim::Time::from_us(151));
    waiting_for_limit = rig.pin(a, kBase + 8 * kPage, kPage).status;
  });
  rig.run();
  EXPECT_EQ(waiting_for_disk, PinStatus::kShutDown);
  EXPECT_EQ(waiting_for_limit, PinStatus::kShutDown);
  EXPECT_EQ(k.pinned_pages(), 0u);
}

TEST(Pin, AnUnmappedPinnedPageIsFreedByItsLastUnpinOnly) {
  Rig rig;
  Kernel& k = rig.kernel;
  const auto bytes = Rig::pattern(2 * kPage);
  const Asid a = resident_space(k, bytes);
  const std::size_t free = k.free_frames();
  rig.program([&] {
    const PinResult one = rig.pin(a, kBase, kPage);
    const PinResult two = rig.pin(a, kBase, kPage);
    k.unmap(a, kBase, 2 * kPage);
    EXPECT_EQ(k.free_frames(), free + 1);
    EXPECT_EQ(rig.pin(a, kBase, 8).status, PinStatus::kUnmapped);
    k.unpin(one.token);
    EXPECT_EQ(k.free_frames(), free + 1);
    EXPECT_EQ(rig.gather(two.sg), std::vector<std::uint8_t>(&bytes[0], &bytes[kPage]));
    k.unpin(two.token);
    EXPECT_EQ(k.free_frames(), free + 2);
  });
  rig.run();
}

}  // namespace
}  // namespace vctoe::kernel::test
