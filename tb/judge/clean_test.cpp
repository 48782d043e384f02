// What is unusual and right: the judge finds nothing, and puts the streams together.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <stdexcept>
#include <string>

#include "tb/judge/judge.h"
#include "tb/judge/talk.h"

namespace vctoe::judge {
namespace {

/// Captured at the first host, all there from SYN to FIN.
Expectations strict() {
  Expectations e;
  e.local = {*parse_address("10.0.0.1")};
  e.complete = true;
  e.no_resets = true;
  return e;
}

Report judged(const Talk& talk, const Expectations& expected = strict()) {
  Judge judge(expected);
  for (const Bytes& f : talk.frames()) judge.see(f.data(), f.size(), f.size(), true);
  return judge.finish();
}

void expect_clean(const Report& report) {
  EXPECT_TRUE(report.findings.empty()) << to_text(report);
}

TEST(CleanCapture, OfBytesBothWays) {
  Talk t;
  t.open();
  for (int i = 0; i < 20; ++i) {
    t.data(0, 1448);
    t.data(1, 333);
  }
  t.close();
  const Report report = judged(t);
  expect_clean(report);
  ASSERT_EQ(report.streams.size(), 2u);
  EXPECT_EQ(report.streams[0].bytes, 20u * 1448);
  EXPECT_EQ(report.streams[1].bytes, 20u * 333);
  EXPECT_TRUE(report.streams[0].complete);
}

TEST(CleanCapture, WithAStreamThatWraps) {
  Talk plain({1000, 5000}), wrapped({0xffffff00, 0xfffffe00});
  for (Talk* t : {&plain, &wrapped}) {
    t->open();
    for (int i = 0; i < 30; ++i) t->data(0, 100), t->data(1, 90);
    t->close();
  }
  const Report a = judged(plain), b = judged(wrapped);
  expect_clean(a);
  expect_clean(b);
  EXPECT_EQ(a.streams[0].sha256, b.streams[0].sha256);
  EXPECT_EQ(a.streams[1].sha256, b.streams[1].sha256);
}

TEST(CleanCapture, WithSegmentsOutOfOrderOverlappingAndTwice) {
  Talk t, straight;
  for (Talk* talk : {&t, &straight}) talk->open();
  const std::uint32_t first = t.next(0);
  const std::array<std::array<std::uint32_t, 2>, 6> pieces{
      {{300, 100}, {100, 100}, {150, 200}, {380, 120}, {0, 120}, {300, 100}}};
  for (const auto& [at, size] : pieces) {
    Words w = t.words(0);
    w.seq = first + at;
    w.payload = t.bytes(0, w.seq, size);
    t.put(w);
  }
  straight.data(0, 500);
  t.close();
  straight.close();
  const Report report = judged(t);
  expect_clean(report);
  EXPECT_EQ(report.streams[0].bytes, 500u);
  EXPECT_EQ(report.streams[0].sha256, judged(straight).streams[0].sha256);
}

TEST(CleanCapture, WithSackAndDSack) {
  Talk t;
  t.open();
  const std::uint32_t gap = t.next(0);
  Words w = t.words(0);
  w.seq += 100;
  w.payload = t.bytes(0, w.seq, 50);
  t.put(w);
  Words ack = t.words(1);
  ack.ack = gap;
  ack.sack = {{gap + 100, gap + 150}};
  t.put(ack);
  w = t.words(0);
  w.seq = gap;
  w.payload = t.bytes(0, gap, 100);
  t.put(w);
  t.put(w);
  ack = t.words(1);
  ack.sack = {{gap, gap + 100}};  // below the acknowledgement
  t.put(ack);
  t.close();
  expect_clean(judged(t));
}

// A fourth answer to three segments is one too many.
TEST(CleanCapture, WithOneAnswerToEachOfSegmentsThatCameTogether) {
  for (const int answers : {3, 4}) {
    Talk t;
    t.open();
    const std::uint32_t gap = t.next(1);
    for (const std::uint32_t at : {100u, 150u, 200u}) {
      Words w = t.words(1);
      w.seq = gap + at;
      w.payload = t.bytes(1, w.seq, 50);
      t.put(w);
    }
    Words ack = t.words(0);
    ack.ack = gap;
    ack.sack = {{gap + 100, gap + 250}};
    for (int i = 0; i < answers; ++i) t.put(ack);
    Words fill = t.words(1);
    fill.seq = gap;
    fill.payload = t.bytes(1, gap, 100);
    t.put(fill);
    t.close();
    EXPECT_EQ(judged(t).findings.size(), answers == 3 ? 0u : 1u) << to_text(judged(t));
  }
}

TEST(CleanCapture, WithProbesOfAShutWindow) {
  Talk t;
  t.open();
  t.data(0, 100);
  Words shut = t.words(1);
  shut.window = 0;
  t.ack(1);
  shut.window = Talk::kWindow;
  t.put(shut);
  for (int i = 0; i < 40; ++i) t.data(0, 1000);
  shut = t.words(1);
  shut.window = 0;
  t.put(shut);
  for (int i = 0; i < 3; ++i) {  // without a byte, one below
    Words probe = t.words(0);
    probe.seq -= 1;
    t.put(probe);
    t.put(shut);
  }
  for (int i = 0; i < 2; ++i) {  // with a byte beyond
    Words probe = t.words(0);
    probe.seq = shut.ack;
    probe.payload = t.bytes(0, probe.seq, 1);
    t.put(probe);
    t.put(shut);
  }
  t.close();
  // The same words again and again: what the peer asks for so.
  Expectations expected = strict();
  expected.allowed = {Rule::kTimestampBackwards};
  expect_clean(judged(t, expected));
}

TEST(CleanCapture, WithAWindowThatCannotBeWrittenInUnitsOfTheScale) {
  Talk t;
  t.open();
  t.data(0, 3);
  Words w = t.words(1);  // 3 B further, and less than a unit back
  w.window -= 1;
  t.put(w);
  t.close();
  expect_clean(judged(t));
}

TEST(CleanCapture, WithTheLargestSegmentAllowed) {
  Talk t;
  Offer b;
  b.mss = 1000;
  t.open({}, b);
  t.data(0, 988);
  t.close();
  expect_clean(judged(t));
}

TEST(CleanCapture, OfASimultaneousOpenWithHalfClose) {
  Talk t;
  Words a = t.words(0), b = t.words(1);
  for (Words* w : {&a, &b}) w->ack = 0, w->flags = 2, w->mss = 1460;
  t.put(a);
  t.put(b);
  a.flags = b.flags = 0x12;
  a.ack = t.next(1);
  b.ack = t.next(0);
  t.put(a);
  t.put(b);
  t.fin(0);
  for (int i = 0; i < 5; ++i) t.data(1, 500);
  t.fin(1);
  t.ack(0);
  expect_clean(judged(t));
}

TEST(CleanCapture, OfASynThatWasLost) {
  Talk t;
  Words syn = t.words(0);
  syn.ack = 0, syn.flags = 2, syn.mss = 1460;
  t.put(syn);
  t.put(syn);
  Words answer = t.words(1);
  answer.flags = 0x12, answer.mss = 1460;
  t.put(answer);
  t.ack(0);
  t.data(0, 500);
  t.close();
  const Report report = judged(t);
  expect_clean(report);
  EXPECT_EQ(report.streams.size(), 2u) << "one connection";
}

TEST(CleanCapture, OfReusedPortsAndOfManyAtOnce) {
  Talk t;
  for (std::uint32_t i = 0; i < 3; ++i) {  // one after the other between the same ports
    t.restart({1000 + i * 100000, 77777 - i});
    t.open();
    t.data(0, 100 + i);
    t.close();
  }
  for (std::uint16_t port = 1; port <= 40; ++port) {
    t.restart({port * 0x10000000u, port}, port);
    t.open();
    t.data(1, port);
    t.close();
  }
  const Report report = judged(t);
  expect_clean(report);
  EXPECT_EQ(report.connections, 43u);
  EXPECT_EQ(report.streams.size(), 86u);
}

TEST(CleanCapture, OfASynInAConnectionThatLivesOn) {
  Talk t;
  t.open();
  t.data(0);
  t.ack(1);
  Words syn = t.words(1);
  syn.flags = 2;
  syn.seq -= 300000;
  t.put(syn);
  t.ack(1);
  t.ack(0);  // the challenge of RFC 5961
  t.data(0);
  t.close();
  expect_clean(judged(t));
}

TEST(CleanCapture, ThatBeginsInTheMiddle) {
  Talk t({0xffffff00, 0x7fffffff});
  t.open();
  for (int i = 0; i < 10; ++i) t.data(0, 100), t.data(1, 100);
  t.close();
  for (std::size_t from = 3; from < 20; ++from) {
    Judge judge({});
    for (std::size_t i = from; i < t.frames().size(); ++i) {
      judge.see(t.frames()[i].data(), t.frames()[i].size(), t.frames()[i].size(), true);
    }
    expect_clean(judge.finish());
  }
}

TEST(CleanCapture, OfWhatTheWireReorderedAndCorrupted) {
  Talk t;
  Offer plain;
  plain.timestamps = false;
  t.open(plain, plain);
  t.data(0, 100);
  const Words old = t.words(1);
  t.data(0, 100);
  t.ack(1);
  t.put(old);  // overtaken
  Words w = t.words(1);
  w.spoil = [](Bytes& f) { f[48] ^= 4; };
  t.put(w);
  t.close();
  Expectations expected = strict();
  expected.reorders = expected.corrupts = true;
  const Report report = judged(t, expected);
  expect_clean(report);
  EXPECT_EQ(report.corrupted, 1u);
  expected.local = {*parse_address("10.0.0.2")};  // its own segments left in this order and state
  std::set<Rule> rules;
  for (const Finding& finding : judged(t, expected).findings) rules.insert(finding.rule);
  EXPECT_EQ(rules, (std::set<Rule>{Rule::kAckBackwards, Rule::kWindowShrunk, Rule::kTcpChecksum}));
}

TEST(CleanCapture, CutShortIsJudgedByItsHeaders) {
  Talk t;
  t.open();
  for (int i = 0; i < 5; ++i) t.data(0, 1000);
  t.close();
  Judge judge(strict());
  for (const Bytes& f : t.frames())
    judge.see(f.data(), std::min<std::size_t>(f.size(), 90), f.size(), true);
  expect_clean(judge.finish());
}

TEST(JudgeFile, IsReadWithFrameNumbersAsWireshark) {
  const std::string path =
      testing::TempDir() + "vctoe_judge_" + std::to_string(static_cast<long>(getpid())) + ".pcap";
  Talk t;
  t.open();
  t.data(0);
  Words w = t.words(1);
  w.ack += 1;
  const auto frame = t.put(w);
  t.write(path);
  const Report report = judge_file(path, {});
  ASSERT_EQ(report.findings.size(), 1u) << to_text(report);
  EXPECT_EQ(report.findings[0].frame, frame);
  EXPECT_EQ(report.findings[0].rule, Rule::kAckUnsent);
  EXPECT_EQ(to_string(report.findings[0]),
            "frame 5: ack-unsent: 10.0.0.2:80: an acknowledgement of what the peer has not sent "
            "(RFC 9293 3.10.7.4): 102, sent 101");
  std::remove(path.c_str());
}

TEST(JudgeFile, ThatIsNoCaptureIsAnError) {
  EXPECT_THROW(judge_file("/dev/null", {}), std::runtime_error);
  EXPECT_THROW(judge_file("/nowhere", {}), std::runtime_error);
}

}  // namespace
}  // namespace vctoe::judge
