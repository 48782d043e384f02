// The sending and the receiving application over a pretended transport.
#include "sw/app/receiver.h"
#include "sw/app/sender.h"
#include "tb/unit/driver/fake_host.h"

namespace vctoe::app {
namespace {

using driver::test::FakeHost;
using driver::test::Log;
using sim::Time;
using socket::Asid;
using socket::PostOutcome;
using socket::Received;
using socket::SocketObject;
using socket::Status;
using socket::VirtualRange;

/// Refuses as often as told, acknowledges a post after a while, and has bytes to receive.
class FakeTransport : public socket::Transport {
 public:
  Status listen(Asid, std::uint16_t, std::uint32_t) override { return Status::kOk; }
  SocketObject* accept(Asid, std::uint16_t) override {
    objects_.push_back(std::make_unique<SocketObject>());
    objects_.back()->remote_port = 7;
    return objects_.back().get();
  }
  SocketObject* connect(Asid, const socket::Endpoint&) override {
    ++connects;
    objects_.push_back(std::make_unique<SocketObject>());
    objects_.back()->local_port = static_cast<std::uint16_t>(connects);
    return objects_.back().get();
  }
  PostOutcome post(Asid, SocketObject& s, const std::vector<VirtualRange>& ranges) override {
    if (connects <= refusals) return {Status::kReset, 0};
    for (const VirtualRange& r : ranges) s.sent += r.length;
    return {Status::kOk, 1};
  }
  Status wait(Asid, SocketObject&, socket::PostId, socket::Until) override {
    sim::wait(Time::from_us(40));
    return Status::kOk;
  }
  Received recv(Asid, SocketObject&) override {
    if (arriving.empty()) return {Status::kEndOfStream, {}};
    const VirtualRange r = arriving.front();
    arriving.pop_front();
    return {Status::kOk, r};
  }
  Status consumed(Asid, SocketObject& s, std::uint64_t n) override {
    s.received += n;
    pieces.push_back(n);
    return Status::kOk;
  }
  Status shutdown(Asid, SocketObject&) override {
    ++shutdowns;
    return Status::kOk;
  }
  const Stats& stats() const override { return stats_; }

  std::uint64_t connects = 0, refusals = 0, shutdowns = 0;
  std::deque<VirtualRange> arriving;
  std::vector<std::uint64_t> pieces;

 private:
  std::vector<std::unique_ptr<SocketObject>> objects_;
  Stats stats_;
};

SendJob job() {
  SendJob j;
  j.process = 1;
  j.ranges = {{0x1000, 100}, {0x9000, 28}};
  j.start = Time::from_us(5);
  return j;
}

TEST(Sender, RecordsHowLongItCouldNotTouchItsBuffer) {
  FakeTransport transport;
  bool finished = false;
  Sender sender("sender", transport, {job()}, [&] { finished = true; });
  sc_core::sc_start(1, sc_core::SC_MS);
  EXPECT_TRUE(finished && sender.done());
  const SendResult& r = sender.results()[0];
  EXPECT_EQ(r.status, Status::kOk);
  EXPECT_EQ(r.bytes, 128U);
  EXPECT_EQ(r.posted, Time::from_us(5));
  EXPECT_EQ(r.reusable, Time::from_us(45));
  EXPECT_DOUBLE_EQ(sender.stats().held_byte_seconds, 40e-6 * 128);
  EXPECT_EQ(transport.shutdowns, 1U);
}

TEST(Sender, ComesBackWhenNobodyListensYet) {
  FakeTransport transport;
  transport.refusals = 3;
  Sender sender("sender", transport, {job()});
  sc_core::sc_start(100, sc_core::SC_MS);
  const SendResult& r = sender.results()[0];
  EXPECT_EQ(r.status, Status::kOk);
  EXPECT_EQ(r.refused, 3U);
  EXPECT_EQ(r.local_port, 4U) << "of the connection that came about";
  EXPECT_EQ(r.posted, Time::from_us(3005)) << "the hold does not count the attempts";
  EXPECT_EQ(transport.shutdowns, 4U);
}

TEST(Sender, GivesUpAtLast) {
  FakeTransport transport;
  transport.refusals = 1000;
  SendJob j = job();
  j.attempts = 5;
  Sender sender("sender", transport, {j});
  sc_core::sc_start(100, sc_core::SC_MS);
  EXPECT_TRUE(sender.done());
  EXPECT_EQ(sender.results()[0].status, Status::kReset);
  EXPECT_EQ(transport.connects, 5U);
  EXPECT_EQ(sender.stats().streams_failed, 1U);
}

struct ReceiverRig {
  explicit ReceiverRig(const ReceiverParams& params)
      : host(log),
        receiver("receiver", ctx, host, transport,
                 [](Asid, std::uint64_t va, void* to, std::uint64_t n) {
                   for (std::uint64_t i = 0; i < n; ++i) {
                     static_cast<char*>(to)[i] = "abc"[(va - 100 + i) % 3];
                   }
                   return true;
                 },
                 params, {1, 80, 1, 1}) {
    transport.arriving = {{100, 2}, {102, 1}};
  }
  sim::Context ctx;
  Log log;
  FakeHost host;
  FakeTransport transport;
  Receiver receiver;
};

TEST(Receiver, DigestsTheStreamInItsOrder) {
  ReceiverParams p;
  p.piece = sim::Bytes{1};
  ReceiverRig rig(p);
  std::string seen;
  rig.receiver.set_sink([&](const ReceiveResult&, const std::uint8_t* bytes, std::size_t n) {
    seen.append(reinterpret_cast<const char*>(bytes), n);
  });
  std::uint64_t delivered = 0;
  rig.ctx.trace.subscribe(sim::mask_of(sim::TraceKind::kDeliver),
                          [&](const sim::TraceEvent& e) { delivered += e.length; });
  sc_core::sc_start(1, sc_core::SC_MS);
  ASSERT_TRUE(rig.receiver.done());
  const ReceiveResult& r = rig.receiver.results()[0];
  EXPECT_EQ(r.status, Status::kEndOfStream);
  EXPECT_EQ(seen, "abc");
  EXPECT_EQ(delivered, 3U);
  EXPECT_EQ(r.remote_port, 7U);
  // FIPS 180-2, appendix B.1.
  EXPECT_EQ(r.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(rig.transport.pieces, (std::vector<std::uint64_t>{1, 1, 1}));
}

// req: I-X13
TEST(Receiver, ASlowReaderConsumesAtItsLimit) {
  ReceiverParams p;
  p.limit = sim::BitRate{8e6};  // a byte each microsecond
  ReceiverRig rig(p);
  sc_core::sc_start(1, sc_core::SC_MS);
  EXPECT_EQ(rig.receiver.stats().paused, Time::from_us(3));
  EXPECT_GE(rig.receiver.results()[0].last, Time::from_us(3));
}

}  // namespace
}  // namespace vctoe::app
