// A small tree of parameters with one of each type, and a file to load.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "models/sim/params.h"

namespace vctoe::config {

enum class Mode { kFast, kSlow, kSafe };

}  // namespace vctoe::config

template <>
struct vctoe::sim::EnumNames<vctoe::config::Mode> {
  static constexpr std::string_view kNames[] = {"fast", "slow", "safe"};
};

namespace vctoe::config {

struct SwapParams {
  sim::Bytes readahead = sim::Bytes::kib(32);
  void declare(sim::ParamList& list) {
    list.add("readahead", readahead, sim::bytes_range({0}, sim::Bytes::mib(1)), "read ahead", "");
  }
};

struct LinkParams {
  std::uint64_t lanes = 8;
  sim::Time delay = sim::Time::from_us(10);
  sim::Bytes mps{256};
  sim::BitRate rate = sim::BitRate::gbps(10);
  Mode mode = Mode::kSlow;
  SwapParams swap;
  void declare(sim::ParamList& list) {
    list.add("lanes", lanes, {1, 16}, "number of lanes", "PCIe 5.0");
    list.add("delay", delay, sim::time_range(sim::Time::from_ns(1), sim::Time::from_s(10)),
             "one way", "calibration");
    list.group("swap", swap);
    list.add("mps", mps, sim::bytes_range({128}, {4096}), "largest payload", "PCIe 5.0");
    list.add("rate", rate, {1e6, 1e12}, "line | rate", "IEEE 802.3");
    list.add("mode", mode, "how", "choice");
  }
};

struct SampleParams {
  std::uint64_t seed = 1;
  std::string file;
  LinkParams link;
  double loss = 0.5;
  bool trace = false;
  sim::Bytes partner_mps{512};
  void declare(sim::ParamList& list) {
    list.add("seed", seed, {}, "seed", "");
    list.group("link", link);
    list.add("file", file, "file to send", "");
    list.add("host.loss", loss, {0, 1}, "share lost", "");
    list.add("host.trace", trace, "record", "");
    list.add("host.mps", partner_mps, sim::bytes_range({128}, {4096}), "partner's", "");
  }
};

struct Sample {
  SampleParams params;
  sim::ParamList list;
  Sample() { params.declare(list); }
};

/// A folder of this process alone, removed at its end.
class TempDir {
 public:
  TempDir()
      : path_(std::filesystem::temp_directory_path() / ("vctoe." + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~TempDir() { std::filesystem::remove_all(path_); }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  std::string write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
    return (path_ / name).string();
  }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace vctoe::config
