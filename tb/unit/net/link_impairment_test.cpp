// What impairments do to a stream of frames that goes through a whole link.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "models/net/link.h"
#include "tb/unit/net/frames.h"

namespace vctoe::net {
namespace {

using sim::Time;
using testing::data_segment;
using testing::make_frame;
using testing::Sink;

/// A link that is sent one numbered frame a microsecond each way. Several fit into one simulation.
class Stream {
 public:
  Stream(const std::string& name, const LinkParams& params, std::uint32_t frames)
      : link_(name.c_str(), context_, params), clock_([this, frames](std::uint32_t& i) {
          const FramePtr frame = make_frame(pool_, data_segment(i, 40));
          link_.input(0).receive(frame);
          link_.input(1).receive(frame);
          if (++i < frames) clock_.push(sim::now() + Time::from_us(1), i);
        }) {
    context_.trace.subscribe(sim::mask_of(sim::TraceKind::kFrameDrop),
                             [this](const sim::TraceEvent& e) { drops_.push_back(e); });
    link_.attach(0, side0_);
    link_.attach(1, side1_);
    clock_.push(Time::zero(), 0);
  }

  std::vector<std::uint32_t> forward() const { return side1_.sequences(); }
  std::vector<std::uint32_t> backward() const { return side0_.sequences(); }
  const std::vector<Sink::Arrival>& arrivals() const { return side1_.arrivals; }
  const std::vector<sim::TraceEvent>& drops() const { return drops_; }
  const LinkDirection::Stats& stats() const { return link_.stats().forward; }

 private:
  sim::Context context_;
  FramePool pool_;
  Sink side0_, side1_;
  Link link_;
  sim::EventQueue<std::uint32_t> clock_;
  std::vector<sim::TraceEvent> drops_;
};

void finish() {
  sc_core::sc_start(10, sc_core::SC_MS);
}

std::vector<std::uint32_t> all_but(std::uint32_t frames, const std::set<std::uint32_t>& missing) {
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t i = 0; i < frames; ++i) {
    if (missing.count(i) == 0) numbers.push_back(i);
  }
  return numbers;
}

// req: I-F05-118
TEST(LinkImpairment, LosesTheListedFramesAndTracesThem) {
  LinkParams p;
  p.loss.kind = LossKind::kList;
  p.loss.list = "3,17,20";
  p.impair = Impaired::kForward;
  const Stream r("link", p, 30);
  finish();
  EXPECT_EQ(r.forward(), all_but(30, {2, 16, 19}));
  EXPECT_EQ(r.backward(), all_but(30, {}));
  EXPECT_EQ(r.stats().lost, 3u);
  ASSERT_EQ(r.drops().size(), 3u);
  EXPECT_EQ(r.drops()[1].seq, 16u);
  EXPECT_EQ(r.drops()[1].at, Time::from_us(16));
  EXPECT_EQ(r.drops()[1].detail, static_cast<std::uint32_t>(DropReason::kLost));
}

TEST(LinkImpairment, TheDirectionSwitchChoosesWhoSuffers) {
  LinkParams p;
  p.loss.kind = LossKind::kPeriodic;
  p.loss.period = 10;
  p.impair = Impaired::kBackward;
  const Stream backward("backward", p, 30);
  p.impair = Impaired::kBoth;
  const Stream both("both", p, 30);
  finish();
  EXPECT_EQ(backward.forward(), all_but(30, {}));
  EXPECT_EQ(backward.backward(), all_but(30, {9, 19, 29}));
  EXPECT_EQ(both.forward(), all_but(30, {9, 19, 29}));
  EXPECT_EQ(both.backward(), both.forward());
}

TEST(LinkImpairment, ReorderedFramesComeLaterAndAreOvertaken) {
  LinkParams p;
  p.reorder.probability = 0.2;
  p.reorder.delay = Time::from_ns(2500);
  const Stream r("link", p, 1000);
  finish();
  const auto order = r.forward();
  ASSERT_EQ(order.size(), 1000u);
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
  std::uint64_t late = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Time plain = Time::from_us(order[i] + 50);
    const Time at = r.arrivals()[i].at;
    if (at != plain) {
      EXPECT_EQ(at, plain + Time::from_ns(2500));
      ++late;
    }
  }
  EXPECT_EQ(late, r.stats().reordered);
  // Binomial, n = 1000, p = 0.2: five standard deviations are 63.
  EXPECT_NEAR(static_cast<double>(late), 200, 63);
}

// req: I-P0018b
TEST(LinkImpairment, JitterDelaysWithoutReordering) {
  LinkParams p;
  p.jitter = Time::from_us(5);
  const Stream r("link", p, 1000);
  finish();
  EXPECT_EQ(r.forward(), all_but(1000, {}));
  Time least = Time::never();
  Time most;
  for (std::size_t i = 0; i < r.arrivals().size(); ++i) {
    const Time extra = r.arrivals()[i].at - Time::from_us(50 + i);
    least = sim::min(least, extra);
    most = sim::max(most, extra);
  }
  EXPECT_LE(most, Time::from_us(5));
  EXPECT_GT(most, Time::from_ns(4900));
  EXPECT_LT(least, most);
}

TEST(LinkImpairment, DuplicatesArriveRightBehindTheOriginal) {
  LinkParams p;
  p.duplicate.probability = 0.1;
  const Stream r("link", p, 1000);
  finish();
  const auto order = r.forward();
  std::uint64_t twice = 0;
  for (std::size_t i = 1; i < order.size(); ++i) {
    ASSERT_LE(order[i] - order[i - 1], 1u);
    twice += order[i] == order[i - 1] ? 1 : 0;
  }
  EXPECT_EQ(order.size(), 1000 + twice);
  EXPECT_EQ(r.stats().duplicated, twice);
  EXPECT_EQ(r.stats().delivered, r.forward().size());
  // Binomial, n = 1000, p = 0.1: five standard deviations are 47.
  EXPECT_NEAR(static_cast<double>(twice), 100, 47);
}

// req: I-F05-116, I-F06-152
TEST(LinkImpairment, CorruptedFramesArriveAndTheParserRefusesThem) {
  LinkParams p;
  p.corrupt.probability = 0.1;
  const Stream r("link", p, 1000);
  finish();
  EXPECT_EQ(r.forward().size(), 1000u);
  std::uint64_t bad = 0;
  std::uint64_t good = 0;
  for (const auto& arrival : r.arrivals()) {
    const DropReason reason = parse_tcp_frame(*arrival.frame).error;
    bad += reason == DropReason::kBadFcs ? 1 : 0;
    good += reason == DropReason::kNone ? 1 : 0;
  }
  EXPECT_EQ(bad, r.stats().corrupted);
  EXPECT_EQ(good, 1000 - bad);
  EXPECT_NEAR(static_cast<double>(bad), 100, 47);
}

TEST(LinkImpairment, EachDirectionAndEachLinkDrawsFromStreamsOfItsOwn) {
  LinkParams p;
  p.loss.kind = LossKind::kBernoulli;
  p.loss.probability = 0.1;
  const Stream a("a", p, 1000);
  const Stream b("b", p, 1000);
  finish();
  EXPECT_NE(a.forward(), a.backward());
  EXPECT_NE(a.forward(), b.forward());
}

}  // namespace
}  // namespace vctoe::net
