// Applications that send and receive on both hosts at once.
#include <gtest/gtest.h>

#include <array>
#include <memory>

#include "sw/app/digest.h"
#include "sw/scenario/layout.h"
#include "sw/scenario/payload.h"
#include "sw/scenario/scenario.h"
#include "tb/system/run.h"

namespace vctoe::scenario {
namespace {

constexpr std::uint16_t kPort = 5001;
constexpr std::uint64_t kStream = 256 << 10;

/// A host's software and the two applications on it.
struct Side {
  Side(const std::string& name, unsigned i, sim::Context& context, system::TwoHosts& hardware,
       const ScenarioParams& p)
      : software(name, context, hardware.host(i), p) {
    app::SendJob job;
    job.process = software.kernel.create_address_space();
    job.remote = {system::station_ip(1 - i, 0), kPort};
    job.start = sim::Time::from_ms(1);
    job.ranges = {{stream_address(0), kStream}};
    software.kernel.map(job.process, stream_address(0), kStream);
    Payload payload("", kStream, 7 + i);  // other bytes in each direction
    std::vector<std::uint8_t> bytes(kStream);
    payload.read(bytes.data(), bytes.size());
    software.kernel.preload_resident(job.process, stream_address(0), bytes.data(), kStream);
    app::Digest digest;
    digest.add(bytes.data(), bytes.size());
    sent = digest.hex();
    app::ReceiveSetup setup;
    setup.process = software.kernel.create_address_space();
    setup.port = kPort;
    setup.node = static_cast<std::uint8_t>(i);
    receiver = std::make_unique<app::Receiver>(
        (name + "_receives").c_str(), context, software.cards[0]->port, software.transport,
        [this](kernel::Asid asid, std::uint64_t va, void* to, std::uint64_t length) {
          return software.kernel.peek(asid, va, to, length);
        },
        p.receiver, setup);
    sender = std::make_unique<app::Sender>((name + "_sends").c_str(), software.transport,
                                           std::vector<app::SendJob>{job});
  }
  Software software;
  std::string sent;
  std::unique_ptr<app::Receiver> receiver;
  std::unique_ptr<app::Sender> sender;
};

void expect_both_ways(ScenarioParams p) {
  p.driver.scheme = {false, driver::UnpinPost::kSent, true};
  sim::Context context;
  Monitors monitors("monitors", context, p.monitor);
  system::TwoHosts hardware("hardware", context, p.system);
  Side left("left", 0, context, hardware, p), right("right", 1, context, hardware, p);
  for (Side* side : {&left, &right}) {
    const auto ranges = [side](const sim::TraceEvent& post, const Monitors::RangeSink& sink) {
      for (const auto& r : side->software.cards[0]->driver.posted(post.connection)) {
        if (r.post == post.txn) sink(r.range.address, r.range.length);
      }
    };
    monitors.set_ranges_of_post(side == &left ? 0 : 1, ranges);
  }
  sim::run(sim::Time::from_s(2));
  for (const Side* side : {&left, &right}) {
    ASSERT_TRUE(side->sender->done());
    ASSERT_TRUE(side->receiver->done());
    EXPECT_EQ(side->sender->results()[0].status, socket::Status::kOk);
    EXPECT_EQ(side->receiver->results()[0].bytes, kStream);
  }
  EXPECT_EQ(left.receiver->results()[0].sha256, right.sent);
  EXPECT_EQ(right.receiver->results()[0].sha256, left.sent);
  EXPECT_NE(left.sent, right.sent);
}

// req: I-F05-114
TEST(BothWays, ApplicationsSendAndReceiveOnBothHostsInOneRun) {
  expect_both_ways(quiet_params());
}

// Each connection's acknowledgments travel beside the other's data.
TEST(BothWays, WorksEncryptedAndWithLoss) {
  ScenarioParams p = quiet_params();
  lose(p, 0.05);
  p.system.nic.esp.enabled = true;
  expect_both_ways(p);
}

}  // namespace
}  // namespace vctoe::scenario
