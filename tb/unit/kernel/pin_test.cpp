// resolve_and_pin and unpin on the real host models.
#include <cstring>
#include <map>

#include "tb/unit/kernel/rig.h"

namespace vctoe::kernel::test {
namespace {

constexpr std::uint64_t kPage = kPageBytes;

// req: I-C04, I-C14, I-G01c, I-P0034a, I-X11
TEST(Pin, ARangeWhollyOnSwapIsBroughtInAndItsScatterListHoldsItsBytes) {
  Rig rig;
  Kernel& k = rig.kernel;
  const auto bytes = Rig::pattern(16 * kPage);
  const Asid a = swapped_space(k, bytes);
  rig.program([&] {
    const std::uint64_t from = 100;
    const std::uint64_t length = 10 * kPage + 77;
    const PinResult r = k.resolve_and_pin(a, kBase + from, length, PinOwner::kNode, sim::Why::kNode,
                                          rig.ctx.next_txn());
    ASSERT_EQ(r.status, PinStatus::kOk);
    EXPECT_EQ(rig.gather(r.sg),
              std::vector<std::uint8_t>(bytes.begin() + from, bytes.begin() + from + length));
    EXPECT_EQ(r.sg.front().address, k.info(a, kBase + from).physical);
    for (const SgEntry& e : r.sg) EXPECT_LE(e.address + e.length, rig.dram.size());
    for (int i = 0; i < 16; ++i) {
      const PageInfo info = k.info(a, kBase + i * kPage);
      EXPECT_EQ(info.tier, i < 11 ? Tier::kResident : Tier::kSwapped);
      EXPECT_EQ(info.pins, i < 11 ? 1u : 0u);
    }
    k.unpin(r.token);
    EXPECT_EQ(k.info(a, kBase).pins, 0u);
    EXPECT_EQ(k.info(a, kBase).tier, Tier::kResident);  // unpinned, not thrown out
  });
  rig.run();
  EXPECT_EQ(k.page_stats().swap_in, 11u);
}

/// Notes what it is told, and when.
struct Told : PinProgress {
  void pinned(const std::vector<SgEntry>& next) override {
    for (const SgEntry& e : next) sg.push_back(e);
    at.push_back(sim::now());
  }
  std::vector<SgEntry> sg;
  std::vector<sim::Time> at;
};

TEST(Pin, ByPageTellsOfThePagesAtTheFrontWhileLaterOnesAreRead) {
  Rig rig;
  Kernel& k = rig.kernel;
  const auto bytes = Rig::pattern(6 * kPage);
  const Asid a = mapped_space(k, bytes.size());
  k.preload_resident(a, kBase, bytes.data(), 2 * kPage);
  k.preload_swapped(a, kBase + 2 * kPage, &bytes[2 * kPage], 4 * kPage);
  rig.program([&] {
    Told told;
    const PinResult r = k.resolve_and_pin_by_page(a, kBase + 10, 6 * kPage - 10, PinOwner::kAgent,
                                                  sim::Why::kFirst, 1, told);
    ASSERT_EQ(r.status, PinStatus::kOk);
    ASSERT_FALSE(told.at.empty());
    EXPECT_LT(told.at.front(), sim::now() - sim::Time::from_us(5))
        << "before the disk has answered";
    ASSERT_EQ(r.sg.size(), 1u);
    EXPECT_EQ(r.sg[0].length, kPage) << "the last page is never told before the call returns";
    std::vector<SgEntry> all = told.sg;
    all.insert(all.end(), r.sg.begin(), r.sg.end());
    EXPECT_EQ(rig.gather(all), std::vector<std::uint8_t>(bytes.begin() + 10, bytes.end()));
    k.unpin(r.token);
    for (int i = 0; i < 6; ++i) EXPECT_EQ(k.info(a, kBase + i * kPage).pins, 0u);
  });
  rig.run();
}

TEST(Pin, ReclaimHonoursTheCountsThatADeviceHasRaised) {
  Rig rig;
  Kernel& k = rig.kernel;
  const std::uint64_t table = k.make_pin_table();
  const std::uint64_t pinned = k.ledger().bytes();  // the table itself
  const auto bytes = Rig::pattern(4 * kPage);
  const Asid a = resident_space(k, bytes);
  rig.program([&] {
    const PinResult r = rig.pin(a, kBase, 2 * kPage);
    std::vector<std::uint64_t> counts;  // where they are
    for (int i = 0; i < 2; ++i) {
      counts.push_back(table + k.info(a, kBase + i * kPage).physical / kPage * 8);
    }
    for (const std::uint64_t at : counts) rig.dram.write64(at, rig.dram.read64(at) + 1);
    k.share_pins(r.token, PinActor::kDevice, PinActor::kDevice);
    for (int i = 0; i < 2; ++i) EXPECT_EQ(k.info(a, kBase + i * kPage).pins, 0u);
    EXPECT_EQ(k.try_evict(a, kBase), Evicted::kBusy) << "the device has a pin";
    EXPECT_NE(k.try_evict(a, kBase + 2 * kPage), Evicted::kBusy);
    EXPECT_EQ(k.pinned_pages(), 2u) << "counted against the limit";
    for (const std::uint64_t at : counts) rig.dram.write64(at, rig.dram.read64(at) - 1);
    EXPECT_NE(k.try_evict(a, kBase), Evicted::kBusy) << "the moment that the count is 0";
    k.unpin(r.token);
    EXPECT_EQ(k.pinned_pages(), 0u);
    EXPECT_EQ(k.ledger().bytes(), pinned);
  });
  rig.run();
}

TEST(Pin, CountsThatTheHostRaisesForTheDeviceAndLowersItself) {
  Rig rig;
  Kernel& k = rig.kernel;
  const std::uint64_t table = k.make_pin_table();
  const Asid a = mapped_space(k, kPage);
  rig.program([&] {
    const PinResult r = rig.pin(a, kBase, kPage);
    const std::uint64_t at = table + r.sg[0].address / kPage * 8;
    k.share_pins(r.token, PinActor::kHost, PinActor::kHost);
    EXPECT_EQ(rig.dram.read64(at), 1u);
    EXPECT_EQ(k.try_evict(a, kBase), Evicted::kBusy);
    k.unpin(r.token);
    EXPECT_EQ(rig.dram.read64(at), 0u);
    EXPECT_NE(k.try_evict(a, kBase), Evicted::kBusy);
  });
  rig.run();
}

TEST(Pin, HeldDriverMemoryStandsInTheLedgerAndTakesNothingFromTheLimit) {
  Rig rig;
  Kernel& k = rig.kernel;
  const std::uint64_t at = k.allocate_contiguous(4 * kPage);
  const std::uint64_t total = k.ledger().bytes();
  const std::uint64_t capacity = k.pin_capacity();
  const auto agent = [&] {
    return k.ledger().stats().by_owner[static_cast<std::size_t>(PinOwner::kAgent)].value();
  };
  rig.program([&] {
    const PinToken hold =
        k.hold_driver_memory(at, 3 * kPage, PinOwner::kAgent, sim::Why::kFirst, 9);
    EXPECT_EQ(agent(), 3 * kPage);
    EXPECT_EQ(k.ledger().bytes(), total) << "pinned before as the driver's";
    EXPECT_EQ(k.pin_capacity(), capacity);
    k.unpin(hold);
    EXPECT_EQ(agent(), 0u);
  });
  rig.run();
}

TEST(Pin, MissingPagesOfOneRequestAreReadSideBySide) {
  Rig rig;
  Kernel& k = rig.kernel;
  const auto bytes = Rig::pattern(64 * kPage);
  const Asid a = mapped_space(k, bytes.size());
  // Every second page elsewhere on the device, so that nothing can be merged.
  for (int i = 0; i < 64; i += 2) k.preload_swapped(a, kBase + i * kPage, &bytes[i * kPage], kPage);
  for (int i = 62; i >= 0; i -= 2) {
    k.preload_swapped(a, kBase + (i + 1) * kPage, &bytes[(i + 1) * kPage], kPage);
  }
  sim::Time one;
  sim::Time sixteen;
  rig.program([&] {
    sim::Time start = sim::now();
    EXPECT_EQ(rig.pin(a, kBase, kPage).status, PinStatus::kOk);
    one = sim::now() - start;
    start = sim::now();
    EXPECT_EQ(rig.pin(a, kBase + 32 * kPage, 16 * kPage).status, PinStatus::kOk);
    sixteen = sim::now() - start;
  });
  rig.run();
  // One page takes some 60 us of an NVMe drive with 16 units. Sixteen pages one after another would
  // take 16 times as long; side by side a few collide on a unit.
  EXPECT_GT(one, sim::Time::from_us(50));
  EXPECT_LT(sixteen, one * 6);
}

// req: I-X01
TEST(Pin, TwoBlocksInOnePageCountTheirPinsAndTheLastUnpinFrees) {
  Rig rig;
  Kernel& k = rig.kernel;
  const auto bytes = Rig::pattern(2 * kPage);
  const Asid a = resident_space(k, bytes);
  rig.program([&] {
    const PinResult first = rig.pin(a, kBase, kPage + 1000);
    const PinResult second = rig.pin(a, kBase + kPage + 1000, 500);
    EXPECT_EQ(k.info(a, kBase + kPage).pins, 2u);
    EXPECT_EQ(k.ledger().bytes(), 2 * kPage);  // the shared frame once
    k.unpin(first.token);
    EXPECT_EQ(k.info(a, kBase).pins, 0u);
    EXPECT_EQ(k.info(a, kBase + kPage).pins, 1u);
    EXPECT_EQ(k.try_evict(a, kBase + kPage), Evicted::kBusy);
    k.unpin(second.token);
    EXPECT_EQ(k.info(a, kBase + kPage).pins, 0u);
    EXPECT_EQ(k.ledger().bytes(), 0u);
    EXPECT_EQ(k.pinned_pages(), 0u);
  });
  rig.run();
}

TEST(Pin, NeighbouringFramesMakeOneEntryAndScatteredOnesMany) {
  RigParams p;
  p.kernel.shuffle_frames = false;
  Rig rig(p);
  const Asid a = mapped_space(rig.kernel, 8 * kPage);
  rig.kernel.map(a, 2 * kBase, kPage);
  const auto bytes = Rig::pattern(4 * kPage);
  rig.kernel.preload_resident(a, kBase, bytes.data(), 4 * kPage);
  rig.kernel.preload_resident(a, 2 * kBase, bytes.data(), kPage);  // breaks the run of frames
  rig.kernel.preload_resident(a, kBase + 4 * kPage, bytes.data(), 4 * kPage);
  rig.program([&] {
    const PinResult r = rig.pin(a, kBase + 10, 7 * kPage);
    ASSERT_EQ(r.sg.size(), 2u);
    EXPECT_EQ(r.sg[0].length, 4 * kPage - 10);
    EXPECT_EQ(r.sg[1].length, 3 * kPage + 10);
    EXPECT_EQ(r.sg[1].address, r.sg[0].address - 10 + 5 * kPage);
  });
  rig.run();
}

TEST(Pin, WhatADeviceWritesIntoAReceiveBufferSurvivesItsEviction) {
  Rig rig;
  Kernel& k = rig.kernel;
  const Asid a = k.create_address_space();
  const auto old_bytes = Rig::pattern(kPage);
  const auto new_bytes = Rig::pattern(kPage, 2);
  k.map(a, kBase, kPage);
  k.preload_swapped(a, kBase, old_bytes.data(), kPage);  // comes in clean, with a slot
  rig.program([&] {
    const PinResult r = rig.pin(a, kBase, kPage, PinOwner::kReceive);
    std::memcpy(rig.dram.page(r.sg[0].address), new_bytes.data(), kPage);  // as a DMA: no MMU
    k.unpin(r.token);
    EXPECT_EQ(k.try_evict(a, kBase), Evicted::kWriting);
    sim::wait(sim::Time::from_ms(5));
    EXPECT_EQ(rig.peek(a, kBase, kPage), new_bytes);
  });
  rig.run();
}

TEST(Pin, PinningResidentPagesCostsWhatWasMeasured) {
  Rig rig;
  Kernel& k = rig.kernel;
  const auto bytes = Rig::pattern(16 * kPage);
  const Asid a = resident_space(k, bytes);
  rig.program([&] {
    const PinResult r = rig.pin(a, kBase, 16 * kPage);
    EXPECT_EQ(sim::now(), sim::Time::from_ns(62) * 16);  // calibration M1
    k.unpin(r.token);
    EXPECT_EQ(sim::now(), sim::Time::from_ns(62 + 15) * 16);
  });
  rig.run();
  EXPECT_EQ(rig.cpu.stats().busy[static_cast<std::size_t>(host::Work::kPin)],
            sim::Time::from_ns(77) * 16);
}

TEST(Pin, EveryPinInTheTraceHasItsUnpinAndTheLedgerAgrees) {
  Rig rig;
  Kernel& k = rig.kernel;
  const Asid a = mapped_space(k, 32 * kPage);
  std::map<std::uint64_t, int> open;
  double page_seconds = 0;
  rig.ctx.trace.subscribe(sim::mask_of(sim::TraceKind::kPin, sim::TraceKind::kUnpin),
                          [&](const sim::TraceEvent& e) {
                            EXPECT_EQ(e.detail, static_cast<unsigned>(PinOwner::kAgent));
                            EXPECT_NE(e.txn, 0u);
                            const bool pin = e.kind == sim::TraceKind::kPin;
                            open[e.address] += pin ? 1 : -1;
                            page_seconds += (pin ? -1 : 1) * e.at.seconds();
                          });
  for (std::uint64_t i = 0; i < 4; ++i) {
    rig.program([&, i] {
      sim::wait(sim::Time::from_us(3 * i));
      const PinResult r = rig.pin(a, kBase + i * 1000, 20 * kPage);
      sim::wait(sim::Time::from_us(10 + i));
      k.unpin(r.token);
    });
  }
  rig.run();
  EXPECT_EQ(open.size(), 21u);
  for (const auto& [address, pins] : open) EXPECT_EQ(pins, 0) << address;
  k.settle_stats();
  // Sums of some 80 doubles of 1e-5.
  EXPECT_NEAR(k.ledger().stats().by_owner[0].settled(), page_seconds * kPage, 1e-9);
}

TEST(Pin, ATokenGivenBackTwiceIsAnErrorOfTheModel) {
  Rig rig;
  const Asid a = mapped_space(rig.kernel, kPage);
  rig.program([&] {
    const PinResult r = rig.pin(a, kBase, kPage);
    rig.kernel.unpin(r.token);
    EXPECT_THROW(rig.kernel.unpin(r.token), sim::Error);
    EXPECT_THROW(rig.kernel.unpin(0), sim::Error);
  });
  rig.run();
}

}  // namespace
}  // namespace vctoe::kernel::test
