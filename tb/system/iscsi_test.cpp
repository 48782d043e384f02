// An upper layer: SCSI commands, data and status over iSCSI, the data by virtual context.
#include "sw/app/iscsi.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

#include "sw/scenario/layout.h"
#include "tb/support/ask.h"
#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

using support::output_of;

using sim::Bytes;
using sim::TraceKind;

constexpr std::uint64_t kStream = (1 << 20) + 1001;  // neither whole blocks nor whole words

ScenarioParams framed() {
  ScenarioParams p = quiet_params();
  p.stream.framing = Framing::kIscsi;
  p.stream.size = {kStream};
  p.stream.swapped = 0.5;
  return p;
}

using Case = std::tuple<std::string, double>;
class Iscsi : public testing::TestWithParam<Case> {};

// req: I-F06-154, I-P0020b, I-P0024b
TEST_P(Iscsi, CarriesCommandsDataAndStatus) {
  const auto& [scheme, loss] = GetParam();
  ScenarioParams p = framed();
  p.stream.connections = 2;
  if (loss > 0) lose(p, loss);
  const auto s = run(p, scheme);
  expect_intact(s);
  EXPECT_EQ(s.received_bytes, 2 * kStream);
  const double commands = 2 * 5;  // of 256 KiB, and a rest
  EXPECT_EQ(stat(s, "app.iscsi.commands"), commands);
  EXPECT_EQ(stat(s, "app.iscsi.responses"), commands);
  EXPECT_EQ(stat(s, "app.iscsi.data_pdus"), 2 * ((kStream + 8191) / 8192));
  EXPECT_EQ(stat(s, "receiver.socket.bytes_posted"), commands * app::iscsi::kHeaderBytes);
}

std::string case_name(const testing::TestParamInfo<Case>& info) {
  std::string name = std::get<0>(info.param) + (std::get<1>(info.param) > 0 ? "_lossy" : "");
  std::replace(name.begin(), name.end(), '+', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Schemes, Iscsi,
                         testing::Combine(testing::Values("fig3", "fig8+fig9", "fig8+fig10",
                                                          "fig11+fig9", "fig11+fig10", "fig12+fig9",
                                                          "fig12+fig10"),
                                          testing::Values(0.0, 0.01)),
                         case_name);

// Header by header from memory of the application, data from where the stream lies: every block
// that the NIC asks for is all of the one or all of the other, and nobody has copied the data.
// req: I-P0020b
TEST(IscsiByContext, TakesHeadersAndDataFromWhereTheyLie) {
  TraceLog log;
  const auto s = run(framed(), "fig8", "", log.listen());
  expect_intact(s);
  std::uint64_t headers = 0;
  std::uint64_t data = 0;
  for (const std::size_t i : log.all(TraceKind::kBlockRequest)) {
    const std::uint64_t at = log[i].address;
    const bool stream =
        at >= stream_address(0) && at + log[i].length <= stream_address(0) + kStream;
    const bool header = at >= header_address(0) && at < header_address(1);
    EXPECT_NE(stream, header);
    (stream ? data : headers) += log[i].length;
  }
  EXPECT_EQ(data, kStream);
  // Headers of all data PDUs and responses, and three bytes of padding.
  const std::uint64_t pdus = (kStream + 8191) / 8192 + 5;
  EXPECT_EQ(headers, pdus * app::iscsi::kHeaderBytes + (4 - kStream % 4) % 4);
  EXPECT_EQ(stat(s, "sender.nic.tx.payload_bytes"), data + headers);
}

/// From nothing to one byte more than a command.
// Field 228 with numbers of the upper layer, from 0 of the disk, and not TCP's: the NIC finds the
// bytes of its segments by them all the same, also those of retransmissions.
// req: I-P0029b
TEST(IscsiByContext, HasNumbersOfItsOwn) {
  TraceLog log;
  ScenarioParams p = framed();
  p.driver.numbering = driver::Numbering::kStream;
  lose(p, 0.02);
  const auto s = run(p, "fig8", "", log.listen());
  expect_intact(s);
  EXPECT_GT(s.retransmitted_segments, 0u);
  const auto& post = log[log.first(TraceKind::kPost)];
  EXPECT_NE(post.seq, 0u) << "TCP's, which a drawn number begins";
  std::uint64_t posted = 0;
  for (const std::size_t i : log.all(TraceKind::kPost)) posted += log[i].length;
  EXPECT_EQ(log[log.first(TraceKind::kWalk)].seq, 0u);
  for (const std::size_t i : log.all(TraceKind::kWalk)) EXPECT_LT(log[i].seq, posted);
  for (const std::size_t i : log.all(TraceKind::kBlockRequest)) {
    EXPECT_LT(log[i].seq - post.seq, posted) << "requests go on by TCP's numbers";
  }
}

class Sizes : public testing::TestWithParam<std::uint64_t> {};
TEST_P(Sizes, AreReadToTheLastByte) {
  ScenarioParams p = framed();
  p.stream.size = {GetParam()};
  const auto s = run(p, "fig8");
  expect_intact(s);
  EXPECT_EQ(s.received_bytes, GetParam());
}
INSTANTIATE_TEST_SUITE_P(Iscsi, Sizes, testing::Values(0, 1, 512, 8192, 262144, 262145));

// The judge is tshark's iSCSI and SCSI dissectors.
// req: I-P0020b, I-F06-154
TEST(IscsiCapture, IsIscsiToOthers) {
  const std::string dir =
      testing::TempDir() + "vctoe_iscsi_" + std::to_string(static_cast<long>(getpid()));
  std::filesystem::create_directories(dir);
  const auto s = run(framed(), "fig8", dir);
  expect_intact(s);
  const std::string tshark = "tshark 2>/dev/null -r " + dir + "/receiver.pcapng ";
  EXPECT_EQ(output_of(tshark + "-Y '_ws.malformed || _ws.short'"), "");
  const auto count = [&](const std::string& field, const std::string& value) {
    return output_of(tshark + "-Y iscsi -T fields -e " + field + " | tr ',' '\n' | grep -c -i '^" +
                     value + "$'");
  };
  EXPECT_EQ(count("iscsi.opcode", "0x01"), "5\n");
  EXPECT_EQ(count("iscsi.opcode", "0x25"), std::to_string((kStream + 8191) / 8192) + "\n");
  EXPECT_EQ(count("iscsi.opcode", "0x21"), "5\n");
  // READ(16): shown with each command and, by its task tag, with all that answers it.
  EXPECT_EQ(count("scsi_sbc.opcode", "0x88"),
            std::to_string(5 + (kStream + 8191) / 8192 + 5) + "\n");
  EXPECT_EQ(output_of(tshark + "-Y iscsi -T fields -e iscsi.opcode | tr ',' '\n' | grep . | "
                               "sort -u | tr '\n' ' '"),
            "0x01 0x21 0x25 ");
  std::filesystem::remove_all(dir);
}

TEST(IscsiRefused, SizesThatItsUnitsForbid) {
  ScenarioParams p = framed();
  p.iscsi.segment = {513};
  p.iscsi.command = {1000};
  std::vector<std::string> problems;
  check_params(p, problems);
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_EQ(problems[0], "iscsi.segment is no multiple of 4 B");
  EXPECT_EQ(problems[1], "iscsi.command is no multiple of 512 B, the block of its disk");
}

}  // namespace
}  // namespace vctoe::scenario
