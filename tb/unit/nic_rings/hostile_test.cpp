// A host that is out of its mind: whatever it writes into rings and registers, the NIC refuses what
// cannot be, ends the connection that it is about, and keeps nothing.
#include <rapidcheck.h>

#include <algorithm>
#include <map>

#include "tb/support/draw.h"
#include "tb/unit/nic_rings/hostile_rig.h"

namespace vctoe::nic::test {
namespace {

using support::any;
using support::one_of;

std::uint64_t odd(std::uint64_t right) {
  return one_of<std::uint64_t>({right, right + 1, right - 1, 0, 1, 4096, 1ull << 20, 1ull << 31,
                                1ull << 32, 1ull << 40, 1ull << 47, ~0ull, ~0ull - 4095});
}
std::uint32_t any_id() {
  return one_of<std::uint32_t>({0, 1, 2, 7, 8, 1u << 20, ~0u});
}

void spoil(SgElement& e) {
  if (any<bool>()) e.address = odd(e.address);
  if (any<bool>()) e.length = static_cast<std::uint32_t>(odd(e.length));
}

void spoil(SubmitEntry& e) {
  switch (*rc::gen::inRange(0, 8)) {
    case 0:
      e.op = static_cast<SubmitOp>(any<std::uint8_t>());
      break;
    case 1:
      e.connection = any_id();
      break;
    case 2:
      e.length = odd(e.length);
      break;
    case 3:
      e.count = static_cast<std::uint32_t>(odd(e.count));
      break;
    case 4:
      e.sg_address = odd(e.sg_address);
      break;
    case 5:
      e.list_head = odd(e.list_head);
      break;
    case 6:
      e.first_sequence = static_cast<std::uint32_t>(odd(e.first_sequence));
      break;
    default:
      e.asid = any<std::uint16_t>();
  }
}

void spoil(ReplyEntry& e) {
  switch (*rc::gen::inRange(0, 7)) {
    case 0:
      e.kind = static_cast<ReplyKind>(*rc::gen::inRange(0, 5));
      break;
    case 1:
      e.connection = any_id();
      break;
    case 2:
      e.asid = any<std::uint16_t>();
      break;
    case 3:
      e.txn = odd(e.txn);
      break;
    case 4:
      e.count = static_cast<std::uint32_t>(odd(e.count));
      break;
    case 5:
      e.sg_address = odd(e.sg_address);
      break;
    default:
      spoil(e.inline_sg[0]);
  }
}

class Story {
 public:
  explicit Story(HostileRig& rig) : rig_(rig) {
    for (std::uint32_t i = 0; i < 3; ++i) rig_.connect(i);
  }
  void step() {
    switch (*rc::gen::inRange(0, 8)) {
      case 0:
        doorbell();
        break;
      case 1:
        submission();
        break;
      case 2:
        registers();
        if (*rc::gen::inRange(0, 10) == 0) rig_.command(SubmitOp::kClose, any_id() % 3);
        break;
      case 3:
        rig_.post(*rc::gen::inRange<std::uint32_t>(0, 3), *rc::gen::inRange(1u, 30000u));
        break;
      default:
        reply();
    }
    rig_.run(sim::Time::from_us(*rc::gen::inRange(1, 60)));
  }

 private:
  /// Only such as move no ring on: what is read is then what the test has written.
  void doorbell() {
    const std::uint64_t bad = one_of<std::uint64_t>({0, 1, ~0ull, 1ull << 32, 1ull << 20});
    rig_.bad.reg(one_of<Register>({Register::kSubmitTail, Register::kReplyTail}),
                 bad == 1 ? 0 : bad);
    rig_.bad.reg(one_of<Register>({Register::kRequestHead, Register::kCompletionHead}), ~0ull);
  }
  void submission() {
    SubmitEntry e = rig_.bad.post(any_id() % 3, any<std::uint32_t>(), 5000, 77);
    if (any<bool>()) e = rig_.bad.receive(any_id() % 3);
    for (int i = *rc::gen::inRange(0, 3); i >= 0; --i) spoil(e);
    rig_.bad.submit(e);
  }
  void registers() {
    // Of rings in use; there is no way to move one of those.
    rig_.bad.reg(
        one_of<Register>({Register::kSubmitBase, Register::kSubmitSize, Register::kCompletionBase,
                          Register::kCompletionSize, Register::kControl, Register::kIdentity}),
        odd(4096));
    rig_.bad.reg(Register::kReceiveConsumed, any<std::uint64_t>());
    const std::uint8_t junk[16] = {};
    rig_.bad.poke(host::nic_bar0(0) + *rc::gen::inRange(0xa0, 0x1000), junk, 8);
    rig_.bad.poke(host::nic_bar2(0) + (64 << 10) + *rc::gen::inRange(0, 1 << 20), junk, 16);
  }
  void reply() {
    const auto open = std::find_if(rig_.asked.begin(), rig_.asked.end(),
                                   [&](const auto& r) { return rig_.answered.count(r.txn) == 0; });
    const bool none = open == rig_.asked.end();
    ReplyEntry e = none ? ReplyEntry{} : RingHost::answer(*open);
    for (int i = *rc::gen::inRange(-2, 2); i >= 0; --i) spoil(e);
    rig_.reply(e);
  }

  HostileRig& rig_;
};

void check_hostile(Source first, Source again) {
  HostileRig rig(first, again);
  EXPECT_TRUE(rc::check("nothing breaks and nothing leaks", [&] {
    rig.asked.clear();
    Story story(rig);
    const int steps = *rc::gen::inRange(1, 40);
    for (int i = 0; i < steps; ++i) story.step();
    rig.end();
    RC_ASSERT(rig.leak() == "");
  }));
  rig.connect(5);  // and it still works
  ASSERT_EQ(rig.next.count(5), 1u);
}

TEST(HostileHost, BreaksNothingByPhysicalAddress) {
  check_hostile(Source::kPhysical, Source::kPhysical);
}
TEST(HostileHost, BreaksNothingByPushedData) {
  check_hostile(Source::kPushed, Source::kPushed);
}
TEST(HostileHost, BreaksNothingWithPostedScatterLists) {
  check_hostile(Source::kPosted, Source::kPhysical);
}

// ---- one by one ---------------------------------------------------------------------------------

/// Runs until the NIC asks for a block, serving the pages of records that it needs for it.
RequestEntry next_block(HostileRig& rig) {
  for (int i = 0; i < 100; ++i) {
    rig.run(sim::Time::from_us(10));
    for (const auto& r : rig.asked) {
      if (rig.answered.count(r.txn) != 0) continue;
      if (r.why != static_cast<std::uint8_t>(sim::Why::kNode)) return r;
      rig.reply(RingHost::answer(r));
    }
  }
  ADD_FAILURE() << "nothing is asked for";
  return {};
}

TEST(HostileHost, AnAddressOutsideMemoryEndsTheConnectionWithAFault) {
  HostileRig rig(Source::kPhysical, Source::kPhysical);
  rig.connect(0);
  rig.post(0, 5000);
  ReplyEntry e = RingHost::answer(next_block(rig));
  e.inline_sg[0].address = std::uint64_t{1} << 40;
  rig.reply(e);
  rig.run(sim::Time::from_ms(1));
  EXPECT_EQ(rig.count(CompletionKind::kFault, 0), 1u);
  EXPECT_EQ(rig.released[e.txn], 1u);
  EXPECT_GE(rig.nic.dma().stats().errors, 1u);
  rig.end();
  EXPECT_EQ(rig.leak(), "");
}

TEST(HostileHost, AReplyForAnotherAddressSpaceEndsTheConnectionWithAFault) {
  HostileRig rig(Source::kPhysical, Source::kPhysical);
  rig.connect(0);
  rig.post(0, 5000);
  ReplyEntry e = RingHost::answer(next_block(rig));
  ++e.asid;
  rig.reply(e);
  rig.run(sim::Time::from_ms(1));
  EXPECT_EQ(rig.count(CompletionKind::kFault, 0), 1u);
  EXPECT_EQ(rig.released[e.txn], 1u);
}

TEST(HostileHost, AReplyAfterTheResetIsReleasedAndCounted) {
  HostileRig rig(Source::kPhysical, Source::kPhysical);
  rig.connect(0);
  rig.post(0, 5000);
  const RequestEntry request = next_block(rig);
  rig.command(SubmitOp::kAbort, 0);
  rig.run(sim::Time::from_ms(1));
  EXPECT_EQ(rig.released[request.txn], 0u);
  rig.reply(RingHost::answer(request));
  rig.reply(RingHost::answer(request));
  rig.run(sim::Time::from_ms(1));
  EXPECT_EQ(rig.released[request.txn], 1u);
  EXPECT_EQ(rig.nic.requests().stats().late_replies, 1u);
  EXPECT_EQ(rig.nic.requests().stats().foreign_replies, 1u);
}

TEST(HostileHost, AScatterListShorterThanItsPostEndsTheConnectionWithAFault) {
  HostileRig rig(Source::kPosted, Source::kPhysical);
  rig.connect(0);
  SubmitEntry e = rig.bad.post(0, rig.next[0], 5000, 1);
  e.length = 6000;
  rig.bad.submit(e);
  rig.run(sim::Time::from_ms(1));
  EXPECT_EQ(rig.count(CompletionKind::kFault, 0), 1u);
}

TEST(HostileHost, AnAbsurdListLengthIsRefused) {
  HostileRig rig(Source::kPosted, Source::kPhysical);
  rig.connect(0);
  SubmitEntry e = rig.bad.post(0, rig.next[0], 5000, 1);
  e.count = ~0u;
  rig.bad.submit(e);
  rig.run(sim::Time::from_ms(1));
  EXPECT_EQ(rig.count(CompletionKind::kFault, 0), 1u);
}

TEST(HostileHost, NewReceiveMemoryForAnOpenConnectionEndsIt) {
  HostileRig rig(Source::kPhysical, Source::kPhysical);
  rig.connect(0);
  rig.bad.submit(rig.bad.receive(0));
  rig.run(sim::Time::from_ms(1));
  EXPECT_EQ(rig.count(CompletionKind::kFault, 0), 1u);
}

TEST(HostileHost, BytesConsumedBeforeTheyCameDoNotOpenTheWindow) {
  HostileRig rig(Source::kPhysical, Source::kPhysical);
  rig.connect(0);
  rig.bad.reg(Register::kReceiveConsumed, std::uint64_t{1} << 30);
  rig.run(sim::Time::from_us(100));
  EXPECT_EQ(rig.nic.connections().at(0).consumed, 0u);
}

TEST(HostileHost, ARingOutsideMemoryIsDeadAndNothingElse) {
  sim::Context context;
  system::TwoHosts hardware("hardware", context, rig_params(Source::kPhysical, Source::kPhysical));
  RingHost host(hardware.host(0));
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
  host.reg(Register::kSubmitTail, 1);  // before there is a ring
  host.reg(Register::kSubmitSize, 3);  // no power of two
  host.reg(Register::kSubmitBase, std::uint64_t{1} << 40);
  host.reg(Register::kSubmitSize, 4);
  host.reg(Register::kSubmitTail, 2);
  sc_core::sc_start(100, sc_core::SC_US);
  host.reg(Register::kSubmitTail, 3);
  sc_core::sc_start(100, sc_core::SC_US);
  EXPECT_FALSE(hardware.host(0).nic.busy());
  EXPECT_EQ(hardware.host(0).nic.dma().stats().errors, 1u);
}

}  // namespace
}  // namespace vctoe::nic::test
