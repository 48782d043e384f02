// Rings of the driver: their set-up, turns of connections, and what is full.
#include <map>
#include <set>

#include "tb/unit/driver/rig.h"

namespace vctoe::driver::test {
namespace {

using nic::CompletionKind;

constexpr std::uint64_t kData = Rig::kData;

TEST(Driver, ProgramsItsRings) {
  Rig rig;
  rig.program([&] {
    rig.settle();
    EXPECT_EQ(rig.nic.register_value(nic::Register::kReplySize), 256U);
    EXPECT_EQ(rig.nic.register_value(nic::Register::kControl), 1U);
    std::set<std::uint64_t> bases;
    for (auto r : {nic::Register::kSubmitBase, nic::Register::kRequestBase,
                   nic::Register::kReplyBase, nic::Register::kCompletionBase}) {
      EXPECT_NE(rig.nic.register_value(r), 0U);
      bases.insert(rig.nic.register_value(r));
    }
    EXPECT_EQ(bases.size(), 4U);
  });
  rig.run();
}

// req: I-X09
TEST(Driver, ServesSixtyFourConnectionsInTurns) {
  DriverParams p = small_params();
  p.workers = 2;
  Rig rig(p);
  rig.program([&] {
    std::vector<ConnectionId> ids;
    for (int i = 0; i < 64; ++i) {
      ids.push_back(rig.open());
      rig.driver.post(ids.back(), {{kData, 16 * kPage}});
    }
    // Connection 0 asks for everything first; then each of the others asks for two blocks.
    std::vector<nic::RequestEntry> all;
    all.reserve(226);
    for (int i = 0; i < 100; ++i) all.push_back(rig.ask(ids[0], kData, 100));
    for (int k = 0; k < 2; ++k) {
      for (int i = 1; i < 64; ++i) all.push_back(rig.ask(ids[i], kData, 100));
    }
    for (const auto& e : all) ASSERT_TRUE(rig.nic.request(e));
    rig.settle(sim::Time::from_ms(1));
    ASSERT_EQ(rig.nic.replies.size(), all.size());
    // Until the last of the others is served, connection 0 has had no more than its turns: one
    // more for each worker that had begun before the others came.
    std::map<ConnectionId, int> served;
    for (std::size_t i = 0; i < std::size_t{2} * 64; ++i) ++served[rig.nic.replies[i].connection];
    for (const auto& [id, n] : served) EXPECT_LE(n, 2 + 2) << "connection " << id;
    EXPECT_GE(served.size(), 63U);
  });
  rig.run();
}

// req: I-P0022d, I-F05-126
TEST(Driver, AFullTableOfOutstandingRequestsHoldsTheRingBack) {
  DriverParams p = small_params();
  p.outstanding = 8;
  Rig rig(p);
  rig.program([&] {
    const ConnectionId id = rig.open();
    rig.driver.post(id, {{kData, 64 * kPage}});
    std::vector<nic::RequestEntry> all;
    for (std::uint64_t i = 0; i < 20; ++i) all.push_back(rig.ask(id, kData + i * kPage, 100));
    for (const auto& e : all) ASSERT_TRUE(rig.nic.request(e));
    rig.settle(sim::Time::from_ms(1));
    EXPECT_EQ(rig.driver.outstanding().size(), 8U) << "the post and seven blocks";
    EXPECT_EQ(rig.nic.requests_taken(), 7U);
    EXPECT_EQ(rig.nic.replies.size(), 7U);
    for (std::size_t i = 0; i < all.size(); ++i) {
      ASSERT_NE(rig.nic.reply_to(all[i].txn), nullptr) << i;
      rig.nic.complete(CompletionKind::kBlockSent, id, all[i].txn);
      rig.settle();
    }
    EXPECT_EQ(rig.nic.requests_taken(), 20U);
    rig.nic.complete(CompletionKind::kStreamAcked, id,
                     rig.nic.submitted(nic::SubmitOp::kPost)->txn);
    rig.settle();
    EXPECT_TRUE(rig.all_quiet());
    EXPECT_GE(rig.driver.outstanding().stats().full, 1U);
  });
  rig.run();
}

TEST(Driver, WaitsForTheNicBeforeItOverrunsTheReplyRing) {
  DriverParams p = small_params();
  p.reply_entries = 4;
  Rig rig(p);
  rig.program([&] {
    const ConnectionId id = rig.open();
    rig.driver.post(id, {{kData, 64 * kPage}});
    rig.nic.asleep = true;
    for (std::uint64_t i = 0; i < 12; ++i) rig.nic.request(rig.ask(id, kData + i * kPage, 100));
    rig.settle();
    EXPECT_EQ(rig.log.count("reply"), 4U);
    for (int turn = 0; turn < 3; ++turn) {
      rig.nic.wake();
      rig.settle();
    }
    EXPECT_EQ(rig.nic.replies.size(), 12U);
  });
  rig.run();
}

}  // namespace
}  // namespace vctoe::driver::test
