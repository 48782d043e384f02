// Verification of the walker in RTL, validation and the bridge: the programs that do it lie beside
// this one in the build folder, or in the source tree that it was built from.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "models/sim/error.h"
#include "sw/cli/commands.h"

namespace vctoe::cli {
namespace {

/// Becomes that program. Throws when there is none.
[[noreturn]] void become(const std::filesystem::path& program, std::vector<std::string> words) {
  words.insert(words.begin(), program.string());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execv(program.c_str(), argv.data());
  throw sim::Error(sim::FailureKind::kUser, "cannot run " + program.string() +
                                                ": it is built with everything else by ./vctoe "
                                                "verify and ./vctoe validate");
}

std::filesystem::path build_folder() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "../..";
}

/// Takes "--rtl DIR" or "--rtl=DIR" out of the words.
std::string take_rtl(std::vector<std::string>& words) {
  for (auto word = words.begin(); word != words.end(); ++word) {
    std::string folder;
    if (*word == "--rtl" && word + 1 != words.end()) {
      folder = word[1];
      words.erase(word, word + 2);
    } else if (word->rfind("--rtl=", 0) == 0) {
      folder = word->substr(6);
      words.erase(word);
    }
    if (!folder.empty()) return folder;
  }
  return "";
}

}  // namespace

int verify_walker(std::vector<std::string> words) {
  const std::string rtl = take_rtl(words);
  if (rtl.empty()) become(build_folder() / "tb/cosim/walker_bench", words);
  words.insert(words.begin(), {build_folder().lexically_normal().string(), rtl});
  become(std::filesystem::path(VCTOE_SOURCE_DIR) / "tb/cosim/user_rtl.sh", words);
}

int verify_replay(std::vector<std::string> words) {
  words.insert(words.begin(), "replay");
  become(build_folder() / "tb/cosim/walker_bench", words);
}

int verify_formal(std::vector<std::string> words) {
  become(std::filesystem::path(VCTOE_SOURCE_DIR) / "tb/formal/prove.py", std::move(words));
}

int verify_mutate(std::vector<std::string> words) {
  words.insert(words.begin(), build_folder().lexically_normal().string());
  become(std::filesystem::path(VCTOE_SOURCE_DIR) / "tb/mutation/mutate.py", std::move(words));
}

int verify_coverage(std::vector<std::string> words) {
  words.insert(words.begin(), build_folder().lexically_normal().string());
  become(std::filesystem::path(VCTOE_SOURCE_DIR) / "tb/rtl_coverage/coverage.py", std::move(words));
}

int validate_tcp(std::vector<std::string> words) {
  become(build_folder() / "tb/validation/tcp_validation", std::move(words));
}

int bridge(std::vector<std::string> words) {
  become(build_folder() / "sw/bridge/vctoe-bridge", std::move(words));
}

}  // namespace vctoe::cli
