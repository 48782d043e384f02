// The dump: what is in it, and from when to when.
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <set>
#include <sstream>

#include "models/sim/error.h"
#include "sw/scenario/waves_vcd.h"
#include "tb/unit/config/sample_params.h"

namespace vctoe::waves {
namespace {

using sim::Time;

std::string text_of(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// A dump of a bit, a number, a curve of 48 bits and a text; `body` is all behind its definitions.
class Vcd : public testing::Test {
 protected:
  VcdWriter& open(const Options& options = {}) {
    bit = list.add_bit("a.busy");
    number = list.add_number("a.b.count", 8);
    curve = list.add_curve("a.b.level", 48);
    text = list.add_text("c.said");
    writer = std::make_unique<VcdWriter>(dir / "x.vcd", list, options);
    return *writer;
  }
  std::string close(Time end) {
    writer->close(end);
    const std::string all = text_of(dir / "x.vcd");
    const std::string mark = "$enddefinitions $end\n";
    const std::size_t at = all.find(mark);
    head = all.substr(0, at);
    return at == std::string::npos ? "" : all.substr(at + mark.size());
  }
  const config::TempDir dir;
  SignalList list;
  SignalId bit = 0, number = 0, curve = 0, text = 0;
  std::unique_ptr<VcdWriter> writer;
  std::string head;
  const std::string kStart = "#0\n$dumpvars\n0!\nb0 \"\nb0 #\ns $\n$end\n";
};

TEST_F(Vcd, DeclaresEverySignalInItsScopeWithoutADate) {
  open();
  close(Time::zero());
  EXPECT_EQ(head,
            "$date simulated time 0 $end\n$version vctoe $end\n$timescale 1 ps $end\n"
            "$scope module vctoe $end\n$scope module a $end\n$var wire 1 ! busy $end\n"
            "$scope module b $end\n$var wire 8 \" count [7:0] $end\n"
            "$var wire 48 # level [47:0] $end\n$upscope $end\n$upscope $end\n"
            "$scope module c $end\n$var string 1 $ said $end\n$upscope $end\n$upscope $end\n");
}

TEST_F(Vcd, WritesChangesOnly) {
  VcdWriter& vcd = open();
  vcd.set(number, Time{5}, 0);
  vcd.set(number, Time{6}, 5);
  vcd.set(number, Time{7}, 5);
  vcd.set(bit, Time{8}, 1);
  vcd.set(bit, Time{8}, 0);  // nobody could have seen it
  vcd.set(number, Time{9}, 1);
  vcd.set(number, Time{9}, 2);
  vcd.set_text(text, Time{10}, "x");
  vcd.set_text(text, Time{11}, "x");
  EXPECT_EQ(close(Time{20}), kStart + "#6\nb101 \"\n#9\nb10 \"\n#10\nsx $\n#20\n");
}

TEST_F(Vcd, SortsInWhatIsToldLateOrAhead) {
  VcdWriter& vcd = open();
  vcd.set(number, Time{100}, 1);
  vcd.set(bit, Time{50}, 1);
  vcd.set(bit, Time{150}, 0);
  vcd.set(number, Time{120}, 2);
  vcd.set(curve, Time{200}, 1);
  vcd.set(curve, Time{199}, 2);  // of one signal the last told is the last
  EXPECT_EQ(close(Time{200}),
            kStart + "#50\n1!\n#100\nb1 \"\n#120\nb10 \"\n#150\n0!\n#200\nb10 #\n");
}

TEST_F(Vcd, WritesTextsWithoutBlanksAndManyBits) {
  VcdWriter& vcd = open();
  vcd.set_text(text, Time{1}, "MRd 64B\\\n");
  vcd.set(curve, Time{2}, (std::uint64_t{1} << 47) + 1);
  EXPECT_EQ(close(Time{2}),
            kStart + "#1\nsMRd\\x2064B\\x5c\\x0a $\n#2\nb1" + std::string(46, '0') + "1 #\n");
}

TEST_F(Vcd, CoversItsWindowAndBeginsWithThePresentValues) {
  Options o;
  o.from = Time{100};
  o.to = Time{200};
  VcdWriter& vcd = open(o);
  vcd.set(number, Time{50}, 3);
  vcd.set_text(text, Time{60}, "old");
  vcd.set(bit, Time{150}, 1);
  vcd.set(bit, Time{200}, 0);
  vcd.set(number, Time{201}, 4);
  EXPECT_EQ(close(Time{300}),
            "#100\n$dumpvars\n0!\nb11 \"\nb0 #\nsold $\n$end\n#150\n1!\n#200\n0!\n");
  EXPECT_EQ(vcd.note(), "");
}

TEST_F(Vcd, BeginsATimeBeforeItsTriggerAndHasALength) {
  Options o;
  o.trigger = sim::TraceKind::kTxRetransmit;
  o.before = Time{10};
  o.length = Time{50};
  VcdWriter& vcd = open(o);
  vcd.set(number, Time{85}, 1);
  vcd.set(number, Time{95}, 2);
  vcd.trigger(Time{100});
  vcd.trigger(Time{120});  // only the first one counts
  vcd.set(number, Time{150}, 3);
  vcd.set(number, Time{151}, 4);
  EXPECT_EQ(close(Time{300}),
            "#90\n$dumpvars\n0!\nb1 \"\nb0 #\ns $\n$end\n#95\nb10 \"\n#150\nb11 \"\n");
}

TEST_F(Vcd, WaitsForTheFirstTriggerAfterItsBegin) {
  Options o;
  o.trigger = sim::TraceKind::kTxRetransmit;
  o.from = Time{100};
  o.before = Time{50};
  VcdWriter& vcd = open(o);
  vcd.trigger(Time{90});
  vcd.trigger(Time{120});
  EXPECT_EQ(close(Time{130}), "#100\n$dumpvars\n0!\nb0 \"\nb0 #\ns $\n$end\n#130\n")
      << "not before --vcd-from";
}

TEST_F(Vcd, SaysThatItsTriggerNeverCame) {
  Options o;
  o.trigger = sim::TraceKind::kRtoExpired;
  VcdWriter& vcd = open(o);
  vcd.set(number, Time{1}, 1);
  EXPECT_EQ(close(Time{130}).substr(0, 8), "$comment");
  EXPECT_NE(vcd.note().find("never happened"), std::string::npos);
}

TEST_F(Vcd, StopsBelowItsLimitBetweenTwoTimesAndSaysSo) {
  Options o;
  o.limit = 4000;
  VcdWriter& vcd = open(o);
  for (std::uint64_t i = 1; i < 100'000; ++i) {
    vcd.set(number, Time{i}, i % 256);
    vcd.set(curve, Time{i}, i);
  }
  const std::string body = close(Time{100'000});
  EXPECT_LE(head.size() + 21 + body.size(), 4000u);
  EXPECT_GT(head.size() + body.size(), 3600u);
  const std::size_t comment = body.find("$comment");
  ASSERT_NE(comment, std::string::npos);
  EXPECT_EQ(body.substr(body.rfind('\n', comment - 2) + 1, 1), "b") << "the last time is whole";
  EXPECT_EQ(body.substr(comment - 3, 3), " #\n");
  EXPECT_NE(vcd.note().find("size limit"), std::string::npos);
  EXPECT_TRUE(vcd.stopped());
}

TEST_F(Vcd, HoldsMoreThanItWritesAtOnce) {
  VcdWriter& vcd = open();
  std::string expected = kStart;
  for (std::uint64_t i = 1; i <= 50'000; ++i) {
    vcd.set_text(text, Time{i}, std::to_string(i));
    expected += "#" + std::to_string(i) + "\ns" + std::to_string(i) + " $\n";
  }
  EXPECT_EQ(close(Time{50'000}), expected);
}

TEST_F(Vcd, AppearsOnlyWhenItIsWhole) {
  open();
  writer.reset();
  EXPECT_FALSE(std::ifstream(dir / "x.vcd").good());
}

TEST(VcdCodes, AreDistinctForThousandsOfSignals) {
  const config::TempDir dir;
  SignalList list;
  for (int i = 0; i < 9000; ++i) list.add_bit("s" + std::to_string(i));
  VcdWriter vcd(dir / "x.vcd", list, {});
  vcd.close(Time::zero());
  std::ifstream in(dir / "x.vcd");
  std::set<std::string> codes;
  for (std::string word; in >> word;) {
    if (word != "wire") continue;
    in >> word >> word;
    EXPECT_TRUE(codes.insert(word).second) << word;
  }
  EXPECT_EQ(codes.size(), 9000u);
}

}  // namespace
}  // namespace vctoe::waves
