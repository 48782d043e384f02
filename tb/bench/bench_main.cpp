// SystemC owns main(), so Google Benchmark starts from sc_main.
#include <benchmark/benchmark.h>

#include <systemc>

#include "tb/bench/rigs.h"

int sc_main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  vctoe::bench::add_event_benchmarks();
  vctoe::bench::add_frame_benchmarks();
  vctoe::bench::add_pcie_benchmarks();
  return benchmark::RunSpecifiedBenchmarks() == 0 ? 1 : 0;
}
