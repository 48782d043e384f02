#include "tb/judge/capture_check.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <exception>
#include <filesystem>

#include "tb/judge/judge.h"
#include "tb/judge/packet.h"
#include "tb/support/ask.h"

namespace vctoe::judge {
namespace {

using support::Said;

constexpr std::size_t kShown = 10;  // findings; one fault brings many

std::string first_of(const Report& report) {
  std::string text;
  for (std::size_t i = 0; i < report.findings.size() && i < kShown; ++i) {
    text += to_string(report.findings[i]) + "\n";
  }
  return text;
}

/// What a command writes, its complaints too.
Said ask(const std::string& command) {
  return support::ask(command + " 2>&1");
}

}  // namespace

Expectations captured_at(const std::set<std::string>& addresses) {
  Expectations e;
  for (const std::string& address : addresses) {
    if (const auto ip = parse_address(address)) e.local.insert(*ip);
  }
  e.complete = true;
  e.no_resets = true;
  return e;
}

void judge_capture(const std::string& path, const Expectations& expected) {
  try {
    const Report report = judge_file(path, expected);
    EXPECT_GT(report.segments, 0u) << path << ": no TCP in it";
    EXPECT_TRUE(report.findings.empty()) << path << ": " << report.findings.size() << " findings\n"
                                         << first_of(report);
  } catch (const std::exception& e) {
    ADD_FAILURE() << e.what();
  }
}

void tshark_capture(const std::string& path, const TsharkExpectations& expected) {
  std::string command = std::string("bash ") + VCTOE_SOURCE_DIR "/tb/judge/tshark_filters" +
                        " --max-payload " + std::to_string(expected.max_payload);
  if (expected.lossy) command += " --lossy";
  if (expected.corrupts) command += " --corrupts";
  if (expected.resets) command += " --resets";
  const Said said = ask(command + " '" + path + "'");
  EXPECT_EQ(said.status, 0) << path << "\n" << said.text.substr(0, 4000);
}

void tshark_streams(const std::string& path, const std::vector<std::string>& streams) {
  const std::string raw = testing::TempDir() + "vctoe_follow_" + std::to_string(getpid());
  const Said follow =
      ask("tshark -r '" + path +
          "' -o tcp.check_checksum:TRUE -q -z follow,tcp,raw,0 2>/dev/null >'" + raw + "'");
  EXPECT_EQ(follow.status, 0) << path;
  std::string hashes;
  for (const char* lines : {"^[0-9a-f]+$", "^\\t[0-9a-f]+$"}) {  // the answers have a tab in front
    hashes += ask(std::string("grep -P '") + lines + "' '" + raw +
                  "' | perl -ne 's/\\s//g; print pack(\"H*\", $_)' | sha256sum")
                  .text;
  }
  for (const std::string& stream : streams) {
    EXPECT_NE(hashes.find(stream), std::string::npos) << path << ": tshark has no " << stream;
  }
  std::filesystem::remove(raw);
}

void tcpflow_capture(const std::string& path, const std::vector<std::string>& streams) {
  const std::string folder = testing::TempDir() + "vctoe_flows_" + std::to_string(getpid());
  std::filesystem::create_directories(folder);
  const Said flow = ask("tcpflow -q -r '" + path + "' -o '" + folder + "'");
  EXPECT_EQ(flow.status, 0) << flow.text;
  const std::string hashes = ask("sha256sum '" + folder + "'/*.*-*.*").text;
  for (const std::string& stream : streams) {
    EXPECT_NE(hashes.find(stream), std::string::npos) << path << ": tcpflow has no " << stream;
  }
  std::filesystem::remove_all(folder);
}

}  // namespace vctoe::judge
