#include <rapidcheck.h>

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "tb/unit/monitors/rig.h"

namespace vctoe::scenario {
namespace {

using sim::TraceKind;

sim::TraceEvent post(std::uint64_t address, std::uint64_t length, sim::TxnId txn = 77) {
  sim::TraceEvent e = Rig::event(TraceKind::kPost, address, length);
  e.txn = txn;
  return e;
}
sim::TraceEvent ask(std::uint64_t address, std::uint64_t length) {
  sim::TraceEvent e = Rig::event(TraceKind::kBlockRequest, address, length);
  e.txn = 500;  // a request has a transaction of its own
  return e;
}
sim::TraceEvent acked(sim::TxnId txn) {
  sim::TraceEvent e = Rig::event(TraceKind::kStreamAcked, 0, 0);
  e.txn = txn;
  return e;
}

// req: I-X14, I-G01b
TEST(Posted, RequestMayNotReachOneByteBeyondEitherEnd) {
  Rig rig;
  rig.ctx.trace.emit(post(0x10000, 5000));
  EXPECT_EQ(rig.fires(ask(0x10000, 5000)), "");
  EXPECT_EQ(rig.fires(ask(0x10000 + 4999, 1)), "");
  const std::string text = rig.fires(ask(0x10000 + 1, 5000));
  EXPECT_TRUE(has(text, "monitor posted"));
  EXPECT_TRUE(has(text, "address 0x10001"));
  EXPECT_NE(rig.fires(ask(0xffff, 2)), "");
  EXPECT_NE(rig.fires(ask(0x10000 + 5000, 1)), "");
  EXPECT_EQ(rig.monitors.checked().posted, 5u);
}

// req: I-X14
TEST(Posted, OtherAddressSpaceConnectionOrNodeIsRefused) {
  Rig rig;
  rig.ctx.trace.emit(post(0x10000, 5000));
  auto e = ask(0x10000, 16);
  e.asid = 2;
  EXPECT_TRUE(has(rig.fires(e), "asid 2"));
  e.asid = 4;
  EXPECT_NE(rig.fires(e), "");
  e = ask(0x10000, 16);
  e.connection = 3;
  EXPECT_NE(rig.fires(e), "");
  e.connection = 4000;
  EXPECT_NE(rig.fires(e), "");
  e = ask(0x10000, 16);
  e.node = 1;
  EXPECT_NE(rig.fires(e), "");
}

TEST(Posted, RequestMayGoOverRangesThatMeetButNotOverAGap) {
  Rig rig;
  rig.ctx.trace.emit(post(0x12000, 0x1000));
  rig.ctx.trace.emit(post(0x10000, 0x1000));
  EXPECT_NE(rig.fires(ask(0x10800, 0x2000)), "");
  rig.ctx.trace.emit(post(0x11000, 0x1000, 78));
  EXPECT_EQ(rig.fires(ask(0x10800, 0x2000)), "");
  EXPECT_EQ(rig.fires(ask(0x10000, 0x3000)), "");
}

TEST(Posted, RangesThatFollowOneAnotherCountAsOneLongOne) {
  Rig rig;
  rig.ctx.trace.emit(post(0x10000, 0x1000));
  rig.ctx.trace.emit(post(0x11000, 0x3000));
  rig.ctx.trace.emit(post(0x12000, 0x10, 78));  // begins between its start and its end
  EXPECT_EQ(rig.fires(ask(0x13000, 0x1000)), "");
  EXPECT_NE(rig.fires(ask(0x13000, 0x1001)), "");
}

TEST(Posted, RangesLeaveWithTheirStream) {
  Rig rig;
  rig.ctx.trace.emit(post(0x10000, 0x1000, 77));
  rig.ctx.trace.emit(post(0x20000, 0x1000, 78));
  rig.ctx.trace.emit(acked(77));
  EXPECT_NE(rig.fires(ask(0x10000, 16)), "");
  EXPECT_EQ(rig.fires(ask(0x20000, 16)), "");
}

TEST(Posted, BytesPostedTwiceStayUntilBothAreAcknowledged) {
  Rig rig;
  rig.ctx.trace.emit(post(0x10000, 0x4000, 77));
  rig.ctx.trace.emit(post(0x11000, 0x100, 78));
  rig.ctx.trace.emit(post(0x10000, 0x4000, 79));
  EXPECT_EQ(rig.fires(ask(0x11000, 0x3000)), "") << "a short range hides a long one";
  rig.ctx.trace.emit(acked(77));
  EXPECT_EQ(rig.fires(ask(0x11000, 0x3000)), "");
  rig.ctx.trace.emit(acked(79));
  EXPECT_NE(rig.fires(ask(0x11000, 0x3000)), "");
  EXPECT_EQ(rig.fires(ask(0x11000, 0x100)), "");
}

TEST(Posted, EndedConnectionHasNothingPosted) {
  Rig rig;
  rig.ctx.trace.emit(post(0x10000, 0x1000));
  rig.ctx.trace.emit(Rig::state(toe::State::kFinWait1));
  EXPECT_EQ(rig.fires(ask(0x10000, 16)), "");
  rig.ctx.trace.emit(Rig::state(toe::State::kClosed));
  EXPECT_NE(rig.fires(ask(0x10000, 16)), "");
}

TEST(Posted, RangesMayBeReadFromTheDriverWhenAPostNamesItsList) {
  Rig rig;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges = {{0x50000, 100}, {0x60000, 200}};
  rig.monitors.set_ranges_of_post(0, [&](const sim::TraceEvent& e, const auto& sink) {
    EXPECT_EQ(e.txn, 77u);
    for (const auto& [at, length] : ranges) sink(at, length);
  });
  EXPECT_EQ(rig.fires(post(0x10000, 300)), "");
  ranges.clear();  // what is read later does not count
  EXPECT_EQ(rig.fires(ask(0x60000, 200)), "");
  EXPECT_NE(rig.fires(ask(0x60000, 201)), "");
  EXPECT_NE(rig.fires(ask(0x10000, 16)), "") << "the list is not the bytes";
  EXPECT_TRUE(has(rig.fires(post(0x10000, 300)), "do not add up"));
}

TEST(Posted, EmptyRequestsAndRangesRoundTheEndAreRefused) {
  Rig rig;
  rig.ctx.trace.emit(post(0x10000, 0x1000));
  EXPECT_NE(rig.fires(ask(0x10000, 0)), "");
  EXPECT_NE(rig.fires(ask(~std::uint64_t{0}, 0x10002)), "");
  EXPECT_TRUE(has(rig.fires(post(~std::uint64_t{0}, 2)), "goes round"));
  rig.ctx.trace.emit(post(0x30000, 0));
  EXPECT_NE(rig.fires(ask(0x30000, 1)), "");
}

/// The same rule, byte by byte.
struct Plain {
  struct Range {
    std::uint64_t at, length;
    sim::TxnId txn;
  };
  std::vector<Range> ranges;
  void drop(sim::TxnId txn) {
    const auto gone = [txn](const Range& r) { return r.txn == txn; };
    ranges.erase(std::remove_if(ranges.begin(), ranges.end(), gone), ranges.end());
  }
  bool holds(std::uint64_t at, std::uint64_t length) const {
    for (std::uint64_t b = at; b < at + length; ++b) {
      bool in = false;
      for (const Range& r : ranges) in = in || (b >= r.at && b < r.at + r.length);
      if (!in) return false;
    }
    return true;
  }
};

struct Step {
  int action;
  std::uint64_t at, length;
  sim::TxnId txn;
};

rc::Gen<Step> any_step() {
  return rc::gen::resize(
      100, rc::gen::map(rc::gen::tuple(rc::gen::inRange(0, 6), rc::gen::inRange(0, 120),
                                       rc::gen::inRange(1, 40), rc::gen::inRange(1, 6)),
                        [](const std::tuple<int, int, int, int>& t) {
                          return Step{std::get<0>(t), static_cast<std::uint64_t>(std::get<1>(t)),
                                      static_cast<std::uint64_t>(std::get<2>(t)),
                                      static_cast<sim::TxnId>(std::get<3>(t))};
                        }));
}

TEST(Posted, AgreesWithAByteByByteCheck) {
  int refused = 0;
  int allowed = 0;
  EXPECT_TRUE(rc::check("allowed exactly when every byte is posted", [&] {
    PostedMonitor posted;
    Plain plain;
    const auto steps = *rc::gen::container<std::vector<Step>>(60, any_step());
    for (const Step& s : steps) {
      if (s.action <= 1) {
        posted.post(post(s.at, s.length, s.txn));
        plain.ranges.push_back({s.at, s.length, s.txn});
      } else if (s.action == 2) {
        posted.acked(acked(s.txn));
        plain.drop(s.txn);
      } else {
        const bool fine = plain.holds(s.at, s.length);
        ++(fine ? allowed : refused);
        RC_ASSERT(Rig::failure_of([&] { posted.request(ask(s.at, s.length)); }).empty() == fine);
      }
    }
  }));
  EXPECT_GT(refused, 100);
  EXPECT_GT(allowed, 100);
}

}  // namespace
}  // namespace vctoe::scenario
