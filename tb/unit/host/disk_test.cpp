#include "models/host/disk.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <deque>
#include <fstream>
#include <string>
#include <vector>

#include "models/host/hdd.h"
#include "models/host/remote_memory.h"
#include "models/host/ssd.h"
#include "models/sim/random.h"
#include "tb/unit/host/fixtures.h"

namespace vctoe::host {
namespace {

using sim::Time;

constexpr std::uint64_t kPage = 4096;

/// Keeps `depth` reads of a page in flight until `count` are done; pages in order or at random.
class Load {
 public:
  Load(Disk& disk, int count, bool random) : disk_(disk), left_(count), random_(random) {}
  void start(int depth) {
    for (int i = 0; i < depth; ++i) next();
  }
  std::vector<Time> done;

 private:
  void next() {
    if (left_ == 0) return;
    --left_;
    const std::uint64_t pages = disk_.capacity() / kPage;
    const std::uint64_t page = random_ ? rng_.below(pages) : page_++ % pages;
    disk_.submit({page * kPage, kPage, false}, [this] {
      done.push_back(sim::now());
      next();
    });
  }
  Disk& disk_;
  int left_;
  bool random_;
  std::uint64_t page_ = 0;
  sim::Rng rng_{1, "load"};
};

DiskParams kind(DiskKind k) {
  DiskParams p;
  p.kind = k;
  return p;
}

TEST(Hdd, AccessIsOverheadSeekRotationAndTransferByHand) {
  Hdd hdd(HddParams{});
  // Cylinder 0, surface 0, sector 0 at time 0: after 0.252 ms the sector has passed, so it comes
  // round at 8.333 ms; eight sectors of 312 take 8.333 x 8 / 312 = 0.2137 ms.
  EXPECT_NEAR(hdd.serve({0, 4096, false}, Time::zero()).us(), 8333 + 213.67, 0.01);
  // The next eight directly behind, asked for at once: 0.252 ms later they have gone by; they come
  // at 8.333 x 8/312 + 2 x 8.333 ms.
  EXPECT_NEAR(hdd.serve({4096, 4096, false}, Time::from_us(8547)).us(), 2 * 8333 + 427.33, 0.01);
}

TEST(Hdd, SequentialRunOverATrackChangeLosesNoTurn) {
  HddParams params;
  Hdd hdd(params);
  const std::uint64_t track = params.sectors_per_track * Hdd::kSector;
  // From the start of a track: ten tracks, two cylinders. Skew hides the head switches (62 us) and
  // one seek (1.062 ms), at the price of the skew itself.
  const Time took = hdd.serve({0, 10 * track, false}, Time::zero()) - Time::from_us(8333);
  EXPECT_LT(took.us(), 10 * 8333 + 8 * 90 + 1100);
  EXPECT_GT(took.us(), 10 * 8333 + 8 * 62 + 1062);
}

TEST(Hdd, SeekCurveHasTheMeasuredPoints) {
  const SeekCurve curve(data_path("disksim/ibm18es.seek"), 1, 11474);
  EXPECT_EQ(curve(0), Time::zero());
  EXPECT_NEAR(curve(1).us(), 1062, 0.001);
  EXPECT_NEAR(curve(11300).us(), 12662, 0.001);
  EXPECT_NEAR(curve(11250).us(), (12655 + 12662) / 2.0, 0.001);
  EXPECT_NEAR(SeekCurve(data_path("disksim/ibm18es.seek"), 0.5, 100)(20).us(), 1000, 0.001);
}

TEST(Hdd, BadSeekCurveIsTheUsersFaultWithFileAndLine) {
  const std::string path = testing::TempDir() + "bad.seek";
  std::ofstream(path) << "Seek distances measured: 2\n1,\t1.0\n1,\t2.0\n";
  EXPECT_THROW(SeekCurve(path, 1, 10), sim::Error);
  EXPECT_NE(sim::last_failure().text.find("bad.seek:3"), std::string::npos);
  EXPECT_EQ(sim::last_failure().kind, sim::FailureKind::kUser);
  std::remove(path.c_str());
  sim::clear_failure();
  EXPECT_THROW(SeekCurve("no/such.seek", 1, 10), sim::Error);
}

TEST(Hdd, SchedulesChooseByArrivalByDistanceAndByDirection) {
  HddParams params;
  const std::uint64_t cylinder = params.surfaces * params.sectors_per_track * Hdd::kSector;
  const std::deque<DiskAccess> waiting = {
      {5000 * cylinder, 512, false}, {900 * cylinder, 512, false}, {1200 * cylinder, 512, false}};
  for (const auto& [schedule, want] :
       {std::pair{HddSchedule::kFcfs, 0u}, {HddSchedule::kSstf, 1u}, {HddSchedule::kScan, 2u}}) {
    params.schedule = schedule;
    Hdd hdd(params);
    hdd.serve({1000 * cylinder, 512, false}, Time::zero());  // upwards to cylinder 1000
    EXPECT_EQ(hdd.pick(waiting), want);
  }
}

double hdd_time_for_64_random_reads(HddSchedule schedule, const char* name) {
  static sim::Context ctx;
  DiskParams params = kind(DiskKind::kHdd);
  params.hdd.schedule = schedule;
  params.capacity = sim::Bytes::gib(8);
  Disk disk(name, ctx, params);
  Load load(disk, 64, true);
  const Time begin = sim::now();
  load.start(64);
  while (disk.pending() > 0) sc_core::sc_start(1, sc_core::SC_MS);
  return (load.done.back() - begin).seconds();
}

TEST(Hdd, FirstComeFirstServedKeepsTheOrderAndItsTime) {
  // 64 x (0.252 + 6.9 + 4.17 + 0.21) ms; the mean of 64 varies by 3.2 / 8 = 0.4 ms: three of them.
  EXPECT_NEAR(hdd_time_for_64_random_reads(HddSchedule::kFcfs, "fcfs"), 64 * 11.6e-3, 64 * 1.2e-3);
}

TEST(Hdd, ElevatorHalvesTheTimeOfADeepQueue) {
  EXPECT_LT(hdd_time_for_64_random_reads(HddSchedule::kScan, "scan"), 64 * 8.5e-3);
}

TEST(Hdd, NearestFirstHalvesTheTimeOfADeepQueue) {
  EXPECT_LT(hdd_time_for_64_random_reads(HddSchedule::kSstf, "sstf"), 64 * 8.5e-3);
}

TEST(Nvme, OneReadAtATimeTakesNandFirmwareChannelAndLink) {
  sim::Context ctx;
  Disk disk("disk", ctx, kind(DiskKind::kNvme));
  Load load(disk, 1000, true);
  load.start(1);
  sc_core::sc_start();
  // 35.76 + 21.5 + 4096 B / 800 MB/s + 4096 B / 3.36 GB/s = 63.6 us; the jitter's mean of 1000 is
  // within 6 / sqrt(3) / 31 = 0.11 us, three of them.
  EXPECT_NEAR(load.done.back().us() / 1000, 63.6, 0.33);
  EXPECT_GE(disk.stats().read_ns.min(), 57'599u);
  EXPECT_LE(disk.stats().read_ns.max(), 69'600u);
}

TEST(Nvme, ParallelReadsAreBoundedByTheUnits) {
  sim::Context ctx;
  Disk disk("disk", ctx, kind(DiskKind::kNvme));
  Load load(disk, 20'000, false);
  load.start(128);
  sc_core::sc_start();
  const double iops = 20'000 / load.done.back().seconds();
  EXPECT_LE(iops, 16 / 35.76e-6);
  EXPECT_GE(iops, 0.95 * 16 / 35.76e-6);
}

TEST(Nvme, WritesAreDoneInTheBufferUntilItIsFull) {
  sim::Context ctx;
  DiskParams params = kind(DiskKind::kNvme);
  Disk disk("disk", ctx, params);
  Time first;
  disk.submit({0, kPage, true}, [&] { first = sim::now(); });
  sc_core::sc_start();
  EXPECT_NEAR(first.us(), 4 + 0.46 + 1.22, 0.01);
  const Time begin = sim::now();
  Time last;
  constexpr std::uint64_t kMany = 32'768;  // 128 MiB through a buffer of 4
  for (std::uint64_t i = 0; i < kMany; ++i) {
    disk.submit({i * kPage, kPage, true}, [&] { last = sim::now(); });
  }
  sc_core::sc_start();
  const double rate = kMany * kPage / (last - begin).seconds();
  // 16 units x 32 KiB / 185 us = 2.83 GB/s for 124 MiB: 2.93 GB/s in all, the link would do 3.36.
  EXPECT_GT(rate, 2.85e9);
  EXPECT_LT(rate, 3.00e9);
}

TEST(Sata, LatencyLinkAndQueueBoundTheRate) {
  sim::Context ctx;
  Disk one("one", ctx, kind(DiskKind::kSata));
  Load single(one, 100, true);
  single.start(1);
  sc_core::sc_start();
  EXPECT_NEAR(single.done.back().us() / 100, 100 + 6.83, 0.01);

  const Time begin = sim::now();
  Disk& disk = one;
  Load deep(disk, 10'000, true);
  deep.start(64);
  while (disk.pending() > 0) sc_core::sc_start(1, sc_core::SC_MS);
  const double rate = 10'000 * kPage / (deep.done.back() - begin).seconds();
  EXPECT_NEAR(rate, 10 * kPage / 100e-6, 0.02 * 410e6);  // ten at a time: 410 MB/s
  disk.settle();
  EXPECT_GT(disk.stats().state.spent(DiskState::kSaturated), Time::zero());
}

// req: I-F02-54, I-F05-108
TEST(Disk, KeepsSparseBytesAndReportsItsTimes) {
  sim::Context ctx;
  Disk disk("disk", ctx, kind(DiskKind::kNvme));
  const std::string text = "portion 10c";
  disk.write_dbg(sim::Bytes::gib(3).n, text.data(), text.size());
  std::string back(text.size(), ' ');
  disk.read_dbg(sim::Bytes::gib(3).n, back.data(), back.size());
  EXPECT_EQ(back, text);
  EXPECT_LE(disk.resident(), sim::Bytes::mib(2).n);
  disk.submit({0, kPage, false}, nullptr);
  sc_core::sc_start();
  disk.settle();
  EXPECT_EQ(disk.stats().reads, 1u);
  EXPECT_EQ(disk.stats().bytes_read, kPage);
  EXPECT_EQ(disk.stats().state.spent(DiskState::kBusy), sim::now());
}

TEST(Disk, AnAccessOutsideAndADiskTooLargeAreErrors) {
  sim::Context ctx;
  Disk disk("disk", ctx, kind(DiskKind::kNvme));
  EXPECT_THROW(disk.submit({disk.capacity() - 1, 2, false}, nullptr), sim::Error);
  DiskParams params = kind(DiskKind::kHdd);
  params.capacity = sim::Bytes::gib(16);
  EXPECT_THROW(Disk("big", ctx, params), sim::Error);
}

// req: I-P0062b
TEST(Disk, WithoutADeviceHasNoCapacity) {
  sim::Context ctx;
  Disk disk("disk", ctx, kind(DiskKind::kNone));
  EXPECT_EQ(disk.capacity(), 0u);
  EXPECT_THROW(disk.submit({0, kPage, false}, nullptr), sim::Error);
}

// 28 B in a frame of 82 B more take 88 ns at 10 Gb/s; 4124 B in two frames 3430.4 ns.
TEST(RemoteMemory, ReadIsARequestTheServerAndThePageBack) {
  RemoteMemory remote({});
  EXPECT_EQ(
      remote.serve({0, 4096, false}, Time::zero()),
      Time::from_ps(88'000) + Time::from_us(10) + Time::from_us(2) + Time::from_ps(3'430'400));
}

TEST(RemoteMemory, WriteIsThePageTheServerAndAnAnswer) {
  RemoteMemory remote({});
  EXPECT_EQ(remote.serve({0, 4096, true}, Time::zero()),
            remote.line_time(4124) + Time::from_us(10) + Time::from_us(2) + remote.line_time(28));
}

TEST(RemoteMemory, FramesOfOneDirectionGoOneBehindTheOther) {
  RemoteMemory remote({});
  Time last;
  for (int i = 0; i < 10; ++i) last = remote.serve({0, 4096, false}, Time::zero());
  // Ten pages back to back; the server is done with each sooner than its page is sent.
  const Time first = remote.line_time(28) + Time::from_us(12);
  EXPECT_EQ(last, first + remote.line_time(4124) * 10);
}

TEST(RemoteMemory, BytesThatGoToTheOtherHostComeBack) {
  sim::Context ctx;
  Disk disk("disk", ctx, kind(DiskKind::kNetwork));
  const std::string page(kPage, 'x');
  std::string back(kPage, ' ');
  disk.write_dbg(kPage * 7, page.data(), kPage);
  disk.read_dbg(kPage * 7, back.data(), kPage);
  EXPECT_EQ(back, page);
}

}  // namespace
}  // namespace vctoe::host
