// DRAM and disk against the published figures of calibration.md.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "models/host/dram.h"
#include "models/host/hdd.h"
#include "models/sim/random.h"

namespace vctoe::host {
namespace {

using sim::Time;

struct Stream {
  double bytes_per_second;
  Dram::Stats stats;
};

/// `count` reads of `length` bytes, `step` bytes apart; so many asked for ahead that the channel is
/// never idle for want of work.
Stream stream(const DramParams& params, std::uint64_t count, std::uint64_t length,
              std::uint64_t step) {
  sim::Context ctx;
  Dram dram("dram", ctx, params);
  Time end;
  std::uint64_t address = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const Time start = end > Time::from_ns(300) ? end - Time::from_ns(300) : Time::zero();
    end = sim::max(end, dram.access(address, length, false, start));
    address = (address + step) % dram.size();
  }
  return {static_cast<double>(count * length) / end.seconds(), dram.stats()};
}

DramParams without_refresh() {
  DramParams p;
  p.rfc = 0;
  return p;
}

// req: I-F02-52
TEST(DramFigures, PeakOfOneChannelR4) {
  EXPECT_NEAR(stream(without_refresh(), 20'000, 4096, 4096).bytes_per_second, 19.2e9,
              0.005 * 19.2e9);
}

// req: I-F02-52
TEST(DramFigures, StreamUnderRefreshR5) {
  EXPECT_NEAR(stream(DramParams{}, 20'000, 4096, 4096).bytes_per_second, 18.56e9, 0.01 * 18.56e9);
}

TEST(DramFigures, StreamUnderRefreshIsTheSameInSmallPieces) {
  EXPECT_NEAR(stream(DramParams{}, 200'000, 512, 512).bytes_per_second, 18.56e9, 0.01 * 18.56e9);
}

TEST(DramFigures, OneBankIsBoundByTheRowCycleR6) {
  DramParams params = without_refresh();
  params.mapping = BankMapping::kPlain;
  sim::Context ctx;
  Dram dram("dram", ctx, params);
  Time end;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    end = dram.access((i % 2) * params.banks * params.row.n, 64, false, end);
  }
  EXPECT_NEAR(64e3 / end.seconds(), 1.40e9, 0.01 * 1.40e9);
}

TEST(DramFigures, ClosedPagesAreBoundByFourActivatesR7) {
  DramParams params = without_refresh();
  params.page_policy = PagePolicy::kClosed;
  params.mapping = BankMapping::kPlain;
  const Stream s = stream(params, 50'000, 64, params.row.n);  // the next bank each time
  EXPECT_NEAR(s.bytes_per_second, 11.8e9, 0.01 * 11.8e9);
  EXPECT_EQ(s.stats.row_hits, 0u);
}

TEST(DiskFigures, MeanAndFullSeekH1) {
  const SeekCurve curve(data_path(HddParams{}.seek_file), 1, HddParams{}.cylinders);
  sim::Rng rng(1, "seek");
  double sum = 0;
  constexpr int kSeeks = 200'000;
  for (int i = 0; i < kSeeks; ++i) {
    const std::uint64_t a = rng.below(11474);
    const std::uint64_t b = rng.below(11474);
    sum += curve(a > b ? a - b : b - a).us();
  }
  EXPECT_NEAR(sum / kSeeks, 7200, 0.01 * 7200);
  EXPECT_NEAR(curve(11377).us(), 12'853, 1);
}

// The trace behind the figures has requests of unknown size; 4 KiB adds 0.2 ms of transfer.
// req: I-F02-54, I-P0009
TEST(DiskFigures, RandomReadServiceTimeH2) {
  Hdd hdd(HddParams{});
  sim::Rng rng(1, "hdd");
  std::vector<double> ms;
  Time at;
  double sum = 0;
  for (int i = 0; i < 50'000; ++i) {
    const std::uint64_t page = rng.below(hdd.capacity() / 4096);
    const Time end = hdd.serve({page * 4096, 4096, false}, at);
    ms.push_back((end - at).us() * 1e-3);
    sum += ms.back();
    at = end + Time::from_us(rng.below(20'000));
  }
  std::sort(ms.begin(), ms.end());
  EXPECT_NEAR(sum / static_cast<double>(ms.size()), 12.25, 0.06 * 12.25);
  EXPECT_NEAR(ms[ms.size() / 2], 12.30, 0.06 * 12.30);
  EXPECT_NEAR(ms[ms.size() * 95 / 100], 17.75, 0.06 * 17.75);
  std::printf("mean %.2f ms, p5 %.2f, median %.2f, p95 %.2f\n",
              sum / static_cast<double>(ms.size()), ms[ms.size() / 20], ms[ms.size() / 2],
              ms[ms.size() * 95 / 100]);
}

}  // namespace
}  // namespace vctoe::host
