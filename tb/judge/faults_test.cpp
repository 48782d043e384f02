// A capture with one fault planted in it: the judge finds it, names its frame and its host, and
// finds nothing else.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tb/judge/judge.h"
#include "tb/judge/talk.h"

namespace vctoe::judge {
namespace {

Report judged(const Talk& talk, const Expectations& expected) {
  Judge judge(expected);
  for (const Bytes& f : talk.frames()) judge.see(f.data(), f.size(), f.size(), true);
  return judge.finish();
}

struct Fault {
  const char* name;
  Rule rule;
  unsigned side;                  ///< who is at fault
  std::uint64_t (*plant)(Talk&);  ///< the frame that shows it
  Offer a = {};
  Offer b = {};
};

void PrintTo(const Fault& fault, std::ostream* out) {
  *out << fault.name;
}

std::uint64_t put_with(Talk& t, unsigned side, void (*change)(Words&)) {
  Words w = t.words(side);
  change(w);
  return t.put(w);
}

std::uint64_t flip(Talk& t, std::size_t at) {
  Words w = t.words(0);
  w.payload = t.bytes(0, w.seq, 100);
  w.spoil = [at](Bytes& f) { f[at] ^= 1; };
  const auto frame = t.put(w);
  // Sent again, so that the stream is whole.
  w.spoil = {};
  t.put(w);
  return frame;
}

Offer without_timestamps() {
  Offer o;
  o.timestamps = false;
  return o;
}
Offer without_sack() {
  Offer o;
  o.sack = false;
  return o;
}
Offer without_scale() {
  Offer o;
  o.scale.reset();
  return o;
}
Offer scale_of(std::uint8_t scale) {
  Offer o;
  o.scale = scale;
  return o;
}
Offer mss_of(std::optional<std::uint16_t> mss) {
  Offer o;
  o.mss = mss;
  return o;
}

/// Bytes of `side` at `skip` behind what has been sent, so that a gap stays.
Words beyond(Talk& t, unsigned side, std::uint32_t skip, std::size_t size) {
  Words w = t.words(side);
  w.seq += skip;
  w.payload = t.bytes(side, w.seq, size);
  return w;
}

/// The gap of 100 B in front of what was sent last.
void fill(Talk& t, unsigned side, std::uint32_t seq) {
  Words w = t.words(side);
  w.seq = seq;
  w.payload = t.bytes(side, seq, 100);
  t.put(w);
}

const Fault kFaults[] = {
    {"IpChecksum", Rule::kIpChecksum, 0, [](Talk& t) { return flip(t, 22); }},  // time to live
    {"TcpChecksum", Rule::kTcpChecksum, 0, [](Talk& t) { return flip(t, 120); }},
    {"ImpossibleOption", Rule::kOptionLength, 0,
     [](Talk& t) { return put_with(t, 0, [](Words& w) {
                     w.more_options = {1, 1, 77, 0};
                   }); }},
    {"OptionBeyondTheEnd", Rule::kOptionLength, 0,
     [](Talk& t) { return put_with(t, 0, [](Words& w) {
                     w.more_options = {1, 1, 77, 5};
                   }); }},
    {"TimestampsTwice", Rule::kOptionLength, 1,
     [](Talk& t) {
       return put_with(t, 1, [](Words& w) { w.more_options = {8, 10, 0, 0, 0, 1, 0, 0, 0, 1}; });
     }},
    {"MssBehindTheSyn", Rule::kOptionPlace, 0,
     [](Talk& t) { return put_with(t, 0, [](Words& w) { w.mss = 1460; }); }},
    {"ScaleBehindTheSyn", Rule::kOptionPlace, 1,
     [](Talk& t) { return put_with(t, 1, [](Words& w) { w.scale = 2; }); }},
    {"SackPermittedBehindTheSyn", Rule::kOptionPlace, 1,
     [](Talk& t) { return put_with(t, 1, [](Words& w) { w.sack_permitted = true; }); }},
    {"ScaleNotAskedFor",
     Rule::kScaleUnasked,
     1,
     [](Talk&) { return std::uint64_t{2}; },
     without_scale(),
     {}},
    {"ScaleAbove14",
     Rule::kScaleLarge,
     0,
     [](Talk&) { return std::uint64_t{1}; },
     scale_of(15),
     {}},
    {"SegmentAboveTheMss",
     Rule::kAboveMss,
     0,
     [](Talk& t) { return t.data(0, 989); },
     {},
     mss_of(1000)},
    {"SegmentAboveTheDefaultMss",
     Rule::kAboveMss,
     1,
     [](Talk& t) { return t.data(1, 525); },
     mss_of(std::nullopt),
     {}},
    {"BeyondTheWindow", Rule::kBeyondWindow, 0,
     [](Talk& t) {
       t.ack(1);
       for (int i = 0; i < 10; ++i) t.data(0, 1000);
       return t.data(0, 1);
     },
     scale_of(0), scale_of(0)},
    {"BeyondAShutWindow", Rule::kBeyondWindow, 0,
     [](Talk& t) {
       t.ack(1);
       for (int i = 0; i < 10; ++i) t.data(0, 1000);
       put_with(t, 1, [](Words& w) { w.window = 0; });
       return t.data(0, 2);  // one byte would be a probe
     },
     scale_of(0), scale_of(0)},
    {"WindowShrunk", Rule::kWindowShrunk, 1,
     [](Talk& t) {
       t.ack(1);
       return put_with(t, 1, [](Words& w) { w.window -= 1; });
     }},
    {"WindowShrunkBelowAnAck", Rule::kWindowShrunk, 1,
     [](Talk& t) {
       t.ack(1);
       t.data(0, 400);
       return put_with(t, 1, [](Words& w) { w.window -= 101; });  // units of 4 bytes
     }},
    {"AckBackwards", Rule::kAckBackwards, 1,
     [](Talk& t) {
       t.data(0, 1000);
       t.ack(1);
       return put_with(t, 1, [](Words& w) {
         w.ack -= 1000;
         w.window += 250;  // the right edge stays
       });
     }},
    {"AckOfUnsentData", Rule::kAckUnsent, 1,
     [](Talk& t) { return put_with(t, 1, [](Words& w) { w.ack += 1; }); }},
    {"AckOverAGap", Rule::kAckMissing, 1,
     [](Talk& t) {
       const auto gap = t.next(0);
       t.put(beyond(t, 0, 100, 50));
       const auto frame = t.ack(1);
       fill(t, 0, gap);
       return frame;
     }},
    {"AckTwice", Rule::kAckRepeated, 0,
     [](Talk& t) {
       t.data(1);
       const Words w = t.words(0);
       t.put(w);
       return t.put(w);
     }},
    {"RetransmissionWithOtherBytes", Rule::kOtherBytes, 0,
     [](Talk& t) {
       t.data(0, 200);
       Words w = t.words(0);
       w.seq -= 100;
       w.payload = t.bytes(0, w.seq, 150);  // the old and some new ones
       w.payload[99] ^= 0x80;               // the last of the old
       return t.put(w);
     }},
    {"DataBehindTheFin", Rule::kDataAfterFin, 0,
     [](Talk& t) {
       t.fin(0);
       return t.data(0, 1);
     }},
    {"AnotherFin", Rule::kDataAfterFin, 1,
     [](Talk& t) {
       t.fin(1);
       return t.fin(1);
     }},
    {"FinInFrontOfData", Rule::kDataAfterFin, 1,
     [](Talk& t) {
       t.data(1);
       Words w = t.words(1);
       w.seq -= 50;
       w.flags = 0x11;
       return t.put(w);
     }},
    {"NoAckFlag", Rule::kNoAckFlag, 0,
     [](Talk& t) { return put_with(t, 0, [](Words& w) { w.flags = 0x08; }); }},
    {"SackNotAgreed",
     Rule::kSackNotAgreed,
     1,
     [](Talk& t) {
       const auto gap = t.next(0);
       t.put(beyond(t, 0, 100, 50));
       Words w = t.words(1);
       w.ack = gap;
       w.sack = {{gap + 100, gap + 150}};
       const auto frame = t.put(w);
       fill(t, 0, gap);
       return frame;
     },
     without_sack(),
     {}},
    {"SackOfUnsentData", Rule::kSackUnsent, 1,
     [](Talk& t) {
       Words w = t.words(1);
       w.sack = {{w.ack + 100, w.ack + 200}};
       return t.put(w);
     }},
    {"SackOverAGap", Rule::kSackUnsent, 1,
     [](Talk& t) {
       const auto gap = t.next(0);
       t.put(beyond(t, 0, 100, 50));
       Words w = t.words(1);
       w.ack = gap;
       w.sack = {{gap + 99, gap + 150}};
       const auto frame = t.put(w);
       fill(t, 0, gap);
       return frame;
     }},
    {"SackBlockThatIsEmpty", Rule::kSackOrder, 1,
     [](Talk& t) {
       t.data(0);
       Words w = t.words(1);
       w.sack = {{w.ack, w.ack}};
       return t.put(w);
     }},
    {"SackBelowTheAck", Rule::kSackOrder, 1,
     [](Talk& t) {
       t.data(0);
       Words w = t.words(1);
       w.sack = {{w.ack - 50, w.ack - 20}, {w.ack - 90, w.ack - 70}};  // the first is a D-SACK
       return t.put(w);
     }},
    {"NoTimestamps", Rule::kTimestampMissing, 0,
     [](Talk& t) { return put_with(t, 0, [](Words& w) { w.timestamps.reset(); }); }},
    {"TimestampsNotAgreed",
     Rule::kTimestampNotAgreed,
     0,
     [](Talk& t) { return put_with(t, 0, [](Words& w) {
                     w.timestamps = {{7, 0}};
                   }); },
     {},
     without_timestamps()},
    {"TimestampsInAnAnswerThatWereNotAskedFor",
     Rule::kTimestampNotAgreed,
     1,
     [](Talk&) { return std::uint64_t{2}; },
     without_timestamps(),
     {}},
    {"TimestampBackwards", Rule::kTimestampBackwards, 0,
     [](Talk& t) {
       t.data(0);
       return put_with(t, 0, [](Words& w) { w.timestamps->first -= 2; });
     }},
    {"EchoOfNoTimestamp", Rule::kTimestampEcho, 1,
     [](Talk& t) { return put_with(t, 1, [](Words& w) { w.timestamps->second += 5; }); }},
    {"Reset", Rule::kReset, 1,
     [](Talk& t) { return put_with(t, 1, [](Words& w) { w.flags = 0x14; }); }},
    {"IpLengthBeyondTheFrame", Rule::kMalformed, 0,
     [](Talk& t) {
       return put_with(t, 0, [](Words& w) { w.spoil = [](Bytes& f) { f[16] = 9; }; });
     }},
    {"TcpHeaderBeyondThePacket", Rule::kMalformed, 0,
     [](Talk& t) {
       return put_with(t, 0, [](Words& w) { w.spoil = [](Bytes& f) { f[46] = 0xf0; }; });
     }},
};

class PlantedFault : public testing::TestWithParam<Fault> {};

TEST_P(PlantedFault, IsFoundInItsFrameAndNothingElse) {
  const Fault& fault = GetParam();
  // Also next to the wrap of both sequence spaces.
  for (const std::uint32_t isn : {1000u, 0xfffffff0u}) {
    Talk talk({isn, isn + 4000});
    talk.open(fault.a, fault.b);
    talk.data(0);
    talk.data(1);
    talk.ack(0);
    talk.data(1);
    const std::uint64_t frame = fault.plant(talk);
    Expectations expected = {};
    expected.local = {*parse_address("10.0.0.1")};
    expected.no_resets = true;
    const Report report = judged(talk, expected);
    ASSERT_EQ(report.findings.size(), 1u) << to_text(report);
    EXPECT_EQ(text_of(report.findings[0].rule).name, text_of(fault.rule).name);
    EXPECT_EQ(report.findings[0].frame, frame);
    if (fault.rule != Rule::kMalformed) {
      EXPECT_EQ(report.findings[0].host, Talk::kHosts[fault.side]);
    }
  }
}

std::string name_of(const testing::TestParamInfo<Fault>& info) {
  return info.param.name;
}
INSTANTIATE_TEST_SUITE_P(Judge, PlantedFault, testing::ValuesIn(kFaults), name_of);

TEST(PlantedFaults, LeaveOutNoRule) {
  std::set<Rule> planted{Rule::kIncomplete, Rule::kNoSuchStream};  // below
  for (const Fault& fault : kFaults) planted.insert(fault.rule);
  EXPECT_EQ(planted.size(), static_cast<std::size_t>(Rule::kCount));
}

TEST(PlantedFaults, AMissingByteMakesAStreamIncomplete) {
  Talk talk;
  talk.open();
  talk.put(beyond(talk, 0, 1, 100));
  talk.put([&] {
    Words w = talk.words(1);
    w.ack -= 101;
    return w;
  }());
  Words fin = talk.words(0);
  fin.flags = 0x11;
  talk.put(fin);
  talk.fin(1);
  Expectations expected;
  expected.complete = true;
  expected.allowed = {Rule::kAckMissing};
  const Report report = judged(talk, expected);
  ASSERT_EQ(report.findings.size(), 1u) << to_text(report);
  EXPECT_EQ(report.findings[0].rule, Rule::kIncomplete);
  EXPECT_EQ(report.findings[0].host, Talk::kHosts[0]);
}

TEST(PlantedFaults, AStreamWithAnotherHashIsNotTheOneAskedFor) {
  Talk talk;
  talk.open();
  talk.data(0, 1000);
  talk.close();
  Expectations expected;
  expected.streams = {std::string(64, '0')};
  const Report report = judged(talk, expected);
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].rule, Rule::kNoSuchStream);
  expected.streams = {report.streams[0].sha256};
  EXPECT_TRUE(judged(talk, expected).findings.empty());
}

}  // namespace
}  // namespace vctoe::judge
