// Encryption of single frames: what is sealed opens to what it was, and nothing else opens.
#include "models/nic/esp.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <string>

#include "models/net/frame_pool.h"
#include "models/net/headers.h"
#include "models/sim/error.h"

namespace vctoe::nic {
namespace {

constexpr std::uint32_t kHere = 0x0a000001;
constexpr std::uint32_t kThere = 0x0a000002;

EspParams on() {
  EspParams p;
  p.enabled = true;
  return p;
}

toe::Segment segment(std::uint32_t length) {
  toe::Segment s;
  s.tuple = {kHere, kThere, 1000, 5001};
  s.seq = {77777};
  s.ack = {5000};
  s.window = 1000;
  s.flags = toe::kAck;
  s.has_timestamps = true;
  s.ts_value = 9;
  s.length = length;
  return s;
}

struct Bench {
  net::FramePool pool;
  /// A plain TCP frame whose payload begins with `first`.
  net::FramePtr frame(std::uint32_t length, std::uint8_t first = 1) {
    net::FramePtr f = pool.get();
    const toe::Segment s = segment(length);
    for (std::uint32_t i = 0; i < length; ++i) {
      f->bytes[net::header_length(s) + i] = static_cast<std::uint8_t>(first + i * 7);
    }
    net::encode_tcp_frame(*f, {net::mac_address_of(kThere), net::mac_address_of(kHere)}, s, 5);
    return f;
  }
  net::DropReason open(Esp& esp, const net::Frame& sealed) {
    plain = pool.get();
    return esp.open(sealed, *plain);
  }
  net::FramePtr plain;
};

bool same(const net::Frame& a, const net::Frame& b) {
  return a.size == b.size && std::memcmp(a.bytes.data(), b.bytes.data(), a.size) == 0;
}

// req: I-P0021b
TEST(Esp, WhatIsSealedOpensToWhatItWasWhateverItsLength) {
  Bench b;
  Esp here(on(), kHere), there(on(), kThere);
  for (std::uint32_t length = 0; length <= 1414; length += length < 20 ? 1 : 41) {
    const net::FramePtr before = b.frame(length);
    const net::FramePtr f = b.frame(length);
    here.seal(*f);
    EXPECT_FALSE(same(*before, *f));
    EXPECT_EQ(f->bytes[14 + 9], 50) << "protocol ESP";
    EXPECT_EQ(net::parse_tcp_frame(*f).error, net::DropReason::kNotTcp) << "IP and FCS are sound";
    ASSERT_EQ(b.open(there, *f), net::DropReason::kNone) << length;
    EXPECT_TRUE(same(*b.plain, *before)) << length;
  }
}

// req: I-P0020a
TEST(Esp, AWrongKeyOrSpiOrADamagedByteIsRejectedAndCounted) {
  Bench b;
  Esp here(on(), kHere), there(on(), kThere);
  EspParams wrong = on();
  wrong.receive_key = "ff0102030405060708090a0b0c0d0e0f";
  Esp stranger(wrong, kThere);
  wrong = on();
  wrong.spi = 0x2002;
  Esp other(wrong, kThere);
  const net::FramePtr f = b.frame(100);
  here.seal(*f);
  EXPECT_EQ(b.open(stranger, *f), net::DropReason::kBadEsp);
  EXPECT_EQ(b.open(other, *f), net::DropReason::kBadEsp);
  EXPECT_EQ(stranger.stats().rejected + other.stats().rejected, 2u);
  const std::uint32_t end = f->size - net::kFcsBytes;
  for (std::uint32_t at = 34; at < end; ++at) {  // everything behind the IP header
    f->bytes[at] ^= 0x10;
    net::set_fcs(*f);
    EXPECT_EQ(b.open(there, *f), net::DropReason::kBadEsp) << at;
    f->bytes[at] ^= 0x10;
  }
  EXPECT_EQ(there.stats().rejected, end - 34);
  EXPECT_EQ(there.stats().opened, 0u);
}

TEST(Esp, WhatIsNotEncryptedIsDropped) {
  Bench b;
  Esp there(on(), kThere);
  EXPECT_EQ(b.open(there, *b.frame(100)), net::DropReason::kUnprotected);
  EXPECT_EQ(there.stats().unprotected, 1u);
}

TEST(Esp, AnyBytesAreRefusedWithoutHarm) {
  Bench b;
  Esp there(on(), kThere);
  net::FramePtr f = b.frame(200);
  Esp(on(), kHere).seal(*f);
  for (std::uint32_t size = 0; size < f->size; ++size) {
    net::FramePtr part = b.pool.get();
    part->bytes = f->bytes;
    part->size = size;
    if (size >= 4) net::set_fcs(*part);
    EXPECT_NE(b.open(there, *part), net::DropReason::kNone);
  }
}

TEST(Esp, SealedAgainItIsTheSamePacketAndChangedBytesAreNotSentUnderItsNumber) {
  Bench b;
  Esp here(on(), kHere);
  const net::FramePtr first = b.frame(1000);
  const Esp::Sent sent = here.seal(*first);
  const net::FramePtr again = b.frame(1000);
  EXPECT_TRUE(here.seal_again(*again, sent));
  EXPECT_TRUE(same(*first, *again));
  EXPECT_FALSE(here.seal_again(*b.frame(1000, 2), sent));
  EXPECT_EQ(here.stats().repeated, 1u);
  EXPECT_EQ(here.stats().changed, 1u);
}

TEST(Esp, NoTwoPacketsOfTwoHostsHaveOneNonce) {
  Bench b;
  Esp here(on(), kHere), there(on(), kThere);
  std::set<std::string> nonces;
  for (int i = 0; i < 100; ++i) {
    for (Esp* esp : {&here, &there}) {
      const net::FramePtr f = b.frame(10);
      esp->seal(*f);
      nonces.insert(std::string(reinterpret_cast<const char*>(&f->bytes[34 + 8]), 8));
    }
  }
  EXPECT_EQ(nonces.size(), 200u);
}

TEST(Esp, TheMssLeavesRoomForEverythingThatIsAdded) {
  Bench b;
  for (std::uint64_t mss = 200; mss <= 1460; ++mss) {
    Esp here(on(), kHere);
    const std::uint32_t options = 12;
    const auto most = static_cast<std::uint32_t>(Esp::mss(mss)) - options;
    const net::FramePtr f = b.frame(most);
    here.seal(*f);
    EXPECT_LE(f->size, 14 + 20 + 20 + mss + 4) << mss;
    EXPECT_GE(f->size + 7, 14 + 20 + 20 + mss + 4) << mss << ": no more than has to be";
  }
}

TEST(Esp, OnlyExactlyTheSameSegmentIsRepeated) {
  Bench b;
  Esp esp(on(), kHere);
  Esp::Sent sent = esp.seal(*b.frame(1000));
  sent.header = segment(1000);
  esp.remember(3, 5000, sent, false);
  toe::Segment s = segment(1000);
  s.ack = {5900};
  s.ts_value = 99;
  s.flags |= toe::kPsh;
  ASSERT_NE(esp.sent_before(3, 5000, s), nullptr) << "ACK, timestamp and PSH are those of then";
  EXPECT_EQ(esp.sent_before(3, 5000, s)->number, sent.number);
  EXPECT_EQ(esp.sent_before(2, 5000, s), nullptr);
  EXPECT_EQ(esp.sent_before(3, 4000, s), nullptr);
  s.length = 999;
  EXPECT_EQ(esp.sent_before(3, 5000, s), nullptr);
  s.length = 1000;
  s.flags |= toe::kFin;
  EXPECT_EQ(esp.sent_before(3, 5000, s), nullptr);
  s.flags = toe::kAck;
  s.ack = {6001};  // more than the window of then behind: the peer would not take it
  EXPECT_EQ(esp.sent_before(3, 5000, s), nullptr);
}

// Else PAWS would drop what lies behind, whose timestamp is older.
TEST(Esp, ASegmentThatIsCutAnewMakesTheOnesBehindItNewToo) {
  Bench b;
  Esp esp(on(), kHere);
  for (const std::uint64_t at : {0, 1000, 2000, 3000}) {
    Esp::Sent sent = esp.seal(*b.frame(1000));
    sent.header = segment(1000);
    esp.remember(0, at, sent, false);
  }
  Esp::Sent cut = esp.seal(*b.frame(500));
  cut.header = segment(500);
  esp.remember(0, 1500, cut, true);
  EXPECT_NE(esp.sent_before(0, 1000, segment(1000)), nullptr);
  EXPECT_NE(esp.sent_before(0, 1500, segment(500)), nullptr);
  EXPECT_EQ(esp.sent_before(0, 2000, segment(1000)), nullptr);
  EXPECT_EQ(esp.sent_before(0, 3000, segment(1000)), nullptr);
  EXPECT_EQ(esp.stats().anew, 1u);
  esp.acknowledged(0, 1000);
  EXPECT_EQ(esp.sent_before(0, 0, segment(1000)), nullptr);
  EXPECT_NE(esp.sent_before(0, 1000, segment(1000)), nullptr);
  esp.forget(0);
  EXPECT_EQ(esp.sent_before(0, 1000, segment(1000)), nullptr);
}

TEST(Esp, KeysThatAreNoneAreUserErrors) {
  const auto refused = [](auto change) {
    EspParams p = on();
    change(p);
    try {
      const Esp esp(p, kHere);
    } catch (const sim::Error& e) {
      sim::clear_failure();
      return e.kind() == sim::FailureKind::kUser;
    }
    return false;
  };
  EXPECT_TRUE(refused([](auto& p) { p.key = "0011"; }));
  EXPECT_TRUE(refused([](auto& p) { p.key = std::string(32, 'g'); }));
  EXPECT_TRUE(refused([](auto& p) { p.key += "0"; }));
  EXPECT_TRUE(refused([](auto& p) { p.salt = "001122"; }));
  EXPECT_FALSE(refused([](auto& p) { p.key = std::string(64, 'A'); }));
}

}  // namespace
}  // namespace vctoe::nic
