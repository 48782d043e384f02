// The end of a run: nothing is left over, and the counters say what was seen.
#include "tb/cosim/bench.h"

namespace vctoe::cosim {

/// All that is asked of the walker is over, and nobody owes it anything.
bool Bench::idle() const {
  return board_.open() == 0 && walk_.empty() && cancel_.empty() && invalidate_.empty() &&
         fill_.empty() && completion_.empty() && reads_.out().empty() && host_.asked() == 0 &&
         out_.quiet && was_quiet_;
}

/// Everything that is held goes with the connections that hold it.
void Bench::finish() {
  while (!idle()) cycle();
  pages_.check_rest();
  std::set<std::uint32_t> connections;
  for (const ListSpec& list : s_.lists) connections.insert(list.connection);
  for (const std::uint32_t c : connections) {
    cancel_.push({c});
    rewrites_.push_back(nullptr);
  }
  while (!idle() || pages_.in_use() > 0) {
    cycle();
    if (idle()) pages_.check_rest();
  }
  require(out_.busy == 0 && out_.queue == 0,
          "status: busy or queue is not 0 though nothing is left");
  check_counters();
}

std::uint32_t Bench::counter(std::uint32_t index) {
  in_.perf_index = index;
  // It need not be one cycle if the clock was stopped.
  was_quiet_ = false;
  cycle();
  was_quiet_ = false;
  cycle();
  return out_.perf_value;
}

void Bench::check_counters() {
  static constexpr const char* kNames[] = {
      "walks",      "blocks",           "cancelled walks",       "records fetched",
      "prefetched", "fetch errors",     "record hits",           "record misses",
      "evictions",  "translation hits", "translation evictions", "node requests",
      "faults"};
  const bool cancels = board_.cancelled() > 0;
  const unsigned unused_bits = 32 - dut_.counter_bits();
  // They wrap: how far the one is above the other. Of one with few bits only equality can be told.
  const auto above = [unused_bits](std::uint32_t got, std::uint32_t wanted) {
    return static_cast<std::int32_t>((got - wanted) << unused_bits);
  };
  seen_[kPerfCancelled] = board_.cancelled();
  for (std::uint32_t i = 0; i < kPerfCount; ++i) {
    const std::uint32_t got = counter(i);
    if (got > 0 && i >= kPerfHits && i <= kPerfTranslationEvictions) {
      cover(fmt::format("counter: {}", kNames[i]));
    }
    const bool releases =
        unused_bits == 0 && i == kPerfTranslationEvictions && above(got, pages_.evictions()) < 0;
    if (i >= kPerfHits && i <= kPerfTranslationEvictions && !releases) continue;
    if (releases) seen_[i] = pages_.evictions();
    // Blocks and faults that a cancel caught before they left may be counted or not.
    const bool more = cancels && (i == kPerfBlocks || i == kPerfFaults);
    const std::int32_t excess = above(got, seen_[i]);
    if (excess == 0 || (more && (excess > 0 || unused_bits != 0))) continue;
    throw Failure(fmt::format("counter {}: {}", i, kNames[i]), std::to_string(seen_[i]),
                  std::to_string(got));
  }
  for (std::uint32_t i = kPerfCount; i < 16; ++i) {
    const std::uint32_t got = counter(i);
    if (got != 0) throw Failure(fmt::format("counter {}", i), "0", std::to_string(got));
  }
}

}  // namespace vctoe::cosim
