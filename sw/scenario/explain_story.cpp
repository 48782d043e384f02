#include "sw/scenario/explain_story.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace vctoe::outputs {

using sim::Time;

std::string point(Time t) {
  return fmt::format("{:.3f} us", t.us());
}

std::string span(Time t) {
  if (t < Time::from_us(1)) return fmt::format("{:.1f} ns", t.ns());
  if (t < Time::from_ms(1)) return fmt::format("{:.3f} us", t.us());
  return fmt::format("{:.3f} ms", t.us() / 1e3);
}

std::string of_host(const sim::TraceEvent& e) {
  return fmt::format("connection {} of the {}", e.connection, e.node == 0 ? "sender" : "receiver");
}

void Story::step(Time at, const std::string& what, const std::string& waited) {
  steps_.push_back({at, what, waited});
}

void Story::flush() {
  std::stable_sort(steps_.begin(), steps_.end(),
                   [](const Step& a, const Step& b) { return a.at < b.at; });
  for (const Step& s : steps_) {
    const Time since = begun_ && s.at > last_ ? s.at - last_ : Time::zero();
    text_ +=
        fmt::format("{:>17}  {:>13}  {}\n", point(s.at), begun_ ? "+" + span(since) : "", s.what);
    if (begun_ && !s.waited.empty() && since > Time::zero()) {
      spent_[s.waited] += since;
      text_ += fmt::format("{:>34}  waited for {}\n", "", s.waited);
    }
    last_ = sim::max(last_, s.at);
    begun_ = true;
  }
  steps_.clear();
}

void Story::line(const std::string& text) {
  flush();
  text_ += text + "\n";
}

const std::string& Story::text() {
  flush();
  return text_;
}

void Story::sum_up() {
  flush();
  std::vector<std::pair<std::string, Time>> all(spent_.begin(), spent_.end());
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return b.second < a.second; });
  if (all.empty()) return;
  line("\n  waited for");
  for (const auto& [why, time] : all) line(fmt::format("{:>17}  {}", span(time), why));
}

}  // namespace vctoe::outputs
