// A NIC that is out of its mind: whatever it writes into its rings, the driver answers what is
// right, counts the rest, and keeps nothing.
#include <rapidcheck.h>

#include "tb/support/draw.h"
#include "tb/unit/driver/rig.h"

namespace vctoe::driver::test {
namespace {

using nic::CompletionKind;
using support::any;
using support::one_of;

constexpr std::uint64_t kData = Rig::kData;

/// Numbers that a field may be wrong by.
std::uint64_t odd(std::uint64_t right) {
  return one_of<std::uint64_t>({right, right + 1, right - 1, 0, 1, 4095, 4096, 1ull << 31,
                                1ull << 32, ~0ull, ~0ull - 4095, right ^ (1ull << 47)});
}

class Hostile {
 public:
  explicit Hostile(Rig& rig) : rig_(rig), id_(rig.open()), other_(rig.open(2)) {
    post_ = rig_.driver.post(id_, {{kData, 64 * kPage}}).txn;
    rig_.driver.post(other_, {{kData, 64 * kPage}});
  }

  void step() {
    if (any<bool>()) {
      request();
    } else {
      complete();
    }
    rig_.settle(sim::Time::from_us(20));
  }

  /// A proper request of a connection that is still there is served, and everything is given back.
  void end() {
    rig_.settle(sim::Time::from_ms(1));
    if (!gone(id_)) {
      const auto proper = rig_.ask(id_, kData + 5, 3000);
      const auto reply = rig_.answer(proper);
      RC_ASSERT(reply.kind == nic::ReplyKind::kPhysical);
      tell(CompletionKind::kBlockSent, id_, proper.txn);
    }
    for (const sim::TxnId txn : asked_) tell(CompletionKind::kBlockSent, id_, txn);
    for (const ConnectionId id : {id_, other_}) {
      if (!gone(id)) tell(CompletionKind::kReset, id, 0);
    }
    rig_.settle(sim::Time::from_ms(1));
    for (const ConnectionId id : {id_, other_}) rig_.driver.release(id);
    RC_ASSERT(rig_.all_quiet());
  }

 private:
  static bool in(const std::vector<std::uint64_t>& all, std::uint64_t x) {
    return std::find(all.begin(), all.end(), x) != all.end();
  }
  bool gone(ConnectionId id) const { return in(gone_, id); }

  void request() {
    nic::RequestEntry e = rig_.ask(id_, kData, 4096);
    for (int i = *rc::gen::inRange(0, 3); i >= 0; --i) spoil(e);
    if (asked_.size() > 100 || !rig_.nic.request(e)) return;
    asked_.push_back(e.txn);
  }
  void spoil(nic::RequestEntry& e) {
    switch (*rc::gen::inRange(0, 9)) {
      case 0:
        e.why = any<std::uint8_t>();
        break;
      case 1:
        e.identify = static_cast<nic::Identify>(any<std::uint8_t>());
        break;
      case 2:
        e.asid = one_of<std::uint16_t>({0, 1, 2, 3, 0xffff});
        break;
      case 3:
        e.connection = one_of<std::uint32_t>({id_, other_, 100, 127, 128, 1u << 20, ~0u});
        break;
      case 4:
        e.length = static_cast<std::uint32_t>(odd(e.length));
        break;
      case 5:
        e.virtual_address = odd(kData + *rc::gen::inRange<std::uint64_t>(0, 65) * kPage);
        break;
      case 6:
        if (!asked_.empty()) e.txn = one_of(asked_);
        break;
      case 7:
        e.txn = post_;
        break;
      default:
        e.identify = nic::Identify::kPushed;
        e.buffer_offset = odd(host::kDeviceStride / 2);
    }
  }

  void complete() {
    const auto kind = static_cast<CompletionKind>(*rc::gen::inRange<int>(0, 20));
    const ConnectionId id = one_of<ConnectionId>({id_, other_, 77, 128, ~0u});
    const sim::TxnId txn = any<bool>() && !asked_.empty() ? one_of(asked_) : odd(post_);
    const bool ends = kind == CompletionKind::kClosed || kind == CompletionKind::kReset ||
                      kind == CompletionKind::kFault;
    if (ends && *rc::gen::inRange(0, 4) != 0) return;  // or every story would soon be over
    if (rig_.nic.complete(kind, id, txn, odd(1 << 20)) && ends) gone_.push_back(id);
  }
  void tell(CompletionKind kind, ConnectionId id, sim::TxnId txn) {
    while (!rig_.nic.complete(kind, id, txn)) rig_.settle(sim::Time::from_us(5));
    rig_.settle(sim::Time::from_us(20));
  }

  Rig& rig_;
  ConnectionId id_, other_;
  sim::TxnId post_ = 0;
  std::vector<sim::TxnId> asked_;
  std::vector<std::uint64_t> gone_;
};

void check_hostile(const DriverParams& base) {
  DriverParams p = base;
  p.outstanding = 64;
  Rig rig(p);
  rig.program([&] {
    rig.settle();
    EXPECT_TRUE(rc::check("nothing breaks and nothing leaks", [&] {
      rig.nic.replies.clear();
      Hostile story(rig);
      const int steps = *rc::gen::inRange(1, 40);
      for (int i = 0; i < steps; ++i) story.step();
      story.end();
    }));
    EXPECT_GT(rig.driver.requests().stats().refused, 0U);
    EXPECT_GT(rig.driver.stats().strays, 0U);
  });
  rig.run(sim::Time::from_s(10));
}

// req: I-X14
TEST(HostileNic, BreaksNothingWithVirtualContexts) {
  check_hostile(small_params());
}

TEST(HostileNic, BreaksNothingWithStreamsPinnedAtThePost) {
  DriverParams p = small_params();
  p.scheme = {true, UnpinPost::kSent, true};
  check_hostile(p);
}

TEST(HostileNic, BreaksNothingWhenTheHostsDmaEnginePushes) {
  DriverParams p = small_params();
  p.push = PushBy::kDma;
  check_hostile(p);
}

// Two requests of one name: the reply to the first stands.
TEST(HostileNic, AsksTwiceUnderOneNameAndIsAnsweredOnce) {
  Rig rig;
  rig.program([&] {
    const ConnectionId id = rig.open();
    rig.driver.post(id, {{kData, 64 * kPage}});
    const auto e = rig.ask(id, kData, 4096);
    rig.nic.request(e);
    rig.nic.request(e);
    rig.settle();
    EXPECT_EQ(rig.nic.replies.size(), 1U);
    EXPECT_EQ(rig.driver.requests().stats().refused, 1U);
    EXPECT_EQ(rig.memory.held(), 1U);
    rig.nic.complete(CompletionKind::kBlockSent, id, e.txn);
    rig.settle();
    EXPECT_EQ(rig.memory.held(), 0U);
  });
  rig.run();
}

// The host's own pins would end while the NIC reads.
TEST(HostileNic, SaysThatItHasPinnedWhereTheHostDoes) {
  Rig rig;
  rig.program([&] {
    const ConnectionId id = rig.open();
    rig.driver.post(id, {{kData, 64 * kPage}});
    const auto e = rig.ask(id, kData, 4096);
    rig.answer(e);
    rig.nic.complete(CompletionKind::kPinned, id, e.txn);
    rig.settle();
    EXPECT_EQ(rig.memory.shared, 0U);
    EXPECT_EQ(rig.memory.held(), 1U);
    EXPECT_EQ(rig.driver.stats().strays, 1U);
  });
  rig.run();
}

// The application would take its memory back, or read what nobody has received.
TEST(HostileNic, TellsTheApplicationNothingThatCannotBe) {
  Rig rig;
  rig.program([&] {
    const ConnectionId id = rig.open();
    const auto first = rig.driver.post(id, {{kData, kPage}}).txn;
    const auto second = rig.driver.post(id, {{kData + kPage, kPage}}).txn;
    const std::size_t before = rig.client.seen.size();
    rig.nic.complete(CompletionKind::kStreamAcked, id, second);  // before the first
    rig.nic.complete(CompletionKind::kStreamAcked, id, first + 1000);
    rig.nic.complete(CompletionKind::kReceived, id, 0, 1ull << 40);
    rig.nic.complete(CompletionKind::kEstablished, id, 0, 7);  // once more
    rig.settle();
    EXPECT_EQ(rig.client.seen.size(), before);
    EXPECT_EQ(rig.driver.stats().strays, 4U);
    rig.nic.complete(CompletionKind::kStreamAcked, id, first);
    rig.nic.complete(CompletionKind::kStreamAcked, id, second);
    rig.settle();
    EXPECT_EQ(rig.client.count(CompletionKind::kStreamAcked), 2U);
  });
  rig.run();
}

}  // namespace
}  // namespace vctoe::driver::test
