// The C interface of the test bench against frames made by hand.
#include "tb/unit/toe_tb/peer.h"

namespace vctoe::test {
namespace {

int listener(Peer& peer, int backlog = 4) {
  const int h = toe_tb_listen(peer.tb, 80, backlog);
  EXPECT_GE(h, 0);
  return h;
}

long read(Peer& peer, int h, Bytes& to, std::size_t n = 65536, int peek = 0) {
  to.resize(n);
  const long got = toe_tb_recv(peer.tb, h, to.data(), n, peek);
  to.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return got;
}

TEST(ToeTb, TimeMovesOnlyWhenItIsRun) {
  Peer peer;
  EXPECT_EQ(toe_tb_now(peer.tb), 0U);
  const int h = listener(peer);
  EXPECT_EQ(toe_tb_status(peer.tb, h), kListen);
  EXPECT_EQ(toe_tb_now(peer.tb), 0U);
  EXPECT_LE(toe_tb_next_event(peer.tb), 1000U);
  toe_tb_run_until(peer.tb, 5 * kMs, 0);
  EXPECT_EQ(toe_tb_now(peer.tb), 5 * kMs);
  EXPECT_GT(toe_tb_next_event(peer.tb), 5 * kMs);
  toe_tb_run_until(peer.tb, kMs, 0);
  EXPECT_EQ(toe_tb_now(peer.tb), 5 * kMs) << "never backwards";
}

TEST(ToeTb, FramesAfterListenFindTheListener) {
  Peer peer;
  const int lh = listener(peer);
  std::uint32_t ip = 0;
  std::uint16_t port = 0;
  EXPECT_EQ(toe_tb_accept(peer.tb, lh, &ip, &port), -EAGAIN);
  const int h = peer.accepted(lh);
  EXPECT_EQ(toe_tb_status(peer.tb, h), kEstablished);
  EXPECT_EQ(toe_tb_status(peer.tb, lh), kListen);
}

TEST(ToeTb, BytesTravelBothWays) {
  Peer peer;
  const int h = peer.accepted(listener(peer));
  const Bytes sent = pattern(3000);
  ASSERT_EQ(toe_tb_send(peer.tb, h, sent.data(), sent.size(), 1), 3000);
  Bytes got;
  while (got.size() < sent.size()) {
    const Out out = peer.next();
    ASSERT_EQ(out.s.seq.v, peer.ack.v + got.size());
    got.insert(got.end(), out.payload.begin(), out.payload.end());
    EXPECT_EQ(out.s.has(toe::kPsh), got.size() == sent.size());
  }
  EXPECT_EQ(got, sent);
  peer.ack = peer.ack + 3000;

  const Bytes back = pattern(1200, 7);
  peer.give(toe::kAck | toe::kPsh, back);
  peer.nxt = peer.nxt + 1200;
  peer.run(500 * kUs);
  Bytes read_bytes;
  EXPECT_EQ(read(peer, h, read_bytes, 100, 1), 100) << "peek";
  EXPECT_EQ(read(peer, h, read_bytes, 100), 100);
  EXPECT_EQ(read_bytes, Bytes(back.begin(), back.begin() + 100));
  EXPECT_EQ(read(peer, h, read_bytes), 1100);
  EXPECT_EQ(read_bytes, Bytes(back.begin() + 100, back.end()));
  EXPECT_EQ(read(peer, h, read_bytes), -EAGAIN);
  EXPECT_EQ(option(peer, h, "rcv_nxt"), static_cast<long>(peer.nxt.v));
  EXPECT_EQ(option(peer, h, "snd_una"), static_cast<long>(peer.ack.v));
}

TEST(ToeTb, ActiveOpenSendsAndClosesInOrder) {
  Peer peer;
  const int h = peer.connected();
  EXPECT_EQ(toe_tb_status(peer.tb, h), kEstablished);
  ASSERT_EQ(toe_tb_send(peer.tb, h, "hello", 5, 1), 5);
  EXPECT_EQ(toe_tb_shutdown_wr(peer.tb, h), 0);
  Out out = peer.next();
  EXPECT_EQ(out.payload.size(), 5U);
  if (!out.s.has(toe::kFin)) out = peer.next();
  EXPECT_TRUE(out.s.has(toe::kFin));
  peer.ack = out.s.seq + out.s.sequence_length();
  EXPECT_EQ(toe_tb_send(peer.tb, h, "x", 1, 1), -EPIPE);
  peer.give(toe::kAck);
  peer.run(200 * kUs);
  EXPECT_EQ(toe_tb_status(peer.tb, h), kFinWait2) << "half closed";
  peer.give(toe::kAck, pattern(10));
  peer.nxt = peer.nxt + 10;
  peer.give(toe::kAck | toe::kFin);
  peer.nxt = peer.nxt + 1;
  peer.run(500 * kUs);
  Bytes got;
  EXPECT_EQ(read(peer, h, got), 10);
  EXPECT_EQ(read(peer, h, got), 0) << "FIN";
  EXPECT_EQ(toe_tb_status(peer.tb, h), kTimeWait);
  EXPECT_EQ(toe_tb_close(peer.tb, h), 0);
  peer.run(61 * kS);
  EXPECT_EQ(toe_tb_status(peer.tb, h), kClosed);
}

TEST(ToeTb, AResetIsAnError) {
  Peer peer;
  const int h = peer.accepted(listener(peer));
  peer.give(toe::kRst | toe::kAck);
  peer.run(200 * kUs);
  Bytes got;
  EXPECT_EQ(read(peer, h, got), -ECONNRESET);
  EXPECT_EQ(toe_tb_send(peer.tb, h, "x", 1, 1), -ECONNRESET);
  EXPECT_EQ(toe_tb_status(peer.tb, h), -ECONNRESET);
}

TEST(ToeTb, ARefusedConnectionIsAnError) {
  Peer peer;
  const int h = toe_tb_connect(peer.tb, kPeerIp, kPeerPort, 5555);
  EXPECT_EQ(toe_tb_status(peer.tb, h), kSynSent);
  const Out syn = peer.next();
  EXPECT_EQ(syn.s.tuple.remote_port, 5555);
  peer.toe_port = 5555;
  peer.ack = syn.s.seq + 1;
  peer.nxt = {0};
  peer.give(toe::kRst | toe::kAck);
  peer.run(200 * kUs);
  EXPECT_EQ(toe_tb_status(peer.tb, h), -ECONNREFUSED);
}

TEST(ToeTb, GivingUpIsAnError) {
  Peer peer("syn_retries=2,rto_init_us=100000");
  const int h = toe_tb_connect(peer.tb, kPeerIp, kPeerPort, 0);
  const Out first = peer.next();
  const Out second = peer.next(kS);
  EXPECT_NEAR(static_cast<double>(second.at - first.at), 100.0 * kMs, 1.0 * kMs);
  peer.next(kS);
  peer.run(kS);
  EXPECT_EQ(toe_tb_status(peer.tb, h), -ETIMEDOUT);
}

TEST(ToeTb, StopOnTxStandsWhereTheLastBitLeft) {
  Peer peer;
  const int h = peer.accepted(listener(peer));
  const Bytes bytes = pattern(100'000);
  ASSERT_EQ(toe_tb_send(peer.tb, h, bytes.data(), bytes.size(), 1), 100'000);
  std::uint64_t last = 0;
  for (int i = 0; i < 10; ++i) {  // the initial window, back to back
    toe_tb_run_until(peer.tb, toe_tb_now(peer.tb) + kMs, 1);
    const std::vector<Out> out = peer.taken();
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(out[0].at, toe_tb_now(peer.tb));
    if (i > 1) {
      EXPECT_LE(out[0].at - last, 1300U);
    }
    last = out[0].at;
  }
}

TEST(ToeTb, CloseWithUnreadBytesResets) {
  Peer peer;
  const int h = peer.accepted(listener(peer));
  peer.give(toe::kAck | toe::kPsh, pattern(10));
  peer.nxt = peer.nxt + 10;
  peer.run(500 * kUs);
  peer.taken();
  EXPECT_EQ(toe_tb_close(peer.tb, h), 0);
  EXPECT_TRUE(peer.next().s.has(toe::kRst));
  EXPECT_EQ(toe_tb_close(peer.tb, h), -EBADF);
}

TEST(ToeTb, CloseWithoutPauseAfterTheLastByteIsOrderly) {
  Peer peer;
  const int h = peer.accepted(listener(peer));
  peer.give(toe::kAck | toe::kPsh | toe::kFin, pattern(10));
  peer.nxt = peer.nxt + 11;
  peer.run(500 * kUs);
  peer.taken();
  Bytes got;
  EXPECT_EQ(read(peer, h, got), 10);
  EXPECT_EQ(toe_tb_close(peer.tb, h), 0);
  const Out fin = peer.next();
  EXPECT_TRUE(fin.s.has(toe::kFin)) << "everything has been read";
}

TEST(ToeTb, AbortResets) {
  Peer peer;
  const int h = peer.accepted(listener(peer));
  EXPECT_EQ(toe_tb_abort(peer.tb, h), 0);
  const Out out = peer.next();
  EXPECT_TRUE(out.s.has(toe::kRst));
  EXPECT_EQ(out.s.seq.v, peer.ack.v);
  peer.run(200 * kUs);
  EXPECT_EQ(toe_tb_status(peer.tb, h), kClosed);
}

/// One after the other, more than the backlog and more than there are ids in it.
TEST(ToeTb, AListenerServesAnyNumberOfConnections) {
  Peer peer("msl_us=1000");
  const int lh = listener(peer, 2);
  for (std::uint16_t i = 0; i < 600; ++i) {
    peer.port = static_cast<std::uint16_t>(10000 + i);
    peer.nxt = {1000};
    const int h = peer.accepted(lh);
    ASSERT_GE(h, 0) << i;
    ASSERT_EQ(toe_tb_close(peer.tb, h), 0);
    const Out fin = peer.next();
    ASSERT_TRUE(fin.s.has(toe::kFin));
    peer.ack = fin.s.seq + 1;
    peer.give(toe::kAck | toe::kFin);
    peer.next();
    peer.run(3 * kMs);
    ASSERT_EQ(toe_tb_status(peer.tb, h), kClosed);
  }
}

TEST(ToeTb, ManyConnectionsAtOnce) {
  constexpr std::uint16_t kMany = 100;
  Peer peer;
  const int lh = listener(peer, kMany);
  struct Side {
    int h;
    Seq nxt, ack;
    Bytes got;
  };
  std::vector<Side> sides;
  for (std::uint16_t i = 0; i < kMany; ++i) {
    peer.port = static_cast<std::uint16_t>(10000 + i);
    peer.nxt = {1000u * i};
    const int h = peer.accepted(lh);
    ASSERT_GE(h, 0) << i;
    sides.push_back({h, peer.nxt, peer.ack, {}});
  }
  for (std::uint16_t i = 0; i < kMany; ++i) {  // all at once, both ways
    const Bytes bytes = pattern(700, i);
    ASSERT_EQ(toe_tb_send(peer.tb, sides[i].h, bytes.data(), bytes.size(), 1), 700);
    peer.port = static_cast<std::uint16_t>(10000 + i);
    peer.nxt = sides[i].nxt;
    peer.ack = sides[i].ack;
    peer.give(toe::kAck | toe::kPsh, pattern(300, i + 1u));
  }
  peer.run(5 * kMs);
  for (const Out& out : peer.taken()) {
    Side& side = sides.at(out.s.tuple.local_port - 10000u);
    side.got.insert(side.got.end(), out.payload.begin(), out.payload.end());
  }
  for (std::uint16_t i = 0; i < kMany; ++i) {
    EXPECT_EQ(sides[i].got, pattern(700, i)) << i;
    Bytes got;
    EXPECT_EQ(read(peer, sides[i].h, got), 300);
    EXPECT_EQ(got, pattern(300, i + 1u)) << i;
  }
}

TEST(ToeTb, AFullBacklogDropsSyns) {
  Peer peer;
  const int lh = listener(peer, 2);
  for (std::uint16_t i = 0; i < 3; ++i) {
    peer.port = static_cast<std::uint16_t>(10000 + i);
    peer.nxt = {1000};
    peer.give(toe::kSyn);
    peer.run(kMs);
    const std::vector<Out> out = peer.taken();
    ASSERT_EQ(out.size(), i < 2 ? 1U : 0U);
    if (i == 2) break;
    peer.nxt = {1001};
    peer.ack = out[0].s.seq + 1;
    peer.give(toe::kAck);
    peer.run(kMs);
  }
  EXPECT_GE(toe_tb_accept(peer.tb, lh, nullptr, nullptr), 0);
  peer.run(kMs);
  peer.nxt = {1000};
  peer.give(toe::kSyn);
  EXPECT_EQ(peer.next().s.flags, toe::kSyn | toe::kAck) << "room again";
}

TEST(ToeTb, AClosedListenerAnswersWithReset) {
  Peer peer;
  const int lh = listener(peer, 2);
  peer.run(kMs);
  EXPECT_EQ(toe_tb_listen(peer.tb, 80, 1), -EADDRINUSE);
  EXPECT_EQ(toe_tb_close(peer.tb, lh), 0);
  peer.run(kMs);
  peer.give(toe::kSyn);
  EXPECT_EQ(peer.next().s.flags, toe::kRst | toe::kAck);
  const int again = listener(peer, 2);
  peer.nxt = {9000};
  peer.accepted(again);
}

TEST(ToeTb, OptionsOfAConnection) {
  Peer peer;
  const int h = toe_tb_connect(peer.tb, kPeerIp, kPeerPort, 0);
  EXPECT_EQ(toe_tb_setopt(peer.tb, h, "maxseg", 700), 0);
  EXPECT_EQ(toe_tb_setopt(peer.tb, h, "rcvbuf", 8192), 0);
  EXPECT_EQ(toe_tb_setopt(peer.tb, h, "nodelay", 1), 0);
  EXPECT_EQ(toe_tb_setopt(peer.tb, h, "colour", 1), -ENOPROTOOPT);
  EXPECT_EQ(option(peer, h, "nodelay"), 1);
  const Out syn = peer.next();
  EXPECT_EQ(syn.s.mss, 700);
  EXPECT_EQ(syn.s.window, 8192);
  EXPECT_EQ(toe_tb_setopt(peer.tb, h, "rcvbuf", 8192), -EISCONN);
  long value = 0;
  EXPECT_EQ(toe_tb_getopt(peer.tb, h, "colour", &value), -ENOPROTOOPT);
  EXPECT_EQ(toe_tb_getopt(peer.tb, 77, "cwnd", &value), -EBADF);
}

}  // namespace
}  // namespace vctoe::test
