// The IOMMU's cost against the fit of published measurements (data/pcie_bench_iotlb_fit.csv,
// calibration P20, P23, P24): reads of 64 B from pages drawn at random from a window cost
// D x max(0, 1 - E / pages) more than without an IOMMU.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "models/host/iommu.h"
#include "models/sim/random.h"
#include "tb/validation/dma_path.h"

namespace vctoe::validation {
namespace {

constexpr std::uint64_t kDram = std::uint64_t{1} << 27;
constexpr std::uint64_t kTables = kDram / 2;  // the window lies below

struct Host {
  std::string name;
  std::uint64_t entries = 0;
  double miss_ns = 0;
  double ns_per_read = 0;  // 64 B reads of a 64 MiB window, many at once
};

/// A row of the file: host, E, D, rms, ns a read at 64 MiB, and more.
Host host_of(std::size_t row) {
  std::ifstream file(VCTOE_SOURCE_DIR "/data/pcie_bench_iotlb_fit.csv");
  std::string line;
  for (std::size_t i = 0; i <= row + 1; ++i) std::getline(file, line);
  std::replace(line.begin(), line.end(), ',', ' ');
  std::istringstream in(line);
  Host h;
  double rms = 0;
  in >> h.name >> h.entries >> h.miss_ns >> rms >> h.ns_per_read;
  return h;
}

host::DramParams large_dram() {
  host::DramParams p;
  p.size = {kDram};
  return p;
}

/// Tables that map the window to itself, in pages of 4 KiB or 2 MiB.
void map_window(host::Dram& dram, bool large) {
  std::uint64_t next = kTables + host::kPageSize;
  const auto table_of = [&](std::uint64_t table, std::uint64_t va, unsigned level) {
    const std::uint64_t at = host::entry_address(table, va, level);
    if (!host::is_present(dram.read64(at))) {
      dram.write64(at, host::make_pte(next, host::kPteWritable));
      next += host::kPageSize;
    }
    return host::pte_physical(dram.read64(at));
  };
  const unsigned leaf = large ? 2 : 1;
  for (std::uint64_t va = 0; va < kTables; va += host::level_span(leaf)) {
    std::uint64_t table = kTables;
    for (unsigned level = host::kPageLevels; level > leaf; --level) {
      table = table_of(table, va, level);
    }
    const std::uint64_t flags = host::kPteWritable | (large ? host::kPteLarge : 0);
    dram.write64(host::entry_address(table, va, leaf), host::make_pte(va, flags));
  }
}

struct Rig {
  explicit Rig(const Host& h) : path(large_dram()), iommu(params_of(h), {}, path.dram) {}
  static host::IommuParams params_of(const Host& h) {
    host::IommuParams p;
    p.entries = h.entries;
    p.miss = sim::Time::from_ps(static_cast<std::uint64_t>(h.miss_ns * 1000));
    return p;
  }
  void turn_on(bool large) {
    map_window(path.dram, large);
    iommu.attach(0, 0, kTables);
    path.root.set_iommu(&iommu);
  }
  /// Mean over reads from random pages of a window; the same pages whenever it is called. Starts
  /// when the IOTLB is full.
  double mean_ns(std::uint64_t pages) {
    sim::Rng rng(1, "window" + std::to_string(pages));
    constexpr int kWarm = 1000;
    constexpr int kReads = 20'000;
    double sum = 0;
    for (int i = -kWarm; i < kReads; ++i) {
      // Every row is closed when it is read: latency of DRAM is the same in both runs.
      const double ns = path.read_ns(rng.below(pages) * host::kPageSize, 64);
      if (i >= 0) sum += ns;
    }
    return sum / kReads;
  }
  DmaPath path;
  host::Iommu iommu;
};

class Iotlb : public testing::TestWithParam<std::size_t> {};

TEST_P(Iotlb, LatencyAddedOverAWindowFollowsThePublishedFit) {
  const Host h = host_of(GetParam());
  ASSERT_GT(h.entries, 0u);
  const std::uint64_t windows[] = {64, 256, 4096, 16384};
  Rig rig(h);
  std::vector<double> off;
  for (const std::uint64_t pages : windows) off.push_back(rig.mean_ns(pages));
  rig.turn_on(false);
  for (std::size_t i = 0; i < off.size(); ++i) {
    const double pages = static_cast<double>(windows[i]);
    const double share = std::max(0.0, 1 - static_cast<double>(h.entries) / pages);
    const double expected = h.miss_ns * share;
    const double added = rig.mean_ns(windows[i]) - off[i];
    std::printf("%s %5.0f pages: %.1f ns added, fit %.1f\n", h.name.c_str(), pages, added,
                expected);
    EXPECT_NEAR(added, expected, 5 + 0.02 * expected) << h.name << ", " << pages << " pages";
  }
}

TEST_P(Iotlb, LargePagesAddNothing) {
  const Host h = host_of(GetParam());
  Rig rig(h);
  const double off = rig.mean_ns(16384);
  rig.turn_on(true);
  EXPECT_NEAR(rig.mean_ns(16384), off, 0.5) << h.name;
}

/// Keeps `kAtOnce` reads of 64 B under way and notes when the last is over.
struct Stream : nic::DmaClient {
  static constexpr std::uint64_t kAtOnce = 32;
  Stream(DmaPath& p, std::uint64_t reads) : path(p), left(reads) {}
  void next() {
    if (left == 0) return;
    --left;
    nic::SgElement& from = element[left % kAtOnce];
    from = {rng.below(16384) * host::kPageSize, 64, 0};
    nic::DmaRequest request;
    request.sg = &from;
    request.count = 1;
    request.data = path.data.data() + 64 * (left % kAtOnce);
    request.client = this;
    path.dma.submit(request);
  }
  void dma_done(std::uint64_t, bool ok) override {
    EXPECT_TRUE(ok);
    end = sim::now();
    next();
  }
  DmaPath& path;
  std::uint64_t left;
  sim::Rng rng{1, "stream"};
  std::array<nic::SgElement, kAtOnce> element{};
  sim::Time end;
};

TEST_P(Iotlb, ManyReadsAtOnceTakeAsLongAsPublished) {
  const Host h = host_of(GetParam());
  host::IommuParams p = Rig::params_of(h);
  // The file's own figure: D over the time of a read; a walker more or less is 20 %.
  p.walkers = static_cast<std::uint64_t>(h.miss_ns / h.ns_per_read + 0.5);
  nic::DmaParams engine;
  engine.channels = Stream::kAtOnce;
  DmaPath path(large_dram(), {}, {}, engine);
  host::Iommu iommu(p, {}, path.dram);
  map_window(path.dram, false);
  iommu.attach(0, 0, kTables);
  path.root.set_iommu(&iommu);
  constexpr std::uint64_t kReads = 20'000;
  Stream stream(path, kReads);
  sc_core::sc_start(1, sc_core::SC_US);
  const sim::Time start = sim::now();
  for (std::uint64_t i = 0; i < Stream::kAtOnce; ++i) stream.next();
  sc_core::sc_start(10, sc_core::SC_MS);
  ASSERT_EQ(stream.left, 0u);
  const double each = (stream.end - start).ns() / kReads;
  std::printf("%s: %.1f ns a read, published %.1f\n", h.name.c_str(), each, h.ns_per_read);
  EXPECT_NEAR(each, h.ns_per_read, 0.15 * h.ns_per_read);
}

INSTANTIATE_TEST_SUITE_P(Hosts, Iotlb, testing::Range(std::size_t{0}, std::size_t{5}));

}  // namespace
}  // namespace vctoe::validation
