#include "sw/app/pressure.h"

#include <array>
#include <cstring>
#include <optional>
#include <string>

namespace vctoe::app {

namespace {
constexpr std::uint64_t kPage = kernel::kPageBytes;

std::uint64_t address_of(std::uint64_t page) {
  return Pressure::kBase + page * kPage;
}
/// The counter lies at a place of its own in each page, so that not all fall on one cache set or
/// bank.
std::uint64_t word_of(std::uint64_t page) {
  return address_of(page) + page * 72 % kPage / 8 * 8;
}
}  // namespace

void PressureParams::declare(sim::ParamList& list) {
  list.group("pattern", pattern);
  list.add("working_set", working_set, sim::bytes_range({4096}, sim::Bytes::gib(64)),
           "memory that the application uses", "assumption: half of the default DRAM");
  list.add("think", think, sim::time_range(sim::Time::from_ns(1), sim::Time::from_s(1)),
           "work between two accesses, the access itself included",
           "assumption: one cache miss and some computing, calibration C5");
  list.add("write_fraction", write_fraction, {0, 1}, "share of the accesses that are stores",
           "assumption: as in instruction mixes");
  list.add("batch", batch, {1, 1e6}, "accesses that are simulated as one piece of work",
           "own choice: speed of the simulation");
  list.add("start", start, sim::time_range(sim::Time::zero(), sim::Time::from_s(1000)),
           "when the application starts", "own choice");
}

Pressure::Pressure(const sc_core::sc_module_name& name, sim::Context& ctx,
                   const PressureParams& params, kernel::Kernel& kernel, host::Cpu& cpu)
    : sc_module(name),
      params_(params),
      kernel_(kernel),
      cpu_(cpu),
      rng_(ctx.seed, sc_module::name()),
      asid_(kernel.create_address_space()) {
  const std::uint64_t pages = params_.working_set.n / kPage;
  sim::ensure(pages > 0, "pressure: a working set of less than a page");
  expected_.assign(pages, 0);
  pattern_ = make_pattern(params_.pattern, pages, rng_);
  kernel_.map(asid_, kBase, pages * kPage);
  SC_THREAD(run);
}

void Pressure::populate(sim::Bytes resident) {
  std::array<std::uint8_t, kPage> bytes{};
  for (std::uint64_t rank = 0; rank < expected_.size(); ++rank) {
    const std::uint64_t page = pattern_->by_heat(rank);
    expected_[page] = 1;
    const std::uint64_t value = page << 32 | 1;
    bytes.fill(0);
    std::memcpy(&bytes[word_of(page) % kPage], &value, 8);
    if ((rank + 1) * kPage <= resident.n) {
      kernel_.preload_resident(asid_, address_of(page), bytes.data(), kPage);
    } else {
      kernel_.preload_swapped(asid_, address_of(page), bytes.data(), kPage);
    }
  }
}

void Pressure::run() {
  if (params_.start > sim::Time::zero()) sim::wait(params_.start);
  while (!stopping_) {
    look();
    batch();
  }
  look();
  stats_.state.enter(PressureState::kStopped, sim::now());
  stopped_ = true;
}

void Pressure::batch() {
  stats_.state.enter(PressureState::kComputing, sim::now());
  sim::Time cost;
  for (std::uint64_t i = 0; i < params_.batch; ++i) operation(cost);
  work(cost);
}

void Pressure::compare(sim::Time warm, sim::Time disturbed) {
  warm_at_ = warm;
  disturbed_at_ = disturbed;
}

/// Between two batches: what has been counted has also been done.
void Pressure::look() {
  latest_ = {sim::now(), stats_.operations};
  if (!warm_ && latest_.at >= warm_at_) warm_ = latest_;
  if (!disturbed_ && latest_.at >= disturbed_at_) disturbed_ = latest_;
}

double Pressure::access_time(const Sample& from, const Sample& to) {
  if (to.operations == from.operations) return kNotMeasured;
  return (to.at - from.at).seconds() / static_cast<double>(to.operations - from.operations);
}

void Pressure::operation(sim::Time& cost) {
  const std::uint64_t page = pattern_->next();
  const std::uint64_t va = word_of(page);
  const bool is_write = rng_.chance(params_.write_fraction);
  const std::uint64_t tag = page << 32;
  for (;;) {
    std::uint64_t value = expected_[page] + 1;
    const std::optional<sim::Time> hit =
        is_write ? kernel_.try_store(asid_, va, tag | value) : kernel_.try_load(asid_, va, value);
    if (!hit.has_value()) {
      take_fault(va, is_write, cost);
      continue;
    }
    const std::uint64_t wanted = expected_[page] == 0 ? 0 : tag | expected_[page];
    if (!is_write && value != wanted) {
      sim::check_failed(std::string(name()) + ": page " + std::to_string(page) + " holds " +
                        std::to_string(value) + " instead of " + std::to_string(wanted));
    }
    if (is_write) {
      ++expected_[page];
      ++stats_.stores;
    }
    cost += params_.think + *hit;
    ++stats_.operations;
    return;
  }
}

void Pressure::take_fault(std::uint64_t va, bool is_write, sim::Time& cost) {
  work(cost);
  const sim::Time start = sim::now();
  stats_.state.enter(PressureState::kFault, start);
  sim::ensure(kernel_.fault(asid_, va, is_write), "pressure: its own memory is not mapped");
  ++stats_.faults;
  stats_.fault_ns.record((sim::now() - start).ps / 1000);
  stats_.state.enter(PressureState::kComputing, sim::now());
}

/// Does the work gathered so far.
void Pressure::work(sim::Time& cost) {
  cpu_.run(cost, host::Priority::kApp, host::Work::kApp);
  stats_.work += cost;
  cost = sim::Time::zero();
}

void Pressure::settle_stats() {
  stats_.state.settle(sim::now());
  const double computing = stats_.state.spent(PressureState::kComputing).seconds();
  const double fault = stats_.state.spent(PressureState::kFault).seconds();
  stats_.fault_stretch = computing > 0 ? (computing + fault) / computing : 1;
  if (!warm_ || !disturbed_) return;
  stats_.access_before = access_time(*warm_, *disturbed_);
  stats_.access_during = access_time(*disturbed_, latest_);
}

void Pressure::Stats::declare(sim::StatList& list) const {
  list.add("operations", operations, "1", "loads and stores done");
  list.add("stores", stores, "1", "of these, stores");
  list.add("faults", faults, "1", "accesses that met a page that was not in DRAM");
  list.add("work", work, "s", "CPU time of the application itself");
  list.add("fault_ns", fault_ns, "ns", "time of one fault");
  list.add_stalls("state", state);
  list.add("fault_stretch", fault_stretch, "1",
           "elapsed time over elapsed time without faults, since the start");
  list.add("access_before", access_before, "s", "time of an access before the streams were sent");
  list.add("access_during", access_during, "s", "the same from then to the end");
}

}  // namespace vctoe::app
