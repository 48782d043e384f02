#include "models/pcie/split.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <vector>

#include "models/pcie/rate.h"

namespace vctoe::pcie {
namespace {

std::uint64_t power_of_two(int low, int high) {
  return std::uint64_t{1} << *rc::gen::inRange(low, high + 1);
}

/// The TLPs of a cut one by one.
std::vector<std::uint64_t> payloads(const Cut& cut) {
  std::vector<std::uint64_t> sizes;
  for (std::uint32_t i = 0; i < cut.tlps; ++i) sizes.push_back(cut.end_of(i + 1) - cut.end_of(i));
  return sizes;
}

TEST(Split, PiecesCoverTheRangeAndRespectLimitAndPage) {
  EXPECT_TRUE(rc::check("pieces", [] {
    const auto address = *rc::gen::inRange<std::uint64_t>(0, 1 << 20);
    const auto length = *rc::gen::inRange<std::uint64_t>(1, 70000);
    const std::uint64_t limit = power_of_two(7, 12);
    std::uint64_t done = 0;
    while (done < length) {
      const std::uint64_t n = piece_at(address + done, length - done, limit);
      RC_ASSERT(n >= 1 && n <= limit);
      RC_ASSERT((address + done) / kPage == (address + done + n - 1) / kPage);
      // No piece is shorter than it must be.
      const std::uint64_t end = address + done + n;
      RC_ASSERT(n == limit || end % kPage == 0 || done + n == length);
      done += n;
    }
    RC_ASSERT(done == length);
  }));
}

TEST(Split, WritesAreCutAtMps) {
  EXPECT_TRUE(rc::check("writes", [] {
    const auto bytes = *rc::gen::inRange<std::uint64_t>(1, kPage + 1);
    const std::uint64_t mps = power_of_two(7, 12);
    const Cut cut = cut_write(bytes, mps);
    std::uint64_t sum = 0;
    for (const std::uint64_t n : payloads(cut)) {
      RC_ASSERT(n >= 1 && n <= mps);
      sum += n;
    }
    RC_ASSERT(sum == bytes);
    RC_ASSERT(cut.tlps == (bytes + mps - 1) / mps);
  }));
}

TEST(Split, CompletionsEndOnTheReadCompletionBoundary) {
  EXPECT_TRUE(rc::check("completions", [] {
    const std::uint64_t mps = power_of_two(7, 12);
    const std::uint64_t rcb = power_of_two(6, 7);
    const bool chunks = *rc::gen::arbitrary<bool>();
    const auto start = *rc::gen::inRange<std::uint64_t>(0, 2 * kPage);
    const auto bytes = *rc::gen::inRange<std::uint64_t>(1, kPage + 1);
    const auto sizes = payloads(cut_completions(start, bytes, mps, rcb, chunks));
    std::uint64_t at = start;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      RC_ASSERT(sizes[i] >= 1 && sizes[i] <= (chunks ? rcb : mps));
      at += sizes[i];
      if (i + 1 < sizes.size()) RC_ASSERT(at % rcb == 0);
    }
    RC_ASSERT(at == start + bytes);
    if (start % rcb == 0 && !chunks) RC_ASSERT(sizes.size() == (bytes + mps - 1) / mps);
  }));
}

TEST(Split, CombinedStoresNeverCrossALine) {
  EXPECT_TRUE(rc::check("lines", [] {
    const auto start = *rc::gen::inRange<std::uint64_t>(0, kPage);
    const auto bytes = *rc::gen::inRange<std::uint64_t>(1, kPage);
    std::uint64_t at = start;
    for (const std::uint64_t n : payloads(cut_lines(start, bytes, 64))) {
      RC_ASSERT(n >= 1);
      RC_ASSERT(at / 64 == (at + n - 1) / 64);
      at += n;
    }
    RC_ASSERT(at == start + bytes);
  }));
}

// Base specification 5.0, tables 3-7 to 3-9, as the columns of pcie-bench/pcie-model list them.
TEST(Rate, AckLimitsAreThoseOfTheTables) {
  struct Row {
    std::uint64_t gen, lanes;
    std::uint64_t limit[6];  // MPS 128 .. 4096
  };
  const Row rows[] = {
      {1, 1, {237, 416, 559, 1071, 2095, 4143}}, {1, 4, {73, 118, 154, 282, 538, 1050}},
      {1, 16, {48, 72, 86, 150, 278, 534}},      {2, 2, {179, 268, 340, 596, 1108, 2132}},
      {2, 8, {118, 158, 137, 201, 329, 585}},    {3, 1, {333, 512, 655, 1167, 2191, 4239}},
      {3, 8, {163, 203, 182, 246, 374, 630}},    {5, 16, {144, 168, 182, 246, 374, 630}}};
  for (const Row& row : rows) {
    for (unsigned i = 0; i < 6; ++i) {
      EXPECT_EQ(ack_limit(row.gen, row.lanes, 128U << i), row.limit[i])
          << "gen" << row.gen << " x" << row.lanes << " MPS " << (128U << i);
    }
  }
}

TEST(Rate, RawAndUsableRatesAreThePublishedOnes) {
  EXPECT_NEAR(raw_rate(1, 1).bps * 1e-9, 2.0, 1e-9);
  EXPECT_NEAR(raw_rate(3, 8).bps * 1e-9, 63.015, 1e-3);
  EXPECT_NEAR(raw_rate(6, 16).bps * 1e-9, 944, 1e-9);  // calibration P2
  const double usable = 1 - dllp_share(DllpMode::kPcieModel, 0, 3, 8, 256);
  EXPECT_NEAR(raw_rate(3, 8).bps * usable * 1e-9, 57.885, 1e-3);  // calibration 1.1
  EXPECT_EQ(dllp_share(DllpMode::kPcieModel, 0.052, 6, 8, 256), 0);
}

TEST(Rate, OverheadBytesByKind) {
  EXPECT_EQ(tlp_overhead(TlpKind::kMemoryWrite, 3, false), 24U);
  EXPECT_EQ(tlp_overhead(TlpKind::kMemoryRead, 5, false), 24U);
  EXPECT_EQ(tlp_overhead(TlpKind::kCompletion, 3, false), 20U);
  EXPECT_EQ(tlp_overhead(TlpKind::kCompletion, 3, true), 24U);
  EXPECT_EQ(tlp_overhead(TlpKind::kMemoryWrite, 6, false), 16U);
  EXPECT_EQ(tlp_overhead(TlpKind::kCompletion, 6, false), 12U);
}

}  // namespace
}  // namespace vctoe::pcie
