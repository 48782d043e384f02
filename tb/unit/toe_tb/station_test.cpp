// The modelled host on a network of others: ARP and ICMP echo, byte by byte.
#include <cstring>

#include "models/net/byte_order.h"
#include "models/net/checksum.h"
#include "tb/unit/toe_tb/peer.h"

namespace vctoe::test {
namespace {

using net::load_be16;
using net::load_be32;
using net::MacAddress;
using net::store_be16;
using net::store_be32;

constexpr MacAddress kToeMac = {2, 0, 0, 1, 2, 3};
constexpr MacAddress kHisMac = {2, 0, 0, 9, 9, 9};
constexpr std::uint32_t kGateway = 0x0a0000fe;
constexpr const char* kCfg = "mac=02:00:00:01:02:03,ip=10.0.0.1,mask=255.255.255.0,gw=10.0.0.254";

struct Network {
  Network() {
    char err[256] = "";
    tb = toe_tb_new(kCfg, err, sizeof err);
    EXPECT_NE(tb, nullptr) << err;
  }
  ~Network() { toe_tb_free(tb); }

  void give(const Bytes& frame) { ASSERT_EQ(toe_tb_wire_in(tb, frame.data(), frame.size()), 0); }
  /// The next frame that leaves, empty if none does.
  Bytes next(std::uint64_t most = 10 * kMs) {
    Bytes frame(2048);
    int n = toe_tb_wire_out(tb, frame.data(), frame.size(), &at);
    if (n == 0) {
      toe_tb_run_until(tb, toe_tb_now(tb) + most, 1);
      n = toe_tb_wire_out(tb, frame.data(), frame.size(), &at);
    }
    frame.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return frame;
  }
  toe_tb* tb = nullptr;
  std::uint64_t at = 0;
};

Bytes arp(std::uint16_t what, const MacAddress& from, std::uint32_t from_ip, std::uint32_t to_ip) {
  Bytes f(60);
  std::memset(f.data(), 0xff, 6);
  std::memcpy(&f[6], from.data(), 6);
  store_be16(&f[12], 0x0806);
  const std::uint8_t fixed[] = {0, 1, 8, 0, 6, 4};
  std::memcpy(&f[14], fixed, sizeof fixed);
  store_be16(&f[20], what);
  std::memcpy(&f[22], from.data(), 6);
  store_be32(&f[28], from_ip);
  store_be32(&f[38], to_ip);
  return f;
}

bool is_arp(const Bytes& f, std::uint16_t what) {
  return f.size() == 60 && load_be16(&f[12]) == 0x0806 && load_be16(&f[20]) == what;
}
bool is_to(const Bytes& f, const MacAddress& mac) {
  return f.size() >= 14 && std::memcmp(f.data(), mac.data(), 6) == 0;
}
bool is_tcp(const Bytes& f) {
  return f.size() >= 54 && load_be16(&f[12]) == 0x0800 && f[23] == 6;
}

TEST(ToeTbStation, SaysItsEthernetAddress) {
  Network net;
  net.give(arp(1, kHisMac, kPeerIp, kToeIp));
  const Bytes reply = net.next();
  ASSERT_TRUE(is_arp(reply, 2));
  EXPECT_TRUE(is_to(reply, kHisMac));
  EXPECT_EQ(std::memcmp(&reply[22], kToeMac.data(), 6), 0);
  EXPECT_EQ(load_be32(&reply[28]), kToeIp);
  net.give(arp(1, kHisMac, kPeerIp, kToeIp + 7));
  EXPECT_TRUE(net.next().empty()) << "somebody else's";
}

TEST(ToeTbStation, AsksWhereTheNextHopIsAndSendsThen) {
  Network net;
  toe_tb_connect(net.tb, kPeerIp, 80, 0);
  const Bytes question = net.next();
  ASSERT_TRUE(is_arp(question, 1));
  EXPECT_EQ(load_be32(&question[38]), kPeerIp);
  EXPECT_TRUE(net.next(kMs).empty()) << "the SYN waits";
  const std::uint64_t asked = toe_tb_now(net.tb);
  net.give(arp(2, kHisMac, kPeerIp, kToeIp));
  const Bytes syn = net.next();
  ASSERT_TRUE(is_tcp(syn));
  EXPECT_TRUE(is_to(syn, kHisMac));
  EXPECT_EQ(std::memcmp(&syn[6], kToeMac.data(), 6), 0);
  EXPECT_LE(net.at, asked + 10 * kUs) << "no retransmission timer had to run out";
}

TEST(ToeTbStation, WhatIsFarGoesToTheGateway) {
  Network net;
  toe_tb_connect(net.tb, 0x08080808, 80, 0);
  const Bytes question = net.next();
  ASSERT_TRUE(is_arp(question, 1));
  EXPECT_EQ(load_be32(&question[38]), kGateway);
  net.give(arp(2, kHisMac, kGateway, kToeIp));
  const Bytes syn = net.next();
  ASSERT_TRUE(is_tcp(syn));
  EXPECT_TRUE(is_to(syn, kHisMac));
}

TEST(ToeTbStation, AsksThreeTimesAndWithEveryRetransmissionAnew) {
  Network net;
  toe_tb_connect(net.tb, kPeerIp, 80, 0);
  std::uint64_t last = 0;
  for (int i = 0; i < 5; ++i) {
    const Bytes question = net.next(10 * kS);
    ASSERT_TRUE(is_arp(question, 1)) << i;
    if (last != 0) {
      EXPECT_GE(net.at - last, kS) << "RFC 1122 2.3.2.1";
    }
    last = net.at;
  }
  net.give(arp(2, kHisMac, kPeerIp, kToeIp));
  EXPECT_TRUE(is_tcp(net.next())) << "the connection is still tried";
}

TEST(ToeTbStation, AnswersEchoes) {
  Network net;
  Bytes ping(14 + 20 + 8 + 32);
  std::memcpy(ping.data(), kToeMac.data(), 6);
  std::memcpy(&ping[6], kHisMac.data(), 6);
  store_be16(&ping[12], 0x0800);
  store_be16(&ping[14], 0x4500);
  store_be16(&ping[16], 60);
  ping[22] = 64;
  ping[23] = 1;
  store_be32(&ping[26], kPeerIp);
  store_be32(&ping[30], kToeIp);
  store_be16(&ping[24], static_cast<std::uint16_t>(~net::fold_sum(net::ones_sum(&ping[14], 20))));
  ping[34] = 8;
  store_be16(&ping[38], 77);
  for (std::size_t i = 42; i < ping.size(); ++i) ping[i] = static_cast<std::uint8_t>(i);
  store_be16(&ping[36], static_cast<std::uint16_t>(~net::fold_sum(net::ones_sum(&ping[34], 40))));
  net.give(ping);
  const Bytes pong = net.next();
  ASSERT_EQ(pong.size(), ping.size());
  EXPECT_TRUE(is_to(pong, kHisMac));
  EXPECT_EQ(pong[34], 0);
  EXPECT_EQ(load_be32(&pong[30]), kPeerIp);
  EXPECT_EQ(net::fold_sum(net::ones_sum(&pong[14], 20)), 0xffff);
  EXPECT_EQ(net::fold_sum(net::ones_sum(&pong[34], 40)), 0xffff);
  EXPECT_EQ(Bytes(pong.begin() + 38, pong.end()), Bytes(ping.begin() + 38, ping.end()));
  ping[60] ^= 1;
  net.give(ping);
  EXPECT_TRUE(net.next().empty()) << "a wrong checksum";
}

}  // namespace
}  // namespace vctoe::test
