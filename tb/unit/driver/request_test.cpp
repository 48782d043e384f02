// How the driver serves the NIC's requests.
#include <set>

#include "tb/unit/driver/rig.h"

namespace vctoe::driver::test {
namespace {

using kernel::PinOwner;
using kernel::PinStatus;
using nic::CompletionKind;
using nic::ReplyKind;
using sim::Why;

constexpr std::uint64_t kData = Rig::kData;

// req: I-G01e, I-G01g, I-F08-256, I-F08-260, I-F08-266
TEST(Driver, PinsTheBlockAskedForAndNoMoreUntilItIsSent) {
  Rig rig;
  rig.program([&] {
    const ConnectionId id = rig.open();
    rig.driver.post(id, {{kData, 64 * kPage}});
    EXPECT_EQ(rig.memory.held(), 0U) << "nothing is pinned at the post";
    const auto e = rig.ask(id, kData + 4 * kPage + 100, 2 * kPage);
    const nic::ReplyEntry r = rig.answer(e);
    ASSERT_EQ(r.kind, ReplyKind::kPhysical);
    ASSERT_EQ(r.count, 3U);
    const auto sg = rig.nic.sg(r);
    EXPECT_EQ(sg[0].address, FakeMemory::physical(1, kData + 4 * kPage + 100));
    EXPECT_EQ(sg[0].length, kPage - 100);
    EXPECT_EQ(sg[2].length, 100U);
    for (std::uint64_t p = 0; p < 64; ++p) {
      EXPECT_EQ(rig.memory.pins_of(1, kData + p * kPage), p >= 4 && p <= 6 ? 1U : 0U);
    }
    rig.nic.complete(CompletionKind::kBlockSent, id, e.txn);
    rig.settle();
    EXPECT_EQ(rig.memory.held(), 0U);
    EXPECT_TRUE(rig.driver.requests().lists_idle());
  });
  rig.run();
}

TEST(Driver, PageRequestMakesResidentAndPinsNothing) {
  Rig rig;
  rig.program([&] {
    const ConnectionId id = rig.open();
    rig.driver.post(id, {{kData, 4 * kPage}});
    nic::RequestEntry asked = rig.ask(id, kData + 100, 2 * kPage);
    asked.identify = nic::Identify::kResident;
    EXPECT_EQ(rig.answer(asked).kind, ReplyKind::kResident);
    EXPECT_EQ(rig.log.count("resident"), 1U);
    EXPECT_EQ(rig.memory.held(), 0U);
    nic::RequestEntry foreign = rig.ask(id, kData + 40 * kPage, kPage);
    foreign.identify = nic::Identify::kResident;
    EXPECT_EQ(rig.answer(foreign).kind, ReplyKind::kError);
    EXPECT_EQ(rig.log.count("resident"), 1U);
    EXPECT_EQ(rig.driver.outstanding().size(), 1U);  // the post
  });
  rig.run();
}

// req: I-C10
TEST(Driver, UnpinsWhenTheBlockIsRetrieved) {
  Rig rig;
  rig.program([&] {
    const ConnectionId id = rig.open();
    rig.driver.post(id, {{kData, kPage}});
    const auto e = rig.ask(id, kData, 100);
    EXPECT_EQ(rig.answer(e).count, 1U);
    EXPECT_EQ(rig.memory.pins[PinOwner::kAgent], 1);
    rig.nic.complete(CompletionKind::kBlockRetrieved, id, e.txn);
    rig.settle();
    EXPECT_EQ(rig.memory.held(), 0U);
  });
  rig.run();
}

TEST(Driver, AnswersPageByPageAndUnpinsTheWholeBlockOnce) {
  DriverParams p = small_params();
  p.reply = ReplyBy::kPage;
  Rig rig(p);
  rig.program([&] {
    const ConnectionId id = rig.open();
    rig.driver.post(id, {{kData, 64 * kPage}});
    const auto e = rig.ask(id, kData + 100, 4 * kPage);
    rig.answer(e);
    ASSERT_EQ(rig.nic.replies.size(), 5U);
    std::uint64_t at = kData + 100;
    for (const nic::ReplyEntry& r : rig.nic.replies) {
      ASSERT_EQ(r.count, 1U);
      EXPECT_EQ(r.inline_sg[0].address, FakeMemory::physical(1, at));
      EXPECT_EQ(r.inline_sg[0].length, r.length);
      at += r.length;
    }
    EXPECT_EQ(at, kData + 100 + 4 * kPage);
    rig.nic.complete(CompletionKind::kBlockSent, id, e.txn);
    rig.settle();
    EXPECT_EQ(rig.memory.held(), 0U);
    EXPECT_TRUE(rig.driver.requests().lists_idle());
  });
  rig.run();
}

TEST(Driver, LazyPinsGoWhenThereAreTooManyWhenOthersWaitAndAtTheEnd) {
  DriverParams p = small_params();
  p.lazy_unpins = 2;
  Rig rig(p);
  rig.program([&] {
    const ConnectionId id = rig.open();
    const PostResult post = rig.driver.post(id, {{kData, 64 * kPage}});
    const auto send = [&](std::uint64_t page) {
      const auto e = rig.ask(id, kData + page * kPage, kPage);
      rig.answer(e);
      rig.nic.complete(CompletionKind::kBlockSent, id, e.txn);
      rig.settle();
      return rig.memory.held();
    };
    EXPECT_EQ(send(0), 1U);
    EXPECT_EQ(send(1), 2U);
    EXPECT_EQ(send(2), 2U) << "two may stay";
    EXPECT_EQ(rig.memory.pins_of(1, kData), 0U) << "the oldest goes first";
    rig.host.pins_are_short = true;
    EXPECT_EQ(send(3), 0U) << "somebody waits for memory that may be pinned";
    rig.host.pins_are_short = false;
    EXPECT_EQ(send(4), 1U);
    rig.nic.complete(CompletionKind::kStreamAcked, id, post.txn);
    rig.settle();
    EXPECT_TRUE(rig.all_quiet());
  });
  rig.run();
}

// req: I-X01
TEST(Driver, TwoBlocksInOnePageHoldOnePinEach) {
  Rig rig;
  rig.program([&] {
    const ConnectionId id = rig.open();
    rig.driver.post(id, {{kData, kPage}});
    const auto a = rig.ask(id, kData, 1000);
    const auto b = rig.ask(id, kData + 1000, 1000);
    rig.answer(a);
    rig.answer(b);
    EXPECT_EQ(rig.memory.pins_of(1, kData), 2U);
    rig.nic.complete(CompletionKind::kBlockSent, id, a.txn);
    rig.settle();
    EXPECT_EQ(rig.memory.pins_of(1, kData), 1U);
    rig.nic.complete(CompletionKind::kBlockSent, id, b.txn);
    rig.settle();
    EXPECT_EQ(rig.memory.pins_of(1, kData), 0U);
  });
  rig.run();
}

// req: I-X07
TEST(Driver, DescribesABlockOf1025PagesByAListInMemory) {
  Rig rig;
  rig.program([&] {
    const ConnectionId id = rig.open();
    rig.driver.post(id, {{kData, 1025 * kPage}});
    const auto e = rig.ask(id, kData, 1025 * kPage);
    const nic::ReplyEntry r = rig.answer(e);
    ASSERT_EQ(r.kind, ReplyKind::kPhysical);
    ASSERT_EQ(r.count, 1025U);
    const auto sg = rig.nic.sg(r);
    for (std::size_t i = 0; i < sg.size(); ++i) {
      ASSERT_EQ(sg[i].address, FakeMemory::physical(1, kData + i * kPage));
    }
    rig.nic.complete(CompletionKind::kBlockSent, id, e.txn);
    rig.settle();
    EXPECT_TRUE(rig.driver.requests().lists_idle());
  });
  rig.run();
}

// req: I-X07
TEST(Driver, RefusesABlockWhoseListFitsNowhere) {
  DriverParams p = small_params();
  p.reply_area = sim::Bytes{4096};  // 256 elements
  Rig rig(p);
  rig.program([&] {
    const ConnectionId id = rig.open();
    rig.driver.post(id, {{kData, 300 * kPage}});
    const nic::ReplyEntry r = rig.answer(rig.ask(id, kData, 257 * kPage));
    EXPECT_EQ(r.kind, ReplyKind::kError);
    EXPECT_EQ(r.status, static_cast<std::uint8_t>(PinStatus::kTooLarge));
    EXPECT_EQ(rig.memory.held(), 0U);
  });
  rig.run();
}

// req: I-C02, I-F10-302, I-F11-354
TEST(Driver, PushesByStoresWithoutAnyPin) {
  DriverParams p = small_params();
  p.push_piece = sim::Bytes{4096};
  Rig rig(p);
  rig.program([&] {
    const ConnectionId id = rig.open();
    rig.driver.post(id, {{kData, 16 * kPage}});
    auto e = rig.ask(id, kData + 10, 10'000);
    e.identify = nic::Identify::kPushed;
    e.buffer_offset = 512;
    const nic::ReplyEntry r = rig.answer(e);
    EXPECT_EQ(r.kind, ReplyKind::kPushed);
    EXPECT_EQ(rig.log.count("pin agent") + rig.log.count("pin host_dma"), 0U);
    EXPECT_EQ(rig.host.last_max_payload, 64U) << "write-combining buffers";
    std::uint64_t got = 0;
    for (const auto& [offset, bytes] : rig.host.window) {
      ASSERT_EQ(offset, 512 + got);
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        ASSERT_EQ(bytes[i], FakeMemory::byte(kData + 10 + got + i));
      }
      got += bytes.size();
    }
    EXPECT_EQ(got, 10'000U);
    EXPECT_EQ(rig.log.lines.back(), "reply") << "the bytes come before the doorbell";
    EXPECT_EQ(rig.driver.outstanding().count(OutstandingKind::kBlock), 0U);
  });
  rig.run();
}

// req: I-F10-302
TEST(Driver, BooksAPushByDmaToTheHostsEngineAndUnpinsAtOnce) {
  DriverParams p = small_params();
  p.push = PushBy::kDma;
  Rig rig(p);
  rig.program([&] {
    const ConnectionId id = rig.open();
    rig.driver.post(id, {{kData, 4 * kPage}});
    auto e = rig.ask(id, kData + 100, 2 * kPage);
    e.identify = nic::Identify::kPushed;
    EXPECT_EQ(rig.answer(e).kind, ReplyKind::kPushed);
    std::uint64_t got = 0;
    for (const auto& [offset, bytes] : rig.host.window) {
      ASSERT_EQ(offset, got);
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        ASSERT_EQ(bytes[i], FakeMemory::byte(kData + 100 + got + i));
      }
      got += bytes.size();
    }
    EXPECT_EQ(got, 2 * kPage);
    EXPECT_EQ(rig.log.count("pin agent"), 0U);
    EXPECT_EQ(rig.log.count("pin host_dma"), 1U);
    EXPECT_LT(rig.log.at("unpin host_dma"), rig.log.at("reply")) << "unpinned at once";
  });
  rig.run();
}

// req: I-X11
TEST(Driver, PinsAContextPageUntilTheWalkerDropsIt) {
  Rig rig;
  rig.program([&] {
    const ConnectionId id = rig.open();
    rig.driver.post(id, {{kData, 64 * kPage}});
    const std::uint64_t head = rig.nic.submitted(nic::SubmitOp::kPost)->list_head;
    const auto e = rig.ask(id, head / kPage * kPage, kPage, Why::kNode);
    const nic::ReplyEntry r = rig.answer(e);
    ASSERT_EQ(r.kind, ReplyKind::kPhysical);
    EXPECT_EQ(r.count, 1U);
    EXPECT_EQ(r.inline_sg[0].length, kPage);
    EXPECT_EQ(rig.memory.pins[PinOwner::kNode], 1);
    rig.nic.complete(CompletionKind::kNodeReleased, 0, e.txn);
    rig.settle();
    EXPECT_EQ(rig.memory.held(), 0U);
  });
  rig.run();
}

// req: I-X14
TEST(Driver, RefusesWhatWasNotPosted) {
  Rig rig;
  rig.program([&] {
    const ConnectionId mine = rig.open(1);
    const ConnectionId other = rig.open(2);
    rig.driver.post(mine, {{kData, 4 * kPage}, {kData + 8 * kPage, 4 * kPage}});
    const nic::RequestEntry forged[] = {
        rig.ask(mine, kData + 4 * kPage, 1),          // behind a range
        rig.ask(mine, kData - 1, 2),                  // before it
        rig.ask(mine, kData + 3 * kPage, 6 * kPage),  // over the gap
        rig.ask(mine, kData, 0xffff'ffff),            // too long
        rig.ask(mine, ~std::uint64_t{0} - 10, 100),   // wraps
        rig.ask(other, kData, 100, Why::kFirst, 2),   // another connection
        rig.ask(mine, kData, 100, Why::kFirst, 2),    // another address space
        rig.ask(mine, kData, kPage, Why::kNode),      // data, called a node
        rig.ask(5, kData, 100),                       // no connection
        rig.ask(5000, kData, 100),                    // outside the table
        rig.ask(mine, kData, 0),
    };
    for (const auto& e : forged) {
      const nic::ReplyEntry r = rig.answer(e);
      EXPECT_EQ(r.kind, ReplyKind::kError) << std::hex << e.virtual_address << " " << e.length;
    }
    EXPECT_EQ(rig.driver.requests().stats().refused + rig.driver.requests().stats().late,
              std::size(forged));
    EXPECT_EQ(rig.log.count("pin agent") + rig.log.count("pin node"), 0U);
    EXPECT_EQ(rig.answer(rig.ask(mine, kData + 8 * kPage, 4 * kPage)).kind, ReplyKind::kPhysical);
  });
  rig.run();
}

// req: I-X05
TEST(Driver, AnswersWithAnErrorWhatTheKernelCannotIdentify) {
  Rig rig;
  rig.program([&] {
    const ConnectionId id = rig.open();
    rig.driver.post(id, {{kData + Rig::kDataSize, kPage}});  // mapped nowhere
    const nic::ReplyEntry r = rig.answer(rig.ask(id, kData + Rig::kDataSize, 100));
    EXPECT_EQ(r.kind, ReplyKind::kError);
    EXPECT_EQ(r.status, static_cast<std::uint8_t>(PinStatus::kUnmapped));
    EXPECT_EQ(rig.driver.outstanding().count(OutstandingKind::kBlock), 0U);
  });
  rig.run();
}

}  // namespace
}  // namespace vctoe::driver::test
