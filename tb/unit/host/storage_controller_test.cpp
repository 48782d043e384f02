#include "models/host/storage_controller.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "models/host/dram.h"
#include "models/host/root_complex.h"
#include "tb/unit/host/fixtures.h"

namespace vctoe::host {
namespace {

using sim::Time;

struct Bench {
  explicit Bench(DiskKind kind)
      : disk_params(of(kind)),
        dram("dram", ctx, DramParams{}),
        rc("rc", ctx, RootComplexParams{}, Time::from_ns(120)),
        disk("disk", ctx, disk_params),
        controller("controller", ctx, StorageParams{}, Time::from_ns(120), disk) {
    rc.to_dram.bind(dram.socket);
    controller.memory.bind(rc.from_storage);
    device.socket.bind(rc.from_devices);
  }
  static DiskParams of(DiskKind kind) {
    DiskParams p;
    p.kind = kind;
    return p;
  }
  std::string frame(std::uint64_t pa) {
    return {reinterpret_cast<const char*>(dram.page(pa)), 4096};
  }

  sim::Context ctx;
  DiskParams disk_params;
  Dram dram;
  RootComplex rc;
  Disk disk;
  StorageController controller;
  MemoryPort device{"device"};
};

void swaps_two_frames_out_and_one_back(DiskKind kind) {
  Bench b(kind);
  std::memset(b.dram.page(0x1'0000), 'a', 4096);
  std::memset(b.dram.page(0x9'0000), 'b', 4096);
  Time out;
  Time in;
  b.controller.submit(
      {8192, true, {{0x9'0000, 4096}, {0x1'0000, 4096}}, [&] {
         out = sim::now();
         std::memset(b.dram.page(0x9'0000), 0, 4096);
         b.controller.submit({8192, false, {{0x5'0000, 4096}}, [&] { in = sim::now(); }});
       }});
  sc_core::sc_start();
  EXPECT_EQ(b.frame(0x5'0000), std::string(4096, 'b'));
  std::string second(4096, ' ');
  b.disk.read_dbg(12'288, second.data(), 4096);
  EXPECT_EQ(second, std::string(4096, 'a'));
  EXPECT_EQ(b.controller.stats().bytes_from_memory, 8192u);
  EXPECT_EQ(b.controller.stats().bytes_to_memory, 4096u);
  EXPECT_EQ(b.rc.stats().storage_bytes, 12'288u);
  EXPECT_EQ(b.controller.stats().interrupts, 2u);
  EXPECT_GT(out, Time::zero());
  EXPECT_GT(in, out);
  // Long-term memory is slow: at least fifty times the slowest DRAM access of a page.
  EXPECT_GT(in - out, Time::from_us(13));
}

// req: I-F05-108, I-F02-54, I-P0009, I-C11a
TEST(StorageController, MovesRealBytesOverHardDisk) {
  swaps_two_frames_out_and_one_back(DiskKind::kHdd);
}
// req: I-F05-108, I-F02-54, I-P0009
TEST(StorageController, MovesRealBytesOverSata) {
  swaps_two_frames_out_and_one_back(DiskKind::kSata);
}
// req: I-F05-108, I-F02-54, I-P0009
TEST(StorageController, MovesRealBytesOverNvme) {
  swaps_two_frames_out_and_one_back(DiskKind::kNvme);
}

// The controller reads a frame when the disk's time is over: who gives the frame away before the
// completion finds the wrong bytes on the disk.
TEST(StorageController, FrameReusedTooEarlyGivesWrongBytes) {
  Bench b(DiskKind::kNvme);
  std::memset(b.dram.page(0x1'0000), 'a', 4096);
  b.controller.submit({0, true, {{0x1'0000, 4096}}, nullptr});
  std::memset(b.dram.page(0x1'0000), 'x', 4096);
  sc_core::sc_start();
  std::string stored(4096, ' ');
  b.disk.read_dbg(0, stored.data(), 4096);
  EXPECT_EQ(stored, std::string(4096, 'x'));
}

TEST(StorageController, ReadTakesCommandDiskDmaAndInterrupt) {
  Bench b(DiskKind::kSata);
  Time done;
  b.controller.submit({0, false, {{0x1'0000, 4096}}, [&] { done = sim::now(); }});
  sc_core::sc_start();
  // 2 us + 100 us + 4096 B / 600 MB/s + DRAM write (26.7 ns + 64 x 3.33) + 120 ns.
  EXPECT_NEAR(done.us(), 2 + 100 + 6.827 + 0.240 + 0.120, 0.002);
}

TEST(StorageController, SegmentOutsideMemoryIsAModelError) {
  Bench b(DiskKind::kSata);
  b.controller.submit({0, false, {{b.dram.size(), 4096}}, nullptr});
  // The kernel reports what escapes from a process; here that is what the test wants.
  sc_core::sc_report_handler::set_handler(&sc_core::sc_report_handler::default_handler);
  EXPECT_ANY_THROW(sc_core::sc_start());
  EXPECT_EQ(sim::last_failure().kind, sim::FailureKind::kInternal);
}

}  // namespace
}  // namespace vctoe::host
