// What the trace says of segments without payload.
#include <gtest/gtest.h>

#include <vector>

#include "models/nic/toe/segment.h"
#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

using sim::TraceKind;

/// Of one host, in the order in which they left.
std::vector<sim::TraceEvent> control_segments(const TraceLog& log, int node) {
  std::vector<sim::TraceEvent> found;
  for (std::size_t i = 0; i < log.size(); ++i) {
    if (log[i].kind == TraceKind::kTxControl && log[i].node == node) found.push_back(log[i]);
  }
  return found;
}

TEST(ControlSegments, HandshakeAcknowledgementsAndFinAreTracedOnceEachAsTheyLeave) {
  TraceLog log;
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::kib(64);
  const auto s = run(p, "fig8+fig9", "", log.listen());
  expect_intact(s);
  const auto from_sender = control_segments(log, 0);
  const auto from_receiver = control_segments(log, 1);
  EXPECT_EQ(from_sender.size(), stat(s, "sender.nic.tx.control_segments"));
  EXPECT_EQ(from_receiver.size(), stat(s, "receiver.nic.tx.control_segments"));
  ASSERT_GE(from_sender.size(), 3u);
  ASSERT_GE(from_receiver.size(), 3u);

  const std::uint32_t first_byte = log[log.first(TraceKind::kPost)].seq;
  EXPECT_EQ(from_sender[0].detail, toe::kSyn);
  EXPECT_EQ(from_sender[0].seq, first_byte - 1);
  EXPECT_EQ(from_receiver[0].detail, toe::kSyn | toe::kAck);
  EXPECT_EQ(from_sender[1].detail, toe::kAck);
  EXPECT_EQ(from_sender[1].seq, first_byte);
  EXPECT_EQ(from_receiver[1].detail, toe::kAck);
  std::size_t fins = 0;
  for (const auto& e : from_sender) {
    if ((e.detail & toe::kFin) == 0) continue;
    ++fins;
    EXPECT_EQ(e.seq, first_byte + p.stream.size.n);
    EXPECT_GT(e.at, log[log.last(TraceKind::kTxFirst)].at);
  }
  EXPECT_EQ(fins, 1u);
}

}  // namespace
}  // namespace vctoe::scenario
