// The list of signals, and what GTKWave is told of it.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "models/sim/error.h"
#include "sw/scenario/waves_gtkw.h"
#include "tb/unit/config/sample_params.h"

namespace vctoe::waves {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> in_scope(const std::vector<std::string>& scopes) {
  SignalList list(scopes);
  for (const char* path : {"sender.nic.dma.state", "sender.nic.dmax", "sender.tcp0.cwnd",
                           "receiver.tcp0.cwnd", "receiver.tcp10.cwnd"}) {
    list.add_number(path, 8);
  }
  list.check_scopes();
  std::vector<std::string> paths;
  for (const Signal& s : list.all()) paths.push_back(s.path);
  return paths;
}

using Paths = std::vector<std::string>;

TEST(WaveScope, IsAPathOrTheBeginningOfOneOrAPattern) {
  EXPECT_EQ(in_scope({}).size(), 5u);
  EXPECT_EQ(in_scope({"sender.nic.dma"}), Paths{"sender.nic.dma.state"});
  EXPECT_EQ(in_scope({"sender.nic.dmax"}), Paths{"sender.nic.dmax"});
  EXPECT_EQ(in_scope({"*.cwnd"}).size(), 3u);
  EXPECT_EQ(in_scope({"receiver.tcp?", "sender.tcp0"}),
            (Paths{"sender.tcp0.cwnd", "receiver.tcp0.cwnd"}));
}

TEST(WaveScope, ThatHoldsNothingIsAnError) {
  try {
    in_scope({"sender", "sendr.nic"});
    FAIL();
  } catch (const sim::Error& e) {
    EXPECT_EQ(e.kind(), sim::FailureKind::kUser);
    EXPECT_NE(std::string(e.what()).find("sendr.nic"), std::string::npos);
  }
}

TEST(WaveSignals, OutOfScopeHaveNoNumber) {
  SignalList list({"b"});
  EXPECT_EQ(list.add_bit("a"), kNoSignal);
  EXPECT_EQ(list.add_bit("b"), 0u);
}

TEST(WaveView, ShowsEachKindOfSignalAsItIsReadBest) {
  const config::TempDir dir;
  SignalList list;
  list.add_bit("sender.link.busy");
  list.add_text("sender.link.frame");
  list.add_names("sender.tcp.state", "tcp", {"CLOSED", "LISTEN", "ESTAB"});
  list.add_curve("sender.tcp.cwnd", 32);
  list.add_hex("receiver.address", 48);
  write_view(dir / "", list, sim::Time{1000}, sim::Time{1000 + 5'190'451});
  const std::string view = text_of(dir / "waves.gtkw");
  EXPECT_EQ(view.substr(view.find("[sst_expanded]")),
            "[sst_expanded] 0\n"
            "@800200\n-sender\n@800200\n-link\n"
            "@28\n+{busy} vctoe.sender.link.busy\n"
            "@820\n+{frame} vctoe.sender.link.frame\n"
            "@1000200\n-link\n@800200\n-tcp\n"
            "@2024\n^1 waves.tcp.filter\n+{state} vctoe.sender.tcp.state[1:0]\n"
            "@8024\n+{cwnd} vctoe.sender.tcp.cwnd[31:0]\n@20000\n-\n-\n"
            "@1000200\n-tcp\n@1000200\n-sender\n"
            "@800200\n-receiver\n"
            "@22\n+{address} vctoe.receiver.address[47:0]\n"
            "@1000200\n-receiver\n"
            "[pattern_trace] 1\n[pattern_trace] 0\n");
  EXPECT_NE(view.find("[dumpfile] \"waves.vcd\""), std::string::npos);
  EXPECT_NE(view.find("[timestart] 1000\n"), std::string::npos);
  EXPECT_NE(view.find("\n*-20.000000 "), std::string::npos) << "2^20 ps for each of 4.95 units";
  EXPECT_EQ(text_of(dir / "waves.tcp.filter"), "0 CLOSED\n1 LISTEN\n2 ESTAB\n");
}

}  // namespace
}  // namespace vctoe::waves
