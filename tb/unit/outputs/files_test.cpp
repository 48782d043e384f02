#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "models/sim/error.h"
#include "sw/scenario/outputs_files.h"
#include "tb/unit/config/sample_params.h"

namespace vctoe::outputs {
namespace {

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t entries(const std::string& path) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path),
                                                std::filesystem::directory_iterator()));
}

TEST(Files, OldContentsStandUntilCommit) {
  const config::TempDir dir;
  const std::string path = dir.write("a", "old");
  {
    AsideFile file(path);
    file.write("new");
    EXPECT_EQ(contents(path), "old");
  }
  EXPECT_EQ(contents(path), "old");
  write_file(path, "new");
  EXPECT_EQ(contents(path), "new");
  EXPECT_EQ(entries(dir / ""), 1u);  // nothing is left beside it
}

TEST(Files, DirectoryIsMadeWithItsParents) {
  const config::TempDir dir;
  prepare_directory(dir / "x/y/z");
  EXPECT_TRUE(std::filesystem::is_directory(dir / "x/y/z"));
}

TEST(Files, UnwritableDirectoryIsOneClearUserError) {
  const config::TempDir dir;
  dir.write("file", "");
  for (const std::string& path : {dir / "file", dir / "file/below", std::string("/proc/nowhere")}) {
    try {
      prepare_directory(path);
      ADD_FAILURE() << path;
    } catch (const sim::Error& e) {
      EXPECT_EQ(e.kind(), sim::FailureKind::kUser);
      const std::string text = e.what();
      EXPECT_EQ(text.rfind("cannot write to output directory " + path + ": ", 0), 0u) << text;
      EXPECT_EQ(text.find('\n'), std::string::npos);
    }
  }
}

TEST(Files, ADiskThatTakesNoMoreIsAUserErrorAndLeavesNothing) {
  const config::TempDir dir;
  const std::string path = dir.write("a", "old");
  signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1000, 1000};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_THROW(write_file(path, std::string(100'000, 'x')), sim::Error);
  EXPECT_EQ(contents(path), "old");
  EXPECT_EQ(entries(dir / ""), 1u);
}

}  // namespace
}  // namespace vctoe::outputs
