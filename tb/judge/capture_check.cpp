#include "tb/judge/capture_check.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <exception>

#include "tb/judge/judge.h"
#include "tb/judge/packet.h"

namespace vctoe::judge {
namespace {

constexpr std::size_t kShown = 10;  // findings; one fault brings many

std::string first_of(const Report& report) {
  std::string text;
  for (std::size_t i = 0; i < report.findings.size() && i < kShown; ++i) {
    text += to_string(report.findings[i]) + "\n";
  }
  return text;
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
  command += " '" + path + "' 2>&1";
  FILE* const pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string text;
  std::array<char, 4096> piece{};
  while (std::fgets(piece.data(), piece.size(), pipe) != nullptr) text += piece.data();
  EXPECT_EQ(pclose(pipe), 0) << text.substr(0, 4000);
}

}  // namespace vctoe::judge
