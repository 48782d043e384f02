#include "sw/cli/wave_request.h"

#include <gtest/gtest.h>

#include "models/sim/error.h"

namespace vctoe::cli {
namespace {

/// What is said of a request that is wrong.
std::string refusal(const WaveRequest& request) {
  try {
    parse_waves(request);
  } catch (const sim::Error& e) {
    return e.kind() == sim::FailureKind::kUser ? e.what() : "of another kind";
  }
  return "nothing";
}

TEST(WaveRequest, IsReadWithUnitsAndNames) {
  WaveRequest r;
  r.on = true;
  r.from = "20 ms";
  r.to = "21.5 ms";
  r.before = "3 us";
  r.length = "1 ms";
  r.limit = "64 MiB";
  r.trigger = "tx_retransmit";
  r.scopes = {"sender"};
  r.connections = {"0-2", "7"};
  const waves::Options o = parse_waves(r);
  EXPECT_TRUE(o.on);
  EXPECT_EQ(o.from, sim::Time::from_ms(20));
  EXPECT_EQ(o.to, sim::Time::from_us(21'500));
  EXPECT_EQ(o.before, sim::Time::from_us(3));
  EXPECT_EQ(o.length, sim::Time::from_ms(1));
  EXPECT_EQ(o.limit, 64u << 20);
  EXPECT_EQ(o.trigger, sim::TraceKind::kTxRetransmit);
  EXPECT_EQ(o.scopes, r.scopes);
  EXPECT_EQ(o.connections, (std::vector<std::uint32_t>{0, 1, 2, 7}));
}

TEST(WaveRequest, WithoutOptionsIsAllOfTheRunAndTheFirstConnection) {
  const waves::Options o = parse_waves({});
  EXPECT_FALSE(o.on);
  EXPECT_EQ(o.from, sim::Time::zero());
  EXPECT_EQ(o.to, sim::Time::never());
  EXPECT_FALSE(o.trigger);
  EXPECT_EQ(o.connections, std::vector<std::uint32_t>{0});
}

TEST(WaveRequest, ThatIsWrongIsRefusedWithTheNameOfTheOption) {
  WaveRequest r;
  r.from = "10";
  EXPECT_NE(refusal(r).find("--vcd-from"), std::string::npos);
  r = {};
  r.trigger = "rto_expred";
  EXPECT_NE(refusal(r).find("did you mean rto_expired"), std::string::npos);
  r.trigger = "state";
  EXPECT_NE(refusal(r).find("unknown kind"), std::string::npos);
  r = {};
  r.from = "2 ms";
  r.to = "1 ms";
  EXPECT_NE(refusal(r).find("--vcd-to"), std::string::npos);
  r = {};
  r.before = "1 ms";
  EXPECT_NE(refusal(r).find("--vcd-trigger"), std::string::npos);
  r = {};
  r.limit = "1 kB";
  EXPECT_NE(refusal(r).find("--vcd-limit"), std::string::npos);
  for (const char* text : {"", "a", "1-", "3-2", "-1", "0-100000"}) {
    r = {};
    r.connections = {text};
    EXPECT_NE(refusal(r).find("--vcd-connections"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace vctoe::cli
