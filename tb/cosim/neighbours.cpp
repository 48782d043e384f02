#include "tb/cosim/neighbours.h"

#include <algorithm>

namespace vctoe::cosim {
namespace {

std::uint64_t delay(std::uint32_t low, std::uint32_t high, std::uint64_t random) {
  return low + random % (high - low + 1);
}

}  // namespace

Fetching& MemorySide::take(const FetchBeat& beat, const PageName& page, std::uint64_t cycle) {
  for (const Fetching& f : out_) {
    if (f.beat.tag == beat.tag) {
      throw Failure("fetch: its tag is in use", "another tag than that of " + text_of(f.beat),
                    nic::text_of(beat));
    }
  }
  Fetching f;
  f.beat = beat;
  f.page = page;
  f.record = page.second * 4096 + beat.address % 4096;
  const std::uint64_t random =
      mix(traffic_.seed, beat.address, beat.connection, reads_[beat.address]++);
  f.left = cycle;
  f.due = cycle + delay(traffic_.memory_min, traffic_.memory_max, random);
  const auto read = memory_.physical(beat.address);
  f.by_chance = !read.broken && mix(random) % 1000 < traffic_.error_permille;
  f.answer.tag = beat.tag;
  f.answer.error = read.broken || f.by_chance ? 1 : 0;
  f.answer.data = read.raw.words();
  // What comes with an error may look well or not.
  if (f.answer.error != 0 && random % 3 == 0) f.answer.data = {random, ~random, mix(random), 0};
  out_.push_back(f);
  return out_.back();
}

const Fetching* MemorySide::next(std::uint64_t cycle) {
  const auto chosen = std::find_if(out_.begin(), out_.end(),
                                   [this](const Fetching& f) { return f.beat.tag == tag_; });
  if (chosen_) return &*chosen;
  std::vector<const Fetching*> due;
  for (const Fetching& f : out_) {
    if (f.due <= cycle) due.push_back(&f);
  }
  // In order: nobody goes before the oldest.
  if (due.empty() || (traffic_.order == Order::kInOrder && due[0] != out_.data())) return nullptr;
  const Fetching* f = due[0];
  if (traffic_.order == Order::kRandom) f = due[mix(traffic_.seed, cycle) % due.size()];
  if (traffic_.order == Order::kNewestFirst) f = due.back();
  chosen_ = true;
  tag_ = f->beat.tag;
  return f;
}

Fetching MemorySide::complete(std::uint32_t tag) {
  const auto at = std::find_if(out_.begin(), out_.end(),
                               [tag](const Fetching& f) { return f.beat.tag == tag; });
  const Fetching f = *at;
  out_.erase(at);
  chosen_ = false;
  return f;
}

std::size_t MemorySide::overtaken(const Fetching& fetch) const {
  return static_cast<std::size_t>(std::count_if(
      out_.begin(), out_.end(), [&](const Fetching& f) { return f.left < fetch.left; }));
}

void MemorySide::reset() {
  out_.clear();
  chosen_ = false;
}

void HostSide::ask(const PageName& page, std::uint64_t cycle) {
  const std::uint64_t random =
      mix(traffic_.seed, page.first, page.second, times_[mix(page.first, page.second)]++);
  asked_.push_back({page, cycle + delay(traffic_.host_min, traffic_.host_max, random)});
}

void HostSide::step(std::uint64_t cycle, Source<FillBeat>& port, const PageName* held_back) {
  if (!port.empty()) return;
  const auto due = std::find_if(asked_.begin(), asked_.end(), [&](const Question& q) {
    return q.due <= cycle && (held_back == nullptr || *held_back != q.page);
  });
  if (due == asked_.end()) return;
  const PageName page = due->page;
  const std::uint64_t random =
      mix(traffic_.seed, ~page.second, times_[mix(page.first, page.second)]);
  asked_.erase(due);
  const bool failed = bad_.count(page) != 0 || random % 1000 < traffic_.fail_permille;
  // With a failure comes anything.
  port.push({failed, page.first, page.second,
             failed ? random & ((std::uint64_t{1} << 52) - 1) : memory_.frame(page)});
}

}  // namespace vctoe::cosim
