#include "models/net/link.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <deque>
#include <string>
#include <vector>

#include "models/sim/error.h"
#include "tb/unit/net/frames.h"

namespace vctoe::net {
namespace {

using sim::Time;
using testing::data_segment;
using testing::make_frame;
using testing::Sink;

void advance(Time span) {
  sc_core::sc_start(sim::to_sc(span));
}

/// A link with a sink on either side; frames of the forward direction carry their number.
struct Bench {
  explicit Bench(const LinkParams& params) : link("link", context, params) {
    link.attach(0, side0);
    link.attach(1, side1);
  }
  void send(std::uint32_t number, std::uint32_t payload = 1448) {
    link.input(0).receive(make_frame(pool, data_segment(number, payload)));
  }
  const LinkDirection::Stats& forward() {
    link.settle_stats();
    return link.stats().forward;
  }

  sim::Context context;
  FramePool pool;
  Sink side0, side1;
  Link link;
};

// req: I-F05-118
TEST(Link, CarriesBothWaysWithItsDelay) {
  LinkParams p;
  p.delay = Time::from_us(50);
  Bench b(p);
  advance(Time::from_ns(10));
  b.send(1);
  b.link.input(1).receive(make_frame(b.pool, data_segment(2, 0)));
  EXPECT_EQ(b.link.in_flight(), 2u);
  advance(Time::from_us(60));
  ASSERT_EQ(b.side1.arrivals.size(), 1u);
  EXPECT_EQ(b.side1.arrivals[0].at, Time::from_ns(50'010));
  EXPECT_EQ(b.side1.sequences(), std::vector<std::uint32_t>{1});
  ASSERT_EQ(b.side0.arrivals.size(), 1u);
  EXPECT_EQ(b.side0.sequences(), std::vector<std::uint32_t>{2});
  EXPECT_EQ(b.link.stats().backward.delivered, 1u);
  EXPECT_EQ(b.link.in_flight(), 0u);
}

TEST(Link, FramesAreNotCopiedAndReturnToTheirPool) {
  Bench b({});
  FramePtr frame = make_frame(b.pool, data_segment(1, 10));
  const Frame* address = &*frame;
  b.link.input(0).receive(std::move(frame));
  EXPECT_EQ(b.pool.in_use(), 1u);
  advance(Time::from_us(60));
  EXPECT_EQ(&*b.side1.arrivals[0].frame, address);
  b.side1.arrivals.clear();
  EXPECT_EQ(b.pool.in_use(), 0u);
}

TEST(Link, OneActivationAFrame) {
  Bench b({});
  const auto before = sim::g_activations;
  for (std::uint32_t i = 0; i < 100; ++i) {
    b.send(i);
    advance(Time::from_ns(130));
  }
  advance(Time::from_us(60));
  EXPECT_EQ(b.side1.arrivals.size(), 100u);
  EXPECT_EQ(sim::g_activations - before, 100u);
}

// req: I-F05-118
TEST(Link, TheBottleneckSpacesFramesByTheirWireTime) {
  LinkParams p;
  p.rate = sim::BitRate::gbps(1);
  p.delay = Time::from_us(5);
  Bench b(p);
  for (std::uint32_t i = 0; i < 4; ++i) b.send(i);
  advance(Time::from_us(100));
  ASSERT_EQ(b.side1.arrivals.size(), 4u);
  // 1518 B of frame and 20 B of preamble and gap at 8 ns a byte.
  for (std::uint32_t i = 0; i < 4; ++i) {
    EXPECT_EQ(b.side1.arrivals[i].at, Time::from_us(5) + Time::from_ns(12'304) * (i + 1));
  }
  EXPECT_EQ(b.forward().busy, Time::from_ns(12'304) * 4);
}

// req: I-F05-118
TEST(Link, TheQueueDropsAtItsTailAndCountsAndTracesIt) {
  LinkParams p;
  p.rate = sim::BitRate::gbps(1);
  p.queue = {std::uint64_t{3} * 1518};
  Bench b(p);
  std::vector<sim::TraceEvent> drops;
  b.context.trace.subscribe(sim::mask_of(sim::TraceKind::kFrameDrop),
                            [&](const sim::TraceEvent& e) { drops.push_back(e); });
  for (std::uint32_t i = 0; i < 6; ++i) b.send(i);  // one on the line, three wait, two go
  ASSERT_EQ(drops.size(), 2u);
  EXPECT_EQ(drops[0].seq, 4u);
  EXPECT_EQ(drops[0].length, 1518u);
  EXPECT_EQ(drops[0].detail, static_cast<std::uint32_t>(DropReason::kQueueFull));
  advance(Time::from_ns(12'303));
  b.send(6);
  EXPECT_EQ(drops.size(), 3u) << "the first is still on the line";
  advance(Time::from_ns(1));
  b.send(7);
  advance(Time::from_us(200));
  EXPECT_EQ(b.side1.sequences(), (std::vector<std::uint32_t>{0, 1, 2, 3, 7}));
  EXPECT_EQ(b.forward().queue_drops, 3u);
  EXPECT_EQ(b.forward().queue.peak(), 3u * 1518);
  EXPECT_EQ(b.forward().queue.value(), 0u);
}

/// The same queue, frame by frame in lists.
class NaiveQueue {
 public:
  NaiveQueue(std::uint64_t ps_per_byte, std::uint64_t room) : ps_(ps_per_byte), room_(room) {}
  std::optional<Time> admit(std::uint32_t bytes, Time now) {
    std::uint64_t waiting = 0;
    Time last_end;
    for (const auto& f : frames_) {
      if (f.start > now) waiting += f.bytes;
      last_end = f.end;
    }
    const bool idle = last_end <= now;
    if (!idle && waiting + bytes > room_) return std::nullopt;
    const Time start = idle ? now : last_end;
    frames_.push_back({start, start + Time::from_ps(ps_ * (bytes + 20)), bytes});
    return frames_.back().end;
  }

 private:
  struct Booked {
    Time start, end;
    std::uint32_t bytes;
  };
  std::uint64_t ps_, room_;
  std::vector<Booked> frames_;
};

TEST(Bottleneck, AgreesWithANaiveQueue) {
  EXPECT_TRUE(rc::check("same departures and drops", [] {
    const auto room = *rc::gen::inRange<std::uint64_t>(0, 8000);
    Bottleneck fast(sim::BitRate::gbps(8), room);
    NaiveQueue naive(1000, room);
    Time now;
    const auto steps = *rc::gen::container<std::vector<std::pair<unsigned, unsigned>>>(
        rc::gen::pair(rc::gen::inRange(0u, 2000u), rc::gen::inRange(64u, 1519u)));
    for (const auto& [gap, bytes] : steps) {
      now += Time::from_ns(gap);
      const auto got = fast.admit(bytes, now);
      const auto want = naive.admit(bytes, now);
      RC_ASSERT(got.has_value() == want.has_value());
      if (got) RC_ASSERT(*got == *want);
    }
  }));
}

TEST(Link, SendingWithoutAReceiverBreaksAnInvariant) {
  sim::Context context;
  FramePool pool;
  Link link("link", context, {});
  EXPECT_THROW(link.input(0).receive(make_frame(pool, data_segment(1, 1))), sim::Error);
}

TEST(Link, DeclaresStatisticsOfBothDirections) {
  Bench b({});
  sim::StatList list;
  list.group("net", b.link.stats());
  EXPECT_EQ(list.fields().size(), 20u);
  EXPECT_EQ(list.fields().front().path, "net.forward.frames");
  EXPECT_EQ(list.fields().back().path, "net.backward.busy");
}

}  // namespace
}  // namespace vctoe::net
