// A small space to sweep, and sweep files as text.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "sw/sweep/expand.h"
#include "sw/sweep/sweep_file.h"

namespace vctoe {

enum class Way : std::uint8_t { kPosted, kPushed };
template <>
struct sim::EnumNames<Way> {
  static constexpr std::string_view kNames[] = {"posted", "pushed"};
};

namespace sweep::test {

struct Space {
  std::uint64_t seed = 5, lanes = 8;
  std::string file, schemes = "fig3,fig8";
  sim::Time delay = sim::Time::from_us(10);
  sim::Bytes block = sim::Bytes::mib(1);
  double loss = 0;
  Way resend = Way::kPosted;
  sim::ParamList list;
  Design design = declared();

  Design declared() {
    list.add("seed", seed, {}, "", "");
    list.add("file", file, "", "");
    list.add("schemes", schemes, "", "");
    list.add("pcie.lanes", lanes, {1, 16}, "", "");
    list.add("net.delay", delay, sim::time_range(sim::Time::from_us(1), sim::Time::from_ms(100)),
             "", "");
    list.add("nic.block", block, sim::bytes_range({512}, sim::Bytes::mib(4)), "", "");
    list.add("net.loss", loss, {0, 1}, "", "");
    list.add("nic.resend", resend, "", "");
    return {list, {"fig3", "fig8"}, [](const std::string& s) { return s; }};
  }

  Study read(const std::string& text, const std::string& subset = "") {
    const std::string path = "sweep_test." + std::to_string(getpid()) + ".toml";
    std::ofstream(path) << text;
    try {
      Study study = read_study(path, subset, design);
      std::remove(path.c_str());
      return study;
    } catch (...) {
      std::remove(path.c_str());
      throw;
    }
  }

  /// Each point as "path=text path=text".
  std::vector<std::string> points(const std::string& text, const std::string& subset = "") {
    const Study study = read(text, subset);
    std::vector<std::string> out;
    expand(
        study, design, [&](const std::string& path) { return plain_text(*design.find(path)); },
        [&](const Settings& settings) {
          std::string line;
          for (const auto& [path, value] : settings) {
            line += (line.empty() ? "" : ", ") + path + "=" + value;
          }
          out.push_back(line);
        });
    return out;
  }
};

}  // namespace sweep::test
}  // namespace vctoe
