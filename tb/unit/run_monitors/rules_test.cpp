// Each monitor sees its rule broken by forged events, and keeps quiet when it is kept.
#include <gtest/gtest.h>

#include <string>

#include "models/sim/error.h"
#include "sw/scenario/monitors_memory.h"
#include "sw/scenario/monitors_wire.h"

namespace vctoe::monitors {
namespace {

using kernel::PinOwner;
using sim::TraceEvent;
using sim::TraceKind;

constexpr std::uint64_t kFrame = 4096;

TraceEvent event(TraceKind kind, std::uint64_t address = 0, std::uint64_t length = 0) {
  TraceEvent e;
  e.kind = kind;
  e.connection = 3;
  e.asid = 9;
  e.txn = 77;
  e.address = address;
  e.length = length;
  return e;
}
TraceEvent pin(TraceKind kind, std::uint64_t frame, PinOwner owner = PinOwner::kAgent) {
  TraceEvent e = event(kind, frame * kFrame);
  e.detail = static_cast<std::uint32_t>(owner);
  return e;
}
TraceEvent tcp(TraceKind kind, std::uint32_t seq, std::uint64_t length) {
  TraceEvent e = event(kind, 0, length);
  e.seq = seq;
  return e;
}

/// The text of the failed check that the call raises; empty if it raises none.
template <class Call>
std::string failure(Call call) {
  try {
    call();
  } catch (const sim::Error& e) {
    EXPECT_EQ(e.kind(), sim::FailureKind::kCheck);
    return e.what();
  }
  return "";
}

struct Bus {
  sim::Context ctx;
  std::string emit(const TraceEvent& e) {
    return failure([&] { ctx.trace.emit(e); });
  }
};

// req: I-G01e
TEST(MemoryMonitor, APinnedFrameIsNotSwappedOut) {
  Bus bus;
  MemoryMonitor monitor(bus.ctx);
  EXPECT_EQ(bus.emit(event(TraceKind::kSwapOut, 5 * kFrame)), "");
  EXPECT_EQ(bus.emit(pin(TraceKind::kPin, 5)), "");
  EXPECT_EQ(bus.emit(pin(TraceKind::kPin, 5)), "");
  EXPECT_EQ(bus.emit(pin(TraceKind::kUnpin, 5)), "");
  EXPECT_EQ(bus.emit(event(TraceKind::kSwapOut, 6 * kFrame)), "");
  TraceEvent elsewhere = event(TraceKind::kSwapOut, 5 * kFrame);
  elsewhere.node = 1;
  EXPECT_EQ(bus.emit(elsewhere), "") << "frame 5 of another host";
  const std::string text = bus.emit(event(TraceKind::kSwapOut, 5 * kFrame));
  EXPECT_NE(text.find("pinned frame is swapped out"), std::string::npos) << text;
  EXPECT_NE(text.find("connection 3, txn 77"), std::string::npos) << text;
  EXPECT_EQ(bus.emit(pin(TraceKind::kUnpin, 5)), "");
  EXPECT_EQ(bus.emit(event(TraceKind::kSwapOut, 5 * kFrame)), "");
}

// req: I-G01f, I-X12
TEST(MemoryMonitor, PayloadIsReadFromPinnedFramesOnly) {
  Bus bus;
  MemoryMonitor monitor(bus.ctx);
  EXPECT_NE(bus.emit(event(TraceKind::kDmaRead, 5 * kFrame, 1)), "") << "never pinned";
  bus.emit(pin(TraceKind::kPin, 5));
  bus.emit(pin(TraceKind::kPin, 6));
  EXPECT_EQ(bus.emit(event(TraceKind::kDmaRead, 5 * kFrame + 100, kFrame)), "");
  EXPECT_NE(bus.emit(event(TraceKind::kDmaRead, 6 * kFrame + 100, kFrame)), "") << "into frame 7";
  EXPECT_EQ(bus.emit(event(TraceKind::kDmaRead, 6 * kFrame + 4095, 1)), "");
  bus.emit(pin(TraceKind::kUnpin, 5));
  EXPECT_NE(bus.emit(event(TraceKind::kDmaRead, 5 * kFrame, 64)), "") << "after its unpin";
}

// req: I-G01g, I-F08-266
TEST(MemoryMonitor, PinsEqualUnpinsAtTheEnd) {
  for (const PinOwner owner : {PinOwner::kAgent, PinOwner::kHostDma, PinOwner::kNode}) {
    Bus bus;
    MemoryMonitor monitor(bus.ctx);
    bus.emit(pin(TraceKind::kPin, 5, PinOwner::kDriver));
    bus.emit(pin(TraceKind::kPin, 5, owner));
    EXPECT_NE(failure([&] { monitor.finish(0, 0); }), "") << sim::enum_name(owner);
    bus.emit(pin(TraceKind::kUnpin, 5, owner));
    EXPECT_EQ(failure([&] { monitor.finish(0, 0); }), "");
    EXPECT_NE(bus.emit(pin(TraceKind::kUnpin, 5, owner)), "") << "of another's pin";
    EXPECT_NE(bus.emit(pin(TraceKind::kUnpin, 8, owner)), "") << "of nobody's";
  }
}

TEST(MemoryMonitor, ContextPagesThatTheWalkerHoldsAreNotLeft) {
  Bus bus;
  MemoryMonitor monitor(bus.ctx);
  bus.emit(pin(TraceKind::kPin, 5, PinOwner::kNode));
  EXPECT_EQ(failure([&] { monitor.finish(0, 1); }), "");
  EXPECT_NE(failure([&] { monitor.finish(0, 0); }), "");
  EXPECT_NE(failure([&] { monitor.finish(0, 2); }), "") << "one is unpinned too early";
}

// req: I-F08-252
TEST(WindowMonitor, FirstTransmissionsStayInsideTheWindow) {
  Bus bus;
  WindowMonitor monitor(bus.ctx);
  const std::uint32_t first = 0xffff'ff00;  // wraps
  EXPECT_NE(bus.emit(tcp(TraceKind::kTxFirst, first, 1)), "") << "before the handshake";
  bus.emit(tcp(TraceKind::kRxAck, first, 1000));
  EXPECT_EQ(bus.emit(tcp(TraceKind::kTxFirst, first, 600)), "");
  EXPECT_EQ(bus.emit(tcp(TraceKind::kTxFirst, first + 600, 400)), "");
  EXPECT_NE(bus.emit(tcp(TraceKind::kTxFirst, first + 1000, 1)), "");
  EXPECT_NE(bus.emit(tcp(TraceKind::kTxFirst, first + 600, 401)), "");
  bus.emit(tcp(TraceKind::kRxAck, first + 600, 1000));
  EXPECT_EQ(bus.emit(tcp(TraceKind::kTxFirst, first + 1000, 600)), "");
  const std::string text = bus.emit(tcp(TraceKind::kTxFirst, first + 1600, 1));
  EXPECT_NE(text.find("connection 3"), std::string::npos) << text;
  EXPECT_EQ(bus.emit(tcp(TraceKind::kTxRetransmit, first + 5000, 1)), "") << "not its business";
}

// req: I-X13
TEST(WindowMonitor, AProbeOfAClosedWindowIsAllowed) {
  Bus bus;
  WindowMonitor monitor(bus.ctx);
  bus.emit(tcp(TraceKind::kRxAck, 100, 0));
  EXPECT_EQ(bus.emit(tcp(TraceKind::kTxFirst, 100, 1)), "");
  EXPECT_NE(bus.emit(tcp(TraceKind::kTxFirst, 100, 2)), "");
  EXPECT_NE(bus.emit(tcp(TraceKind::kTxFirst, 101, 1)), "");
}

TEST(WindowMonitor, ANewConnectionWithTheSameIdStartsAfresh) {
  Bus bus;
  WindowMonitor monitor(bus.ctx);
  bus.emit(tcp(TraceKind::kRxAck, 5000, 60'000));
  TraceEvent opening = event(TraceKind::kConnState);
  opening.detail = 2;  // SYN-SENT
  bus.emit(opening);
  EXPECT_NE(bus.emit(tcp(TraceKind::kTxFirst, 5000, 1)), "");
  bus.emit(tcp(TraceKind::kRxAck, 100, 10));
  EXPECT_EQ(bus.emit(tcp(TraceKind::kTxFirst, 100, 10)), "");
  EXPECT_NE(bus.emit(tcp(TraceKind::kTxFirst, 5000, 1)), "");
}

struct PostedRig : Bus {
  PostedRig() : monitor(ctx) {
    monitor.add_node(
        0, [this](std::uint32_t) -> const auto& { return posted; });
  }
  /// The driver's word: post 77 is two ranges from sequence number 1000 on.
  void post() {
    posted = {{77, {0x10000, 500}, 1000}, {77, {0x90000, 500}, 1500}};
    TraceEvent e = event(TraceKind::kPost, 0x1234, 1000);
    EXPECT_EQ(emit(e), "");
    posted.clear();  // what the driver says later does not matter
  }
  std::string ask(std::uint64_t address, std::uint64_t length, std::uint32_t seq) {
    TraceEvent e = event(TraceKind::kBlockRequest, address, length);
    e.txn = 100;
    e.seq = seq;
    return emit(e);
  }
  std::deque<driver::PostedRange> posted;
  PostedMonitor monitor;
};

// req: I-G01b, I-X14
TEST(PostedMonitor, EveryRequestLiesInsideWhatWasPosted) {
  PostedRig rig;
  EXPECT_NE(rig.ask(0x10000, 500, 1000), "") << "before the post";
  rig.post();
  EXPECT_EQ(rig.ask(0x10000, 500, 1000), "");
  EXPECT_EQ(rig.ask(0x90000 + 499, 1, 1999), "");
  EXPECT_NE(rig.ask(0x10000, 501, 1000), "");
  EXPECT_NE(rig.ask(0x10000 - 1, 10, 999), "");
  EXPECT_NE(rig.ask(0x10010, 10, 1000), "") << "the right bytes at the wrong place";
  TraceEvent other = event(TraceKind::kBlockRequest, 0x10000, 10);
  other.seq = 1000;
  other.connection = 4;
  EXPECT_NE(rig.emit(other), "") << "another connection";
  other.connection = 3;
  EXPECT_EQ(rig.emit(other), "");
  other.asid = 8;
  EXPECT_NE(rig.emit(other), "") << "another address space";
}

TEST(PostedMonitor, WhatIsAcknowledgedOrClosedMayNotBeAskedForAgain) {
  PostedRig rig;
  rig.post();
  rig.emit(event(TraceKind::kStreamAcked));
  EXPECT_NE(rig.ask(0x10000, 500, 1000), "");
  rig.post();
  EXPECT_EQ(rig.ask(0x10000, 500, 1000), "");
  rig.emit(event(TraceKind::kConnState));  // CLOSED
  EXPECT_NE(rig.ask(0x10000, 500, 1000), "");
}

TEST(PostedMonitor, APostMustSayWhatItCovers) {
  PostedRig rig;
  rig.posted = {{77, {0x10000, 500}, 1000}, {76, {0x90000, 500}, 1500}};
  EXPECT_NE(rig.emit(event(TraceKind::kPost, 0x1234, 1000)), "");
}

}  // namespace
}  // namespace vctoe::monitors
