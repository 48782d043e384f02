// vctoe's half of the speed comparison with ns-3 (ns3_peer.cpp): the same bulk transfer in one
// scheme, with all monitors, no trace. Prints one JSON line.
//
//   bulk --help
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <systemc>

#include "sw/scenario/params.h"
#include "sw/scenario/run.h"

int sc_main(int argc, char** argv) {
  using namespace vctoe;
  std::uint64_t bytes = 200'000'000;
  std::uint64_t dram = 0;
  double loss = 0;
  std::string scheme = "fig8";
  scenario::RunOptions options;
  options.out_dir = ".";
  CLI::App app{"A bulk transfer, timed.", "bulk"};
  app.add_option("--bytes", bytes, "length of the stream");
  app.add_option("--dram", dram, "bytes of DRAM of a host; 0: what the stream needs");
  app.add_option("--loss", loss, "probability that a frame is lost");
  app.add_option("--scheme", scheme);
  std::string walker = "tlm";
  app.add_option("--walker", walker, "nic.walker.impl: tlm, rtl or lockstep");
  app.add_flag("--pcap", options.pcap, "capture at both MACs");
  app.add_option("--snaplen", options.snaplen, "bytes kept of a frame; 0: all");
  app.add_option("--vcd-scope", options.waves.scopes, "signals to be dumped as waves");
  CLI11_PARSE(app, argc, argv);

  options.waves.on = !options.waves.scopes.empty();

  scenario::ScenarioParams p;
  p.stream.size = {bytes};
  using nic::WalkerImpl;
  p.system.nic.walker.impl = walker == "rtl"        ? WalkerImpl::kRtl
                             : walker == "lockstep" ? WalkerImpl::kLockstep
                                                    : WalkerImpl::kTlm;
  p.stream.swapped = 0;
  p.stream.resident_limit = 0.95;
  p.victims = 0;
  p.receiver.digest = false;  // ns-3's sink does not look at the bytes; the tests here do
  p.system.host.dram.size = {dram != 0 ? dram : bytes + (bytes >> 3) + (64 << 20)};
  p.system.net.delay = sim::Time::from_us(5);
  if (loss > 0) {
    p.system.net.loss.kind = net::LossKind::kBernoulli;
    p.system.net.loss.probability = loss;
    p.system.net.impair = net::Impaired::kForward;
  }
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
