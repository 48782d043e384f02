// Waves against what the same run counts in other ways.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "tb/system/run.h"

namespace vctoe::scenario {
namespace {

/// What a signal was from when on.
struct Change {
  std::uint64_t at;
  std::string value;  ///< binary digits, or text
};
using Dump = std::map<std::string, std::vector<Change>>;

std::uint64_t number(const Change& change) {
  return std::stoull(change.value, nullptr, 2);
}

/// Changes by path, without the name of the top.
Dump read_dump(const std::string& path) {
  std::ifstream in(path);
  std::map<std::string, std::string> path_of;  // by identifier
  std::string scope, line;
  Dump dump;
  std::uint64_t now = 0;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    std::string first, second, third, fourth, fifth;
    words >> first >> second >> third >> fourth >> fifth;
    if (first == "$scope") {
      scope += third + ".";
    } else if (first == "$upscope") {
      scope.pop_back();
      scope.erase(scope.rfind('.') + 1);
    } else if (first == "$var") {
      path_of[fourth] = (scope + fifth).substr(6);
    } else if (line[0] == '#') {
      now = std::stoull(line.substr(1));
    } else if (line[0] == 'b' || line[0] == 's') {
      const std::size_t blank = line.rfind(' ');
      dump[path_of[line.substr(blank + 1)]].push_back({now, line.substr(1, blank - 1)});
    } else if (line[0] == '0' || line[0] == '1') {
      dump[path_of[line.substr(1)]].push_back({now, line.substr(0, 1)});
    }
  }
  return dump;
}

double peak(const std::vector<Change>& changes) {
  std::uint64_t most = 0;
  for (const Change& c : changes) most = std::max(most, number(c));
  return static_cast<double>(most);
}

/// Seconds in each state, by its number.
std::map<std::uint64_t, double> durations(const std::vector<Change>& changes, sim::Time end) {
  std::map<std::uint64_t, double> all;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const std::uint64_t until = i + 1 < changes.size() ? changes[i + 1].at : end.ps;
    all[number(changes[i])] += static_cast<double>(until - changes[i].at) * 1e-12;
  }
  return all;
}

std::size_t with_prefix(const std::vector<Change>& changes, const std::string& prefix) {
  return static_cast<std::size_t>(std::count_if(
      changes.begin(), changes.end(),
      [&](const Change& c) { return c.value.compare(0, prefix.size(), prefix) == 0; }));
}

class Waves : public testing::Test {
 protected:
  Waves() : dir(testing::TempDir() + "vctoe_waves_" + std::to_string(getpid())) {
    std::filesystem::create_directories(dir);
  }
  ~Waves() override { std::filesystem::remove_all(dir); }
  outputs::RunSummary dumped(const ScenarioParams& p, const std::string& scheme) {
    RunOptions options;
    options.out_dir = dir;
    options.waves.on = true;
    const auto s = run_one(p, options, scheme);
    expect_intact(s);
    dump = read_dump(dir + "/waves.vcd");
    return s;
  }
  const std::vector<Change>& of(const std::string& path) {
    EXPECT_EQ(dump.count(path), 1u) << path;
    return dump[path];
  }
  template <class Reason>
  void expect_stalls(const outputs::RunSummary& s, const std::string& signal,
                     const std::string& account) {
    const auto spent = durations(of(signal), sim::now());
    for (std::size_t i = 0; i < std::size(sim::EnumNames<Reason>::kNames); ++i) {
      const std::string reason(sim::EnumNames<Reason>::kNames[i]);
      const auto found = spent.find(i);
      EXPECT_NEAR(found == spent.end() ? 0 : found->second, stat(s, account + "." + reason), 1e-12)
          << signal << " " << reason;
    }
  }
  const std::string dir;
  Dump dump;
};

TEST_F(Waves, TellTheSameAsTheStatistics) {
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::mib(1);
  p.stream.swapped = 0.3;
  lose(p, 0.01);
  const auto s = dumped(p, "fig8+fig9");
  ASSERT_GT(s.retransmitted_segments, 0u);
  EXPECT_EQ(peak(of("sender.pinned.total")), stat(s, "sender.kernel.pins.total", "peak"));
  EXPECT_EQ(peak(of("sender.pinned.agent")), stat(s, "sender.kernel.pins.agent", "peak"));
  EXPECT_EQ(peak(of("sender.nic.packet_buffer.used")),
            stat(s, "sender.nic.packet_buffer.used", "peak"));
  EXPECT_EQ(peak(of("receiver.nic.receive_buffer.used")),
            stat(s, "receiver.nic.receive_buffer.used", "peak"));
  EXPECT_EQ(peak(of("sender.nic.dma.reads_on_link")), stat(s, "sender.nic.dma.reads_out", "peak"));
  expect_stalls<nic::WalkerStall>(s, "sender.nic.walker.state", "sender.nic.walker.stall");
  expect_stalls<nic::DmaStall>(s, "sender.nic.dma.state", "sender.nic.dma.stall");
  EXPECT_EQ(number(of("sender.tcp0.acked").back()), p.stream.size.n);
  EXPECT_EQ(peak(of("receiver.tcp0.received")), static_cast<double>(p.stream.size.n));
  EXPECT_EQ(number(of("sender.tcp0.resent").back()), s.retransmitted_segments);
  EXPECT_EQ(with_prefix(of("sender.link.tx.frame"), "RETX"), s.retransmitted_segments);
  EXPECT_EQ(with_prefix(of("sender.link.tx.frame"), "DATA") + s.retransmitted_segments, s.segments);
}

TEST_F(Waves, ShowTheLinesBusyAsLongAsTheyAre) {
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::kib(256);
  const auto s = dumped(p, "fig8+fig9");
  EXPECT_NEAR(durations(of("sender.link.tx.busy"), sim::now())[1],
              stat(s, "sender.nic.mac.tx_busy"), 1e-12 * stat(s, "sender.nic.mac.tx_frames"));
  EXPECT_NEAR(durations(of("sender.pcie.up.busy"), sim::now())[1],
              stat(s, "sender.pcie.up.time.sending"), 1e-12);
  EXPECT_NEAR(durations(of("sender.pcie.down.busy"), sim::now())[1],
              stat(s, "sender.pcie.down.time.sending"), 1e-12);
}

TEST_F(Waves, HaveTheTransactionOfARequestInEveryBlock) {
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::kib(64);
  dumped(p, "fig8+fig9");
  const std::string txn = of("sender.nic.request.txn").back().value;
  for (const char* path : {"sender.nic.request.reply_txn", "sender.nic.dma.txn",
                           "sender.pinned.txn", "sender.link.tx.txn", "receiver.link.rx.txn",
                           "sender.pcie.up.txn", "sender.pcie.down.txn"}) {
    const auto& changes = of(path);
    EXPECT_TRUE(std::any_of(changes.begin(), changes.end(), [&](const Change& c) {
      return c.value == txn;
    })) << path;
  }
}

TEST_F(Waves, NameEncryptedFramesWithTheirTransaction) {
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::kib(64);
  p.system.nic.esp.enabled = true;
  const auto s = dumped(p, "fig8+fig9");
  const auto& frames = of("sender.link.tx.frame");
  EXPECT_GE(with_prefix(frames, "ESP"), s.segments);
  EXPECT_EQ(with_prefix(frames, "BAD"), 0u);
  EXPECT_EQ(with_prefix(frames, "DATA"), 0u);
}

}  // namespace
}  // namespace vctoe::scenario
