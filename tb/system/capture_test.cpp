// What both MACs captured, before judges of their own: tshark's dissector and its reassembler.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tb/support/ask.h"
#include "tb/system/run.h"
#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

using support::output_of;

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
    judge::TsharkExpectations filters;
    filters.lossy = true;
    filters.max_payload = 1448;
    judge::tshark_capture(file, filters);
    judge::Expectations stream;  // the rules were asked for in run()
    stream.streams = {s.sha256_source};
    judge::judge_capture(file, stream);
    EXPECT_EQ(tshark(file,
                     "-q -z follow,tcp,raw,0 | grep -E '^[0-9a-f]+$' | perl -ne 'chomp; print "
                     "pack(\"H*\", $_)' | "
                     "sha256sum | cut -c1-64"),
              s.sha256_source + "\n")
        << side;
  }
  std::filesystem::remove_all(dir);
}

TEST_P(Capture, IsSoundOnAWireThatDoesEverything) {
  const std::string dir =
      testing::TempDir() + "vctoe_wild_" + std::to_string(static_cast<long>(getpid()));
  std::filesystem::create_directories(dir);
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::mib(1);
  p.stream.swapped = 0.5;
  lose(p, 0.02);
  p.system.net.reorder.probability = 0.02;
  p.system.net.duplicate.probability = 0.02;
  p.system.net.corrupt.probability = 0.02;
  p.system.net.corrupt.fix_fcs = true;
  const auto s = run(p, GetParam(), dir);
  expect_intact(s);
  judge::Expectations stream;
  stream.corrupts = stream.reorders = true;
  stream.streams = {s.sha256_source};
  for (const char* const side : {"/sender.pcapng", "/receiver.pcapng"}) {
    judge::TsharkExpectations filters;
    filters.lossy = filters.corrupts = true;
    filters.resets = true;  // the last FIN may still be on its way
    filters.max_payload = 1448;
    judge::tshark_capture(dir + side, filters);
  }
  judge::judge_capture(dir + "/sender.pcapng", stream);
  std::filesystem::remove_all(dir);
}

/// "seq txn" of every segment with payload, or with "again" behind those sent before.
std::vector<std::string> transmissions(const TraceLog& log) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < log.size(); ++i) {
    const sim::TraceEvent& e = log[i];
    const bool again = e.kind == sim::TraceKind::kTxRetransmit;
    if (e.node != 0 || (e.kind != sim::TraceKind::kTxFirst && !again)) continue;
    all.push_back(std::to_string(e.seq) + " txn " + std::to_string(e.txn) +
                  (again ? " retransmission" : ""));
  }
  return all;
}

TEST(CaptureComments, SayWhichTransactionAPacketBelongsToAndWhetherItIsSentAgain) {
  const std::string dir =
      testing::TempDir() + "vctoe_comments_" + std::to_string(static_cast<long>(getpid()));
  std::filesystem::create_directories(dir);
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::kib(512);
  lose(p, 0.01);
  TraceLog log;
  const auto s = run(p, "fig8+fig9", dir, log.listen());
  expect_intact(s);
  ASSERT_GT(s.retransmitted_segments, 0u);
  std::string expected;
  for (const std::string& line : transmissions(log)) expected += line + "\n";
  EXPECT_EQ(output_of("tshark 2>/dev/null -r " + dir +
                      "/sender.pcapng -o tcp.relative_sequence_numbers:FALSE -Y 'tcp.len > 0' "
                      "-T fields -E separator=/s -e tcp.seq -e frame.comment"),
            expected);
  EXPECT_EQ(output_of("tshark 2>/dev/null -r " + dir +
                      "/sender.pcapng -Y 'tcp.len == 0 && "
                      "frame.comment'"),
            "");
  std::filesystem::remove_all(dir);
}

TEST(CaptureComments, NameThePostWhenNobodyHadToBeAsked) {
  const std::string dir =
      testing::TempDir() + "vctoe_comments_" + std::to_string(static_cast<long>(getpid()));
  std::filesystem::create_directories(dir);
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::kib(64);
  TraceLog log;
  expect_intact(run(p, "fig3", dir, log.listen()));
  const auto post = log[log.first(sim::TraceKind::kPost)].txn;
  EXPECT_EQ(output_of("tshark 2>/dev/null -r " + dir +
                      "/receiver.pcapng -Y 'tcp.len > 0' -T fields -e frame.comment | sort -u"),
            "txn " + std::to_string(post) + "\n");
  std::filesystem::remove_all(dir);
}

INSTANTIATE_TEST_SUITE_P(Tshark, Capture,
                         testing::Values("fig3", "fig8+fig9", "fig8+fig10", "fig11+fig10",
                                         "fig12+fig9"),
                         scheme_name);

}  // namespace
}  // namespace vctoe::scenario
