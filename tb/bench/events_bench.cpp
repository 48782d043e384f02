// What an event costs, by how many are in flight: in one queue, and in queues of one each.
#include <benchmark/benchmark.h>

#include <deque>

#include "models/sim/event_queue.h"
#include "models/sim/random.h"
#include "tb/bench/rigs.h"

namespace vctoe::bench {

namespace {

using sim::Time;

constexpr Time kSpan = Time::from_us(1);

/// Each item that comes out goes in again, some time within the span.
class Mill {
 public:
  Mill() : random_(1, "bench.events") {}
  void fill(std::size_t items) {
    for (std::size_t i = 0; i < items; ++i) queue_.push(later(), 0);
  }
  /// Lets everything run out.
  void stop() { running_ = false; }
  void start() { running_ = true; }
  std::uint64_t turns() const { return turns_; }

 private:
  Time later() { return sim::now() + Time{random_.below(kSpan.ps) + 1}; }
  void turn() {
    ++turns_;
    if (running_) queue_.push(later(), 0);
  }

  sim::Rng random_;
  sim::EventQueue<int> queue_{[this](int&) { turn(); }};
  std::uint64_t turns_ = 0;
  bool running_ = true;
};

/// Items `queues` x `in_each` circulate; time per item.
void run_mills(benchmark::State& state, std::deque<Mill>& mills, std::size_t queues,
               std::size_t in_each) {
  for (std::size_t i = 0; i < queues; ++i) {
    mills[i].start();
    mills[i].fill(in_each);
  }
  std::uint64_t before = 0;
  for (const Mill& m : mills) before += m.turns();
  // NOLINTNEXTLINE(clang-analyzer-deadcode.DeadStores): the library's way to loop
  for (auto _ : state) sc_core::sc_start(sim::to_sc(kSpan));
  std::uint64_t after = 0;
  for (const Mill& m : mills) after += m.turns();
  state.SetItemsProcessed(static_cast<std::int64_t>(after - before));
  for (Mill& m : mills) m.stop();
  sc_core::sc_start(sim::to_sc(kSpan + kSpan));
}

}  // namespace

void add_event_benchmarks() {
  static std::deque<Mill> mills(64);
  for (const std::size_t items : {16, 128, 1024}) {
    benchmark::RegisterBenchmark(("events_in_one_queue/" + std::to_string(items)).c_str(),
                                 [items](benchmark::State& s) { run_mills(s, mills, 1, items); });
  }
  for (const std::size_t queues : {4, 16, 64}) {
    benchmark::RegisterBenchmark(("queues_with_one_event/" + std::to_string(queues)).c_str(),
                                 [queues](benchmark::State& s) { run_mills(s, mills, queues, 1); });
  }
}

}  // namespace vctoe::bench
