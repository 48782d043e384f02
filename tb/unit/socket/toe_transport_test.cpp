// The transport over a driver whose machine and NIC are pretended.
#include "sw/socket/toe_transport.h"

#include "sw/driver/range_cursor.h"
#include "tb/unit/socket/rig.h"

namespace vctoe::socket {
namespace {

using driver::test::FakeMemory;
using driver::test::kPage;
using nic::CompletionKind;
using nic::SubmitOp;
using test::kData;
using test::kProcess;
using test::kRemote;
using test::SocketRig;

// req: I-P0022b, I-F05-124
TEST(Socket, TheObjectNamesBothEnds) {
  SocketRig rig;
  rig.program([&] {
    const SocketObject& s = rig.connected();
    EXPECT_EQ(s.local_ip, 0x0a000001U);
    EXPECT_EQ(s.remote_ip, kRemote.ip);
    EXPECT_EQ(s.remote_port, kRemote.port);
    const nic::SubmitEntry& e = *rig.nic.submitted(SubmitOp::kConnect);
    EXPECT_EQ(e.local_port, s.local_port);
    EXPECT_EQ(e.ip, kRemote.ip);
    EXPECT_EQ(e.port, kRemote.port);
    EXPECT_EQ(rig.nic.submissions[0].op, SubmitOp::kReceive) << "memory before the connection";
  });
  rig.run();
}

// req: I-P0032a, I-P0032b
TEST(Socket, SoSendIsOneContextAndSoSendmsgOneForEachBlockInOrder) {
  SocketRig rig;
  rig.program([&] {
    SocketObject& s = rig.connected();
    ASSERT_EQ(so_send(rig.transport, kProcess, s, {kData + 3, 5000}).status, Status::kOk);
    EXPECT_EQ(rig.memory.list(1, rig.nic.submitted(SubmitOp::kPost)->list_head).size(), 1U);
    const std::vector<VirtualRange> blocks = {
        {kData + 9 * kPage, 100}, {kData, 4000}, {kData + 50 * kPage, 1}};
    ASSERT_EQ(so_sendmsg(rig.transport, kProcess, s, blocks).status, Status::kOk);
    const auto list = rig.memory.list(1, rig.nic.submitted(SubmitOp::kPost)->list_head);
    ASSERT_EQ(list.size(), blocks.size());
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      EXPECT_EQ(list[i].virtual_address, blocks[i].address);
      EXPECT_EQ(list[i].data_size, blocks[i].length);
    }
  });
  rig.run();
}

// req: I-P0022a, I-F05-124
TEST(Socket, RefusesTheWrongObject) {
  SocketRig rig;
  rig.program([&] {
    SocketObject& s = rig.connected();
    SocketObject made_up = s;
    EXPECT_EQ(rig.transport.post(kProcess, made_up, {{kData, 10}}).status, Status::kWrongObject);
    EXPECT_EQ(rig.transport.post(2, s, {{kData, 10}}).status, Status::kWrongObject)
        << "another process's";
    EXPECT_EQ(rig.transport.recv(2, s).status, Status::kWrongObject);
    EXPECT_EQ(rig.transport.consumed(2, s, 0), Status::kWrongObject);
    EXPECT_EQ(rig.transport.wait(2, s, 1, Until::kPeerVisible), Status::kWrongObject);
    EXPECT_EQ(rig.transport.shutdown(2, s), Status::kWrongObject);
    EXPECT_EQ(rig.transport.stats().refused, 6U);
    EXPECT_EQ(rig.transport.shutdown(kProcess, s), Status::kOk);
    EXPECT_EQ(rig.transport.post(kProcess, s, {{kData, 10}}).status, Status::kWrongObject)
        << "given up for sending";
    EXPECT_EQ(rig.posts(), 0U);
  });
  rig.run();
}

// req: I-C11e
TEST(Socket, APostWaitsForItsConnection) {
  SocketRig rig;
  rig.program([&] {
    SocketObject* s = rig.transport.connect(kProcess, kRemote);
    EXPECT_EQ(rig.transport.post(kProcess, *s, {{kData, 10}}).status, Status::kOk);
    EXPECT_GE(sim::now(), sim::Time::from_us(500));
  });
  rig.program([&] {
    rig.settle(sim::Time::from_us(500));
    EXPECT_EQ(rig.posts(), 0U);
    rig.nic.complete(CompletionKind::kEstablished, rig.connection(), 0, 1000);
  });
  rig.run();
}

TEST(Socket, ARefusedConnectionEndsThePost) {
  SocketRig rig;
  rig.program([&] {
    SocketObject* s = rig.transport.connect(kProcess, kRemote);
    rig.nic.complete(CompletionKind::kReset, rig.connection());
    EXPECT_EQ(rig.transport.post(kProcess, *s, {{kData, 10}}).status, Status::kReset);
    EXPECT_EQ(rig.transport.recv(kProcess, *s).status, Status::kReset);
  });
  rig.run();
}

TEST(Socket, AConnectionIdIsUsedAgainWhenBothSidesAreThroughWithIt) {
  SocketRig rig;
  rig.program([&] {
    SocketObject* s = rig.transport.connect(kProcess, kRemote);
    const std::uint32_t id = rig.connection();
    rig.nic.complete(CompletionKind::kReset, id);
    rig.settle();
    rig.transport.connect(kProcess, kRemote);
    EXPECT_NE(rig.connection(), id) << "the application still has the object";
    rig.transport.shutdown(kProcess, *s);
    rig.transport.connect(kProcess, kRemote);
    EXPECT_EQ(rig.connection(), id);
  });
  rig.run();
}

// req: I-P0022c
TEST(Socket, WaitsUntilEveryListIsAcknowledgedAndCountsWhatWasSent) {
  SocketRig rig;
  bool woken = false;
  rig.program([&] {
    SocketObject& s = rig.connected();
    const PostOutcome post = rig.transport.post(kProcess, s, {{kData, 10'000}, {kData, 5}});
    EXPECT_EQ(s.sent, 10'005U);
    EXPECT_TRUE(rig.transport.busy());
    EXPECT_EQ(rig.transport.wait(kProcess, s, post.id, Until::kBufferReusable), Status::kOk);
    woken = true;
    EXPECT_FALSE(rig.transport.busy());
  });
  rig.program([&] {
    rig.settle(sim::Time::from_us(300));
    const auto& e = *rig.nic.submitted(SubmitOp::kPost);
    rig.nic.complete(CompletionKind::kStreamSent, e.connection, e.txn);
    rig.settle();
    EXPECT_FALSE(woken) << "sent is not enough";
    rig.acknowledge_all();
    EXPECT_TRUE(woken);
  });
  rig.run();
}

TEST(Socket, AFaultEndsTheWait) {
  SocketRig rig;
  rig.program([&] {
    SocketObject& s = rig.connected();
    const PostOutcome post = rig.transport.post(kProcess, s, {{kData, 10'000}});
    rig.nic.complete(CompletionKind::kFault, rig.connection(), 0, 3);
    EXPECT_EQ(rig.transport.wait(kProcess, s, post.id, Until::kPeerVisible), Status::kFault);
    EXPECT_EQ(rig.driver.outstanding().size(), 0U);
  });
  rig.run();
}

TEST(Socket, SplitsAStreamAboveThePinLimitIntoLists) {
  driver::DriverParams p = driver::test::small_params();
  p.scheme = {true, driver::UnpinPost::kAcknowledged, false};
  SocketRig rig(p);
  rig.host.capacity = 64 * kPage;
  rig.program([&] {
    SocketObject& s = rig.connected();
    const PostOutcome post = rig.transport.post(kProcess, s, {{kData, 200 * kPage + 7}});
    EXPECT_EQ(post.status, Status::kOk);
    EXPECT_EQ(s.sent, 200 * kPage + 7);
    EXPECT_GE(rig.transport.stats().lists, 5U);
    std::uint64_t sum = 0;
    std::uint32_t sequence = 1000;
    for (const auto& e : rig.nic.submissions) {
      if (e.op != SubmitOp::kPost) continue;
      EXPECT_EQ(e.first_sequence, sequence);
      sequence += static_cast<std::uint32_t>(e.length);
      sum += e.length;
      EXPECT_LE(e.length, 48 * kPage);
    }
    EXPECT_EQ(sum, 200 * kPage + 7);
  });
  rig.program([&] {
    // Acknowledges each list some time after it came: the lists cannot all be pinned at once.
    for (std::size_t done = 0; done < 64;) {
      rig.settle();
      if (done >= rig.nic.submissions.size()) {
        if (sim::now() > sim::Time::from_ms(10)) return;
        continue;
      }
      const auto e = rig.nic.submissions[done++];
      if (e.op == SubmitOp::kPost) {
        rig.nic.complete(CompletionKind::kStreamAcked, e.connection, e.txn);
      }
    }
  });
  rig.run();
}

TEST(Socket, SplitsAStreamOfMoreThan31Bits) {
  driver::DriverParams p = driver::test::small_params();
  p.block_size = sim::Bytes{0x7fff'ffff};
  SocketRig rig(p);
  rig.program([&] {
    SocketObject& s = rig.connected();
    constexpr std::uint64_t kSize = 5'000'000'000;  // never touched: nothing is pinned at the post
    EXPECT_EQ(rig.transport.post(kProcess, s, {{kData, kSize}}).status, Status::kOk);
    EXPECT_EQ(s.sent, kSize);
    EXPECT_GE(rig.posts(), 3U);
    EXPECT_EQ(rig.transport.stats().lists, rig.posts());
  });
  rig.run();
}

TEST(Socket, RefusesARangeThatIsNotMapped) {
  driver::DriverParams p = driver::test::small_params();
  p.scheme = {true, driver::UnpinPost::kAcknowledged, false};
  SocketRig rig(p);
  rig.program([&] {
    SocketObject& s = rig.connected();
    EXPECT_EQ(rig.transport.post(kProcess, s, {{0x1000, 10}}).status, Status::kUnmapped);
    EXPECT_EQ(s.sent, 0U);
  });
  rig.run();
}

// req: I-P0022c
TEST(Socket, ReceivesAroundTheCircleAndTellsTheNicInBatches) {
  SocketRig rig;
  rig.program([&] {
    ASSERT_EQ(rig.transport.listen(kProcess, 80, 2), Status::kOk);
    const nic::SubmitEntry listen = *rig.nic.submitted(SubmitOp::kListen);
    nic::CompletionEntry accepted;
    accepted.kind = CompletionKind::kAccepted;
    accepted.connection = listen.connection + 1;
    accepted.ip = 7;
    accepted.port = 8;
    rig.nic.complete(accepted);
    SocketObject* s = rig.transport.accept(kProcess, 80);
    ASSERT_NE(s, nullptr);
    EXPECT_EQ(s->remote_ip, 7U);
    EXPECT_EQ(s->remote_port, 8U);
    const auto received = [&](std::uint64_t total) {
      rig.nic.complete(CompletionKind::kReceived, accepted.connection, 0, total);
    };
    received(15'000);
    const Received first = rig.transport.recv(kProcess, *s);
    ASSERT_EQ(first.bytes.length, 15'000U);
    rig.transport.consumed(kProcess, *s, 100);
    EXPECT_TRUE(rig.nic.consumed.empty()) << "not worth a doorbell";
    rig.transport.consumed(kProcess, *s, 5000);
    ASSERT_EQ(rig.nic.consumed.size(), 1U) << "more than a quarter of the buffer";
    EXPECT_EQ(rig.nic.consumed[0] & ((std::uint64_t{1} << nic::kConsumedBits) - 1), 5100U);
    rig.transport.consumed(kProcess, *s, 9900);
    EXPECT_EQ(rig.nic.consumed.size(), 2U) << "all is read";
    received(18'000);
    const Received tail = rig.transport.recv(kProcess, *s);
    EXPECT_EQ(tail.bytes.address, first.bytes.address + 15'000);
    EXPECT_EQ(tail.bytes.length, 16'384U - 15'000U) << "up to the end of the circle";
    rig.transport.consumed(kProcess, *s, tail.bytes.length);
    const Received wrapped = rig.transport.recv(kProcess, *s);
    EXPECT_EQ(wrapped.bytes.address, first.bytes.address);
    EXPECT_EQ(wrapped.bytes.length, 18'000U - 16'384U);
    rig.transport.consumed(kProcess, *s, wrapped.bytes.length);
    EXPECT_EQ(s->received, 18'000U);
    rig.nic.complete(CompletionKind::kPeerClosed, accepted.connection);
    EXPECT_EQ(rig.transport.recv(kProcess, *s).status, Status::kEndOfStream);
    EXPECT_EQ(rig.transport.accept(2, 80), nullptr) << "another process's port";
  });
  rig.run();
}

TEST(RangeCursor, WalksInPiecesOfAnySize) {
  const std::vector<VirtualRange> ranges = {{100, 10}, {500, 0}, {200, 5}};
  for (std::uint64_t step = 1; step <= 15; ++step) {
    driver::RangeCursor cursor(ranges);
    std::vector<std::uint64_t> bytes;
    while (cursor.remaining() > 0) {
      const std::uint64_t n = std::min(step, cursor.remaining());
      for (const VirtualRange& r : cursor.peek(n)) {
        for (std::uint64_t i = 0; i < r.length; ++i) bytes.push_back(r.address + i);
      }
      cursor.advance(n);
    }
    const std::vector<std::uint64_t> expected = {100, 101, 102, 103, 104, 105, 106, 107,
                                                 108, 109, 200, 201, 202, 203, 204};
    EXPECT_EQ(bytes, expected) << step;
  }
}

}  // namespace
}  // namespace vctoe::socket
