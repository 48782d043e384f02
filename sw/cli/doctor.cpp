#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <systemc>
#include <vector>

#include "sw/bridge/namespace.h"
#include "sw/cli/build_id.h"
#include "sw/cli/commands.h"
#include "sw/cli/program.h"

namespace vctoe::cli {

namespace {

struct Tool {
  const char* name;
  const char* command;  ///< prints its version
  const char* package;
  const char* use;
};

// Only what is not needed to build: the wrapper script sees to the rest.
constexpr std::array kTools{
    Tool{"tshark", "tshark --version", "tshark", "judges captures in the tests"},
    Tool{"clang-format", "clang-format --version", "clang-format",
         "checks the format in the tests"},
    Tool{"clang-tidy", "clang-tidy --version | grep -i version", "clang-tidy", "tb/lint.sh"},
    Tool{"gtkwave", "gtkwave --version", "gtkwave", "shows waves"},
    Tool{"chromium", "chromium --version", "chromium", "shows reports, tries them in the tests"},
    Tool{"verilator", "verilator --version", "verilator", "builds the RTL walker"},
    Tool{"ns-3", "dpkg-query -W -f '${Version}\\n' libns3-dev", "libns3-dev",
         "the peer of the speed comparison"},
    Tool{"slurm", "sbatch --version", "slurm-client", "vctoe sweep run --engine slurm"},
    Tool{"ccache", "ccache --version", "ccache", "makes rebuilding faster"},
    Tool{"debootstrap", "debootstrap --version", "debootstrap", "tb/fresh_debian.sh"},
};

/// First line of what a command prints, empty when it is not there.
std::string first_line(const std::string& command) {
  std::FILE* pipe = popen(("(" + command + ") 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return "";
  std::string text;
  std::array<char, 256> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) text += buffer.data();
  pclose(pipe);
  return text.substr(0, text.find('\n'));
}

struct Finding {
  std::string name, version, hint;
};

std::vector<Finding> findings() {
  std::vector<Finding> all{
      {"vctoe", VCTOE_VERSION " (" VCTOE_BUILD_TYPE ")", ""},
      {"build", build_id(), "none: linked without --build-id"},
      {"compiler", VCTOE_COMPILER, ""},
      {"SystemC", sc_core::sc_version(), ""},
  };
  for (const Tool& t : kTools) {
    all.push_back({t.name, first_line(t.command),
                   std::string("apt-get install ") + t.package + " (" + t.use + ")"});
  }
  const std::string why = bridge::why_no_tap();
  all.push_back({"TAP device", why.empty() ? "can be had, in a network namespace of its own" : "",
                 why + " (vctoe bridge, and tests against the kernel's TCP, which are skipped)"});
  return all;
}

}  // namespace

int doctor(bool json) {
  nlohmann::ordered_json document = nlohmann::ordered_json::object();
  for (const Finding& f : findings()) {
    const bool missing = f.version.empty();
    if (json) {
      document[f.name] =
          missing ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(f.version);
    } else {
      std::printf("%-13s %s\n", f.name.c_str(),
                  missing ? ("missing; optional: " + f.hint).c_str() : f.version.c_str());
    }
  }
  if (json) std::printf("%s\n", document.dump(1).c_str());
  return kOk;
}

}  // namespace vctoe::cli
