// vctoe's half of the speed comparison with ns-3 (ns3_peer.cpp): the same bulk transfer in one
// scheme, with all monitors, no trace. Prints one JSON line.
//
//   bulk [BYTES [LOSS [SCHEME [pcap SNAPLEN]]]]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <systemc>

#include "sw/scenario/params.h"
#include "sw/scenario/run.h"

int sc_main(int argc, char** argv) {
  using namespace vctoe;
  scenario::ScenarioParams p;
  p.stream.size = {argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200'000'000};
  const double loss = argc > 2 ? std::strtod(argv[2], nullptr) : 0;
  const std::string scheme = argc > 3 ? argv[3] : "fig8";
  p.stream.swapped = 0;
  p.stream.resident_limit = 0.95;
  p.victims = 0;
  p.receiver.digest = false;  // ns-3's sink does not look at the bytes; the tests here do
  // The same for streams of up to 1 GB: what the kernel keeps for each frame does not count as
  // memory that a longer stream needs.
  p.system.host.dram.size = {
      std::max<std::uint64_t>(p.stream.size.n + (p.stream.size.n >> 3), 1200 << 20)};
  p.system.net.delay = sim::Time::from_us(5);
  if (loss > 0) {
    p.system.net.loss.kind = net::LossKind::kBernoulli;
    p.system.net.loss.probability = loss;
    p.system.net.impair = net::Impaired::kForward;
  }
  scenario::RunOptions options;
  options.out_dir = ".";
  options.pcap = argc > 4;
  options.snaplen = argc > 5 ? static_cast<std::uint32_t>(std::atoi(argv[5])) : 0;
  const outputs::RunSummary s = scenario::run_one(p, options, scheme);
  const auto segments = static_cast<double>(s.segments);
  std::printf(
      "{\"bytes\": %llu, \"cpu_s\": %.4f, \"segments_per_cpu_s\": %.0f, "
      "\"activations_per_segment\": %.2f, \"goodput_gbps\": %.4f}\n",
      static_cast<unsigned long long>(s.stream_bytes), s.cpu_s, segments / s.cpu_s,
      static_cast<double>(s.kernel_activations) / segments, s.goodput_bps / 1e9);
  if (!s.failure.empty()) std::fprintf(stderr, "%s\n", s.failure.c_str());
  return 0;
}
