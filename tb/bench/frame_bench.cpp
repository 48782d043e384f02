// The frame codec: headers, checksums and FCS of real bytes.
#include <benchmark/benchmark.h>

#include "tb/bench/rigs.h"
#include "tb/unit/net/frames.h"

namespace vctoe::bench {

namespace {

void encode(benchmark::State& state) {
  net::FramePool pool;
  const toe::Segment segment =
      net::testing::data_segment(1, static_cast<std::uint32_t>(state.range(0)));
  net::FramePtr frame = net::testing::make_frame(pool, segment);
  const net::EthernetAddresses addresses{net::mac_address_of(segment.tuple.remote_ip),
                                         net::mac_address_of(segment.tuple.local_ip)};
  // NOLINTNEXTLINE(clang-analyzer-deadcode.DeadStores): the library's way to loop
  for (auto _ : state) {
    net::encode_tcp_frame(*frame, addresses, segment);
    benchmark::DoNotOptimize(frame->bytes);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}

void parse(benchmark::State& state) {
  net::FramePool pool;
  const net::FramePtr frame = net::testing::make_frame(
      pool, net::testing::data_segment(1, static_cast<std::uint32_t>(state.range(0))));
  // NOLINTNEXTLINE(clang-analyzer-deadcode.DeadStores): the library's way to loop
  for (auto _ : state) benchmark::DoNotOptimize(net::parse_tcp_frame(*frame));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}

}  // namespace

void add_frame_benchmarks() {
  benchmark::RegisterBenchmark("frame_encode", &encode)->Arg(0)->Arg(1448);
  benchmark::RegisterBenchmark("frame_parse", &parse)->Arg(0)->Arg(1448);
}

}  // namespace vctoe::bench
