// Captures of the Linux kernel talking to itself, and what other programs make of the same files:
// the kernel is clean before the judge, and the hashes of all reassemblers are one.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "tb/judge/capture_check.h"
#include "tb/judge/judge.h"
#include "tb/judge/talk.h"
#include "tb/support/ask.h"

namespace vctoe::judge {
namespace {

/// What a command writes, and behind it its exit code.
std::string output_of(const std::string& command) {
  const support::Said said = support::ask(command);
  return said.text + "exit " + std::to_string(WEXITSTATUS(said.status)) + "\n";
}

std::string scratch(const std::string& name) {
  return testing::TempDir() + "vctoe_judge_" + std::to_string(static_cast<long>(getpid())) + name;
}

struct Recorded {
  const char* name;
  const char* local;
  bool lossy;
  unsigned connections;
};
void PrintTo(const Recorded& r, std::ostream* out) {
  *out << r.name;
}

std::string path_of(const Recorded& r) {
  return std::string(VCTOE_SOURCE_DIR "/tb/judge/captures/") + r.name + ".pcap";
}

class KernelCapture : public testing::TestWithParam<Recorded> {};

TEST_P(KernelCapture, IsClean) {
  Expectations expected = captured_at({GetParam().local});
  expected.reorders = GetParam().lossy;
  judge_capture(path_of(GetParam()), expected);
  EXPECT_EQ(judge_file(path_of(GetParam()), expected).connections, GetParam().connections);
  TsharkExpectations filters;
  filters.lossy = GetParam().lossy;
  tshark_capture(path_of(GetParam()), filters);
}

TEST_P(KernelCapture, IsPutTogetherAsByTshark) {
  const Report report = judge_file(path_of(GetParam()), {});
  for (std::size_t i = 0; i < report.streams.size(); ++i) {
    // Lines of the one who spoke first have no tab in front; tshark counts by the first frame.
    const std::string lines = i % 2 == 0 ? "'^[0-9a-f]+$'" : "'^\\t[0-9a-f]+$'";
    EXPECT_EQ(output_of("tshark 2>/dev/null -r " + path_of(GetParam()) + " -q -z follow,tcp,raw," +
                        std::to_string(i / 2) + " | grep -P " + lines +
                        " | perl -ne 's/\\s//g; print pack(\"H*\", $_)' | sha256sum | cut -c1-64"),
              report.streams[i].sha256 + "\nexit 0\n")
        << report.streams[i].from << " -> " << report.streams[i].to;
  }
}

TEST_P(KernelCapture, IsPutTogetherAsByTcpflow) {
  if (output_of("command -v tcpflow >/dev/null") != "exit 0\n") GTEST_SKIP() << "no tcpflow";
  std::vector<std::string> hashes;
  for (const StreamReport& s : judge_file(path_of(GetParam()), {}).streams) {
    hashes.push_back(s.sha256);
  }
  tcpflow_capture(path_of(GetParam()), hashes);
}

INSTANTIATE_TEST_SUITE_P(Linux, KernelCapture,
                         testing::Values(Recorded{"kernel_plain", "10.9.0.1", false, 2},
                                         Recorded{"kernel_lossy_sender", "10.9.0.1", true, 1},
                                         Recorded{"kernel_lossy_receiver", "10.9.0.2", true, 1}),
                         [](const auto& info) { return std::string(info.param.name); });

// ---- the command

std::string judge_program(const std::string& words) {
  return output_of(std::string(VCTOE_JUDGE) + " " + words + " 2>&1");
}

TEST(JudgeCommand, SaysNothingIsWrongWithTheKernel) {
  const std::string out = judge_program(path_of({"kernel_plain", "", false, 0}) +
                                        " --local 10.9.0.1 --complete --no-resets");
  EXPECT_NE(out.find("0 findings\nexit 0"), std::string::npos) << out;
}

TEST(JudgeCommand, NamesAFaultInTextAndJson) {
  Talk t;
  t.open();
  t.data(0);
  Words w = t.words(1);
  w.ack += 1;
  t.put(w);
  t.write(scratch(".pcap"));
  const std::string text = judge_program(scratch(".pcap"));
  EXPECT_NE(text.find("frame 5: ack-unsent: 10.0.0.2:80"), std::string::npos) << text;
  EXPECT_NE(text.find("1 findings\nexit 1"), std::string::npos) << text;
  const std::string json = judge_program(scratch(".pcap --json"));
  EXPECT_NE(json.find("\"rule\": \"ack-unsent\""), std::string::npos) << json;
  EXPECT_NE(json.find("\"frame\": 5"), std::string::npos) << json;
  EXPECT_NE(judge_program(scratch(".pcap --allow ack-unsent")).find("exit 0"), std::string::npos);
  EXPECT_NE(judge_program(scratch(".pcap --only 10.0.0.1")).find("exit 0"), std::string::npos);
  std::remove(scratch(".pcap").c_str());
}

TEST(JudgeCommand, RefusesWhatItCannotRead) {
  EXPECT_NE(judge_program("/nowhere").find("exit 2"), std::string::npos);
  EXPECT_NE(judge_program("").find("exit 2"), std::string::npos);
  EXPECT_NE(judge_program("/nowhere --allow nothing").find("exit 2"), std::string::npos);
  EXPECT_NE(judge_program("--rules").find("exit 0"), std::string::npos);
}

// ---- tshark's filters

TEST(TsharkFilters, FindWhatTsharkSees) {
  const auto filtered = [](const Talk& t, const std::string& options) {
    t.write(scratch(".pcap"));
    return output_of("bash " VCTOE_SOURCE_DIR "/tb/judge/tshark_filters " + options + " " +
                     scratch(".pcap"));
  };
  Talk bad_sum;
  bad_sum.open();
  Words w = bad_sum.words(0);
  w.payload = bad_sum.bytes(0, w.seq, 100);
  w.spoil = [](Bytes& f) { f[100] ^= 1; };
  bad_sum.put(w);
  bad_sum.close();
  EXPECT_NE(filtered(bad_sum, "").find("frame 4: bad TCP checksum"), std::string::npos);

  Talk again;
  again.open();
  again.data(0);
  again.ack(1);
  w = again.words(0);
  w.seq -= 100;
  w.payload = again.bytes(0, w.seq, 100);
  again.put(w);
  again.ack(1);
  again.close();
  EXPECT_EQ(filtered(again, ""), "frame 6: retransmission\nexit 1\n");
  EXPECT_EQ(filtered(again, "--lossy"), "exit 0\n");
  EXPECT_NE(filtered(again, "--lossy --max-payload 99").find("more than 99"), std::string::npos);

  Talk cut;
  cut.open();
  cut.data(0);
  cut.ack(1);
  EXPECT_NE(filtered(cut, "").find("completeness 15 instead of 31"), std::string::npos);
  EXPECT_EQ(filtered(cut, "--resets"), "exit 0\n");
  std::remove(scratch(".pcap").c_str());
}

}  // namespace
}  // namespace vctoe::judge
