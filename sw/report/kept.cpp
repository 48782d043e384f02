#include "sw/report/kept.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "models/sim/error.h"
#include "sw/report/lanes.h"
#include "sw/scenario/config.h"

namespace vctoe::report {

namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr std::size_t kBars = 40;
constexpr std::size_t kSteps = 500;      ///< of a distribution
constexpr std::size_t kSlices = 12'000;  ///< of a timeline

Json latency_json(const Json& latency) {
  const auto sorted = latency.at("sorted").get<std::vector<double>>();
  Json json = {{"what", latency.at("what")}, {"unit", latency.at("unit")},
               {"count", sorted.size()},     {"cdf", Json::array()},
               {"bars", Json::array()},      {"quantiles", Json::object()}};
  if (sorted.empty()) return json;
  const std::size_t steps = std::min(kSteps, sorted.size());
  for (std::size_t i = 1; i <= steps; ++i) {
    const std::size_t rank = i * sorted.size() / steps;
    json["cdf"].push_back(
        {sorted[rank - 1], static_cast<double>(rank) / static_cast<double>(sorted.size())});
  }
  for (const Bar& bar : histogram(sorted)) json["bars"].push_back({bar.from, bar.to, bar.count});
  for (const auto& [name, q] : {std::pair{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}}) {
    json["quantiles"][name] = quantile(sorted, q);
  }
  json["quantiles"]["max"] = sorted.back();
  return json;
}

/// Empty when there is no such file.
std::string text_of(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return "";
  std::string problem;
  std::string text = config::read_text(path.string(), problem);
  if (!problem.empty()) sim::user_error("cannot read " + path.string() + ": " + problem);
  return text;
}

}  // namespace

std::vector<Bar> histogram(const std::vector<double>& sorted) {
  if (sorted.empty()) return {};
  const double least = sorted.front(), width = sorted.back() - least;
  const auto wanted =
      static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(sorted.size()))));
  const std::size_t n = width > 0 ? std::min(kBars, wanted) : 1;
  std::vector<Bar> bars;
  for (std::size_t i = 0; i < n; ++i) {
    const auto edge = [&](std::size_t k) {
      return least + width * static_cast<double>(k) / static_cast<double>(n);
    };
    bars.push_back({edge(i), edge(i + 1), 0});
  }
  for (const double v : sorted) {
    const double place = width > 0 ? (v - least) / width * static_cast<double>(n) : 0;
    ++bars[std::min(n - 1, static_cast<std::size_t>(place))].count;
  }
  return bars;
}

double quantile(const std::vector<double>& sorted, double q) {
  const double rank = std::ceil(q * static_cast<double>(sorted.size()));
  return sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

std::string series(const std::string& text, const std::string& name) {
  try {
    const Json json = Json::parse(text);
    if (json.at("schema") != "vctoe-series" || json.at("version") != 1) {
      sim::user_error(name + " is no series of version 1");
    }
    Json out = {{"scheme", json.at("scheme")}, {"pinned", json.at("pinned")}};
    if (json.contains("latency")) out["latency"] = latency_json(json.at("latency"));
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
  } catch (const Json::exception&) {
    sim::user_error(name + " is no series of a run");
  }
}

Kept read_kept(std::size_t point, const std::string& folder) {
  const fs::path timeline = fs::path(folder) / "timeline.json";
  const fs::path measured = fs::path(folder) / "series.json";
  Kept kept{point, text_of(timeline), text_of(measured)};
  if (!kept.timeline.empty()) kept.timeline = lanes(kept.timeline, timeline.string(), kSlices);
  if (!kept.series.empty()) kept.series = series(kept.series, measured.string());
  return kept;
}

std::vector<Kept> read_all_kept(const std::string& folder, std::size_t points) {
  std::vector<std::string> names;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(fs::path(folder) / "kept", none)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  std::vector<Kept> all;
  for (const std::string& name : names) {
    unsigned long long index = 0;
    int used = 0;
    const bool number = std::sscanf(name.c_str(), "%6llu%n", &index, &used) == 1;
    if (!number || static_cast<std::size_t>(used) != name.size() || index >= points) continue;
    Kept kept = read_kept(index, (fs::path(folder) / "kept" / name).string());
    if (!kept.timeline.empty() || !kept.series.empty()) all.push_back(std::move(kept));
  }
  return all;
}

}  // namespace vctoe::report
