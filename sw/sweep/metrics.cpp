#include "sw/sweep/metrics.h"

#include <algorithm>
#include <variant>

#include "sw/scenario/config_names.h"

namespace vctoe::sweep {

namespace {

using outputs::RunSummary;

/// Finite only when the whole transfer was seen.
std::vector<double> figures(const RunSummary& r) {
  const auto whole = [](std::uint64_t n) { return static_cast<double>(n); };
  std::vector<double> all{r.goodput_bps,
                          r.completion_s,
                          whole(r.pinned_peak_bytes),
                          r.pinned_byte_s,
                          r.hold_s,
                          whole(r.swap_in_bytes),
                          whole(r.swap_out_bytes),
                          whole(r.pcie_up_bytes),
                          whole(r.pcie_down_bytes),
                          r.host_cpu_s,
                          whole(r.retransmitted_segments),
                          whole(r.buffer_peak_bytes),
                          r.victim_slowdown,
                          whole(r.segments),
                          whole(r.received_bytes),
                          whole(r.lists_posted),
                          r.simulated_s,
                          whole(r.kernel_activations),
                          r.twin.goodput_bps,
                          r.twin.completion_s,
                          r.twin.pinned_byte_s,
                          r.twin.bound,
                          r.twin.pinned_bound,
                          r.twin.goodput_gap,
                          r.twin.completion_gap,
                          r.twin.pinned_gap};
  all.insert(all.end(), r.time_s.begin(), r.time_s.end());
  return all;
}

std::vector<MetricDef> with_time_parts(std::vector<MetricDef> metrics) {
  for (std::size_t i = 0; i < outputs::kTimeParts; ++i) {
    const auto part = static_cast<outputs::TimePart>(i);
    metrics.push_back({outputs::time_metric(part), "s", "min", std::string(meaning(part))});
  }
  return metrics;
}

}  // namespace

const std::vector<MetricDef>& summary_metrics() {
  static const std::vector<MetricDef> kAll = with_time_parts(
      {{"goodput", "bit/s", "max", "application bits a second, first post to last delivery"},
       {"completion", "s", "min", "first post to last byte delivered"},
       {"pinned_peak", "B", "min", "most memory pinned at a time"},
       {"pinned_integral", "B.s", "min", "pinned memory integrated over time"},
       {"hold", "s", "min", "post to \"buffer may be reused\", mean over the lists"},
       {"swap_in", "B", "min", "read from swap on the sender"},
       {"swap_out", "B", "min", "written to swap on the sender"},
       {"pcie_up", "B", "min", "device to host on the sender's link, headers included"},
       {"pcie_down", "B", "min", "host to device on the sender's link, headers included"},
       {"host_cpu", "s", "min", "sender's CPU time of kernel, driver and socket layer"},
       {"retransmitted_segments", "1", "min", "segments sent again"},
       {"buffer_peak", "B", "min", "most of the sender's packet buffer used at a time"},
       {"victim_slowdown", "1", "min", "how much slower the other program ran; 1: not slowed"},
       {"segments", "1", "", "TCP segments with payload that both hosts sent"},
       {"received", "B", "", "bytes delivered to the receiving application"},
       {"lists_posted", "1", "", "lists in which the streams were posted"},
       {"simulated", "s", "", "simulated time at the end of the run"},
       {"kernel_activations", "1", "", "SystemC process activations of the run"},
       {"twin.goodput", "bit/s", "", "closed form of the goodput (docs/twin.md)"},
       {"twin.completion", "s", "", "closed form of the completion time"},
       {"twin.pinned_integral", "B.s", "", "closed form of pinned memory integrated over time"},
       {"twin.bound", "1", "", "largest gap that is expected of goodput and completion"},
       {"twin.pinned_bound", "1", "", "largest gap that is expected of the pinned memory"},
       {"gap.goodput", "1", "", "goodput over its closed form, less 1"},
       {"gap.completion", "1", "", "completion over its closed form, less 1"},
       {"gap.pinned_integral", "1", "", "pinned memory over its closed form, less 1"}});
  return kAll;
}

std::vector<Metric> metrics_of(const RunSummary& run, const std::vector<std::string>& patterns) {
  std::vector<Metric> out;
  const std::vector<double> values = figures(run);
  for (std::size_t i = 0; i < values.size(); ++i) out.push_back({summary_metrics()[i], values[i]});
  for (const outputs::StatSample& s : run.statistics) {
    const bool wanted = std::any_of(patterns.begin(), patterns.end(),
                                    [&](const std::string& p) { return matches(p, s.path); });
    if (!wanted) continue;
    for (const auto& [name, number] : s.numbers) {
      const double value = std::visit([](auto n) { return static_cast<double>(n); }, number);
      const std::string path = name == "value" ? s.path : s.path + "." + name;
      const std::string unit = name == "integral" ? s.unit + ".s" : name == "count" ? "1" : s.unit;
      out.push_back({{path, unit, "", s.text}, value});
    }
  }
  return out;
}

bool matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::string metric_problem(const std::string& name, const std::vector<std::string>& patterns) {
  std::vector<std::string> names;
  for (const MetricDef& m : summary_metrics()) names.push_back(m.name);
  if (std::find(names.begin(), names.end(), name) != names.end()) return "";
  const std::size_t dot = name.find('.');
  const auto family = [&](const std::string& n) {
    return n.compare(0, dot + 1, name, 0, dot + 1) == 0;
  };
  const bool figure =
      dot != std::string::npos && std::any_of(names.begin(), names.end(), family);  // "time.wlaker"
  if (dot != std::string::npos && !figure) {
    const std::string path = name.substr(0, name.rfind('.'));
    for (const std::string& p : patterns) {
      if (matches(p, name) || matches(p, path)) return "";
    }
    return "no pattern of record covers " + name;
  }
  const std::string near = config::nearest(name, names);
  return "unknown metric \"" + name + "\"" +
         (near.empty() ? "" : "; did you mean \"" + near + "\"?");
}

}  // namespace vctoe::sweep
