#include "models/net/headers.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "models/net/byte_order.h"
#include "models/net/tcp_options.h"
#include "models/sim/error.h"
#include "tb/unit/net/frames.h"

namespace vctoe::net {
namespace {

using testing::data_segment;
using testing::make_frame;
constexpr std::uint32_t kIp = kEthernetHeaderBytes;

toe::Segment any_segment() {
  toe::Segment s;
  s.tuple = {*rc::gen::arbitrary<std::uint32_t>(), *rc::gen::arbitrary<std::uint32_t>(),
             *rc::gen::arbitrary<std::uint16_t>(), *rc::gen::arbitrary<std::uint16_t>()};
  s.seq = {*rc::gen::arbitrary<std::uint32_t>()};
  s.ack = {*rc::gen::arbitrary<std::uint32_t>()};
  s.flags = *rc::gen::arbitrary<std::uint8_t>();
  s.window = *rc::gen::arbitrary<std::uint16_t>();
  s.urgent = *rc::gen::arbitrary<std::uint16_t>();
  s.ttl = *rc::gen::arbitrary<std::uint8_t>();
  s.diffserv = *rc::gen::inRange<std::uint8_t>(0, 64);
  s.has_mss = *rc::gen::arbitrary<bool>();
  if (s.has_mss) s.mss = *rc::gen::arbitrary<std::uint16_t>();
  s.has_window_scale = *rc::gen::arbitrary<bool>();
  if (s.has_window_scale) s.window_scale = *rc::gen::arbitrary<std::uint8_t>();
  s.sack_permitted = *rc::gen::arbitrary<bool>();
  s.has_timestamps = *rc::gen::arbitrary<bool>();
  if (s.has_timestamps) {
    s.ts_value = *rc::gen::arbitrary<std::uint32_t>();
    s.ts_echo = *rc::gen::arbitrary<std::uint32_t>();
  }
  s.sack_count = *rc::gen::inRange<std::uint8_t>(0, 5);
  for (auto& block : s.sack) {
    block = {{*rc::gen::arbitrary<std::uint32_t>()}, {*rc::gen::arbitrary<std::uint32_t>()}};
  }
  s.length = *rc::gen::weightedOneOf<std::uint32_t>(
      {{3, rc::gen::inRange(0u, 40u)}, {2, rc::gen::inRange(0u, 9000u)}});
  return s;
}

/// `a` as sent, `b` as received by the other side.
void expect_same(const toe::Segment& a, const toe::Segment& b) {
  RC_ASSERT(b.tuple.local_ip == a.tuple.remote_ip && b.tuple.remote_ip == a.tuple.local_ip);
  RC_ASSERT(b.tuple.local_port == a.tuple.remote_port);
  RC_ASSERT(b.tuple.remote_port == a.tuple.local_port);
  RC_ASSERT(b.seq == a.seq && b.ack == a.ack && b.flags == a.flags && b.window == a.window);
  RC_ASSERT(b.urgent == a.urgent && b.ttl == a.ttl && b.diffserv == a.diffserv);
  RC_ASSERT(b.length == a.length);
  RC_ASSERT(b.has_mss == a.has_mss && b.mss == a.mss);
  RC_ASSERT(b.has_window_scale == a.has_window_scale && b.window_scale == a.window_scale);
  RC_ASSERT(b.sack_permitted == a.sack_permitted && b.has_timestamps == a.has_timestamps);
  RC_ASSERT(b.ts_value == a.ts_value && b.ts_echo == a.ts_echo);
  RC_ASSERT(b.sack_count <= a.sack_count);
  for (std::size_t i = 0; i < b.sack_count; ++i) {
    RC_ASSERT(b.sack[i].left == a.sack[i].left && b.sack[i].right == a.sack[i].right);
  }
}

std::uint32_t naive_words(const std::uint8_t* p, std::uint32_t length) {
  std::uint32_t sum = 0;
  for (std::uint32_t i = 0; i < length; ++i) sum += i % 2 == 0 ? p[i] << 8 : p[i];
  return sum;
}

/// True when the words add up to a multiple of 65535: the checksum as RFC 9293 defines it, computed
/// with code of this test only.
bool checksums_hold(const Frame& frame) {
  const std::uint8_t* ip = frame.bytes.data() + kIp;
  const std::uint32_t tcp_length = static_cast<std::uint32_t>(ip[2] << 8 | ip[3]) - 20;
  const std::uint32_t tcp =
      naive_words(ip + 12, 8) + 6 + tcp_length + naive_words(ip + 20, tcp_length);
  return naive_words(ip, 20) % 0xffff == 0 && tcp % 0xffff == 0;
}

/// Puts `change` into a good frame and makes the FCS right again; what does the parser say?
template <class Change>
DropReason reason_after(Change change) {
  FramePool pool;
  FramePtr frame = make_frame(pool, data_segment(1, 100));
  change(*frame);
  set_fcs(*frame);
  return parse_tcp_frame(*frame).error;
}

void fix_ip_checksum(Frame& frame) {
  std::uint8_t* ip = frame.bytes.data() + kIp;
  const std::uint32_t header = (ip[0] & 0xfu) * 4;
  store_be16(ip + 10, 0);
  const std::uint32_t sum = naive_words(ip, header);
  store_be16(ip + 10, ~(sum % 0xffff));
}

// req: I-F06-150, I-F06-152, I-P0024a
TEST(FrameCodec, AnySegmentComesBackAsItWasSent) {
  FramePool pool;
  EXPECT_TRUE(rc::check("parse(encode(s)) == s", [&] {
    const toe::Segment s = any_segment();
    const FramePtr frame = make_frame(pool, s);
    const ParseResult r = parse_tcp_frame(*frame);
    RC_ASSERT(r.error == DropReason::kNone);
    RC_ASSERT(!r.malformed_options);
    RC_ASSERT(r.payload_offset == header_length(s));
    expect_same(s, r.segment);
    for (std::uint32_t i = 0; i < s.length; ++i) {
      RC_ASSERT(frame->bytes[r.payload_offset + i] == static_cast<std::uint8_t>(s.seq.v + i));
    }
    RC_ASSERT(peek_tcp(*frame).payload == s.length && peek_tcp(*frame).sequence == s.seq.v);
  }));
}

// req: I-F06-152, I-P0004c
TEST(FrameCodec, ChecksumsHoldForIndependentCode) {
  FramePool pool;
  EXPECT_TRUE(rc::check("naive sums",
                        [&] { RC_ASSERT(checksums_hold(*make_frame(pool, any_segment()))); }));
}

// req: I-P0002b, I-F05-116
TEST(FrameCodec, FieldsLieWhereTheStandardsPutThem) {
  FramePool pool;
  toe::Segment s = data_segment(0x11223344, 3);
  s.flags = toe::kAck | toe::kPsh;
  FramePtr frame = pool.get();
  std::fill(frame->bytes.begin(), frame->bytes.begin() + 128, 0xee);
  std::memcpy(frame->bytes.data() + header_length(s), "abc", 3);
  EXPECT_EQ(encode_tcp_frame(*frame, {{2, 0, 10, 0, 0, 2}, {2, 0, 10, 0, 0, 1}}, s, 0x1234), 73u);
  const std::vector<std::uint8_t> want = {
      2,    0,    10,   0,    0,    2,    2,    0,    10, 0, 0,    1,    0x08, 0x00,  // Ethernet II
      0x45, 0,    0,    55,   0x12, 0x34, 0x40, 0,    64, 6, 0x14, 0x8b,              // IPv4
      10,   0,    0,    1,    10,   0,    0,    2,                                    // addresses
      0x9c, 0x40, 0x13, 0x89, 0x11, 0x22, 0x33, 0x44, 1,  2, 3,    4,                 // TCP
      0x80, 0x18, 0x7f, 0xff};
  EXPECT_TRUE(std::equal(want.begin(), want.end(), frame->bytes.begin()))
      << ::testing::PrintToString(
             std::vector<int>(frame->bytes.begin(), frame->bytes.begin() + 50));
  const std::vector<std::uint8_t> tail = {0, 0, 1, 1, 8, 10, 0, 0, 0, 7, 0, 0, 0, 9, 'a', 'b', 'c'};
  EXPECT_TRUE(std::equal(tail.begin(), tail.end(), frame->bytes.begin() + 52));
  EXPECT_TRUE(checksums_hold(*frame));
}

// The residue of a frame with its FCS is the same for all frames: IEEE 802.3 clause 3.2.9, and a
// check of the byte order.
// req: I-F05-116
TEST(FrameCodec, FcsIsInTheByteOrderOfEthernet) {
  FramePool pool;
  for (const std::uint32_t length : {0u, 1u, 700u, 1448u}) {
    const FramePtr frame = make_frame(pool, data_segment(1, length));
    std::uint32_t crc = 0xffffffff;
    for (std::uint32_t i = 0; i < frame->size; ++i) {
      crc ^= frame->bytes[i];
      for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320u : 0u);
    }
    EXPECT_EQ(crc, 0xdebb20e3u);
  }
}

TEST(FrameCodec, SmallFramesArePaddedWithZerosToSixtyFourBytes) {
  FramePool pool;
  FramePtr frame = pool.get();
  frame->bytes.fill(0xee);
  toe::Segment s = data_segment(1, 0);
  s.has_timestamps = false;
  EXPECT_EQ(encode_tcp_frame(*frame, {}, s), kMinFrameBytes);
  for (std::uint32_t i = 54; i < 60; ++i) EXPECT_EQ(frame->bytes[i], 0) << i;
  EXPECT_EQ(parse_tcp_frame(*frame).segment.length, 0u);
}

TEST(FrameCodec, ASegmentLargerThanAFrameBreaksAnInvariant) {
  FramePool pool;
  const FramePtr frame = pool.get();
  EXPECT_THROW(encode_tcp_frame(*frame, {}, data_segment(1, 9300)), sim::Error);
}

TEST(TcpOptions, LayoutIsThatOfRfc7323AppendixA) {
  toe::Segment s;
  EXPECT_EQ(options_length(s), 0u);
  s.has_timestamps = true;
  EXPECT_EQ(options_length(s), 12u);
  s.sack_count = 4;
  EXPECT_EQ(options_length(s), 40u) << "three blocks fit beside timestamps";
  s.has_timestamps = false;
  EXPECT_EQ(options_length(s), 36u);
  toe::Segment syn;
  syn.has_mss = syn.has_window_scale = syn.sack_permitted = syn.has_timestamps = true;
  EXPECT_EQ(options_length(syn), 20u);
  syn.mss = 1460;
  syn.window_scale = 7;
  std::array<std::uint8_t, 20> bytes{};
  encode_options(syn, bytes.data());
  EXPECT_EQ(bytes, (std::array<std::uint8_t, 20>{2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0,
                                                 0, 0, 0, 0,    0, 0, 1, 3,  3, 7}));
  toe::Segment data;
  data.has_timestamps = true;  // two NOPs in front, so that nothing is left to pad at the end
  std::array<std::uint8_t, 12> padded{};
  encode_options(data, padded.data());
  EXPECT_EQ(padded, (std::array<std::uint8_t, 12>{1, 1, 8, 10}));
}

TEST(TcpOptions, FoundAtOddOffsetsAndBehindUnknownOnes) {
  const std::vector<std::uint8_t> bytes = {1, 253, 5, 9,  9, 9, 2, 4, 5, 0xb4, 3, 3, 7, 34,
                                           2, 1,   8, 10, 0, 0, 0, 1, 0, 0,    0, 2, 0, 77};
  toe::Segment s;
  EXPECT_TRUE(parse_options(bytes.data(), static_cast<std::uint32_t>(bytes.size()), s));
  EXPECT_EQ(s.mss, 1460);
  EXPECT_EQ(s.window_scale, 7);
  EXPECT_EQ(s.ts_value, 1u);
  EXPECT_EQ(s.ts_echo, 2u);
}

TEST(TcpOptions, ImpossibleLengthsEndTheListButKeepWhatCameBefore) {
  const std::vector<std::vector<std::uint8_t>> lists = {
      {2, 4, 5, 0xb4, 8, 0, 0, 0},   // length 0
      {2, 4, 5, 0xb4, 8, 1, 0, 0},   // length 1
      {2, 4, 5, 0xb4, 8, 10, 0, 0},  // beyond the end
      {2, 4, 5, 0xb4, 1, 1, 1, 8}};  // no length at all
  for (const auto& bytes : lists) {
    toe::Segment s;
    EXPECT_FALSE(parse_options(bytes.data(), static_cast<std::uint32_t>(bytes.size()), s));
    EXPECT_TRUE(s.has_mss);
    EXPECT_FALSE(s.has_timestamps);
  }
}

TEST(TcpOptions, KnownOptionsOfAWrongLengthArePassedOver) {
  const std::vector<std::uint8_t> bytes = {2, 3, 5, 5, 9, 0, 0, 0, 0, 0, 0, 0, 4, 3, 0, 3, 4, 7, 7};
  toe::Segment s;
  EXPECT_TRUE(parse_options(bytes.data(), static_cast<std::uint32_t>(bytes.size()), s));
  EXPECT_FALSE(s.has_mss || s.sack_permitted || s.has_window_scale);
  EXPECT_EQ(s.sack_count, 0);
}

void fix_tcp_checksum(Frame& frame) {
  std::uint8_t* ip = frame.bytes.data() + kIp;
  const auto length = static_cast<std::uint32_t>(ip[2] << 8 | ip[3]) - 20;
  store_be16(ip + 36, 0);
  const std::uint32_t sum = naive_words(ip + 12, 8) + 6 + length + naive_words(ip + 20, length);
  store_be16(ip + 36, ~(sum % 0xffff));
}

TEST(FrameParser, HeadersThatReachBeyondTheirPacketAreRefused) {
  FramePool pool;
  toe::Segment small = data_segment(1, 0);
  small.has_timestamps = false;
  const FramePtr tcp = make_frame(pool, small);
  tcp->bytes[kIp + 32] = 0xf0;  // 60 bytes of TCP header in a packet that has 20
  fix_tcp_checksum(*tcp);
  set_fcs(*tcp);
  EXPECT_EQ(parse_tcp_frame(*tcp).error, DropReason::kBadTcpHeader);
  const FramePtr ip = make_frame(pool, small);
  ip->bytes[kIp] = 0x4f;  // 60 bytes of IPv4 header in a frame that has room for 46
  set_fcs(*ip);
  EXPECT_EQ(parse_tcp_frame(*ip).error, DropReason::kBadIpHeader);
}

// req: I-F05-116, I-F06-152
TEST(FrameParser, SaysWhyItRefuses) {
  const auto ip = [](Frame& f) { return f.bytes.data() + kIp; };
  const auto after_ip_change = [&](std::uint32_t at, std::uint8_t value) {
    return reason_after([&](Frame& f) {
      ip(f)[at] = value;
      fix_ip_checksum(f);
    });
  };
  EXPECT_EQ(reason_after([](Frame&) {}), DropReason::kNone);
  EXPECT_EQ(reason_after([](Frame& f) { f.size = 63; }), DropReason::kTruncated);
  EXPECT_EQ(reason_after([](Frame& f) { f.size = 100; }), DropReason::kTruncated);
  EXPECT_EQ(reason_after([](Frame& f) { f.bytes[13] = 6; }), DropReason::kNotIpv4);
  EXPECT_EQ(after_ip_change(0, 0x65), DropReason::kNotIpv4);
  EXPECT_EQ(after_ip_change(0, 0x44), DropReason::kBadIpHeader);
  EXPECT_EQ(reason_after([&](Frame& f) { ip(f)[8] ^= 1; }), DropReason::kBadIpChecksum);
  EXPECT_EQ(after_ip_change(6, 0x20), DropReason::kFragment);
  EXPECT_EQ(after_ip_change(7, 1), DropReason::kFragment);
  EXPECT_EQ(after_ip_change(9, 17), DropReason::kNotTcp);
  EXPECT_EQ(after_ip_change(3, 30), DropReason::kTruncated);
  EXPECT_EQ(reason_after([&](Frame& f) { ip(f)[32] = 0x40; }), DropReason::kBadTcpHeader);
  EXPECT_EQ(reason_after([&](Frame& f) { ip(f)[60] ^= 4; }), DropReason::kBadTcpChecksum);
}

// req: I-F05-116
TEST(FrameParser, RefusesEveryFrameWithOneFlippedBit) {
  FramePool pool;
  const FramePtr frame = make_frame(pool, data_segment(1, 50));
  for (std::uint32_t bit = 0; bit < frame->size * 8; ++bit) {
    frame->bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    EXPECT_EQ(parse_tcp_frame(*frame).error, DropReason::kBadFcs) << bit;
    frame->bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
  }
  EXPECT_TRUE(parse_tcp_frame(*frame).ok());
}

TEST(FrameParser, TakesOnlyWhatIsAddressedToTheStation) {
  FramePool pool;
  const FramePtr frame = make_frame(pool, data_segment(1, 50));
  const LocalAddresses us{mac_address_of(testing::kReceiverIp), testing::kReceiverIp};
  EXPECT_TRUE(parse_tcp_frame(*frame, us).ok());
  EXPECT_EQ(parse_tcp_frame(*frame, {us.mac, us.ip + 1}).error, DropReason::kNotForUs);
  EXPECT_EQ(parse_tcp_frame(*frame, {mac_address_of(1), us.ip}).error, DropReason::kNotForUs);
}

TEST(FrameParser, IpOptionsArePassedOver) {
  FramePool pool;
  const FramePtr plain = make_frame(pool, data_segment(1, 40));
  FramePtr frame = pool.get();
  std::memcpy(frame->bytes.data(), plain->bytes.data(), kIp + 20);
  std::memset(frame->bytes.data() + kIp + 20, 1, 4);  // four NOPs
  std::memcpy(frame->bytes.data() + kIp + 24, plain->bytes.data() + kIp + 20, 20 + 12 + 40);
  frame->size = plain->size + 4;
  std::uint8_t* ip = frame->bytes.data() + kIp;
  ip[0] = 0x46;
  ip[3] = static_cast<std::uint8_t>(ip[3] + 4);
  fix_ip_checksum(*frame);
  set_fcs(*frame);
  const ParseResult r = parse_tcp_frame(*frame);
  EXPECT_TRUE(r.ok());
  EXPECT_EQ(r.segment.length, 40u);
  EXPECT_EQ(r.payload_offset, kIp + 24 + 32);
  EXPECT_EQ(peek_tcp(*frame).payload, 40u);
}

/// Random bytes behind a plausible start, with FCS and IP checksum repaired so that the damage gets
/// deep into the parser. The sanitizer run watches the reads; here: what is accepted lies inside.
TEST(FrameParser, AnyBytesAreParsedOrRefusedWithoutHarm) {
  FramePool pool;
  EXPECT_TRUE(rc::check("fuzz", [&] {
    const FramePtr frame = make_frame(pool, any_segment());
    const auto hits = *rc::gen::container<std::vector<std::pair<std::uint16_t, std::uint8_t>>>(
        rc::gen::pair(rc::gen::inRange<std::uint16_t>(0, 90), rc::gen::arbitrary<std::uint8_t>()));
    for (const auto& [at, value] : hits) frame->bytes[at] = value;
    frame->size = *rc::gen::oneOf(rc::gen::just(frame->size), rc::gen::inRange(0u, 9281u));
    if (*rc::gen::arbitrary<bool>()) fix_ip_checksum(*frame);
    if (frame->size >= kMinFrameBytes && *rc::gen::inRange(0, 4) != 0) set_fcs(*frame);
    const ParseResult r = parse_tcp_frame(*frame);
    RC_CLASSIFY(r.ok());
    if (r.ok()) RC_ASSERT(r.payload_offset + r.segment.length + kFcsBytes <= frame->size);
    RC_ASSERT(peek_tcp(*frame).payload <= 65535u);
  }));
}

TEST(TcpOptions, AnyBytesAreParsedWithoutHarm) {
  EXPECT_TRUE(rc::check("fuzz", [] {
    // Exactly as long as the options, so that the sanitizer sees a read beyond the end.
    const auto bytes = *rc::gen::container<std::vector<std::uint8_t>>(
        *rc::gen::inRange<std::size_t>(0, 41),
        rc::gen::weightedOneOf<std::uint8_t>(
            {{3, rc::gen::inRange<std::uint8_t>(0, 12)}, {1, rc::gen::arbitrary<std::uint8_t>()}}));
    toe::Segment s;
    parse_options(bytes.data(), static_cast<std::uint32_t>(bytes.size()), s);
    RC_ASSERT(s.sack_count <= s.sack.size());
  }));
}

}  // namespace
}  // namespace vctoe::net
