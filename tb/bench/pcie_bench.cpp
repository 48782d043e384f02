// A DMA access across the link, from the device's request to its answer, with 32 under way.
#include <benchmark/benchmark.h>

#include <memory>

#include "tb/bench/rigs.h"
#include "tb/unit/pcie/generator.h"

namespace vctoe::bench {

namespace {

using pcie::test::Bench;
using pcie::test::Load;

void access(benchmark::State& state, Bench& bench, Load load) {
  constexpr std::uint64_t kWindow = 32;
  pcie::test::Generator generator(bench, load, static_cast<std::uint64_t>(state.range(0)), kWindow);
  generator.start();
  const std::uint64_t before = generator.done();
  // NOLINTNEXTLINE(clang-analyzer-deadcode.DeadStores): the library's way to loop
  for (auto _ : state) bench.run(sim::Time::from_us(10));
  state.SetItemsProcessed(static_cast<std::int64_t>(generator.done() - before));
  generator.stop();
  bench.run(sim::Time::from_us(100));
}

}  // namespace

void add_pcie_benchmarks() {
  static const auto bench = std::make_unique<Bench>(pcie::LinkParams{});
  const auto add = [](const char* name, Load load) {
    benchmark::RegisterBenchmark(name, [load](benchmark::State& s) { access(s, *bench, load); })
        ->Arg(64)
        ->Arg(1500)
        ->Arg(4096);
  };
  add("pcie_write", Load::kWrite);
  add("pcie_read", Load::kRead);
}

}  // namespace vctoe::bench
