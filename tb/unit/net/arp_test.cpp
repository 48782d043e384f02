#include "models/net/arp.h"

#include <gtest/gtest.h>

#include "models/net/icmp_echo.h"
#include "tb/unit/net/frames.h"

namespace vctoe::net {
namespace {

using testing::data_segment;
using testing::make_frame;

constexpr MacAddress kHere = {2, 0, 10, 0, 0, 1};
constexpr MacAddress kThere = {0x52, 0x54, 0, 1, 2, 3};

FramePtr arp_frame(FramePool& pool, const ArpPacket& packet) {
  FramePtr frame = pool.get();
  encode_arp(*frame, kBroadcast, packet);
  return frame;
}

TEST(Arp, PacketTravelsInAFrameWithGoodCheckSequence) {
  FramePool pool;
  const FramePtr frame = arp_frame(pool, {true, kHere, 0x0a000001, {}, 0x0a000002});
  EXPECT_EQ(frame->size, kMinFrameBytes);
  EXPECT_EQ(parse_tcp_frame(*frame).error, DropReason::kNotIpv4) << "the FCS is checked before";
  const auto packet = parse_arp(*frame);
  ASSERT_TRUE(packet);
  EXPECT_TRUE(packet->request);
  EXPECT_EQ(packet->sender_mac, kHere);
  EXPECT_EQ(packet->sender_ip, 0x0a000001u);
  EXPECT_EQ(packet->target_ip, 0x0a000002u);
}

// The bytes of RFC 826's table, by hand.
TEST(Arp, ReplyIsWrittenAsInRfc826) {
  FramePool pool;
  const FramePtr frame = arp_frame(pool, {false, kHere, 0x0a000001, kThere, 0x0a000002});
  const std::uint8_t expected[] = {0,  1, 8, 0, 6,    4,    0, 2, 2, 0, 10, 0, 0, 1,
                                   10, 0, 0, 1, 0x52, 0x54, 0, 1, 2, 3, 10, 0, 0, 2};
  EXPECT_EQ(std::memcmp(frame->bytes.data() + kEthernetHeaderBytes, expected, sizeof expected), 0);
}

TEST(Arp, OtherHardwareProtocolsOperationsAndGroupSendersAreNoPackets) {
  FramePool pool;
  for (const std::uint32_t at : {1u, 2u, 4u, 5u, 7u, 8u}) {
    const FramePtr frame = arp_frame(pool, {true, kHere, 1, {}, 2});
    frame->bytes[kEthernetHeaderBytes + at] ^= 0x09;
    EXPECT_FALSE(parse_arp(*frame)) << at;
  }
  EXPECT_FALSE(parse_arp(*make_frame(pool, data_segment(1, 100))));
}

/// An echo request on its way from the sender to the receiver.
FramePtr ping(FramePool& pool, std::uint32_t bytes) {
  FramePtr frame = make_frame(pool, data_segment(1, 10));
  encode_echo_request(*frame, 77, 3, bytes);
  return frame;
}

TEST(IcmpEcho, ReplyHasTheDataOfTheRequestAndGoesBack) {
  FramePool pool;
  for (const std::uint32_t bytes : {0u, 1u, 56u, 57u, 1472u}) {
    const FramePtr request = ping(pool, bytes);
    EXPECT_EQ(parse_tcp_frame(*request).error, DropReason::kNotTcp);
    const FramePtr reply = pool.get();
    ASSERT_TRUE(encode_echo_reply(*reply, *request));
    EXPECT_EQ(parse_tcp_frame(*reply).error, DropReason::kNotTcp) << "FCS and IP header are sound";
    EXPECT_EQ(reply->size, request->size);
    const std::uint8_t* a = request->bytes.data();
    const std::uint8_t* b = reply->bytes.data();
    EXPECT_EQ(std::memcmp(a, b + 6, 6) | std::memcmp(a + 6, b, 6), 0) << "Ethernet addresses";
    EXPECT_EQ(std::memcmp(a + 26, b + 30, 4) | std::memcmp(a + 30, b + 26, 4), 0) << "IP addresses";
    EXPECT_EQ(b[34], 0) << "echo reply";
    EXPECT_EQ(std::memcmp(a + 38, b + 38, 4 + bytes), 0) << "identifier, number, data";
    EXPECT_FALSE(encode_echo_reply(*pool.get(), *reply)) << "a reply is not answered";
  }
}

TEST(IcmpEcho, DamagedRequestsAreNotAnswered) {
  FramePool pool;
  const FramePtr reply = pool.get();
  for (std::uint32_t at = 34; at < 34 + 16; ++at) {
    const FramePtr request = ping(pool, 8);
    request->bytes[at] ^= 0x20;
    EXPECT_FALSE(encode_echo_reply(*reply, *request)) << at;
  }
}

}  // namespace
}  // namespace vctoe::net
