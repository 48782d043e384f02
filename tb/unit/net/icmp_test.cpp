#include "models/net/icmp.h"

#include <gtest/gtest.h>

#include "tb/unit/net/frames.h"

namespace vctoe::net {
namespace {

using testing::data_segment;
using testing::kReceiverIp;
using testing::make_frame;

constexpr std::uint32_t kRouterIp = 0x0a000063;

FramePtr complaint(FramePool& pool, const toe::IcmpError& error) {
  const FramePtr sent = make_frame(pool, data_segment(1000, 100));
  FramePtr frame = pool.get();
  encode_icmp_error(*frame, *sent, kRouterIp, error);
  return frame;
}

TEST(Icmp, ErrorNamesTheSegmentThatItQuotes) {
  FramePool pool;
  const FramePtr frame = complaint(pool, {{}, {}, 3, 4, 1400});
  EXPECT_EQ(parse_tcp_frame(*frame).error, DropReason::kNotTcp);
  const auto error = parse_icmp_error(*frame);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->tuple, data_segment(1000, 100).tuple);  // as its sender sees it
  EXPECT_EQ(error->seq, toe::Seq{1000});
  EXPECT_EQ(error->type, 3);
  EXPECT_EQ(error->code, 4);
  EXPECT_EQ(error->next_hop_mtu, 1400);
}

TEST(Icmp, DamagedOrForeignMessagesAreNoErrors) {
  FramePool pool;
  const toe::IcmpError unreachable{{}, {}, 3, 1, 0};
  const FramePtr good = complaint(pool, unreachable);
  const std::uint32_t icmp = kEthernetHeaderBytes + 20;
  for (std::uint32_t at = icmp; at < icmp + 36; ++at) {
    const FramePtr frame = complaint(pool, unreachable);
    frame->bytes[at] ^= 0x10;
    EXPECT_FALSE(parse_icmp_error(*frame)) << at;
  }
  EXPECT_FALSE(parse_icmp_error(*complaint(pool, {{}, {}, 8, 0, 0})));  // echo request
  EXPECT_TRUE(parse_icmp_error(*good));
  good->bytes[kEthernetHeaderBytes + 3] = 40;  // too short to quote anything
  EXPECT_FALSE(parse_icmp_error(*good));
}

TEST(Ecn, FieldOfTheIpHeaderTravelsWithTheSegment) {
  FramePool pool;
  for (const toe::Ecn ecn :
       {toe::Ecn::kNotCapable, toe::Ecn::kCapable1, toe::Ecn::kCapable0, toe::Ecn::kExperienced}) {
    toe::Segment s = data_segment(1, 10);
    s.ecn = ecn;
    const ParseResult r = parse_tcp_frame(*make_frame(pool, s));
    ASSERT_TRUE(r.ok());
    EXPECT_EQ(r.segment.ecn, ecn);
  }
}

}  // namespace
}  // namespace vctoe::net
