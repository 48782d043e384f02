// A transfer that is encrypted: what is on the wire, with the key and without it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sw/scenario/layout.h"
#include "tb/support/ask.h"
#include "tb/system/inside.h"
#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

namespace fs = std::filesystem;
using support::output_of;

const char* const kPhrase = "the quick brown fox of this file jumps ";

/// A folder of its own with a file whose text can be found again.
struct Folder {
  Folder() {
    path = testing::TempDir() + "vctoe_esp_" + std::to_string(static_cast<long>(getpid()));
    fs::create_directories(path);
    std::ofstream out(path + "/file");
    for (int i = 0; i < 20'000; ++i) out << kPhrase << i << '\n';
  }
  ~Folder() { fs::remove_all(path); }
  std::string path;
};

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

ScenarioParams encrypted(const Folder& folder, double loss) {
  ScenarioParams p = quiet_params();
  p.file = folder.path + "/file";
  p.system.nic.esp.enabled = true;
  if (loss > 0) lose(p, loss);
  return p;
}

/// Frames of a capture: enhanced packet blocks of pcapng.
std::vector<std::string> frames(const std::string& path) {
  const std::string all = contents(path);
  const auto word = [&](std::size_t at) {
    std::uint32_t v = 0;
    std::memcpy(&v, all.data() + at, 4);
    return v;
  };
  std::vector<std::string> found;
  for (std::size_t at = 0; at + 12 <= all.size(); at += word(at + 4)) {
    if (word(at) == 6) found.push_back(all.substr(at + 28, word(at + 20)));
  }
  return found;
}

/// tshark with the key and salt of the default parameters.
std::string tshark(const std::string& file, const std::string& rest) {
  const nic::EspParams esp;
  return output_of("tshark 2>/dev/null -r " + file +
                   " -o esp.enable_encryption_decode:TRUE -o 'uat:esp_sa:\"IPv4\",\"*\",\"*\","
                   "\"0x1001\",\"AES-GCM with 16 octet ICV [RFC4106]\",\"0x" +
                   esp.key + esp.salt + "\",\"NULL\",\"\"' " + rest);
}

class Encrypted : public testing::TestWithParam<const char*> {};

// req: I-P0020a, I-P0021b
TEST_P(Encrypted, ACaptureTellsTheFileToWhoHasTheKeyAndNothingToOthers) {
  const Folder folder;
  const auto s = run(encrypted(folder, 0.02), GetParam(), folder.path);
  expect_intact(s);
  EXPECT_GT(s.retransmitted_segments, 0u);
  EXPECT_GT(stat(s, "receiver.nic.esp.opened"), 0);
  for (const std::string side : {"sender", "receiver"}) {
    const std::string file = folder.path + "/" + side + ".pcapng";
    EXPECT_EQ(contents(file).find(std::string(kPhrase).substr(0, 12)), std::string::npos);
    for (const std::string& f : frames(file)) ASSERT_EQ(f[14 + 9], 50) << "ESP and nothing else";
    EXPECT_EQ(tshark(file,
                     "-Y '_ws.malformed || tcp.checksum.status == 0 || ip.checksum.status == "
                     "0' -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE"),
              "");
    EXPECT_EQ(tshark(file,
                     "-q -z follow,tcp,raw,0 | grep -E '^[0-9a-f]+$' | perl -ne 'chomp; print "
                     "pack(\"H*\", $_)' | sha256sum | cut -c1-64"),
              s.sha256_source + "\n")
        << side;
  }
}

INSTANTIATE_TEST_SUITE_P(Tshark, Encrypted,
                         testing::Values("fig3", "fig8+fig9", "fig11+fig10", "fig12+fig9"),
                         scheme_name);

/// As a control: the search above finds the text where it is.
TEST(Plain, TransferShowsTheFileToEverybody) {
  const Folder folder;
  ScenarioParams p = encrypted(folder, 0);
  p.system.nic.esp.enabled = false;
  expect_intact(run(p, "fig8", folder.path));
  EXPECT_NE(contents(folder.path + "/sender.pcapng").find(std::string(kPhrase).substr(0, 12)),
            std::string::npos);
}

/// Packets of the sender's capture, and how many of them are copies of one before. No number may
/// have two packets.
struct Wire {
  explicit Wire(const Folder& folder) {
    std::map<std::string, std::string> by_nonce;
    for (const std::string& f : frames(folder.path + "/sender.pcapng")) {
      if (f.substr(14 + 12, 4) != std::string("\x0a\0\0\x01", 4)) continue;  // what it receives
      ++sent;
      const auto [at, fresh] = by_nonce.emplace(f.substr(34 + 8, 8), f);
      repeated += fresh ? 0 : 1;
      EXPECT_EQ(at->second, f) << "one nonce, two packets";
    }
  }
  std::uint64_t sent = 0, repeated = 0;
};

class Again : public testing::TestWithParam<const char*> {};

// req: I-P0021b
TEST_P(Again, ARetransmissionIsTheSamePacketAndNoNumberHasTwo) {
  const Folder folder;
  const auto s = run(encrypted(folder, 0.02), GetParam(), folder.path);
  expect_intact(s);
  const Wire wire(folder);
  EXPECT_GT(wire.repeated, 0u);
  EXPECT_EQ(wire.repeated, s.retransmitted_segments) << "every one of them";
  EXPECT_EQ(stat(s, "sender.nic.esp.repeated"), static_cast<double>(wire.repeated));
  EXPECT_EQ(stat(s, "sender.nic.esp.sealed"), static_cast<double>(wire.sent - wire.repeated));
  EXPECT_EQ(stat(s, "sender.nic.esp.changed"), 0);
}

INSTANTIATE_TEST_SUITE_P(Wire, Again, testing::Values("fig3", "fig8+fig9", "fig8+fig10"),
                         scheme_name);

class Records : public testing::TestWithParam<std::uint64_t> {};

// Timestamps of then and of now come in one stream: PAWS must not take what is needed for old.
TEST_P(Records, AreFewAndWhatHasNoneIsSealedAnewAndArrives) {
  const Folder folder;
  ScenarioParams p = encrypted(folder, 0.05);
  p.system.nic.esp.records = GetParam();
  p.stream.time_limit = sim::Time::from_s(20);
  const auto s = run(p, "fig8", folder.path);
  expect_intact(s);
  EXPECT_GT(stat(s, "sender.nic.esp.anew"), 0);
  EXPECT_EQ(stat(s, "sender.nic.esp.repeated"), static_cast<double>(Wire(folder).repeated));
}

INSTANTIATE_TEST_SUITE_P(Count, Records, testing::Values(1, 4, 32));

// The application may not, but a nonce must not pay for it.
TEST(ChangedMemory, IsNeverSentUnderTheNumberOfWhatWasThere) {
  const Folder folder;
  ScenarioParams p = encrypted(folder, 0);
  p.system.net.impair = net::Impaired::kForward;
  p.system.net.loss.kind = net::LossKind::kList;
  p.system.net.loss.list = "12";
  p.system.nic.toe.rto_min = sim::Time::from_ms(5);
  kernel::Asid asid = 0;
  std::size_t sent = 0;
  const auto s = run(p, "fig3", folder.path, [&](sim::Context& c) {
    c.trace.subscribe(sim::mask_of(sim::TraceKind::kPost, sim::TraceKind::kTxFirst),
                      [&](const sim::TraceEvent& e) {
                        if (e.node != 0) return;
                        if (e.kind == sim::TraceKind::kPost) asid = e.asid;
                        if (e.kind != sim::TraceKind::kTxFirst || ++sent != 12) return;
                        const char other = '!';
                        for (std::uint64_t at = 0; at < (64 << 10); at += 100) {
                          Memory().write(Memory().physical(asid, stream_address(0) + at), &other,
                                         1);
                        }
                      });
  });
  EXPECT_FALSE(s.ok) << "the receiver has other bytes than were posted";
  EXPECT_EQ(s.retransmitted_segments, 1u);
  EXPECT_EQ(stat(s, "sender.nic.esp.changed"), 1);
  EXPECT_EQ(Wire(folder).repeated, 0u);
}

// req: I-P0020a
TEST(WrongKey, PacketsAreRejectedAndCountedAndTheConnectionGivesUp) {
  const Folder folder;
  ScenarioParams p = encrypted(folder, 0);
  p.system.nic.esp.receive_key = std::string(32, 'f');
  p.system.nic.toe.rto_initial = sim::Time::from_ms(10);
  p.system.nic.toe.syn_retries = 2;
  p.stream.time_limit = sim::Time::from_s(1);
  std::size_t data = 0;
  const auto s = run(p, "fig8", "", [&](sim::Context& c) {
    c.trace.subscribe(sim::mask_of(sim::TraceKind::kRxData), [&](const auto&) { ++data; });
  });
  EXPECT_FALSE(s.ok);
  EXPECT_EQ(data, 0u);
  EXPECT_GE(stat(s, "receiver.nic.esp.rejected"), 3) << "the SYN and two more";
  EXPECT_EQ(stat(s, "receiver.nic.mac.rx_refused.bad_esp"), stat(s, "receiver.nic.esp.rejected"));
  EXPECT_EQ(stat(s, "receiver.nic.connections_opened"), 0);
}

// A cipher engine slower than the line is what the transfer then takes.
TEST(CipherEngine, SlowerThanTheLineSetsThePace) {
  const Folder folder;
  ScenarioParams p = encrypted(folder, 0);
  p.system.nic.esp.rate = sim::BitRate::gbps(1);
  const auto s = run(p, "fig8");
  expect_intact(s);
  EXPECT_LT(s.goodput_bps, 1e9);
  EXPECT_GT(s.goodput_bps, 0.5e9);
}

}  // namespace
}  // namespace vctoe::scenario
