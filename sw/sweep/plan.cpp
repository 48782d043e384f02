#include "sw/sweep/plan.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "models/sim/error.h"
#include "sw/scenario/config.h"
#include "sw/scenario/config_print.h"
#include "sw/sweep/files.h"

namespace vctoe::sweep {

namespace {

using Json = nlohmann::ordered_json;
constexpr char kSchema[] = "vctoe-sweep-plan";

std::string path_of(const std::string& folder) {
  return folder + "/plan.jsonl";
}

Json settings_json(const Settings& settings) {
  Json json = Json::object();
  for (const auto& [path, text] : settings) json[path] = text;
  return json;
}

Settings settings_of(const Json& json) {
  Settings settings;
  for (const auto& [path, text] : json.items()) settings.emplace_back(path, text);
  return settings;
}

Json objectives_json(const std::vector<Objective>& objectives) {
  Json list = Json::array();
  for (const Objective& o : objectives) {
    Json json = {{"metric", o.metric}, {"direction", o.maximise ? "max" : "min"}};
    if (o.at_least) json["at_least"] = *o.at_least;
    if (o.at_most) json["at_most"] = *o.at_most;
    list.push_back(std::move(json));
  }
  return list;
}

Objective objective_of(const Json& json) {
  Objective o;
  o.metric = json.at("metric");
  o.maximise = json.at("direction") == "max";
  if (json.contains("at_least")) o.at_least = json.at("at_least").get<double>();
  if (json.contains("at_most")) o.at_most = json.at("at_most").get<double>();
  return o;
}

PlanHead head_of(const Json& json) {
  PlanHead head;
  head.program = json.at("program");
  head.build = json.value("build", "");
  head.title = json.at("title");
  head.question = json.value("question", "");
  head.points = json.at("points");
  head.axes = json.at("axes").get<std::vector<std::string>>();
  for (const Json& o : json.at("objectives")) head.objectives.push_back(objective_of(o));
  head.record = json.at("record").get<std::vector<std::string>>();
  head.base = settings_of(json.at("base"));
  return head;
}

[[noreturn]] void another_program(const std::string& what) {
  sim::user_error("plan.jsonl was made by another version of the program: " + what +
                  "; plan again into another folder");
}

}  // namespace

std::string head_line(const PlanHead& head) {
  Json json = {{"schema", kSchema},       {"version", kPlanVersion},
               {"program", head.program}, {"build", head.build},
               {"title", head.title},     {"points", head.points},
               {"axes", head.axes},       {"objectives", objectives_json(head.objectives)},
               {"record", head.record}};
  if (!head.question.empty()) json["question"] = head.question;
  json["base"] = settings_json(head.base);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string point_line(const Point& point) {
  const Json json = {{"index", point.index},
                     {"scheme", point.scheme},
                     {"seed", point.seed},
                     {"hash", point.hash},
                     {"set", settings_json(point.set)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Plan Plan::read(const std::string& folder, const std::string& program) {
  std::string problem;
  const std::string path = path_of(folder);
  const std::string text = config::read_text(path, problem);
  if (!problem.empty()) {
    sim::user_error("cannot read " + path + ": " + problem +
                    "; vctoe sweep plan FILE --out DIR writes one");
  }
  Plan plan;
  std::istringstream in(text);
  std::string line;
  std::getline(in, line);
  try {
    const Json json = Json::parse(line);
    if (json.at("schema") != kSchema) sim::user_error(path + " is no plan of a sweep");
    if (json.at("version") != kPlanVersion) {
      sim::user_error(path + " is a plan of version " + json.at("version").dump() +
                      ", this program reads version " + std::to_string(kPlanVersion));
    }
    plan.head_ = head_of(json);
  } catch (const Json::exception&) {
    sim::user_error(path + " is no plan of a sweep");
  }
  if (plan.head_.program != program) {
    another_program(plan.head_.program + ", this is " + program);
  }
  while (std::getline(in, line)) plan.lines_.push_back(line);
  if (plan.lines_.size() != plan.head_.points) {
    sim::user_error(path + " is damaged: " + std::to_string(plan.lines_.size()) + " points of " +
                    std::to_string(plan.head_.points));
  }
  plan.id_ = sha256(text);
  return plan;
}

Point Plan::point(std::size_t index) const {
  try {
    const Json json = Json::parse(lines_.at(index));
    Point point{json.at("index"), json.at("scheme"), json.at("seed"), json.at("hash"),
                settings_of(json.at("set"))};
    if (point.index == index) return point;
  } catch (const Json::exception&) {
    // Said below.
  }
  sim::user_error("plan.jsonl is damaged at line " + std::to_string(index + 2));
}

namespace {

/// The plan as any build would have made it.
std::string without_build(const std::string& plan) {
  const std::size_t end = plan.find('\n');
  Json head = Json::parse(plan.substr(0, end), nullptr, false);
  if (end == std::string::npos || !head.is_object()) return plan;
  head.erase("build");
  return head.dump() + plan.substr(end);
}

}  // namespace

bool write_plan(const std::string& folder, const std::string& text) {
  const std::string path = path_of(folder);
  std::string problem;
  const std::string present = config::read_text(path, problem);
  if (problem.empty()) {
    if (present == text) return false;
    if (without_build(present) == without_build(text)) {
      sim::user_error(folder +
                      " holds this plan, made by another build of the program: go on with vctoe "
                      "sweep run --other-build, or choose another folder with --out");
    }
    sim::user_error(folder + " holds the plan of another sweep: choose another folder with --out");
  }
  write_synced(path, text);
  chmod(path.c_str(), 0444);
  return true;
}

std::string configuration_hash(const sim::ParamList& list) {
  return sha256(config::final_configuration(list, ""));
}

void apply(const Plan& plan, const Point& point, const Design& design) {
  const auto& fields = design.list().fields();
  if (plan.head().base.size() != fields.size()) another_program("it has other parameters");
  Settings all = plan.head().base;
  all.insert(all.end(), point.set.begin(), point.set.end());
  all.emplace_back("schemes", point.scheme);
  all.emplace_back("seed", point.seed);
  for (const auto& [path, text] : all) {
    const sim::ParamField* field = design.find(path);
    if (field == nullptr) another_program("this one has no parameter " + path);
    if (const auto error = set_plain(*field, text)) another_program(error->message);
  }
  if (configuration_hash(design.list()) != point.hash) {
    another_program("point " + std::to_string(point.index) + " means something else here");
  }
}

}  // namespace vctoe::sweep
