// How the driver posts lists, by scheme, and what it gives back afterwards.
#include <limits>

#include "sw/driver/context_list.h"
#include "tb/unit/driver/rig.h"

namespace vctoe::driver::test {
namespace {

using kernel::PinOwner;
using kernel::PinStatus;
using nic::CompletionKind;
using nic::SubmitOp;

constexpr std::uint64_t kData = Rig::kData;

DriverParams fig3() {
  DriverParams p = small_params();
  p.scheme = {true, UnpinPost::kAcknowledged, false};
  return p;
}
DriverParams fig12() {
  DriverParams p = small_params();
  p.scheme = {true, UnpinPost::kSent, true};
  return p;
}

/// The list covers the ranges in order, without gaps in address or sequence.
void expect_covers(const std::vector<nic::ContextRecord>& list,
                   const std::vector<VirtualRange>& ranges, std::uint32_t sequence) {
  std::size_t i = 0;
  for (const VirtualRange& r : ranges) {
    for (std::uint64_t at = r.address; at < r.address + r.length; ++i) {
      ASSERT_LT(i, list.size());
      ASSERT_EQ(list[i].virtual_address + list[i].offset, at);
      ASSERT_EQ(list[i].starting_sequence, sequence);
      ASSERT_GT(list[i].data_size, 0U);
      at += list[i].data_size;
      sequence += list[i].data_size;
    }
  }
  EXPECT_EQ(i, list.size());
}

// req: I-G01a, I-C08, I-C09, I-F08-250
TEST(Post, HandsOverAListOfVirtualContextsAndPinsNothing) {
  Rig rig;
  rig.program([&] {
    const ConnectionId id = rig.open();
    const std::vector<VirtualRange> ranges = {{kData + 5, 200'000}, {kData + (1 << 20), 70'000}};
    const PostResult result = rig.driver.post(id, ranges);
    ASSERT_EQ(result.status, PinStatus::kOk);
    const nic::SubmitEntry& e = *rig.nic.submitted(SubmitOp::kPost);
    EXPECT_EQ(e.txn, result.txn);
    EXPECT_EQ(e.length, 270'000U);
    EXPECT_EQ(e.first_sequence, Rig::kFirstSequence);
    EXPECT_EQ(e.count, 0U) << "no physical address";
    EXPECT_EQ(e.sg_address, 0U);
    const auto list = rig.memory.list(1, e.list_head);
    EXPECT_EQ(list.size(), 4U + 2U) << "blocks of 64 KiB that never cover two ranges";
    expect_covers(list, ranges, Rig::kFirstSequence);
    for (const auto& r : list) EXPECT_EQ(r.asid, 1U);
    EXPECT_EQ(rig.memory.held(), 0U);
    rig.driver.post(id, {{kData, 10}});
    EXPECT_EQ(rig.nic.submitted(SubmitOp::kPost)->first_sequence, Rig::kFirstSequence + 270'000);
  });
  rig.run();
}

// req: I-C09
TEST(Post, PlacesRecordsAnywhereAndTakesTheOffsetOff) {
  DriverParams p = small_params();
  p.context_order = ContextOrder::kShuffled;
  p.context_offset = 1000;
  p.block_size = sim::Bytes{10'000};
  p.block_size_min = sim::Bytes{1};
  Rig rig(p);
  rig.program([&] {
    const ConnectionId id = rig.open();
    const std::vector<VirtualRange> ranges = {{kData, 500'000}};
    rig.driver.post(id, ranges);
    const nic::SubmitEntry& e = *rig.nic.submitted(SubmitOp::kPost);
    const auto list = rig.memory.list(1, e.list_head);
    expect_covers(list, ranges, Rig::kFirstSequence);
    std::size_t backwards = 0;
    std::uint64_t at = e.list_head;
    for (const auto& r : list) {
      EXPECT_EQ(r.offset, 1000U);
      EXPECT_EQ(at % 32, 0U);
      if (r.next != 0 && r.next < at) ++backwards;
      at = r.next;
    }
    EXPECT_GT(backwards, list.size() / 4) << "random placement";
  });
  rig.run();
}

// req: I-P0028a
TEST(Post, AnArrayHasNoLinks) {
  DriverParams p = small_params();
  p.context_format = ContextFormat::kArray;
  p.block_size = sim::Bytes{10'000};
  Rig rig(p);
  rig.program([&] {
    const ConnectionId id = rig.open();
    rig.driver.post(id, {{kData, 95'000}});
    std::vector<nic::ContextRecord> list(10);
    rig.memory.peek(1, rig.nic.submitted(SubmitOp::kPost)->list_head, list.data(), 10 * 32);
    expect_covers(list, {{kData, 95'000}}, Rig::kFirstSequence);
    for (const auto& r : list) {
      EXPECT_EQ(r.next, 0U);
      const bool last = &r == &list.back();
      EXPECT_EQ(r.version, last ? 0 : nic::kContextVersion);
      EXPECT_EQ(r.flags, last ? 0 : nic::kContextAdjacent);
    }
  });
  rig.run();
}

// req: I-P0029a
TEST(Post, BlocksOfOneSizeLeaveTheSizeOutOfTheirRecords) {
  DriverParams p = small_params();
  p.block_format = BlockFormat::kFixed;
  p.block_size = sim::Bytes{10'000};
  Rig rig(p);
  rig.program([&] {
    const ConnectionId id = rig.open();
    // The end of the first range is neither of the size nor the end of the list: it says its own.
    rig.driver.post(id, {{kData, 25'000}, {kData + 100'000, 15'000}});
    const nic::SubmitEntry& e = *rig.nic.submitted(SubmitOp::kPost);
    EXPECT_EQ(e.block_size, 10'000U);
    const auto list = rig.memory.list(1, e.list_head);
    ASSERT_EQ(list.size(), 5U);
    const std::uint32_t sizes[] = {0, 0, 5'000, 0, 0};
    for (std::size_t i = 0; i < list.size(); ++i) {
      EXPECT_EQ(list[i].data_size, sizes[i]);
      EXPECT_EQ(list[i].flags, sizes[i] == 0 ? nic::kContextFixedSize : 0);
    }
    EXPECT_EQ(list[3].starting_sequence, Rig::kFirstSequence + 25'000);
  });
  rig.run();
}

// req: I-F03-72, I-F03-74, I-F03-80, I-F03-82
TEST(Post, Fig3PinsEverythingUntilAllIsAcknowledged) {
  Rig rig(fig3());
  rig.program([&] {
    const ConnectionId id = rig.open();
    const std::vector<VirtualRange> ranges = {{kData, 10 * kPage}, {kData + 20 * kPage, 100}};
    const PostResult result = rig.driver.post(id, ranges);
    const nic::SubmitEntry& e = *rig.nic.submitted(SubmitOp::kPost);
    EXPECT_EQ(e.list_head, 0U);
    ASSERT_EQ(e.count, 11U);
    const auto sg = rig.nic.sg(e.sg_address, e.count);
    EXPECT_EQ(sg[0].address, FakeMemory::physical(1, kData));
    EXPECT_EQ(sg[10].length, 100U);
    EXPECT_EQ(rig.memory.pins[PinOwner::kAgent], 2);
    rig.nic.complete(CompletionKind::kStreamSent, id, result.txn);
    rig.settle();
    EXPECT_EQ(rig.memory.pins[PinOwner::kAgent], 2) << "sent is not acknowledged";
    rig.nic.complete(CompletionKind::kStreamAcked, id, result.txn);
    rig.settle();
    EXPECT_TRUE(rig.all_quiet());
    EXPECT_EQ(rig.client.count(CompletionKind::kStreamAcked), 1U);
  });
  rig.run();
}

// req: I-F12-452, I-F12-454, I-F12-466
TEST(Post, Fig12CarriesBothAndUnpinsWhenAllIsSent) {
  Rig rig(fig12());
  rig.program([&] {
    const ConnectionId id = rig.open();
    const PostResult result = rig.driver.post(id, {{kData, 10 * kPage}});
    const nic::SubmitEntry& e = *rig.nic.submitted(SubmitOp::kPost);
    EXPECT_EQ(e.count, 10U);
    expect_covers(rig.memory.list(1, e.list_head), {{kData, 10 * kPage}}, Rig::kFirstSequence);
    EXPECT_EQ(rig.memory.pins[PinOwner::kAgent], 1);
    rig.nic.complete(CompletionKind::kStreamSent, id, result.txn);
    rig.settle();
    EXPECT_EQ(rig.memory.held(), 0U) << "unpinned before the last acknowledgment";
    EXPECT_TRUE(rig.driver.busy());
    // The list still serves retransmissions.
    const auto lost = rig.ask(id, kData + 3 * kPage, 1448, sim::Why::kRetransmit);
    EXPECT_EQ(rig.answer(lost).kind, nic::ReplyKind::kPhysical);
    rig.nic.complete(CompletionKind::kBlockSent, id, lost.txn);
    rig.nic.complete(CompletionKind::kStreamAcked, id, result.txn);
    rig.settle();
    EXPECT_TRUE(rig.all_quiet());
  });
  rig.run();
}

// req: I-X08
TEST(Post, RefusesAListAboveThePinLimitAndLetsAnotherWaitForRoom) {
  Rig rig(fig3());
  rig.host.capacity = 16 * kPage;  // three quarters for posts
  rig.program([&] {
    const ConnectionId id = rig.open();
    EXPECT_EQ(rig.driver.post(id, {{kData, 13 * kPage}}).status, PinStatus::kTooLarge);
    EXPECT_TRUE(rig.all_quiet()) << "nothing is left of a refused post";
    const PostResult first = rig.driver.post(id, {{kData, 8 * kPage}});
    ASSERT_EQ(first.status, PinStatus::kOk);
    rig.settle(sim::Time::from_us(500));
    rig.nic.complete(CompletionKind::kStreamAcked, id, first.txn);
  });
  rig.program([&] {
    rig.settle(sim::Time::from_us(200));
    const PostResult second = rig.driver.post(0, {{kData, 8 * kPage}});
    EXPECT_EQ(second.status, PinStatus::kOk);
    EXPECT_GE(sim::now(), sim::Time::from_us(500));
    EXPECT_EQ(rig.memory.pins[PinOwner::kAgent], 1) << "never both";
    EXPECT_EQ(rig.driver.posts().stats().budget_waits, 1U);
  });
  rig.run();
}

TEST(Post, RefusesMoreThan31BitsAndAnUnmappedRange) {
  Rig rig(fig3());
  rig.program([&] {
    const ConnectionId id = rig.open();
    EXPECT_EQ(rig.driver.post(id, {{kData, 0x8000'0000}}).status, PinStatus::kTooLarge);
    EXPECT_EQ(rig.driver.post(id, {{kData, kPage}, {0x5000, 10}}).status, PinStatus::kUnmapped);
    EXPECT_TRUE(rig.all_quiet()) << "the first range's pin is given back";
    EXPECT_EQ(rig.driver.post(id, {}).status, PinStatus::kUnmapped);
  });
  rig.run();
}

// req: I-X10
TEST(Post, ALostConnectionGivesEverythingBackAndLateRequestsAreRefused) {
  Rig rig(fig12());
  rig.program([&] {
    const ConnectionId id = rig.open();
    rig.driver.post(id, {{kData, 10 * kPage}});
    rig.driver.post(id, {{kData, 10 * kPage}});
    const auto e = rig.ask(id, kData, 100, sim::Why::kRetransmit);
    rig.answer(e);
    const auto late = rig.ask(id, kData, 100, sim::Why::kRetransmit);
    rig.nic.complete(CompletionKind::kReset, id);
    rig.settle();
    EXPECT_EQ(rig.memory.pins[PinOwner::kAgent], 1) << "the answered block waits for its release";
    EXPECT_EQ(rig.answer(late).kind, nic::ReplyKind::kError);
    EXPECT_EQ(rig.driver.requests().stats().late, 1U);
    rig.nic.complete(CompletionKind::kBlockSent, id, e.txn);
    rig.settle();
    EXPECT_TRUE(rig.all_quiet());
    EXPECT_EQ(rig.driver.post(id, {{kData, 10}}).status, PinStatus::kShutDown);
    rig.driver.release(id);
    EXPECT_EQ(rig.driver.reserve(1, {&rig.client}), id) << "the id is free again";
  });
  rig.run();
}

// req: I-X10
TEST(Post, APostThatMeetsTheEndOfItsConnectionLeavesNothing) {
  DriverParams p = fig3();
  Rig rig(p);
  rig.memory.pin_time = sim::Time::from_us(300);
  rig.program([&] {
    const ConnectionId id = rig.open();
    EXPECT_EQ(rig.driver.post(id, {{kData, 10 * kPage}}).status, PinStatus::kShutDown);
    EXPECT_TRUE(rig.all_quiet());
    EXPECT_EQ(rig.nic.submitted(SubmitOp::kPost), nullptr);
  });
  rig.program([&] {
    rig.settle(sim::Time::from_us(200));  // while it pins
    rig.nic.complete(CompletionKind::kReset, 0);
  });
  rig.run();
}

// A retransmission may be asked for just before the acknowledgment of everything comes.
TEST(Post, ARequestThatCrossesTheLastAcknowledgmentIsStillServed) {
  Rig rig;
  rig.program([&] {
    const ConnectionId id = rig.open();
    const PostResult post = rig.driver.post(id, {{kData, 10 * kPage}});
    const auto e = rig.ask(id, kData, 1448, sim::Why::kRetransmit);
    rig.nic.complete(CompletionKind::kStreamAcked, id, post.txn);
    rig.settle();
    EXPECT_EQ(rig.answer(e).kind, nic::ReplyKind::kPhysical);
    rig.nic.complete(CompletionKind::kBlockSent, id, e.txn);
    rig.settle();
    EXPECT_TRUE(rig.all_quiet());
  });
  rig.run();
}

TEST(Post, ReceiveMemoryIsPinnedUntilTheConnectionEnds) {
  Rig rig;
  rig.program([&] {
    const ConnectionId id = rig.driver.reserve(1, {&rig.client});
    ASSERT_EQ(rig.driver.give_receive_memory(id, {kData, 64 * kPage}), PinStatus::kOk);
    rig.driver.connect(id, 1, 2, 3);
    const nic::SubmitEntry& e = *rig.nic.submitted(SubmitOp::kReceive);
    EXPECT_EQ(e.count, 64U);
    EXPECT_EQ(e.length, 64 * kPage);
    EXPECT_EQ(rig.memory.pins[PinOwner::kReceive], 1);
    rig.nic.complete(CompletionKind::kEstablished, id, 0, 7);
    rig.settle();
    rig.driver.consumed(id, (std::uint64_t{1} << 44) + 5);
    EXPECT_EQ(rig.nic.consumed.back(), (std::uint64_t{id} << 44) + 5) << "modulo 2^44";
    rig.nic.complete(CompletionKind::kClosed, id);
    rig.settle();
    EXPECT_EQ(rig.memory.held(), 0U);
  });
  rig.run();
}

TEST(Post, ReceiveMemoryThatCanNeverBePinnedIsRefused) {
  Rig rig;
  rig.host.capacity = 100 * kPage;
  rig.program([&] {
    const ConnectionId first = rig.driver.reserve(1, {&rig.client, &rig.client});
    EXPECT_EQ(rig.driver.give_receive_memory(first, {kData, 64 * kPage}), PinStatus::kOk);
    EXPECT_EQ(rig.driver.give_receive_memory(first + 1, {kData, 64 * kPage}), PinStatus::kTooLarge)
        << "both together are too much, and the first stays";
    rig.driver.release(first);
    EXPECT_EQ(rig.driver.give_receive_memory(first + 1, {kData, 64 * kPage}), PinStatus::kOk);
  });
  rig.run();
}

TEST(Post, SettingsThatGiveTheNicNoAddressesAreRefused) {
  DriverParams p;
  p.scheme = {false, UnpinPost::kSent, false};
  EXPECT_THROW(p.check(), sim::Error);
  DriverParams q;
  q.reply_entries = 100;
  EXPECT_THROW(q.check(), sim::Error);
  EXPECT_NO_THROW(DriverParams{}.check());
}

}  // namespace
}  // namespace vctoe::driver::test
