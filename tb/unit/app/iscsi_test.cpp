// The PDUs of iSCSI byte by byte, and an initiator that believes nothing.
#include "sw/app/iscsi.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>

#include "models/sim/error.h"
#include "sw/app/iscsi_initiator.h"

namespace vctoe::app {
namespace {

using iscsi::Header;
using socket::Asid;
using socket::PostOutcome;
using socket::Status;

std::uint32_t word(const Header& h, std::size_t at) {
  return std::uint32_t{h[at]} << 24 | std::uint32_t{h[at + 1]} << 16 |
         std::uint32_t{h[at + 2]} << 8 | h[at + 3];
}

// RFC 7143 11.3
TEST(Pdu, CommandHasTheLayoutOfTheStandard) {
  iscsi::Command c{0x01020304, 0x1122334455667788, 8, 4096, 7, 9};
  const Header h = encode(c);
  EXPECT_EQ(h[0], 0x01);
  EXPECT_EQ(h[1], 0x80 | 0x40 | 1) << "F, R, simple task";
  EXPECT_EQ(word(h, 4), 0U) << "no additional headers, no data";
  EXPECT_EQ(word(h, 16), 0x01020304U);
  EXPECT_EQ(word(h, 20), 4096U);
  EXPECT_EQ(word(h, 24), 7U);
  EXPECT_EQ(word(h, 28), 9U);
  EXPECT_EQ(h[32], 0x88) << "READ(16)";
  EXPECT_EQ(word(h, 34), 0x11223344U);
  EXPECT_EQ(word(h, 38), 0x55667788U);
  EXPECT_EQ(word(h, 42), 8U);
  iscsi::Command back;
  ASSERT_TRUE(decode(h, back));
  EXPECT_EQ(encode(back), h);
}

// RFC 7143 11.7
TEST(Pdu, DataInHasTheLayoutOfTheStandard) {
  const Header h = encode(iscsi::DataIn{true, 5, 0x123456, 8, 11, 3, 0x2000});
  EXPECT_EQ(h[0], 0x25);
  EXPECT_EQ(h[1], 0x80);
  EXPECT_EQ(word(h, 4), 0x123456U) << "24 bits of length";
  EXPECT_EQ(word(h, 16), 5U);
  EXPECT_EQ(word(h, 20), 0xffffffffU) << "no target transfer tag";
  EXPECT_EQ(word(h, 28), 8U);
  EXPECT_EQ(word(h, 32), 11U);
  EXPECT_EQ(word(h, 36), 3U);
  EXPECT_EQ(word(h, 40), 0x2000U);
  iscsi::DataIn back;
  ASSERT_TRUE(decode(h, back));
  EXPECT_EQ(encode(back), h);
}

// RFC 7143 11.4
TEST(Pdu, ResponseHasTheLayoutOfTheStandard) {
  const Header h = encode(iscsi::Response{5, 0, 0, 2, 8, 11, 33, 100});
  EXPECT_EQ(h[0], 0x21);
  EXPECT_EQ(h[1], 0x80 | 0x04) << "overflow";
  EXPECT_EQ(h[3], 0) << "status good";
  EXPECT_EQ(word(h, 24), 2U);
  EXPECT_EQ(word(h, 36), 33U);
  EXPECT_EQ(word(h, 44), 100U);
  iscsi::Response back;
  ASSERT_TRUE(decode(h, back));
  EXPECT_EQ(encode(back), h);
}

TEST(Pdu, OthersAreRefused) {
  Header h = encode(iscsi::Command{});
  iscsi::Command c;
  iscsi::DataIn d;
  iscsi::Response r;
  EXPECT_FALSE(decode(h, d));
  EXPECT_FALSE(decode(h, r));
  h[1] = 0x80 | 0x20;
  EXPECT_FALSE(decode(h, c)) << "a write";
  h = encode(iscsi::Command{});
  h[4] = 1;
  EXPECT_FALSE(decode(h, c)) << "an additional header";
  h = encode(iscsi::Command{});
  h[32] = 0x28;
  EXPECT_FALSE(decode(h, c)) << "READ(10)";
}

TEST(Pdu, SegmentsArePaddedToWords) {
  EXPECT_EQ(iscsi::padding(8192), 0U);
  EXPECT_EQ(iscsi::padding(1), 3U);
  EXPECT_EQ(iscsi::padding(6), 2U);
}

/// Takes commands and acknowledges them at once.
class NullTransport : public socket::Transport {
 public:
  Status listen(Asid, std::uint16_t, std::uint32_t) override { return Status::kOk; }
  socket::SocketObject* accept(Asid, std::uint16_t) override { return nullptr; }
  socket::SocketObject* connect(Asid, const socket::Endpoint&) override { return nullptr; }
  PostOutcome post(Asid, socket::SocketObject&, const std::vector<socket::VirtualRange>&) override {
    ++posts;
    return {Status::kOk, posts};
  }
  Status wait(Asid, socket::SocketObject&, socket::PostId, socket::Until) override {
    return Status::kOk;
  }
  socket::Received recv(Asid, socket::SocketObject&) override { return {}; }
  Status consumed(Asid, socket::SocketObject&, std::uint64_t) override { return Status::kOk; }
  Status shutdown(Asid, socket::SocketObject&) override {
    ++shutdowns;
    return Status::kOk;
  }
  const Stats& stats() const override { return stats_; }
  std::uint64_t posts = 0, shutdowns = 0;

 private:
  Stats stats_;
};

/// A disk of 6 bytes in segments of 4.
struct Rig {
  Rig() {
    iscsi::Params p;
    p.segment = {4};
    p.command = {512};
    layer = std::make_unique<IscsiInitiator>(
        transport, socket, p, IscsiInitiator::Setup{1, 6, 0x1000},
        [](Asid, std::uint64_t, const void*, std::uint64_t) { return true; });
    layer->begin();
  }
  void take(const Header& h) { layer->take(h.data(), h.size(), give()); }
  void take(const std::string& bytes) {
    layer->take(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), give());
  }
  ReceivingLayer::Give give() {
    return [this](const std::uint8_t* at, std::uint64_t n) {
      got.append(reinterpret_cast<const char*>(at), n);
    };
  }
  NullTransport transport;
  socket::SocketObject socket;
  std::unique_ptr<IscsiInitiator> layer;
  std::string got;
};

iscsi::Response good() {
  return {1, 0, 0, 1, 2, 5, 2, 506};
}

TEST(Initiator, TakesDataAndStatusInAnyPieces) {
  Rig rig;
  EXPECT_EQ(rig.transport.posts, 1U) << "one command";
  std::string all;
  const auto add = [&](const Header& h) { all.append(h.begin(), h.end()); };
  add(encode(iscsi::DataIn{false, 1, 4, 2, 5, 0, 0}));
  all += "abcd";
  add(encode(iscsi::DataIn{true, 1, 2, 2, 5, 1, 4}));
  all += std::string("ef\0\0", 4);
  add(encode(good()));
  for (const char c : all) {
    EXPECT_FALSE(rig.layer->complete());
    rig.take(std::string(1, c));
  }
  EXPECT_TRUE(rig.layer->complete());
  EXPECT_EQ(rig.got, "abcdef");
  EXPECT_EQ(rig.transport.shutdowns, 1U);
}

using Break = std::function<void(Rig&)>;
struct Bad {
  const char* name;
  Break act;
};

class Damaged : public testing::TestWithParam<Bad> {};

TEST_P(Damaged, PdusFailTheCheck) {
  Rig rig;
  EXPECT_THROW(GetParam().act(rig), sim::Error);
  EXPECT_EQ(sim::last_failure().kind, sim::FailureKind::kCheck);
  sim::clear_failure();
}

const Bad kBad[] = {
    {"WrongTask",
     [](Rig& r) {
       r.take(encode(iscsi::DataIn{false, 2, 4, 2, 5, 0, 0}));
     }},
    {"WrongDataSn",
     [](Rig& r) {
       r.take(encode(iscsi::DataIn{false, 1, 4, 2, 5, 1, 0}));
     }},
    {"WrongOffset",
     [](Rig& r) {
       r.take(encode(iscsi::DataIn{false, 1, 4, 2, 5, 0, 4}));
     }},
    {"TooLong",
     [](Rig& r) {
       r.take(encode(iscsi::DataIn{false, 1, 5, 2, 5, 0, 0}));
     }},
    {"EarlyLast",
     [](Rig& r) {
       r.take(encode(iscsi::DataIn{true, 1, 4, 2, 5, 0, 0}));
     }},
    {"NoPdu", [](Rig& r) { r.take(encode(iscsi::Command{})); }},
    {"EarlyResponse", [](Rig& r) { r.take(encode(good())); }},
    {"DirtyPadding",
     [](Rig& r) {
       r.take(encode(iscsi::DataIn{false, 1, 4, 2, 5, 0, 0}));
       r.take(std::string("abcd"));
       r.take(encode(iscsi::DataIn{true, 1, 2, 2, 5, 1, 4}));
       r.take(std::string("efgh"));
     }},
};
INSTANTIATE_TEST_SUITE_P(Initiator, Damaged, testing::ValuesIn(kBad),
                         [](const auto& info) { return info.param.name; });

TEST(Initiator, BelievesNoBadStatus) {
  for (int which = 0; which < 4; ++which) {
    Rig rig;
    rig.take(encode(iscsi::DataIn{false, 1, 4, 2, 5, 0, 0}));
    rig.take(std::string("abcd"));
    rig.take(encode(iscsi::DataIn{true, 1, 2, 2, 5, 1, 4}));
    rig.take(std::string("ef\0\0", 4));
    iscsi::Response r = good();
    if (which == 0) r.status = 2;
    if (which == 1) r.stat_sn = 2;
    if (which == 2) r.exp_data_sn = 1;
    if (which == 3) r.overflow = 0;
    EXPECT_THROW(rig.take(encode(r)), sim::Error) << which;
    sim::clear_failure();
  }
}

}  // namespace
}  // namespace vctoe::app
