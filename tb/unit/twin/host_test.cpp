// Swap and the host's answers against arithmetic.
#include <gtest/gtest.h>

#include "sw/twin/host_laws.h"

namespace vctoe::twin {
namespace {

TEST(Pages, HalfOfThemOnSwap) {
  scenario::ScenarioParams p;
  p.stream.swapped = 0.5;
  EXPECT_EQ(pages(p, 16 << 20).all, 4096);
  EXPECT_EQ(pages(p, 16 << 20).swapped, 2048);
}

// 64 MiB of DRAM, 0.4 of it: 6553 pages stay; the other 9831 of 16384 do not.
TEST(Pages, WhatDoesNotFitIsOnSwapToo) {
  scenario::ScenarioParams p;
  p.stream.swapped = 0;
  EXPECT_EQ(pages(p, 64 << 20).swapped, 16384 - 6553);
  p.system.host.disk.kind = host::DiskKind::kNone;
  EXPECT_EQ(pages(p, 64 << 20).swapped, 0);
}

// Command 2 us, firmware 21.5, flash 35.76, channel 4096 x 8 / 6.4 Gb/s = 5.12, interrupt 0.12.
TEST(SwapRead, OnePageOfNvme) {
  EXPECT_NEAR(swap_read_s({}, 1), 64.5e-6, 0.01e-6);
}

// 1600 pages are 100 turns of the 16 units.
TEST(SwapRead, ManyPagesOfNvmeAreTurnsOfItsUnits) {
  EXPECT_NEAR(swap_read_s({}, 1600), 3576e-6, 0.02 * 3576e-6);
}

// The link of 4.8 Gb/s: 2048 pages in 13.98 ms, behind the first access of 100 us.
TEST(SwapRead, ManyPagesOfSataAreItsLink) {
  scenario::ScenarioParams p;
  p.system.host.disk.kind = host::DiskKind::kSata;
  EXPECT_NEAR(swap_read_s(p, 2048), 14.08e-3, 0.01e-3);
}

TEST(SwapRead, NothingTakesNoTime) {
  EXPECT_EQ(swap_read_s({}, 0), 0);
  EXPECT_EQ(fault_cpu_s({}, 0), 0);
}

// 16 units of 4 KiB in 29.76 us at the least; SATA's link; a track of 312 sectors in 8.333 ms.
TEST(SwapBound, IsTheDevicesOwn) {
  host::DiskParams disk;
  EXPECT_NEAR(swap_rate_bound(disk), 16 * 4096 / 29.76e-6, 1e4);
  disk.kind = host::DiskKind::kSata;
  EXPECT_NEAR(swap_rate_bound(disk), 0.6e9, 1);
  disk.kind = host::DiskKind::kHdd;
  EXPECT_NEAR(swap_rate_bound(disk), 312 * 512 / 8.333e-3, 1);
  disk.kind = host::DiskKind::kNetwork;
  EXPECT_NEAR(swap_rate_bound(disk), 1.25e9 * 4096 / 4178, 1);
}

// Up 0.1 us, interrupt, a pin, then entries and doorbell, down 0.1, and the reply's fetch.
TEST(Answer, EndsWithItsReply) {
  const scenario::ScenarioParams p;
  const host::CpuParams& cpu = p.system.host.cpu;
  const double before = 0.1e-6 + (cpu.msi_delivery + cpu.isr + cpu.deferred_work).seconds();
  EXPECT_NEAR(answer_s(p, 2) - reply_s(p), before + 2 * cpu.pin_page.seconds(), 1e-15);
}

// A block within a page pins it; of 6 KiB each lies on two; 5 KiB from 0, 5, 10, 15 KiB on: 2 + 2 +
// 2 + 2.
TEST(Pinned, ArePagesThatABlockTouches) {
  EXPECT_EQ(pinned_by(1024), 4096);
  EXPECT_EQ(pinned_by(4096), 4096);
  EXPECT_EQ(pinned_by(65536), 65536);
  EXPECT_EQ(pinned_by(6144), 8192);
  EXPECT_EQ(pinned_by(5120), 8192);
  EXPECT_EQ(pinned_by(1), 4096);
}

BlockPipeline pipeline() {
  BlockPipeline b;
  b.block = 1000;
  b.ahead = 3;
  b.answer_s = 4e-6;
  b.fetch_s = 1e-6;
  b.segment_s = 1e-6;
  b.line_rate = 1e9;  // a block in 1 us
  return b;
}

TEST(BlockPipeline, ResidentBlocksByLittlesLaw) {
  EXPECT_NEAR(pipeline().rate(), 3 * 1000 / 6e-6, 1);
}

TEST(BlockPipeline, TheLineIsTheMost) {
  BlockPipeline b = pipeline();
  b.ahead = 100;
  EXPECT_EQ(b.rate(), 1e9);
}

// Each block waits: three in 98 + 1 + 1 us. Where segments span blocks, a place is lost.
TEST(BlockPipeline, BlocksThatAllWait) {
  BlockPipeline b = pipeline();
  b.swapped = 1;
  b.swapped_s = 98e-6;
  EXPECT_NEAR(b.rate(), 2 * 1000 / 100e-6, 1);
  b.spans = false;
  EXPECT_NEAR(b.rate(), 3 * 1000 / 100e-6, 1);
}

// Every second one: behind the three goes one resident block on the mean, and half a place is lost.
TEST(BlockPipeline, BlocksOfWhichHalfWait) {
  BlockPipeline b = pipeline();
  b.swapped = 0.5;
  b.swapped_s = 98e-6;
  EXPECT_NEAR(b.rate(), 3.5 * 1000 / 100e-6, 1);
}

// One place: the next block has not been asked for, so the last segment does not wait for it.
TEST(BlockPipeline, OneBlockAtATime) {
  BlockPipeline b = pipeline();
  b.ahead = 1;
  b.swapped = 1;
  b.swapped_s = 98e-6;
  EXPECT_NEAR(b.rate(), 1000 / 100e-6, 1);
}

// All wait for swap, and two may be unacknowledged: they are asked for together, and the second
// one's last segment waits for none.
TEST(BlockPipeline, NoPlaceIsLostBehindTheLastBlockThatMayBeAskedFor) {
  BlockPipeline b = pipeline();
  b.swapped = 1;
  b.swapped_s = 98e-6;
  b.unacknowledged = 2;
  b.round_trip_s = 100e-6;
  EXPECT_NEAR(b.rate(), 2 * 1000 / 200e-6, 1);
}

// Two blocks may be unacknowledged: 2 in 4 + 1 + 1 us and the round trip of 94 us.
TEST(BlockPipeline, BlocksThatWaitForTheirAcknowledgement) {
  BlockPipeline b = pipeline();
  EXPECT_FALSE(b.waits_for_acknowledgement());
  b.unacknowledged = 2;
  b.round_trip_s = 94e-6;
  EXPECT_NEAR(b.rate(), 2 * 1000 / 100e-6, 1);
  EXPECT_TRUE(b.waits_for_acknowledgement());
}

}  // namespace
}  // namespace vctoe::twin
