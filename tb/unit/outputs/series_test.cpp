#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "models/sim/kernel.h"
#include "sw/scenario/outputs_series.h"

namespace vctoe::outputs {
namespace {

using Json = nlohmann::json;
using sim::TraceKind;

/// A bus on which a microsecond passes before every event.
struct Bus {
  sim::TraceBus bus;
  SeriesWriter series{bus};

  void emit(TraceKind kind, sim::TxnId txn, std::uint32_t detail = 0, std::uint32_t seq = 0,
            std::uint8_t node = 0) {
    sim::run(sim::Time::from_us(1));
    sim::TraceEvent e;
    e.kind = kind;
    e.node = node;
    e.txn = txn;
    e.detail = detail;
    e.seq = seq;
    e.address = txn * 4096;
    bus.emit(e);
  }
  Json document() const { return Json::parse(series.document(7, "fig8+fig9")); }
  std::vector<double> bytes() const {
    std::vector<double> all;
    const Json whole = document();
    for (const Json& step : whole.at("pinned")) all.push_back(step.at(1));
    return all;
  }
};

TEST(Series, PinsOfTheAgentOnTheSenderAreCounted) {
  Bus b;
  b.emit(TraceKind::kPin, 1);
  b.emit(TraceKind::kPin, 2, 4);        // the driver's
  b.emit(TraceKind::kPin, 3, 0, 0, 1);  // the receiver's
  b.emit(TraceKind::kPin, 4);
  b.emit(TraceKind::kUnpin, 1);
  b.emit(TraceKind::kUnpin, 4);
  EXPECT_EQ(b.bytes(), (std::vector<double>{0, 4096, 8192, 4096, 0}));
  const Json d = b.document();
  EXPECT_EQ(d.at("schema"), "vctoe-series");
  EXPECT_EQ(d.at("index"), 7);
  EXPECT_EQ(d.at("scheme"), "fig8+fig9");
  const Json& steps = d.at("pinned");
  EXPECT_NEAR(steps.at(2).at(0).get<double>() - steps.at(1).at(0).get<double>(), 3e-6, 1e-12);
}

TEST(Series, APinHandedToTheNicIsPinnedOnceUntilTheNicLowersIt) {
  Bus b;
  b.emit(TraceKind::kPin, 1);
  b.emit(TraceKind::kPin, 1, 0, 1);                            // the NIC's own
  b.emit(TraceKind::kUnpin, 1, 0, 2);                          // the host's goes
  EXPECT_EQ(b.bytes(), (std::vector<double>{0, 4096, 4096}));  // the second: until now
  b.emit(TraceKind::kUnpin, 1, 0, 1);
  EXPECT_EQ(b.bytes(), (std::vector<double>{0, 4096, 0}));
}

TEST(Series, LatenciesAreThoseOfBlocksFromRequestToTheLastByte) {
  Bus b;
  b.emit(TraceKind::kBlockRequest, 1);
  b.emit(TraceKind::kBlockRequest, 2);
  b.emit(TraceKind::kReplyPhysical, 1);
  b.emit(TraceKind::kBlockSent, 2);
  b.emit(TraceKind::kBlockSent, 1);
  b.emit(TraceKind::kBlockRequest, 3);
  b.emit(TraceKind::kReplyError, 3);       // is not answered
  b.emit(TraceKind::kBlockRequest, 4);     // does not end
  b.emit(TraceKind::kBlockRequest, 5, 1);  // is sent again
  b.emit(TraceKind::kBlockSent, 5);
  const Json latency = b.document().at("latency");
  ASSERT_EQ(latency.at("sorted").size(), 2U);
  EXPECT_NEAR(latency.at("sorted").at(0).get<double>(), 2e-6, 1e-12);
  EXPECT_NEAR(latency.at("sorted").at(1).get<double>(), 4e-6, 1e-12);
  EXPECT_EQ(latency.at("what").get<std::string>().substr(0, 6), "block:");
}

TEST(Series, WithoutBlocksTheyAreThoseOfReads) {
  Bus b;
  b.emit(TraceKind::kDmaBegin, 1);
  b.emit(TraceKind::kBufferWrite, 1);
  const Json latency = b.document().at("latency");
  ASSERT_EQ(latency.at("sorted").size(), 1U);
  EXPECT_EQ(latency.at("what").get<std::string>().substr(0, 4), "read");
}

TEST(Series, ThinningKeepsPeaksAndEnds) {
  Steps steps;
  for (int i = 0; i < 10000; ++i) steps.emplace_back(i, i == 7777 ? 1e9 : i % 10);
  steps[5555].second = -1;
  const Steps thin = thinned(steps, 200);
  EXPECT_LE(thin.size(), 200U);
  EXPECT_EQ(thin.front(), steps.front());
  EXPECT_EQ(thin.back(), steps.back());
  EXPECT_NE(std::find(thin.begin(), thin.end(), steps[7777]), thin.end());
  EXPECT_NE(std::find(thin.begin(), thin.end(), steps[5555]), thin.end());
  EXPECT_TRUE(std::is_sorted(thin.begin(), thin.end()));
  EXPECT_EQ(thinned(steps, 10000), steps);
}

TEST(Series, QuantilesSurvive) {
  std::vector<double> sorted(5001);
  for (std::size_t i = 0; i < sorted.size(); ++i) sorted[i] = static_cast<double>(i);
  const auto some = quantiles(sorted, 101);
  ASSERT_EQ(some.size(), 101U);
  EXPECT_EQ(some.front(), 0);
  EXPECT_EQ(some[50], 2500);
  EXPECT_EQ(some.back(), 5000);
  EXPECT_EQ(quantiles({1, 2}, 2), (std::vector<double>{1, 2}));
}

}  // namespace
}  // namespace vctoe::outputs
