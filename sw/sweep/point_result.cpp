#include "sw/sweep/point_result.h"

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "models/sim/error.h"
#include "sw/scenario/config.h"
#include "sw/scenario/outputs_files.h"
#include "sw/sweep/files.h"

namespace vctoe::sweep {

namespace {

using Json = nlohmann::ordered_json;
constexpr char kSchema[] = "vctoe-sweep-point";
constexpr std::size_t kPerFolder = 1000;

std::string folder_of(const std::string& folder, std::size_t index) {
  char name[32];
  std::snprintf(name, sizeof name, "/results/%03zu", index / kPerFolder);
  return folder + name;
}

std::string body_of(const PointResult& result) {
  Json metrics = Json::object(), defs = Json::object();
  auto& list = metrics.get_ref<Json::object_t&>();
  for (const Metric& m : result.metrics) {
    list.emplace_back(m.def.name, std::isfinite(m.value) ? Json(m.value) : Json());
    if (list.size() > summary_metrics().size()) {
      defs[m.def.name] = {m.def.unit, m.def.sentence};
    }
  }
  return Json{{"metrics", metrics}, {"defs", defs}}.dump(-1, ' ', false,
                                                         Json::error_handler_t::replace);
}

void read_body(const std::string& text, PointResult& result) {
  const Json body = Json::parse(text);
  std::size_t i = 0;
  for (const auto& [name, value] : body.at("metrics").items()) {
    Metric m;
    if (i < summary_metrics().size() && summary_metrics()[i].name == name) {
      m.def = summary_metrics()[i];
    } else {
      const Json& def = body.at("defs").at(name);
      m.def = {name, def.at(0), "", def.at(1)};
    }
    ++i;
    m.value = value.is_null() ? outputs::kNotMeasured : value.get<double>();
    result.metrics.push_back(std::move(m));
  }
}

State state_of(const std::string& name) {
  for (const State s : kAllStates) {
    if (name == name_of(s)) return s;
  }
  return State::kMissing;
}

}  // namespace

const char* name_of(State state) {
  switch (state) {
    case State::kMissing:
      return "missing";
    case State::kOk:
      return "ok";
    case State::kFailed:
      return "failed";
    case State::kRefused:
      return "refused";
    case State::kBroken:
      return "broken";
    case State::kCrashed:
      return "crashed";
    case State::kTimeout:
      return "timeout";
    case State::kMemory:
      return "memory";
  }
  return "";
}

bool is_final(State state) {
  return state == State::kOk || state == State::kFailed || state == State::kRefused ||
         state == State::kBroken;
}

std::string result_path(const std::string& folder, std::size_t index) {
  char name[32];
  std::snprintf(name, sizeof name, "/%06zu.json", index);
  return folder_of(folder, index) + name;
}

void prepare_results(const std::string& folder, std::size_t points) {
  outputs::prepare_directory(folder + "/parts");
  for (std::size_t i = 0; i < points; i += kPerFolder) {
    outputs::prepare_directory(folder_of(folder, i));
  }
}

void write_result(const std::string& folder, const Plan& plan, const Point& point,
                  const PointResult& result) {
  const std::string body = body_of(result);
  const Json head = {{"schema", kSchema},       {"version", kPointVersion},
                     {"plan", plan.id()},       {"index", point.index},
                     {"hash", point.hash},      {"state", name_of(result.state)},
                     {"reason", result.reason}, {"last_words", result.last_words},
                     {"wall_s", result.wall_s}, {"build", result.build},
                     {"size", body.size()},     {"sha256", sha256(body)}};
  write_aside(folder, result_path(folder, point.index),
              head.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n" + body + "\n");
}

PointResult read_result(const std::string& folder, const Plan& plan, std::size_t index,
                        bool heads_only) {
  const std::string path = result_path(folder, index);
  std::string problem;
  const std::string text = config::read_text(path, problem);
  const std::size_t line = text.find('\n');
  if (!problem.empty() || line == std::string::npos) return {};
  try {
    const Json head = Json::parse(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(line));
    if (head.at("schema") != kSchema) return {};
    if (head.at("version") != kPointVersion || head.at("plan") != plan.id() ||
        head.at("index") != index || head.at("hash") != plan.point(index).hash) {
      sim::user_error(path +
                      " is a result of another plan: it is left as it is; plan into a "
                      "folder of its own");
    }
    const std::string body = text.substr(line + 1);
    const std::size_t size = head.at("size");
    if (body.size() != size + 1 || body.back() != '\n') return {};
    if (sha256(body.substr(0, size)) != head.at("sha256")) return {};
    PointResult result;
    result.state = state_of(head.at("state"));
    result.reason = head.at("reason");
    result.last_words = head.at("last_words");
    result.wall_s = head.at("wall_s");
    result.build = head.value("build", "");
    if (!heads_only) read_body(body, result);
    return result;
  } catch (const Json::exception&) {
    return {};  // torn
  }
}

}  // namespace vctoe::sweep
