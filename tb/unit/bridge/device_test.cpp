// Device and pacing with a socket in the place of the TAP: needs no rights.
#include "sw/bridge/device.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <system_error>
#include <vector>

#include "sw/bridge/bridge.h"

namespace vctoe::bridge {
namespace {

struct Ends {
  Ends() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd), 0); }
  int fd[2] = {-1, -1};
};

TEST(Device, FramesKeepTheirBoundsAndNoneIsWaitedFor) {
  Ends ends;
  Device here(ends.fd[0]), there(ends.fd[1]);
  char buffer[100];
  EXPECT_EQ(there.read(buffer, sizeof buffer), 0u);
  EXPECT_TRUE(here.write("abc", 3));
  EXPECT_TRUE(here.write("de", 2));
  EXPECT_EQ(there.read(buffer, sizeof buffer), 3u);
  EXPECT_EQ(std::memcmp(buffer, "abc", 3), 0);
  EXPECT_EQ(there.read(buffer, sizeof buffer), 2u);
}

TEST(Device, AFullReceiverLosesTheFrameAndNothingWaits) {
  Ends ends;
  Device here(ends.fd[0]), there(ends.fd[1]);
  const std::vector<char> frame(1500);
  int taken = 0;
  while (here.write(frame.data(), frame.size())) ASSERT_LT(++taken, 1'000'000);
  EXPECT_GT(taken, 10);
}

TEST(Device, ANameThatIsNoneIsRefused) {
  EXPECT_THROW(open_tap(""), std::system_error);
  EXPECT_THROW(open_tap("a_name_that_is_much_too_long"), std::system_error);
}

/// Asks for the address of 10.0.0.1, as a kernel does.
std::vector<std::uint8_t> arp_request() {
  return {255, 255,  255,  255, 255, 255, 0x52, 0x54, 0, 0, 0, 2, 8, 6, 0, 1, 8, 0,  6, 4, 0,
          1,   0x52, 0x54, 0,   0,   0,   2,    10,   0, 0, 2, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1};
}

TEST(Bridge, SimulatedTimeFollowsRealTimeAndFramesCrossTheWireWithItsDelay) {
  Ends ends;
  Device device(ends.fd[0]), peer(ends.fd[1]);
  char err[200] = "";
  toe_tb* host = toe_tb_new("ip=10.0.0.1", err, sizeof err);
  ASSERT_NE(host, nullptr) << err;
  net::LinkParams wire = plain_line();
  wire.delay = sim::Time::from_ms(20);
  Bridge bridge(host, device, wire);
  const auto request = arp_request();
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(peer.write(request.data(), request.size()));
  std::uint8_t reply[100];
  std::size_t n = 0;
  bridge.run([&] { return (n = peer.read(reply, sizeof reply)) != 0; });
  const auto real = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(n, 60u);
  EXPECT_EQ(reply[21], 2) << "an ARP reply";
  EXPECT_GE(real, std::chrono::milliseconds(40)) << "there and back";
  const double simulated = static_cast<double>(toe_tb_now(host)) * 1e-9;
  EXPECT_GE(simulated, 0.040);
  EXPECT_LE(simulated, 0.002 + std::chrono::duration<double>(real).count());
  EXPECT_EQ(bridge.stats().frames_in, 1u);
  EXPECT_EQ(bridge.stats().frames_out, 1u);
  toe_tb_free(host);
}

TEST(Bridge, TheSpeedIsTheRatioOfTheTwoClocks) {
  Ends ends;
  Device device(ends.fd[0]);
  ::close(ends.fd[1]);
  char err[200] = "";
  toe_tb* host = toe_tb_new("ip=10.0.0.1", err, sizeof err);
  ASSERT_NE(host, nullptr) << err;
  Bridge bridge(host, device, plain_line(), 1, 0.1);
  const auto begin = std::chrono::steady_clock::now();
  bridge.run([begin] {
    return std::chrono::steady_clock::now() - begin > std::chrono::milliseconds(300);
  });
  const auto real = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  EXPECT_LE(static_cast<double>(toe_tb_now(host)) * 1e-9, 0.002 + 0.1 * real);
  EXPECT_GE(static_cast<double>(toe_tb_now(host)) * 1e-9, 0.02);
  toe_tb_free(host);
}

}  // namespace
}  // namespace vctoe::bridge
