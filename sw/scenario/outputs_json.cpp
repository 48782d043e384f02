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
  v("twin.goodput", "bit/s", r.twin.goodput_bps);
  v("twin.completion", "s", r.twin.completion_s);
  v("twin.pinned_integral", "B.s", r.twin.pinned_byte_s);
  v("twin.bound", "1", r.twin.bound);
  v("twin.pinned_bound", "1", r.twin.pinned_bound);
  v("twin.limit", "", r.twin.limit);
  v("gap.goodput", "1", r.twin.goodput_gap);
  v("gap.completion", "1", r.twin.completion_gap);
  v("gap.pinned_integral", "1", r.twin.pinned_gap);
  for (std::size_t i = 0; i < kTimeParts; ++i) {
    const std::string name = time_metric(static_cast<TimePart>(i));
    v(name.c_str(), "s", r.time_s[i]);
  }
}

Json summary_json(const RunSummary& run) {
  Json summary = Json::object();
  visit_figures(run, [&](const char* name, const char* unit, const auto& value) {
    if (*unit == '\0') {
      summary[name] = value;
    } else {
      summary[name] = {{"value", value}, {"unit", unit}};
    }
  });
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

Json run_json(const RunSummary& run) {
  Json json = {{"scheme", run.scheme},
               {"ok", run.ok},
               {"complete", run.finished && run.complete},
               {"failure", run.failure}};
  // Zeros of a run that broke off must not look like measurements.
  if (run.finished) json["summary"] = summary_json(run);
  return json;
}

void read_number(const Json& json, double& out) {
  out = json.is_null() ? kNotMeasured : json.get<double>();
}
void read_number(const Json& json, std::uint64_t& out) {
  out = json.get<std::uint64_t>();
}

RunSummary summary_of(const Json& json) {
  RunSummary run;
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
  return run;
}

// Invalid UTF-8 (a message that quotes a path) is replaced, not thrown about.
std::string text_of(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

/// Moves every line behind the first to the right.
std::string indented(const std::string& text, std::size_t columns) {
  std::string out;
  out.reserve(text.size() + text.size() / 4);
  for (const char c : text) {
    out += c;
    if (c == '\n') out.append(columns, ' ');
  }
  return out;
}

}  // namespace

std::string run_entry(const RunSummary& run) {
  Json json = run_json(run);
  if (run.finished) json["stats"] = stats_by_path(run.statistics);
  return text_of(json, 1);
}

std::string hand_over(const RunSummary& run) {
  return text_of(run_json(run), -1) + "\n" + run_entry(run);
}

RunResult take_over(const std::string& text) {
  try {
    const std::size_t line = text.find('\n');
    if (line == std::string::npos) sim::model_error("result of a run is cut short");
    return {summary_of(Json::parse(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(line))),
            text.substr(line + 1)};
  } catch (const Json::exception& e) {
    sim::model_error(std::string("result of a run is unreadable: ") + e.what());
  }
}

std::string stats_document(const std::vector<std::string>& entries, std::uint64_t seed,
                           const std::string& program_version) {
  const Json head = {{"schema", "vctoe-stats"},
                     {"version", kSchemaVersion},
                     {"program", "vctoe " + program_version},
                     {"seed", seed}};
  // The entries are text already: to take them apart and write them again would take longer than
  // many a run.
  std::string text = text_of(head, 1);
  text.resize(text.size() - 2);  // "\n}"
  text += ",\n \"runs\": [";
  for (std::size_t i = 0; i < entries.size(); ++i) {
    text += (i == 0 ? "\n  " : ",\n  ") + indented(entries[i], 2);
  }
  return text + "\n ]\n}\n";
}

}  // namespace vctoe::outputs
