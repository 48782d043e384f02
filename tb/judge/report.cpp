#include <nlohmann/json.hpp>

#include "tb/judge/judge.h"

namespace vctoe::judge {

std::string to_text(const Report& report) {
  std::string text = std::to_string(report.frames) + " frames, " + std::to_string(report.segments) +
                     " segments, " + std::to_string(report.connections) + " connections\n";
  for (const StreamReport& s : report.streams) {
    text += s.from + " -> " + s.to + " " + std::to_string(s.bytes) + " B " + s.sha256 +
            (s.complete ? "\n" : " (not complete)\n");
  }
  for (const Finding& finding : report.findings) text += to_string(finding) + "\n";
  return text + std::to_string(report.findings.size()) + " findings\n";
}

std::string to_json(const Report& report, const std::string& file) {
  nlohmann::ordered_json j;
  j["file"] = file;
  j["frames"] = report.frames;
  j["segments"] = report.segments;
  j["corrupted"] = report.corrupted;
  j["connections"] = report.connections;
  j["streams"] = nlohmann::ordered_json::array();
  for (const StreamReport& s : report.streams) {
    j["streams"].push_back({{"from", s.from},
                            {"to", s.to},
                            {"bytes", s.bytes},
                            {"sha256", s.sha256},
                            {"complete", s.complete}});
  }
  j["findings"] = nlohmann::ordered_json::array();
  for (const Finding& f : report.findings) {
    j["findings"].push_back({{"rule", text_of(f.rule).name},
                             {"frame", f.frame},
                             {"host", f.host},
                             {"detail", f.detail},
                             {"text", to_string(f)}});
  }
  return j.dump(2) + "\n";
}

}  // namespace vctoe::judge
