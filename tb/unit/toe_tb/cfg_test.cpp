// What a test bench may be told.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

#include "tb/unit/toe_tb/peer.h"

namespace vctoe::test {
namespace {

std::string refused(const char* cfg) {
  char err[256] = "";
  EXPECT_EQ(toe_tb_new(cfg, err, sizeof err), nullptr) << cfg;
  return err;
}

TEST(ToeTbCfg, WhatIsWrongIsNamed) {
  EXPECT_NE(refused("colour=1").find("colour: unknown key"), std::string::npos);
  EXPECT_NE(refused("mss=x").find("mss"), std::string::npos);
  EXPECT_NE(refused("sack=2").find("sack"), std::string::npos);
  EXPECT_NE(refused("rack=1").find("rack"), std::string::npos);
  EXPECT_NE(refused("tlp=1").find("tlp"), std::string::npos);
  EXPECT_NE(refused("wscale=15").find("wscale"), std::string::npos);
  EXPECT_NE(refused("cc=bbr").find("cc"), std::string::npos);
  EXPECT_NE(refused("ip=10.0.0").find("ip"), std::string::npos);
  EXPECT_NE(refused("mac=02:00").find("mac"), std::string::npos);
  EXPECT_NE(refused("nic.nothing=1").find("nic.nothing"), std::string::npos);
  EXPECT_NE(refused("lonely").find("lonely"), std::string::npos);
}

TEST(ToeTbCfg, EveryDocumentedKeyIsKnown) {
  Peer peer(
      "mac=02:00:0a:00:00:01,ip=10.0.0.1,mask=255.255.255.255,gw=10.0.0.254,gw_mac=02:00:0a:00:00:"
      "fe,"
      "mtu=1500,mss=1000,sack=1,ts=1,wscale=3,ecn=0,nagle=1,iw=4,cc=reno,rto_init_us=1000000,"
      "rto_min_us=200000,rto_max_us=60000000,syn_retries=5,data_retries=8,delack_us=40000,"
      "delack_segs=2,msl_us=1000000,rcvbuf=65536,sndbuf=65536,isn=4294967290,seed=3,rack=0,tlp=0,"
      "challenge_ack=1,keepalive=0");
  toe_tb_connect(peer.tb, kPeerIp, kPeerPort, 0);
  const Out syn = peer.next();
  EXPECT_EQ(syn.s.seq.v, 4294967290U);
  EXPECT_EQ(syn.s.mss, 1000);
  EXPECT_TRUE(syn.s.has_window_scale);
  EXPECT_EQ(syn.s.window_scale, 3);
  EXPECT_TRUE(syn.s.has_timestamps);
  EXPECT_TRUE(syn.s.sack_permitted);
}

TEST(ToeTbCfg, PcapIsACaptureAtTheMac) {
  const std::string path = testing::TempDir() + "toe_tb_cfg.pcapng";
  {
    Peer peer("pcap=" + path);
    peer.connected();
    peer.run(kMs);
  }
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  ASSERT_GE(bytes.size(), 8U);
  EXPECT_EQ(bytes.substr(0, 4), "\x0a\x0d\x0d\x0a") << "pcapng";
  std::uint64_t packets = 0;
  for (std::size_t at = 0; at + 8 <= bytes.size();) {
    std::uint32_t block[2];
    std::memcpy(block, bytes.data() + at, sizeof block);
    packets += block[0] == 6 ? 1 : 0;
    at += block[1];
  }
  EXPECT_EQ(packets, 3U) << "SYN, SYN-ACK, ACK";
  std::remove(path.c_str());
}

TEST(ToeTbCfg, OptionsCanBeOff) {
  Peer peer("sack=0,ts=0,wscale=-1,mtu=1000");
  toe_tb_connect(peer.tb, kPeerIp, kPeerPort, 0);
  const Out syn = peer.next();
  EXPECT_EQ(syn.s.mss, 960);
  EXPECT_FALSE(syn.s.has_window_scale);
  EXPECT_FALSE(syn.s.has_timestamps);
  EXPECT_FALSE(syn.s.sack_permitted);
}

TEST(ToeTbCfg, AnyParameterOfTheModelCanBeSet) {
  Peer peer("nic.mac.rate=1 Gb/s,scheme=fig11+fig10");
  const int h = peer.connected();
  const Bytes bytes = pattern(2920);
  ASSERT_EQ(toe_tb_send(peer.tb, h, bytes.data(), bytes.size(), 1), 2920);
  const Out first = peer.next();
  const Out second = peer.next();
  EXPECT_EQ(second.at - first.at, 12'304U) << "1538 byte times at 1 Gb/s";
}

}  // namespace
}  // namespace vctoe::test
