#include "models/nic/node_pages.h"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "tb/unit/nic/fake_dma.h"
#include "tb/unit/nic/fake_walker.h"

namespace vctoe::nic {
namespace {

using Page = FakeWalker::Page;

constexpr std::uint64_t kCompletions = 4096;
constexpr std::uint16_t kAsid = 3;
constexpr std::uint64_t kPage = 0x7000;
constexpr std::uint64_t kFrame = 0x45000;

struct Bench {
  FakeDma dma{1 << 16};
  InterruptModerator interrupt{"interrupt", dma, 0, sim::Time::zero()};
  OutRing<RequestEntry> requests{dma, interrupt};
  OutRing<CompletionEntry> completions{dma, interrupt};
  sim::Context context;
  FakeWalker walker;
  NodePages pages{context, requests, completions};

  Bench() {
    requests.set_base(0);
    requests.set_size(16);
    completions.set_base(kCompletions);
    completions.set_size(16);
    pages.set_walker(walker);
  }
  /// The NIC asks for kPage; returns what the host reads.
  RequestEntry ask() {
    pages.ask({9, kAsid, kPage});
    dma.finish_all();
    RequestEntry entry;
    std::memcpy(&entry, dma.memory.data() + (requests.written() - 1) * kEntrySize, sizeof entry);
    return entry;
  }
  bool answer(sim::TxnId txn, ReplyKind kind, const std::vector<SgElement>& sg) {
    ReplyEntry entry;
    entry.kind = kind;
    entry.txn = txn;
    return pages.reply(entry, sg);
  }
};

TEST(NodePages, AnAnsweredPageIsFilledAndItsPinReleasedOnceWhenTheWalkerDropsIt) {
  Bench b;
  const RequestEntry request = b.ask();
  EXPECT_EQ(request.why, static_cast<std::uint8_t>(sim::Why::kNode));
  EXPECT_EQ(request.asid, kAsid);
  EXPECT_EQ(request.virtual_address, kPage);
  EXPECT_EQ(request.length, 4096u);
  EXPECT_TRUE(b.pages.busy());
  EXPECT_TRUE(b.answer(request.txn, ReplyKind::kPhysical, {{kFrame, 4096, 0}}));
  EXPECT_FALSE(b.pages.busy());
  ASSERT_EQ(b.walker.filled.size(), 1u);
  EXPECT_EQ(b.walker.filled[0], std::make_pair(Page(kAsid, kPage), kFrame));

  b.pages.release(kAsid + 1, kPage);
  EXPECT_EQ(b.completions.written(), 0u) << "a page of another address space";
  b.pages.release(kAsid, kPage);
  b.pages.release(kAsid, kPage);
  b.dma.finish_all();
  ASSERT_EQ(b.completions.written(), 1u);
  CompletionEntry released;
  std::memcpy(&released, b.dma.memory.data() + kCompletions, sizeof released);
  EXPECT_EQ(released.kind, CompletionKind::kNodeReleased);
  EXPECT_EQ(released.txn, request.txn);
}

TEST(NodePages, ARefusedAnswerFailsTheFillAndAMalformedOneIsReleasedAtOnceToo) {
  const std::vector<std::vector<SgElement>> lists = {
      {}, {{kFrame, 2048, 0}}, {{kFrame + 32, 4096, 0}}, {{kFrame, 4096, 0}, {kFrame, 4096, 0}}};
  Bench b;
  EXPECT_TRUE(b.answer(b.ask().txn, ReplyKind::kError, {{kFrame, 4096, 0}}));
  for (const auto& sg : lists) EXPECT_TRUE(b.answer(b.ask().txn, ReplyKind::kPhysical, sg));
  EXPECT_EQ(b.walker.failed, std::vector<Page>(5, {kAsid, kPage}));
  EXPECT_TRUE(b.walker.filled.empty());
  EXPECT_FALSE(b.pages.busy());
  b.pages.release(kAsid, kPage);
  EXPECT_EQ(b.completions.written(), 4u) << "what the host has pinned for them";
}

TEST(NodePages, ARequestIsAnsweredOnceAndOtherRepliesAreLeftToOthers) {
  Bench b;
  const sim::TxnId txn = b.ask().txn;
  EXPECT_FALSE(b.answer(txn + 1, ReplyKind::kPhysical, {{kFrame, 4096, 0}}));
  EXPECT_TRUE(b.pages.busy());
  EXPECT_TRUE(b.answer(txn, ReplyKind::kPhysical, {{kFrame, 4096, 0}}));
  EXPECT_FALSE(b.answer(txn, ReplyKind::kPhysical, {{kFrame, 4096, 0}}));
  EXPECT_EQ(b.walker.filled.size(), 1u);
}

}  // namespace
}  // namespace vctoe::nic
