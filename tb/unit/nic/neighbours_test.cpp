#include "models/nic/neighbours.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "models/net/icmp_echo.h"
#include "tb/unit/net/frames.h"

namespace vctoe::nic {
namespace {

using net::ArpPacket;
using net::DropReason;
using net::MacAddress;
using net::testing::data_segment;
using net::testing::make_frame;
using sim::Time;

constexpr std::uint32_t kUs = 0x0a000001, kPeer = 0x0a000002, kGateway = 0x0a0000fe;
constexpr std::uint32_t kFar = 0x08080808;
constexpr MacAddress kPeerMac = {0x52, 0x54, 0, 1, 2, 3};
constexpr MacAddress kOtherMac = {0x52, 0x54, 0, 9, 9, 9};

struct Port : FramePort {
  struct Sent {
    net::FramePtr frame;
    std::uint64_t cookie;
    Time at;
  };
  std::vector<Sent> sent;
  bool full = false;
  bool can_send() const override { return !full; }
  void send(net::FramePtr frame, std::uint64_t cookie) override {
    sent.push_back({std::move(frame), cookie, sim::now()});
  }
  void refuse(const net::Frame&, DropReason) override {}
  ArpPacket arp(std::size_t i) const {
    return i < sent.size() ? net::parse_arp(*sent[i].frame).value_or(ArpPacket{}) : ArpPacket{};
  }
};

NeighbourParams asking() {
  NeighbourParams p;
  p.resolve = true;
  return p;
}

struct Bench {
  explicit Bench(const NeighbourParams& params = asking(), const StationParams& station = {})
      : block(kUs, params, station, port) {
    block.on_dropped([this](const net::Frame&, std::uint64_t cookie, bool unreachable) {
      dropped.emplace_back(cookie, unreachable);
    });
  }
  bool arp(const ArpPacket& packet, DropReason why = DropReason::kNotForUs) {
    const net::FramePtr frame = pool.get();
    net::encode_arp(*frame, net::kBroadcast, packet);
    return block.take(*frame, why);
  }
  /// The way of the transmit engine.
  void send(std::uint32_t ip, std::uint64_t cookie) {
    const auto where = block.find(ip);
    net::FramePtr frame = make_frame(pool, data_segment(1, 10));
    if (where) {
      port.send(std::move(frame), cookie);
    } else {
      block.hold(ip, std::move(frame), cookie);
    }
    block.send_ready();
  }
  void run(Time t) { sc_core::sc_start(sim::to_sc(t)); }

  net::FramePool pool;
  Port port;
  Neighbours block;
  std::vector<std::pair<std::uint64_t, bool>> dropped;
};

TEST(Neighbours, WithoutAskingAnAddressFollowsFromTheIpAddress) {
  Bench b{NeighbourParams{}};
  EXPECT_EQ(b.block.find(kPeer), net::mac_address_of(kPeer));
  b.run(Time::from_s(10));
  EXPECT_TRUE(b.port.sent.empty());
}

TEST(Neighbours, AnAddressIsAskedForAndTheFrameWaitsForTheAnswer) {
  Bench b;
  b.send(kPeer, 5);
  ASSERT_EQ(b.port.sent.size(), 1u);
  const ArpPacket asked = b.port.arp(0);
  EXPECT_TRUE(asked.request);
  EXPECT_EQ(asked.target_ip, kPeer);
  EXPECT_EQ(asked.sender_ip, kUs);
  EXPECT_EQ(b.port.sent[0].cookie, 0u);
  b.run(Time::from_ms(10));
  EXPECT_TRUE(b.arp({false, kPeerMac, kPeer, b.block.mac(), kUs}));
  ASSERT_EQ(b.port.sent.size(), 2u);
  const net::Frame& frame = *b.port.sent[1].frame;
  EXPECT_EQ(b.port.sent[1].cookie, 5u);
  EXPECT_EQ(std::memcmp(frame.bytes.data(), kPeerMac.data(), 6), 0);
  EXPECT_TRUE(net::parse_tcp_frame(frame).ok()) << "the FCS is that of the new destination";
  EXPECT_EQ(b.block.find(kPeer), kPeerMac);
  b.run(Time::from_s(10));
  EXPECT_EQ(b.port.sent.size(), 2u) << "nothing is asked any more";
}

TEST(Neighbours, TheLatestFramesWaitAndLeaveInTheirOrder) {
  NeighbourParams p = asking();
  p.held = 2;
  Bench b{p};
  for (const std::uint64_t cookie : {5, 6, 7}) b.send(kPeer, cookie);
  EXPECT_EQ(b.dropped, (std::vector<std::pair<std::uint64_t, bool>>{{5, false}}));
  b.arp({false, kPeerMac, kPeer, b.block.mac(), kUs});
  ASSERT_EQ(b.port.sent.size(), 3u);
  EXPECT_EQ(b.port.sent[1].cookie, 6u);
  EXPECT_EQ(b.port.sent[2].cookie, 7u);
}

TEST(Neighbours, WhoDoesNotAnswerIsAskedOnceASecondAndThenUnreachable) {
  Bench b;
  b.send(kPeer, 5);
  b.run(Time::from_ms(2999));
  ASSERT_EQ(b.port.sent.size(), 3u);
  EXPECT_EQ(b.port.sent[2].at, Time::from_s(2));
  EXPECT_TRUE(b.dropped.empty());
  b.run(Time::from_ms(2));
  EXPECT_EQ(b.dropped, (std::vector<std::pair<std::uint64_t, bool>>{{5, true}}));
  EXPECT_EQ(b.block.stats().arp_failures, 1u);
  b.run(Time::from_s(20));
  EXPECT_EQ(b.port.sent.size(), 3u);
  b.send(kPeer, 7);
  EXPECT_EQ(b.port.sent.size(), 4u) << "the next frame asks anew";
}

TEST(Neighbours, ARequestForUsIsAnsweredAndItsSenderIsKnown) {
  Bench b;
  EXPECT_TRUE(b.arp({true, kPeerMac, kPeer, {}, kUs}));
  ASSERT_EQ(b.port.sent.size(), 1u);
  const ArpPacket reply = b.port.arp(0);
  EXPECT_FALSE(reply.request);
  EXPECT_EQ(reply.sender_mac, b.block.mac());
  EXPECT_EQ(reply.sender_ip, kUs);
  EXPECT_EQ(reply.target_mac, kPeerMac);
  EXPECT_EQ(std::memcmp(b.port.sent[0].frame->bytes.data(), kPeerMac.data(), 6), 0);
  EXPECT_EQ(b.block.find(kPeer), kPeerMac);
  EXPECT_EQ(b.port.sent.size(), 1u) << "nobody is asked";
}

TEST(Neighbours, TalkAmongOthersIsNotAnsweredAndTeachesNothingNew) {
  Bench b;
  EXPECT_TRUE(b.arp({true, kPeerMac, kPeer, {}, kGateway}));
  EXPECT_TRUE(b.port.sent.empty());
  EXPECT_FALSE(b.block.find(kPeer));
  // But who is known is brought up to date (RFC 826, merge flag).
  b.arp({false, kPeerMac, kPeer, b.block.mac(), kUs});
  b.arp({true, kOtherMac, kPeer, {}, kPeer});
  EXPECT_EQ(b.block.find(kPeer), kOtherMac);
}

TEST(Neighbours, AProbeIsAnsweredAndNobodyTakesOurAddress) {
  Bench b;
  b.arp({true, kPeerMac, 0, {}, kUs});
  EXPECT_EQ(b.block.stats().arp_replies, 1u);
  b.arp({false, kPeerMac, kUs, {}, kUs});
  EXPECT_EQ(b.block.stats().arp_learned, 0u);
}

TEST(Neighbours, AnOldAddressIsUsedWhileItIsAskedForAgainAndForgottenWithoutAnAnswer) {
  Bench b;
  b.arp({true, kPeerMac, kPeer, {}, kUs});
  b.run(Time::from_s(61));
  b.send(kPeer, 5);
  ASSERT_EQ(b.port.sent.size(), 3u) << "reply, frame, question";
  EXPECT_EQ(b.port.sent[1].cookie, 5u);
  EXPECT_TRUE(b.port.arp(2).request);
  b.run(Time::from_s(4));
  EXPECT_FALSE(b.block.find(kPeer));
}

TEST(Neighbours, WhoIsFarIsReachedThroughTheGateway) {
  StationParams station;
  station.mask = 0xffffff00;
  station.gateway = kGateway;
  Bench b(asking(), station);
  b.send(kFar, 5);
  EXPECT_EQ(b.port.arp(0).target_ip, kGateway);
  b.arp({false, kOtherMac, kGateway, b.block.mac(), kUs});
  EXPECT_EQ(b.block.find(kFar), kOtherMac);
  b.send(kPeer, 6);
  EXPECT_EQ(b.port.arp(2).target_ip, kPeer);
}

TEST(Neighbours, WithTheGatewaysEthernetAddressNobodyIsAsked) {
  StationParams station;
  station.gateway_mac = kOtherMac;
  station.mac = kPeerMac;
  Bench b(asking(), station);
  EXPECT_EQ(b.block.mac(), kPeerMac);
  EXPECT_EQ(b.block.find(kPeer), kOtherMac);
  EXPECT_EQ(b.block.find(kFar), kOtherMac);
  EXPECT_TRUE(b.port.sent.empty());
}

TEST(Neighbours, TheTableIsBounded) {
  NeighbourParams p = asking();
  p.table = 4;
  Bench b(p);
  for (std::uint32_t i = 0; i < 10; ++i) {
    b.arp({true, kPeerMac, kPeer + i, {}, kUs});
    b.run(Time::from_ms(1));
  }
  EXPECT_TRUE(b.block.find(kPeer + 9));
  EXPECT_FALSE(b.block.find(kPeer));
}

TEST(Neighbours, EchoRequestsAreAnsweredUnlessTurnedOff) {
  for (const bool echo : {true, false}) {
    NeighbourParams p;
    p.echo = echo;
    Bench b(p);
    const net::FramePtr frame = make_frame(b.pool, data_segment(1, 10));
    net::encode_echo_request(*frame, 1, 2, 56);
    EXPECT_EQ(b.block.take(*frame, DropReason::kNotTcp), echo);
    EXPECT_EQ(b.port.sent.size(), echo ? 1u : 0u);
    EXPECT_FALSE(b.block.take(*frame, DropReason::kNotForUs)) << "it is for somebody else";
  }
}

TEST(Neighbours, AnswersWaitForTheLineAndThereIsABoundToThem) {
  Bench b;
  b.port.full = true;
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(b.arp({true, kPeerMac, kPeer, {}, kUs}));
  EXPECT_TRUE(b.port.sent.empty());
  b.port.full = false;
  b.block.send_ready();
  EXPECT_EQ(b.port.sent.size(), 16u);
  EXPECT_EQ(b.block.stats().replies_dropped, 4u);
}

}  // namespace
}  // namespace vctoe::nic
