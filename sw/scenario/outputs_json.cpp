#include "sw/scenario/outputs_json.h"

#include <nlohmann/json.hpp>

#include "models/sim/error.h"

namespace vctoe::outputs {

namespace {

using Json = nlohmann::ordered_json;

/// One list of the figures with their names and units, for writing and for reading.
template <class Run, class Visitor>
void visit_figures(Run& r, Visitor&& v) {
  v("sha256_source", "", r.sha256_source);
  v("sha256_received", "", r.sha256_received);
  v("stream", "B", r.stream_bytes);
  v("expected", "B", r.expected_bytes);
  v("received", "B", r.received_bytes);
  v("lists_posted", "1", r.lists_posted);
  v("goodput", "bit/s", r.goodput_bps);
  v("completion", "s", r.completion_s);
  v("pinned_peak", "B", r.pinned_peak_bytes);
  v("pinned_integral", "B.s", r.pinned_byte_s);
  v("hold", "s", r.hold_s);
  v("swap_in", "B", r.swap_in_bytes);
  v("swap_out", "B", r.swap_out_bytes);
  v("pcie_up", "B", r.pcie_up_bytes);
  v("pcie_down", "B", r.pcie_down_bytes);
  v("host_cpu", "s", r.host_cpu_s);
  v("retransmitted_segments", "1", r.retransmitted_segments);
  v("buffer_peak", "B", r.buffer_peak_bytes);
  v("victim_slowdown", "1", r.victim_slowdown);
  v("segments", "1", r.segments);
  v("kernel_activations", "1", r.kernel_activations);
  v("simulated", "s", r.simulated_s);
}

Json summary_json(const RunSummary& run, WallTime wall) {
  Json summary = Json::object();
  visit_figures(run, [&](const char* name, const char* unit, const auto& value) {
    if (*unit == '\0') {
      summary[name] = value;
    } else {
      summary[name] = {{"value", value}, {"unit", unit}};
    }
  });
  if (wall == WallTime::kInclude) summary["wall"] = {{"value", run.wall_s}, {"unit", "s"}};
  return summary;
}

Json sample_json(const StatSample& s) {
  Json entry = Json::object();
  for (const auto& [name, number] : s.numbers) {
    std::visit([&, &key = name](auto n) { entry[key] = n; }, number);
  }
  entry["unit"] = s.unit;
  entry["text"] = s.text;
  return entry;
}

/// By path. Members are appended without looking for one of the same name: there are hundreds, and
/// snapshot() has seen to it that paths differ.
Json stats_by_path(const std::vector<StatSample>& samples) {
  Json stats = Json::object();
  auto& members = stats.get_ref<Json::object_t&>();
  members.reserve(samples.size());
  for (const StatSample& s : samples) members.emplace_back(s.path, sample_json(s));
  return stats;
}

/// As a list, which is read back in a time that grows with its length only.
Json stats_list(const std::vector<StatSample>& samples) {
  Json stats = Json::array();
  for (const StatSample& s : samples) {
    stats.push_back(sample_json(s));
    stats.back()["path"] = s.path;
  }
  return stats;
}

Json run_json(const RunSummary& run, WallTime wall) {
  Json json = {{"scheme", run.scheme},
               {"ok", run.ok},
               {"complete", run.finished && run.complete},
               {"failure", run.failure}};
  // Zeros of a run that broke off must not look like measurements.
  if (!run.finished) return json;
  json["summary"] = summary_json(run, wall);
  return json;
}

void read_number(const Json& json, double& out) {
  out = json.is_null() ? kNotMeasured : json.get<double>();
}
void read_number(const Json& json, std::uint64_t& out) {
  out = json.get<std::uint64_t>();
}

StatSample sample_of(const Json& entry) {
  StatSample s{entry.at("path"), entry.at("unit"), entry.at("text"), {}};
  for (const auto& [key, value] : entry.items()) {
    if (value.is_string()) continue;
    StatNumber number = kNotMeasured;
    if (value.is_number_unsigned()) {
      number = value.get<std::uint64_t>();
    } else if (!value.is_null()) {
      number = value.get<double>();
    }
    s.numbers.emplace_back(key, number);
  }
  return s;
}

// Invalid UTF-8 (a message that quotes a path) is replaced, not thrown about.
std::string text_of(const Json& json) {
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string to_json(const RunSummary& run, WallTime wall) {
  Json json = run_json(run, wall);
  if (run.finished) json["stats"] = stats_list(run.statistics);
  return text_of(json);
}

RunSummary from_json(const std::string& text) {
  RunSummary run;
  try {
    const Json json = Json::parse(text);
    run.scheme = json.at("scheme");
    run.ok = json.at("ok");
    run.complete = json.at("complete");
    run.failure = json.at("failure");
    const Json& summary = json.at("summary");
    visit_figures(run, [&](const char* name, const char*, auto& value) {
      if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string>) {
        value = summary.at(name).get<std::string>();
      } else {
        read_number(summary.at(name).at("value"), value);
      }
    });
    if (summary.contains("wall")) read_number(summary.at("wall").at("value"), run.wall_s);
    const Json& stats = json.at("stats");
    run.statistics.reserve(stats.size());
    for (const Json& entry : stats) run.statistics.push_back(sample_of(entry));
  } catch (const Json::exception& e) {
    sim::model_error(std::string("result of a run is unreadable: ") + e.what());
  }
  return run;
}

std::string stats_document(const std::vector<RunSummary>& runs, std::uint64_t seed,
                           const std::string& program_version) {
  Json list = Json::array();
  for (const RunSummary& run : runs) {
    list.push_back(run_json(run, WallTime::kOmit));
    if (run.finished) list.back()["stats"] = stats_by_path(run.statistics);
  }
  const Json document = {{"schema", "vctoe-stats"},
                         {"version", kSchemaVersion},
                         {"program", "vctoe " + program_version},
                         {"seed", seed},
                         {"runs", std::move(list)}};
  return text_of(document);
}

}  // namespace vctoe::outputs
