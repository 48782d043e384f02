#include <gtest/gtest.h>

#include <fstream>
#include <functional>
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

using More = std::function<void(TimelineWriter&)>;

/// The events of a timeline for which these were emitted, and then `more` was told.
Json timeline(const std::vector<sim::TraceEvent>& events, const More& more = {}) {
  const config::TempDir dir;
  sim::TraceBus bus;
  TimelineWriter writer(dir / "timeline.json", bus);
  for (const auto& e : events) bus.emit(e);
  if (more) more(writer);
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

std::vector<Json> slices(const Json& all, const std::string& name) {
  std::vector<Json> found;
  for (const Json& e : with_phase(all, "X")) {
    if (e.at("name") == name) found.push_back(e);
  }
  return found;
}

TEST(Timeline, EveryKindIsAnInstantOrBeginsOrEndsASliceInALaneThatHasAName) {
  constexpr auto kEnds =
      sim::mask_of(TraceKind::kStreamAcked, TraceKind::kSwapIn, TraceKind::kWalkDone);
  for (unsigned k = 0; k < static_cast<unsigned>(TraceKind::kCount); ++k) {
    const auto kind = static_cast<TraceKind>(k);
    if (kind == TraceKind::kState || (sim::mask_of(kind) & kEnds) != 0) continue;
    const Json all = timeline({event(kind, 1, 1)});
    std::set<std::pair<int, int>> lanes;
    for (const Json& m : with_phase(all, "M")) lanes.emplace(m.at("pid"), m.at("tid"));
    auto told = with_phase(all, "X");
    for (const Json& e : with_phase(all, "i")) told.push_back(e);
    ASSERT_GE(told.size(), 1u) << sim::enum_name(kind);
    for (const Json& e : told) {
      EXPECT_EQ(e.at("pid"), 1);
      EXPECT_TRUE(e.at("ts").is_number());
      EXPECT_EQ(lanes.count({e.at("pid"), e.at("tid")}), 1u) << e;
      EXPECT_EQ(e.at("args").at("address"), "0x1000");
      EXPECT_EQ(e.at("args").at("connection"), 3);
    }
  }
}

TEST(Timeline, ABlockIsASliceFromItsRequestToItsEndAroundTheWaitForTheHost) {
  const Json all = timeline({event(TraceKind::kBlockRequest, 7), event(TraceKind::kPin, 7),
                             event(TraceKind::kReplyPhysical, 7), event(TraceKind::kBlockSent, 7),
                             event(TraceKind::kBlockSent, 8)});
  const auto blocks = slices(all, "block"), waits = slices(all, "wait for host");
  ASSERT_EQ(blocks.size(), 1u) << "a block that nobody asked for has no slice to end";
  ASSERT_EQ(waits.size(), 1u);
  EXPECT_EQ(blocks[0].at("args").at("txn"), 7);
  EXPECT_EQ(blocks[0].at("tid"), waits[0].at("tid"));
  EXPECT_EQ(blocks[0].at("args").count("unfinished"), 0u);
}

TEST(Timeline, SlicesOfALaneThatOverlapHaveRowsOfTheirOwnAndRowsAreUsedAgain) {
  const Json all = timeline({event(TraceKind::kWalk, 1), event(TraceKind::kWalk, 2),
                             event(TraceKind::kWalkDone, 1), event(TraceKind::kWalk, 3),
                             event(TraceKind::kWalkDone, 2), event(TraceKind::kWalkDone, 3)});
  std::map<int, int> row;
  for (const Json& s : slices(all, "walk")) row[s.at("args").at("txn")] = s.at("tid");
  ASSERT_EQ(row.size(), 3u);
  EXPECT_NE(row[1], row[2]);
  EXPECT_EQ(row[1], row[3]);
}

TEST(Timeline, AnAnswerToAPartDoesNotEndTheWaitForTheHost) {
  sim::TraceEvent part = event(TraceKind::kReplyPhysical, 7);
  part.detail = 1;
  const Json all = timeline({event(TraceKind::kBlockRequest, 7), part});
  ASSERT_EQ(slices(all, "wait for host").size(), 1u);
  EXPECT_EQ(slices(all, "wait for host")[0].at("args").at("unfinished"), true);
}

TEST(Timeline, FurtherCardsHaveRowsWithNames) {
  const Json all = timeline({}, [](TimelineWriter& writer) {
    writer.add({1, Lane::kReceived, "ACK", {}, {}, 0, "ACK ack=1", 2});
  });
  const auto frames = slices(all, "ACK");
  ASSERT_EQ(frames.size(), 1u);
  std::string name;
  for (const Json& m : with_phase(all, "M")) {
    if (m.at("name") == "thread_name" && m.at("pid") == 1 && m.at("tid") == frames[0].at("tid")) {
      name = m.at("args").at("name");
    }
  }
  EXPECT_EQ(name, "received 3");
}

TEST(Timeline, WhatHasNotEndedSaysSo) {
  const Json all = timeline({event(TraceKind::kServe, 5)});
  ASSERT_EQ(slices(all, "serve block").size(), 1u);
  EXPECT_EQ(slices(all, "serve block")[0].at("args").at("unfinished"), true);
}

TEST(Timeline, ArrowsLeadFromARequestToItsPackets) {
  const Json all = timeline({event(TraceKind::kBlockRequest, 7)}, [](TimelineWriter& writer) {
    for (const std::uint64_t us : {1, 2}) {
      const auto from = sim::Time::from_us(us), to = sim::Time::from_us(us + 1);
      const TimelineWriter::Slice slice{0, Lane::kSent, "DATA", from, to, 7, "DATA seq=1"};
      writer.add(slice);
      writer.add_arrow(slice);
    }
    writer.add_arrow({0, Lane::kSent, "DATA", {}, {}, 8, "DATA seq=2"});
  });
  const auto from = with_phase(all, "s"), to = with_phase(all, "f");
  ASSERT_EQ(from.size(), 2u);
  ASSERT_EQ(to.size(), 2u) << "bytes that came with the post were not asked for";
  EXPECT_EQ(from[0].at("id"), to[0].at("id"));
  EXPECT_NE(from[0].at("id"), from[1].at("id"));
  EXPECT_NE(from[0].at("tid"), to[0].at("tid"));
  const auto frames = slices(all, "DATA");
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[1].at("ts"), 2.0);
  EXPECT_EQ(frames[1].at("dur"), 1.0);
  EXPECT_EQ(frames[1].at("tid"), to[1].at("tid"));
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
