// Alternatives of the text that leave the figures' steps and change their order, grain or place.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tb/support/in_child.h"
#include "tb/system/run.h"
#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

using support::in_child;

using kernel::PinOwner;
using sim::TraceKind;
using sim::Why;

constexpr std::uint64_t kBlock = 32 * 1024;

ScenarioParams params() {
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::kib(512);
  p.driver.block_size = {kBlock};
  return p;
}

TEST(Prefetch, BlocksAreAskedForBeforeTheyAreInsideTheWindowAndNotFurther) {
  TraceLog log;
  ScenarioParams p = params();
  p.socket.receive_buffer = p.socket.connect_buffer = sim::Bytes::kib(48);
  p.system.nic.toe.receive_buffer = sim::Bytes::kib(48);
  p.system.nic.core.prefetch = sim::Bytes::kib(64);
  p.system.nic.core.request_ahead = 16;
  expect_intact(run(p, "fig8", "", log.listen()));
  std::uint64_t edge = p.socket.receive_buffer.n;
  std::size_t ahead = 0;
  for (std::size_t i = log.first(TraceKind::kPost); i < log.size(); ++i) {
    if (log[i].node != 0) continue;
    if (log[i].kind == TraceKind::kRxAck) edge = std::max(edge, log[i].address + log[i].length);
    if (log[i].kind != TraceKind::kBlockRequest) continue;
    if (log.offset(log[i]) >= edge) ++ahead;
    EXPECT_LT(log.offset(log[i]), edge + p.system.nic.core.prefetch.n);
  }
  EXPECT_GT(ahead, 3u);
}

/// Segments that carry bytes of two blocks of the stream.
std::size_t spanning(const TraceLog& log, std::uint64_t block) {
  return log.count(TraceKind::kTxFirst, [block](const auto& e) {
    return e.address / block != (e.address + e.length - 1) / block;
  });
}

// req: I-X13
TEST(SpanBlocks, OffNoSegmentCarriesBytesOfTwoContexts) {
  for (const bool span : {true, false}) {
    const std::size_t crossing = in_child([span] {
      TraceLog log;
      ScenarioParams p = params();
      p.driver.block_size = {10'000};
      p.system.nic.core.span_blocks = span;
      lose(p, 0.01);
      expect_intact(run(p, "fig8+fig10", "", log.listen()));
      return spanning(log, 10'000);
    });
    EXPECT_EQ(crossing > 10, span) << crossing;
    EXPECT_EQ(crossing == 0, !span) << crossing;
  }
}

TEST(SpanBlocks, OffBlocksOfOneByteAreSegmentsOfOneByte) {
  TraceLog log;
  ScenarioParams p = params();
  p.stream.size = {300};
  p.driver.block_size = {1};
  p.system.nic.core.span_blocks = false;
  expect_intact(run(p, "fig8", "", log.listen()));
  EXPECT_EQ(log.count(TraceKind::kTxFirst), 300u);
}

// req: I-P0047
TEST(Alternate, APacketLostTwiceIsResentByAddressFirstAndAsDataThen) {
  TraceLog log;
  ScenarioParams p = params();
  p.system.nic.core.alternate = true;
  lose(p, 0.12);
  expect_intact(run(p, "fig8+fig9", "", log.listen()));
  std::map<std::uint64_t, std::vector<TraceKind>> answers;  // by first byte
  for (const std::size_t i : log.all(TraceKind::kBlockRequest, why_is(Why::kRetransmit))) {
    const bool pushed = log.first(TraceKind::kReplyPushed, txn_is(log[i].txn)) != kNowhere;
    answers[log.offset(log[i])].push_back(pushed ? TraceKind::kReplyPushed
                                                 : TraceKind::kReplyPhysical);
  }
  std::size_t twice = 0;
  for (const auto& [begin, kinds] : answers) {
    for (std::size_t n = 0; n < kinds.size(); ++n) {
      EXPECT_EQ(kinds[n], n % 2 == 0 ? TraceKind::kReplyPhysical : TraceKind::kReplyPushed);
    }
    twice += kinds.size() > 1 ? 1 : 0;
  }
  EXPECT_GT(twice, 0u) << "no packet was lost twice";
}

// req: I-P0065a
TEST(ReplyByPage, TheFirstPagesAreSentWhileLaterOnesAreReadFromSwap) {
  TraceLog log;
  ScenarioParams p = params();
  p.stream.swapped = 0.5;
  p.driver.reply = driver::ReplyBy::kPage;
  p.system.nic.toe.mss = 1460;
  expect_intact(run(p, "fig8", "", log.listen()));
  std::size_t early = 0;
  for (const std::size_t i : log.all(TraceKind::kBlockRequest)) {
    const auto replies = log.all(TraceKind::kReplyPhysical, txn_is(log[i].txn));
    ASSERT_GE(replies.size(), 1u);
    const auto pins = log.all(TraceKind::kPin, txn_is(log[i].txn));
    ASSERT_EQ(pins.size(), kBlock / 4096);
    early += replies.front() < pins.back() ? 1 : 0;
    const auto unpins = log.all(TraceKind::kUnpin, txn_is(log[i].txn));
    EXPECT_EQ(unpins.size(), pins.size());
    EXPECT_GT(unpins.front(), log.first(TraceKind::kBlockSent, txn_is(log[i].txn)));
  }
  EXPECT_GT(early, 4u);
}

TEST(ReplyByPage, LossAndManyConnectionsOverLittleMemoryGoThrough) {
  ScenarioParams p = params();
  p.stream.connections = 16;
  p.stream.size = sim::Bytes::kib(128);
  p.stream.swapped = 1;
  p.driver.reply = driver::ReplyBy::kPage;
  p.system.host.dram.size = sim::Bytes::mib(12);
  p.socket.receive_buffer = p.socket.connect_buffer = sim::Bytes::kib(64);
  lose(p, 0.02);
  expect_intact(run(p, "fig8+fig9"));
}

/// Figures of a run that two settings are compared by.
struct Figures {
  double completion_s;
  char sha256[65];
};
Figures figures(const ScenarioParams& p, const char* scheme) {
  return in_child([&] {
    const auto s = run(p, scheme);
    expect_intact(s);
    Figures f{s.completion_s, {}};
    std::strncpy(f.sha256, s.sha256_received.c_str(), 64);
    return f;
  });
}

// req: I-P0065b
TEST(Overlap, AskingAheadSendsTheSameBytesInLessTime) {
  ScenarioParams p = params();
  p.stream.swapped = 0.5;
  p.system.nic.core.request_ahead = 1;
  const Figures one_by_one = figures(p, "fig8");
  p.system.nic.core.request_ahead = 8;
  p.system.nic.core.prefetch = sim::Bytes::kib(256);
  const Figures overlapped = figures(p, "fig8");
  EXPECT_STREQ(one_by_one.sha256, overlapped.sha256);
  EXPECT_LT(overlapped.completion_s, 0.9 * one_by_one.completion_s);
}

// req: I-P0065c
TEST(Units, OneProcessorForAllStepsSendsTheSameBytesAndTakesLonger) {
  ScenarioParams p = params();
  p.system.nic.core.unit_step = sim::Time::from_ns(800);
  for (const char* scheme : {"fig8", "fig11", "fig12"}) {
    p.system.nic.core.units = nic::Units::kParallel;
    const Figures side_by_side = figures(p, scheme);
    p.system.nic.core.units = nic::Units::kSingle;
    const Figures single = figures(p, scheme);
    EXPECT_STREQ(side_by_side.sha256, single.sha256) << scheme;
    EXPECT_GT(single.completion_s, 1.01 * side_by_side.completion_s) << scheme;
  }
}

TEST(Retain, WhatOneConnectionRetainsIsSoonerOrLaterRoomForAnother) {
  ScenarioParams p = params();
  p.system.nic.core.retain_unacked = true;
  p.system.host.nics = 2;
  p.system.transport.receiving = system::Place::kDriver;
  p.stream.framing = Framing::kIscsi;
  p.stream.connections = 3;
  p.stream.size = sim::Bytes::kib(300);
  p.stream.swapped = 0.5;
  p.driver.block_size = {12'000};
  expect_intact(run(p, "fig12+fig10"));
}

}  // namespace
}  // namespace vctoe::scenario
