#include "sw/sweep/drivers.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "sw/sweep/files.h"

namespace vctoe::sweep {

namespace {

namespace fs = std::filesystem;

std::string machine() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return std::string(name.data()) + ".";
}

}  // namespace

DriverMark::DriverMark(const std::string& folder, unsigned jobs, std::size_t points) {
  std::error_code ignored;
  fs::create_directories(folder + "/running", ignored);
  path_ = folder + "/running/" + machine() + std::to_string(getpid());
  std::ofstream(path_) << jobs << " " << points << "\n";
}

DriverMark::~DriverMark() {
  std::error_code ignored;
  fs::remove(path_, ignored);
}

std::vector<Driver> drivers(const std::string& folder) {
  std::vector<Driver> all;
  std::error_code ignored;
  const std::string ours = machine();
  for (const auto& entry : fs::directory_iterator(folder + "/running", ignored)) {
    Driver d;
    d.name = entry.path().filename().string();
    std::ifstream(entry.path()) >> d.jobs >> d.points;
    d.here = d.name.rfind(ours, 0) == 0;
    const auto pid = d.here ? static_cast<pid_t>(std::atol(d.name.c_str() + ours.size())) : 0;
    const bool gone = pid > 0 && !lives(pid);
    if (!gone) all.push_back(std::move(d));
  }
  std::sort(all.begin(), all.end(),
            [](const Driver& a, const Driver& b) { return a.name < b.name; });
  return all;
}

}  // namespace vctoe::sweep
