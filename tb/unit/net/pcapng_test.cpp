// Captures are read back by tshark.
#include "models/net/pcapng.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

#include "models/sim/error.h"
#include "tb/support/ask.h"
#include "tb/unit/net/frames.h"

namespace vctoe::net {
namespace {

using sim::Time;
using testing::data_segment;
using testing::make_frame;

/// A file of this test, gone with it.
struct TemporaryFile {
  std::string path = ::testing::TempDir() + "vctoe_" + std::to_string(::getpid()) + ".pcapng";
  ~TemporaryFile() { std::remove(path.c_str()); }
};

/// Lines that tshark prints.
std::vector<std::string> tshark(const std::string& arguments) {
  const std::string command = std::string(TSHARK_PROGRAM) + " " + arguments + " 2>&1";
  std::vector<std::string> lines;
  std::istringstream in(support::ask(command).text);
  for (std::string line; std::getline(in, line);) {
    if (line.find("Running as user") == std::string::npos) lines.push_back(line);
  }
  return lines;
}

/// The named fields of every packet, with all checksums checked; a line a packet, commas between.
std::vector<std::string> fields(const std::string& path, const std::vector<std::string>& names) {
  std::string arguments = "-r " + path +
                          " -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE"
                          " -o eth.check_fcs:TRUE -T fields -E separator=,";
  for (const auto& name : names) arguments += " -e " + name;
  return tshark(arguments);
}

toe::Segment syn() {
  toe::Segment s = data_segment(99, 0);
  s.flags = toe::kSyn;
  s.ack = {0};
  s.has_mss = s.has_window_scale = s.sack_permitted = true;
  s.mss = 1460;
  s.window_scale = 7;
  return s;
}

// req: I-F06-150, I-F06-152, I-P0004c
TEST(Pcapng, TsharkFindsNoFaultAndEveryChecksumGood) {
  const TemporaryFile file;
  FramePool pool;
  {
    PcapngWriter writer(file.path);
    PcapTap tap(writer, "node0", {true, false});
    tap.frame_seen(*make_frame(pool, syn()), Time::from_ns(1), Heading::kSent);
    for (const std::uint32_t length : {0u, 1u, 2u, 3u, 536u, 1448u}) {
      tap.frame_seen(*make_frame(pool, data_segment(100, length)), Time::from_us(1),
                     Heading::kSent);
    }
    toe::Segment sack = data_segment(100, 0);
    sack.sack_count = 3;
    for (std::uint32_t i = 0; i < 3; ++i) sack.sack[i] = {{1000 * i + 1}, {1000 * i + 500}};
    tap.frame_seen(*make_frame(pool, sack), Time::from_us(2), Heading::kReceived);
  }
  EXPECT_TRUE(tshark("-r " + file.path + " -Y _ws.malformed").empty());
  const auto checks =
      fields(file.path, {"eth.fcs.status", "ip.checksum.status", "tcp.checksum.status", "tcp.len"});
  EXPECT_EQ(checks, (std::vector<std::string>{"1,1,1,0", "1,1,1,0", "1,1,1,1", "1,1,1,2", "1,1,1,3",
                                              "1,1,1,536", "1,1,1,1448", "1,1,1,0"}));
  const auto options = fields(file.path, {"tcp.options.mss_val", "tcp.options.wscale.shift",
                                          "tcp.options.timestamp.tsval", "tcp.options.sack.count"});
  EXPECT_EQ(options.front(), "1460,7,7,");
  EXPECT_EQ(options.back(), ",,7,3");
}

TEST(Pcapng, TsharkSeesABrokenChecksum) {
  const TemporaryFile file;
  FramePool pool;
  {
    PcapngWriter writer(file.path);
    PcapTap tap(writer, "node0", {true, false});
    const FramePtr frame = make_frame(pool, data_segment(100, 100));
    frame->bytes[100] ^= 1;
    tap.frame_seen(*frame, Time::from_ns(1), Heading::kSent);
  }
  EXPECT_EQ(fields(file.path, {"eth.fcs.status", "tcp.checksum.status"}),
            std::vector<std::string>{"0,0"});
}

TEST(Pcapng, StampsAreNanosecondsAndDirectionsAndCommentsAreKept) {
  const TemporaryFile file;
  FramePool pool;
  {
    PcapngWriter writer(file.path);
    PcapTap sender(writer, "sender", {false, true});
    PcapTap receiver(writer, "receiver");
    const FramePtr frame = make_frame(pool, data_segment(1, 100));
    frame->txn = 18446744073709551615u;
    sender.frame_seen(*frame, Time::from_ps(1'234'567'890'123'999), Heading::kSent);
    receiver.frame_seen(*frame, Time::from_s(5000), Heading::kReceived);
    frame->again = true;
    sender.frame_seen(*frame, Time::from_s(6000), Heading::kReceived);
    frame->txn = 0;
    sender.frame_seen(*frame, Time::from_s(10'000'000), Heading::kReceived);
  }
  EXPECT_EQ(
      fields(file.path, {"frame.time_epoch", "frame.interface_name", "frame.len",
                         "frame.packet_flags_direction", "frame.comment"}),
      (std::vector<std::string>{"1234.567890123,sender,166,0x00000002,txn 18446744073709551615",
                                "5000.000000000,receiver,166,0x00000001,",
                                "6000.000000000,sender,166,0x00000001,"
                                "txn 18446744073709551615 retransmission",
                                "10000000.000000000,sender,166,0x00000001,"}));
}

TEST(Pcapng, SnapLengthCutsBytesButKeepsTheLength) {
  const TemporaryFile file;
  FramePool pool;
  {
    PcapngWriter writer(file.path, 96);
    PcapTap tap(writer, "node0");
    tap.frame_seen(*make_frame(pool, data_segment(1, 1448)), Time::from_ns(1), Heading::kSent);
    tap.frame_seen(*make_frame(pool, data_segment(1, 0)), Time::from_ns(2), Heading::kSent);
  }
  EXPECT_EQ(fields(file.path, {"frame.len", "frame.cap_len", "tcp.len"}),
            (std::vector<std::string>{"1514,96,1448", "66,66,0"}));
  EXPECT_TRUE(tshark("-r " + file.path + " -Y _ws.malformed").empty());
}

TEST(Pcapng, MoreThanTheBufferHoldsArrivesWhole) {
  const TemporaryFile file;
  FramePool pool;
  const FramePtr frame = make_frame(pool, data_segment(1, 8900));
  {
    PcapngWriter writer(file.path);
    PcapTap tap(writer, "node0");
    for (std::uint32_t i = 0; i < 300; ++i) {
      tap.frame_seen(*frame, Time::from_us(i), Heading::kSent);
    }
  }
  const auto lengths = fields(file.path, {"tcp.checksum.status", "tcp.len"});
  EXPECT_EQ(lengths, std::vector<std::string>(300, "1,8900"));
}

TEST(Pcapng, AFileThatCannotBeWrittenIsTheUsersFault) {
  EXPECT_THROW(PcapngWriter("/no/such/folder/x.pcapng"), sim::Error);
  EXPECT_EQ(sim::last_failure().kind, sim::FailureKind::kUser);
  sim::clear_failure();
  PcapngWriter full("/dev/full");
  EXPECT_THROW(full.flush(), sim::Error);
  EXPECT_EQ(sim::last_failure().kind, sim::FailureKind::kUser);
}

}  // namespace
}  // namespace vctoe::net
