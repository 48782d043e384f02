// ICMP errors come in by the receive engine and reach TCP; what is neither is refused by the MAC.
#include "models/net/icmp.h"

#include "models/net/frame_pool.h"
#include "tb/unit/nic_rings/rig.h"

namespace vctoe::nic::test {
namespace {

constexpr std::uint32_t kRouterIp = 0x0a000063;

/// Keeps the first frame that leaves.
struct FirstSent : net::FrameTap {
  explicit FirstSent(net::FramePool& pool) : pool(pool) {}
  void frame_seen(const net::Frame& frame, sim::Time /*at*/, net::Heading heading) override {
    if (heading != net::Heading::kSent || kept) return;
    kept = pool.get();
    kept->bytes = frame.bytes;
    kept->size = frame.size;
  }
  net::FramePool& pool;
  net::FramePtr kept;
};

/// A host that has sent a SYN to a peer which is too far away to answer.
struct Asking {
  Asking() : hardware("hardware", context, far_away()), host(hardware.host(0)), sent(pool) {
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    mac().add_tap(sent);
    host.set_up();
    host.submit(host.receive(0));
    SubmitEntry e;
    e.op = SubmitOp::kConnect;
    e.connection = 0;
    e.local_port = 1000;
    e.ip = system::station_ip(1, 0);
    e.port = 80;
    host.submit(e);
    run();
  }
  static system::SystemParams far_away() {
    system::SystemParams p = rig_params(Source::kPosted, Source::kPosted);
    p.net.delay = sim::Time::from_ms(100);
    p.nic.toe.rto_initial = sim::Time::from_s(1);
    return p;
  }
  nic::Mac& mac() { return hardware.host(0).nic.mac(); }
  static void run() { sc_core::sc_start(sim::to_sc(sim::Time::from_us(50))); }
  void complain(std::uint8_t type, std::uint8_t code) {
    net::FramePtr frame = pool.get();
    net::encode_icmp_error(*frame, *sent.kept, kRouterIp, {{}, {}, type, code, 0});
    mac().receive(std::move(frame));
    run();
  }
  std::uint64_t refused() {
    return mac().stats().rx_refused[static_cast<std::size_t>(net::DropReason::kNotTcp)];
  }

  sim::Context context;
  system::TwoHosts hardware;
  RingHost host;
  net::FramePool pool;
  FirstSent sent;
};

TEST(IcmpOfTheNic, PortUnreachableEndsAnOpeningConnection) {
  Asking a;
  ASSERT_TRUE(a.sent.kept);
  EXPECT_TRUE(a.host.completions().empty());
  a.complain(3, 3);
  const auto told = a.host.completions();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].kind, CompletionKind::kReset);
  EXPECT_EQ(told[0].value, static_cast<std::uint64_t>(toe::CloseReason::kUnreachable));
  EXPECT_EQ(a.refused(), 0u);
}

TEST(IcmpOfTheNic, SoftErrorsAreToldAndSurvivedAndOtherMessagesRefused) {
  Asking a;
  ASSERT_TRUE(a.sent.kept);
  a.complain(3, 1);
  EXPECT_EQ(a.refused(), 0u);
  a.complain(13, 0);  // a timestamp request (RFC 792)
  EXPECT_EQ(a.refused(), 1u);
  const auto told = a.host.completions();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].kind, CompletionKind::kAdvice);
  EXPECT_EQ(told[0].value, static_cast<std::uint64_t>(toe::Advice::kUnreachable));
}

}  // namespace
}  // namespace vctoe::nic::test
