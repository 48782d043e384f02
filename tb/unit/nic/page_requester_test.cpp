#include "models/nic/page_requester.h"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "tb/unit/nic/fake_dma.h"

namespace vctoe::nic {
namespace {

constexpr std::uint64_t kRing = 0x8000;

struct Bench : DmaClient {
  Bench() {
    ring.set_base(kRing);
    ring.set_size(16);
  }
  void dma_done(std::uint64_t cookie, bool ok) override { done.push_back({cookie, ok}); }
  void submit(const std::vector<SgElement>& sg, std::uint64_t cookie, bool by_virtual_address) {
    DmaRequest r;
    r.sg = sg.data();
    r.count = static_cast<std::uint32_t>(sg.size());
    r.data = data;
    r.connection = 5;
    r.asid = 3;
    r.client = this;
    r.cookie = cookie;
    r.by_virtual_address = by_virtual_address;
    requester.submit(r);
  }
  /// Ring entry `i`, once the writes before it have been performed.
  RequestEntry entry(std::uint32_t i) {
    dma.finish_all();
    RequestEntry e;
    std::memcpy(&e, &dma.memory[kRing + i * sizeof e], sizeof e);
    return e;
  }
  static ReplyEntry answer(const RequestEntry& e, ReplyKind kind) {
    ReplyEntry r;
    r.kind = kind;
    r.txn = e.txn;
    return r;
  }

  sim::Context context;
  FakeDma dma{1 << 16};
  InterruptModerator interrupt{"interrupt", dma, 0, sim::Time::zero()};
  OutRing<RequestEntry> ring{dma, interrupt};
  std::vector<std::uint32_t> refused;
  PageRequester requester{context, 0, dma, ring,
                          [this](std::uint32_t connection) { refused.push_back(connection); }};
  std::uint8_t data[8192] = {};
  std::vector<std::pair<std::uint64_t, bool>> done;
};

TEST(PageRequester, AccessThatIsTranslatedIsOverAtOnce) {
  Bench b;
  b.submit({{0x1000, 64, 0}}, 7, true);
  EXPECT_TRUE(b.dma.front().by_virtual_address);
  b.dma.finish_one();
  EXPECT_EQ(b.done, (std::vector<std::pair<std::uint64_t, bool>>{{7, true}}));
  EXPECT_EQ(b.requester.stats().page_requests, 0u);
  EXPECT_EQ(b.requester.busy(), 0u);
}

// PCIe ATS 1.1, 4.1: request, response, access again.
// req: I-P0053b
TEST(PageRequester, MissingPageIsAskedForAndTheAccessRepeated) {
  Bench b;
  b.submit({{0x1f00, 512, 0}}, 7, true);
  b.dma.finish_one(false);
  EXPECT_TRUE(b.done.empty());
  const RequestEntry e = b.entry(0);
  EXPECT_EQ(e.identify, Identify::kResident);
  EXPECT_EQ(e.virtual_address, 0x1f00u);
  EXPECT_EQ(e.length, 512u);
  EXPECT_EQ(e.asid, 3u);
  EXPECT_EQ(e.connection, 5u);
  EXPECT_TRUE(b.requester.reply(Bench::answer(e, ReplyKind::kResident)));
  ASSERT_EQ(b.dma.pending(), 1u);
  b.dma.finish_one();
  EXPECT_EQ(b.done, (std::vector<std::pair<std::uint64_t, bool>>{{7, true}}));
  EXPECT_EQ(b.requester.stats().repeated, 1u);
}

TEST(PageRequester, EveryRangeOfAnAccessHasToBeThere) {
  Bench b;
  b.submit({{0x1000, 64, 0}, {0x3000, 64, 0}}, 7, true);
  b.dma.finish_one(false);
  const RequestEntry one = b.entry(0);
  const RequestEntry two = b.entry(1);
  EXPECT_EQ(two.virtual_address, 0x3000u);
  b.requester.reply(Bench::answer(two, ReplyKind::kResident));
  EXPECT_EQ(b.dma.pending(), 0u);
  b.requester.reply(Bench::answer(one, ReplyKind::kResident));
  EXPECT_EQ(b.dma.pending(), 1u);
}

TEST(PageRequester, PageThatIsGoneAgainIsAskedForAgain) {
  Bench b;
  b.submit({{0x1000, 64, 0}}, 7, true);
  for (std::uint32_t i = 0; i < 3; ++i) {
    b.dma.finish_one(false);
    b.requester.reply(Bench::answer(b.entry(i), ReplyKind::kResident));
  }
  b.dma.finish_one();
  EXPECT_EQ(b.requester.stats().page_requests, 3u);
  EXPECT_EQ(b.done.size(), 1u);
}

TEST(PageRequester, AnswersThatDoNotHelpEndTheConnectionInsteadOfGoingOnForEver) {
  Bench b;
  b.submit({{0x1000, 64, 0}}, 7, true);
  for (std::uint32_t i = 0; i < PageRequester::kMostTries; ++i) {
    ASSERT_TRUE(b.refused.empty());
    b.dma.finish_one(false);
    b.requester.reply(Bench::answer(b.entry(i % 16), ReplyKind::kResident));
    b.ring.doorbell(i + 1);
  }
  EXPECT_EQ(b.refused, std::vector<std::uint32_t>{5});
  EXPECT_EQ(b.done, (std::vector<std::pair<std::uint64_t, bool>>{{7, false}}));
  EXPECT_EQ(b.requester.busy(), 0u);
}

TEST(PageRequester, RefusalEndsTheConnectionAndThenTheAccess) {
  Bench b;
  b.submit({{0x1000, 64, 0}}, 7, true);
  b.dma.finish_one(false);
  b.requester.reply(Bench::answer(b.entry(0), ReplyKind::kError));
  EXPECT_EQ(b.refused, std::vector<std::uint32_t>{5});
  EXPECT_EQ(b.done, (std::vector<std::pair<std::uint64_t, bool>>{{7, false}}));
  EXPECT_EQ(b.requester.busy(), 0u);
}

TEST(PageRequester, PhysicalAddressesPassThroughAndFailAsTheyDid) {
  Bench b;
  b.submit({{0x1000, 64, 0}}, 7, false);
  b.dma.finish_one(false);
  EXPECT_EQ(b.done, (std::vector<std::pair<std::uint64_t, bool>>{{7, false}}));
  EXPECT_EQ(b.requester.stats().accesses, 0u);
}

TEST(PageRequester, RepliesToOthersAreNotItsOwn) {
  Bench b;
  EXPECT_FALSE(b.requester.reply(ReplyEntry{}));
}

}  // namespace
}  // namespace vctoe::nic
