#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "sw/scenario/outputs_timeline.h"
#include "tb/unit/config/sample_params.h"

namespace vctoe::outputs {
namespace {

using Json = nlohmann::json;
using sim::TraceKind;

sim::TraceEvent event(TraceKind kind, sim::TxnId txn, std::uint8_t node = 0) {
  sim::TraceEvent e;
  e.kind = kind;
  e.node = node;
  e.connection = 3;
  e.txn = txn;
  e.address = 0x1000;
  e.length = 1448;
  return e;
}

/// The events of a timeline for which these were emitted.
Json timeline(const std::vector<sim::TraceEvent>& events) {
  const config::TempDir dir;
  sim::TraceBus bus;
  TimelineWriter writer(dir / "timeline.json", bus);
  for (const auto& e : events) bus.emit(e);
  writer.close();
  std::ifstream in(dir / "timeline.json");
  return Json::parse(in).at("traceEvents");
}

std::vector<Json> with_phase(const Json& all, const std::string& phase) {
  std::vector<Json> found;
  for (const Json& e : all) {
    if (e.at("ph") == phase) found.push_back(e);
  }
  return found;
}

TEST(Timeline, EveryKindHasASliceInALaneThatHasAName) {
  std::vector<sim::TraceEvent> events;
  for (unsigned k = 0; k < static_cast<unsigned>(TraceKind::kCount); ++k) {
    events.push_back(event(static_cast<TraceKind>(k), 0, 1));
  }
  const Json all = timeline(events);
  std::set<std::pair<int, int>> lanes;
  for (const Json& m : with_phase(all, "M")) lanes.emplace(m.at("pid"), m.at("tid"));
  const auto slices = with_phase(all, "X");
  ASSERT_EQ(slices.size(), events.size());
  for (std::size_t i = 0; i < slices.size(); ++i) {
    const Json& s = slices[i];
    EXPECT_EQ(s.at("name"), sim::enum_name(events[i].kind));
    EXPECT_EQ(s.at("pid"), 1);
    EXPECT_TRUE(s.at("ts").is_number() && s.at("dur").is_number());
    EXPECT_EQ(lanes.count({s.at("pid"), s.at("tid")}), 1u) << s;
    EXPECT_EQ(s.at("args").at("address"), "0x1000");
    EXPECT_EQ(s.at("args").at("connection"), 3);
  }
}

TEST(Timeline, ABlockIsASpanFromItsRequestToItsEnd) {
  const Json all = timeline({event(TraceKind::kBlockRequest, 7), event(TraceKind::kPin, 7),
                             event(TraceKind::kBlockSent, 7), event(TraceKind::kBlockSent, 8)});
  const auto begins = with_phase(all, "b"), ends = with_phase(all, "e");
  ASSERT_EQ(begins.size(), 1u);
  ASSERT_EQ(ends.size(), 1u) << "a block that nobody asked for has no span to end";
  EXPECT_EQ(begins[0].at("id"), 7);
  EXPECT_EQ(ends[0].at("id"), 7);
  EXPECT_EQ(begins[0].at("cat"), ends[0].at("cat"));
}

TEST(Timeline, ArrowsLeadFromARequestToItsPackets) {
  const Json all = timeline({event(TraceKind::kBlockRequest, 7), event(TraceKind::kTxFirst, 7),
                             event(TraceKind::kTxFirst, 7), event(TraceKind::kTxFirst, 0)});
  const auto from = with_phase(all, "s"), to = with_phase(all, "t");
  ASSERT_EQ(from.size(), 1u);
  ASSERT_EQ(to.size(), 2u) << "bytes that came with the post were not asked for";
  EXPECT_EQ(from[0].at("id"), to[0].at("id"));
  EXPECT_NE(from[0].at("tid"), to[0].at("tid"));
}

TEST(Timeline, AppearsOnlyWhenItIsWhole) {
  const config::TempDir dir;
  {
    sim::TraceBus bus;
    const TimelineWriter writer(dir / "timeline.json", bus);
    bus.emit(event(TraceKind::kTxFirst, 1));
  }
  EXPECT_FALSE(std::ifstream(dir / "timeline.json").good());
}

}  // namespace
}  // namespace vctoe::outputs
