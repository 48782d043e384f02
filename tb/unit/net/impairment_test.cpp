#include "models/net/impairment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "models/sim/error.h"
#include "tb/unit/net/frames.h"

namespace vctoe::net {
namespace {

constexpr std::uint64_t kFrames = 200'000;

std::vector<bool> losses(const LossParams& params, std::uint64_t seed = 1,
                         std::uint64_t frames = kFrames) {
  const auto policy = make_loss(params, seed, "link.loss");
  std::vector<bool> lost;
  for (std::uint64_t i = 1; i <= frames; ++i) lost.push_back(policy->lose(i));
  return lost;
}

double share(const std::vector<bool>& lost) {
  return static_cast<double>(std::count(lost.begin(), lost.end(), true)) /
         static_cast<double>(lost.size());
}

/// Share of losses that follow a loss.
double repeat_share(const std::vector<bool>& lost) {
  std::uint64_t first = 0;
  std::uint64_t both = 0;
  for (std::size_t i = 1; i < lost.size(); ++i) {
    first += lost[i - 1] ? 1 : 0;
    both += lost[i - 1] && lost[i] ? 1 : 0;
  }
  return static_cast<double>(both) / static_cast<double>(first);
}

// req: I-F05-118
TEST(Loss, BernoulliLosesItsShareIndependently) {
  LossParams p;
  p.kind = LossKind::kBernoulli;
  p.probability = 0.01;
  const auto lost = losses(p);
  // Five standard deviations of a binomial share: 5 sqrt(p (1 - p) / n).
  EXPECT_NEAR(share(lost), 0.01, 5 * std::sqrt(0.01 * 0.99 / kFrames));
  EXPECT_NEAR(repeat_share(lost), 0.01, 5 * std::sqrt(0.01 * 0.99 / (0.01 * kFrames)));
}

TEST(Loss, CertaintiesAreCertain) {
  LossParams p;
  p.kind = LossKind::kBernoulli;
  p.probability = 1;
  EXPECT_EQ(share(losses(p)), 1);
  p.probability = 0;
  EXPECT_EQ(share(losses(p)), 0);
}

// req: I-P0018b
TEST(Loss, GilbertElliottLosesInBursts) {
  LossParams p;
  p.kind = LossKind::kGilbertElliott;
  p.ge_to_bad = 0.01;
  p.ge_to_good = 0.25;
  p.ge_loss_good = 0;
  p.ge_loss_bad = 1;
  const auto lost = losses(p);
  // Stationary: to_bad / (to_bad + to_good) = 1/26. About 2000 bursts of mean length 4 whose length
  // has a standard deviation of 3.5: the share is good to 2.4 % (one sigma), five sigma are 12 %.
  EXPECT_NEAR(share(lost), 1.0 / 26, 0.12 / 26);
  // A loss is followed by one with 1 - to_good; 7700 losses: five sigma are 0.025.
  EXPECT_NEAR(repeat_share(lost), 0.75, 0.025);
}

TEST(Loss, GilbertElliottLosesInTheGoodStateToo) {
  LossParams p;
  p.kind = LossKind::kGilbertElliott;
  p.ge_to_bad = 0;
  p.ge_loss_good = 0.02;
  EXPECT_NEAR(share(losses(p)), 0.02, 5 * std::sqrt(0.02 * 0.98 / kFrames));
}

TEST(Loss, PeriodicLosesEveryNth) {
  LossParams p;
  p.kind = LossKind::kPeriodic;
  p.period = 3;
  EXPECT_EQ(losses(p, 1, 7), (std::vector<bool>{false, false, true, false, false, true, false}));
}

TEST(Loss, ListLosesTheNamedFrames) {
  LossParams p;
  p.kind = LossKind::kList;
  p.list = "5,2,2";
  EXPECT_EQ(losses(p, 1, 6), (std::vector<bool>{false, true, false, false, true, false}));
}

TEST(Loss, ListTextIsCheckedAndTheMessageShowsIt) {
  EXPECT_TRUE(parse_frame_list("").empty());
  EXPECT_EQ(parse_frame_list("3,17,20"), (std::vector<std::uint64_t>{3, 17, 20}));
  for (const char* bad : {"0", "1,", ",1", "1;2", "x", "-1", "1, 2", "99999999999999999999999"}) {
    sim::clear_failure();
    EXPECT_THROW(parse_frame_list(bad), sim::Error) << bad;
    EXPECT_EQ(sim::last_failure().kind, sim::FailureKind::kUser);
    EXPECT_NE(sim::last_failure().text.find(bad), std::string::npos);
  }
}

TEST(Loss, SameSeedSameLossesOtherSeedOthers) {
  LossParams p;
  p.kind = LossKind::kBernoulli;
  p.probability = 0.1;
  EXPECT_EQ(losses(p, 7, 1000), losses(p, 7, 1000));
  EXPECT_NE(losses(p, 7, 1000), losses(p, 8, 1000));
}

TEST(Impairment, DataOnlyCountsAndLosesOnlyFramesWithPayload) {
  FramePool pool;
  LinkParams p;
  p.loss.kind = LossKind::kList;
  p.loss.list = "2";
  p.loss.data_only = true;
  Impairment impairment(p, 1, "x");
  const FramePtr ack = testing::make_frame(pool, testing::data_segment(0, 0));
  const FramePtr data = testing::make_frame(pool, testing::data_segment(0, 1));
  EXPECT_FALSE(impairment.next(*data).lost);
  EXPECT_FALSE(impairment.next(*ack).lost);
  EXPECT_TRUE(impairment.next(*data).lost) << "the second with payload";
  EXPECT_FALSE(impairment.next(*ack).lost);
}

TEST(Impairment, TurningOneOnDoesNotMoveTheOthers) {
  FramePool pool;
  const FramePtr frame = testing::make_frame(pool, testing::data_segment(0, 10));
  LinkParams p;
  p.loss.kind = LossKind::kBernoulli;
  p.loss.probability = 0.1;
  LinkParams more = p;
  more.reorder.probability = 0.3;
  more.duplicate.probability = 0.3;
  more.corrupt.probability = 0.3;
  more.jitter = sim::Time::from_us(1);
  Impairment few(p, 1, "x");
  Impairment many(more, 1, "x");
  for (int i = 0; i < 2000; ++i) {
    const Fate fate = many.next(*frame);
    if (fate.corrupted) many.corrupt(*frame);
    ASSERT_EQ(few.next(*frame).lost, fate.lost) << i;
  }
}

TEST(Impairment, TheSameSeedAndNameGiveTheSameFates) {
  FramePool pool;
  const FramePtr frame = testing::make_frame(pool, testing::data_segment(0, 10));
  LinkParams p;
  p.jitter = sim::Time::from_us(3);
  p.loss.kind = LossKind::kGilbertElliott;
  p.loss.ge_to_bad = 0.05;
  p.reorder.probability = p.duplicate.probability = p.corrupt.probability = 0.05;
  const auto fates = [&](std::uint64_t seed, const char* name) {
    Impairment impairment(p, seed, name);
    std::vector<std::uint64_t> seen;
    for (int i = 0; i < 1000; ++i) {
      const Fate f = impairment.next(*frame);
      seen.push_back(f.extra.ps << 4 | f.lost << 3 | f.duplicated << 2 | f.corrupted << 1 |
                     f.reordered);
    }
    return seen;
  };
  EXPECT_EQ(fates(5, "x"), fates(5, "x"));
  EXPECT_NE(fates(5, "x"), fates(6, "x"));
  EXPECT_NE(fates(5, "x"), fates(5, "y"));
}

TEST(Impairment, CorruptionFlipsOneBitOfACopy) {
  FramePool pool;
  const FramePtr frame = testing::make_frame(pool, testing::data_segment(0, 100));
  const Frame before = *frame;
  Impairment impairment({}, 1, "x");
  for (int i = 0; i < 2000; ++i) {
    const FramePtr bad = impairment.corrupt(*frame);
    int flipped = 0;
    for (std::uint32_t b = 0; b < frame->size; ++b) {
      flipped += __builtin_popcount(bad->bytes[b] ^ frame->bytes[b]);
    }
    ASSERT_EQ(flipped, 1);
    ASSERT_EQ(parse_tcp_frame(*bad).error, DropReason::kBadFcs);
  }
  EXPECT_TRUE(
      std::equal(before.bytes.begin(), before.bytes.begin() + before.size, frame->bytes.begin()));
}

// req: I-F06-152
TEST(Impairment, CorruptionWithARightFcsIsCaughtByTheChecksums) {
  FramePool pool;
  LinkParams p;
  p.corrupt.fix_fcs = true;
  Impairment impairment(p, 1, "x");
  int by_tcp = 0;
  // The second is padded: damage in the padding would go unnoticed, so none may be done there.
  toe::Segment small = testing::data_segment(0, 0);
  small.has_timestamps = false;
  for (const auto& segment : {testing::data_segment(0, 100), small}) {
    const FramePtr frame = testing::make_frame(pool, segment);
    for (int i = 0; i < 2000; ++i) {
      const DropReason reason = parse_tcp_frame(*impairment.corrupt(*frame)).error;
      ASSERT_NE(reason, DropReason::kNone);
      ASSERT_NE(reason, DropReason::kBadFcs);
      by_tcp += reason == DropReason::kBadTcpChecksum ? 1 : 0;
    }
  }
  EXPECT_GT(by_tcp, 2000);
}

TEST(LinkParams, DeclaresEveryFieldWithItsPath) {
  LinkParams p;
  sim::ParamList list;
  list.group("net", p);
  std::vector<std::string> paths;
  for (const auto& field : list.fields()) paths.push_back(field.path);
  EXPECT_EQ(paths.size(), 20u);
  for (const char* path : {"net.rate", "net.delay", "net.queue", "net.impair", "net.loss.kind",
                           "net.loss.list", "net.reorder.delay", "net.corrupt.fix_fcs"}) {
    EXPECT_NE(std::find(paths.begin(), paths.end(), path), paths.end()) << path;
  }
}

}  // namespace
}  // namespace vctoe::net
