// What both MACs captured, before judges of their own: tshark's dissector and its reassembler.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>

#include "tb/system/run.h"

namespace vctoe::scenario {
namespace {

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "cannot run";
  std::array<char, 4096> piece{};
  while (std::fgets(piece.data(), piece.size(), pipe) != nullptr) text += piece.data();
  if (pclose(pipe) != 0) text += "<failed: " + command + ">";
  return text;
}

std::string tshark(const std::string& file, const std::string& rest) {
  return output_of("tshark 2>/dev/null -r " + file +
                   " -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE " + rest);
}

class Capture : public testing::TestWithParam<const char*> {};

// req: I-F06-150, I-F06-152, I-P0004c, I-P0002b
TEST_P(Capture, IsSoundAndCarriesTheFile) {
  const std::string dir =
      testing::TempDir() + "vctoe_capture_" + std::to_string(static_cast<long>(getpid()));
  std::filesystem::create_directories(dir);
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::mib(1);
  p.stream.swapped = 0.5;
  lose(p, 0.01);
  const auto s = run(p, GetParam(), dir);
  expect_intact(s);
  EXPECT_GT(s.retransmitted_segments, 0u);
  for (const std::string side : {"sender", "receiver"}) {
    std::string file = dir;
    file.append("/").append(side).append(".pcapng");
    EXPECT_EQ(tshark(file,
                     "-Y '_ws.malformed || _ws.short || tcp.checksum.status == 0 || "
                     "ip.checksum.status == 0 || tcp.len > 1448 || "
                     "tcp.flags.reset == 1'"),
              "");
    // 31: SYN, SYN-ACK, ACK, data and FIN were seen, and no RST.
    EXPECT_EQ(tshark(file, "-2 -T fields -e tcp.completeness | tail -n 1"), "31\n");
    EXPECT_EQ(tshark(file,
                     "-q -z follow,tcp,raw,0 | grep -E '^[0-9a-f]+$' | perl -ne 'chomp; print "
                     "pack(\"H*\", $_)' | "
                     "sha256sum | cut -c1-64"),
              s.sha256_source + "\n")
        << side;
  }
  std::filesystem::remove_all(dir);
}

INSTANTIATE_TEST_SUITE_P(Tshark, Capture,
                         testing::Values("fig3", "fig8+fig9", "fig8+fig10", "fig11+fig10",
                                         "fig12+fig9"),
                         scheme_name);

}  // namespace
}  // namespace vctoe::scenario
