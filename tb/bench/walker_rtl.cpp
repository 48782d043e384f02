// Cycles of the RTL walker in a CPU second, without trace: eight connections walk their lists,
// there is always a next walk, and all engines are at work. The models are compiled with a profile
// of this (rtl/compile_trained.sh).
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>

#include VCTOE_HEADER
#include "tb/cosim/verilated_dut.h"

namespace vctoe::cosim {
namespace {

constexpr std::uint32_t kConnections = 8, kRecords = 32, kBytes = 4096;

/// Record `n` of a connection lies at (connection * kRecords + n) * 32 in page 1 and those behind
/// it.
CompletionBeat record_at(std::uint32_t tag, std::uint64_t address) {
  const std::uint64_t n = (address - 4096) / 32 % kRecords;
  return {
      tag,
      0,
      {0x1000'0000, std::uint64_t{kBytes} << 32, kBytes * n, n + 1 == kRecords ? 0 : address + 32}};
}

class Driver {
 public:
  /// `latency`: cycles from a fetch to its completion.
  explicit Driver(std::uint64_t latency) : dut_(1), latency_(latency) {
    const Limits& l = limits(Set::VCTOE_SET);
    in_.config = {l.engines, l.walks, l.queue, l.tags, l.pages, l.sets - 1, 4,
                  l.anchors, 16,      1000,    1448,   0,       0};
    in_.fetch_ready = in_.out_ready = true;
    for (int i = 0; i < 4; ++i) dut_.settle(in_, out_), dut_.edge();
    in_.reset_n = true;
  }

  void cycle() {
    in_.walk.valid = true;
    const std::uint32_t c = walks_ % kConnections, at = walks_ / kConnections % kRecords;
    in_.walk.beat = {walks_, c, 1, 4096 + std::uint64_t{c} * kRecords * 32, 0, at * kBytes, kBytes,
                     0,      0, 0};
    in_.completion.valid = !reads_.empty() && reads_.front().due <= now_;
    if (in_.completion.valid) in_.completion.beat = reads_.front().beat;
    in_.fill.valid = !pages_.empty();
    if (in_.fill.valid) in_.fill.beat = {0, 1, pages_.front(), pages_.front()};
    dut_.settle(in_, out_);
    if (out_.walk_ready) ++walks_;
    if (in_.completion.valid && out_.completion_ready) reads_.pop_front();
    if (in_.fill.valid && out_.fill_ready) pages_.pop_front();
    if (out_.fetch.valid) {
      reads_.push_back({now_ + latency_, record_at(out_.fetch.beat.tag, out_.fetch.beat.address)});
    }
    if (out_.out.valid) {
      const OutBeat& b = out_.out.beat;
      if (b.kind == nic::kOutNode) pages_.push_back(b.address / 4096);
      if (b.kind == nic::kOutDone) ++done_;
      if (b.kind == nic::kOutFault) std::abort();
    }
    dut_.edge();
    ++now_;
  }
  std::uint32_t done() const { return done_; }

 private:
  VerilatedDut<VCTOE_MODEL> dut_;
  Inputs in_;
  Outputs out_;
  struct Read {
    std::uint64_t due;
    CompletionBeat beat;
  };
  std::deque<Read> reads_;
  std::deque<std::uint64_t> pages_;
  std::uint32_t walks_ = 0, done_ = 0;
  std::uint64_t latency_, now_ = 0;
};

}  // namespace
}  // namespace vctoe::cosim

/// walker_rtl [CYCLES [LATENCY]]: prints millions of cycles in a CPU second, and walks in a
/// thousand cycles. 125 cycles of 4 ns are a PCIe round trip.
int main(int argc, char** argv) {
  const long cycles = argc > 1 ? std::atol(argv[1]) : 3'000'000;
  vctoe::cosim::Driver driver(argc > 2 ? static_cast<std::uint64_t>(std::atol(argv[2])) : 125);
  const std::clock_t begin = std::clock();
  for (long i = 0; i < cycles; ++i) driver.cycle();
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  std::printf("%.3f %.1f\n", static_cast<double>(cycles) / seconds / 1e6,
              1e3 * driver.done() / static_cast<double>(cycles));
}
