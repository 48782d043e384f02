#include "tb/unit/monitors/rig.h"

namespace vctoe::scenario {
namespace {

using kernel::PinOwner;
using sim::TraceKind;

std::string finish(Rig& rig, std::uint64_t sender = 0, std::uint64_t receiver = 0) {
  return Rig::failure_of([&] { rig.monitors.finish({sender, receiver}); });
}

TEST(Balance, QuietSystemPasses) {
  Rig rig;
  for (const auto owner : {PinOwner::kAgent, PinOwner::kNode, PinOwner::kHostDma}) {
    rig.ctx.trace.emit(Rig::pin_event(TraceKind::kPin, 9, owner));
    rig.ctx.trace.emit(Rig::pin_event(TraceKind::kPin, 10, owner));
    rig.ctx.trace.emit(Rig::pin_event(TraceKind::kUnpin, 10, owner));
    rig.ctx.trace.emit(Rig::pin_event(TraceKind::kUnpin, 9, owner));
  }
  EXPECT_EQ(finish(rig), "");
  EXPECT_EQ(rig.monitors.checked().balance, 12u);
}

// req: I-G01g
TEST(Balance, PinOfATransientOwnerThatStaysFires) {
  int node = 0;
  for (const auto owner : {PinOwner::kAgent, PinOwner::kNode, PinOwner::kHostDma}) {
    node = 1 - node;
    const auto name = "monitors" + std::to_string(static_cast<int>(owner));
    sim::Context ctx;
    Monitors monitors(name.c_str(), ctx, {});
    ctx.trace.emit(Rig::pin_event(TraceKind::kPin, 9, owner, static_cast<std::uint8_t>(node)));
    const std::string text = Rig::failure_of([&] { monitors.finish({0, 0}); });
    EXPECT_TRUE(has(text, "monitor balance"));
    EXPECT_TRUE(has(text, "node " + std::to_string(node)));
    EXPECT_TRUE(has(text, "1 pins and 0 unpins of owner " + std::string(sim::enum_name(owner))));
  }
}

TEST(Balance, ReceiveBuffersAndDriverMemoryMayStayPinned) {
  Rig rig;
  rig.ctx.trace.emit(Rig::pin_event(TraceKind::kPin, 9, PinOwner::kReceive));
  rig.ctx.trace.emit(Rig::pin_event(TraceKind::kPin, 10, PinOwner::kDriver));
  EXPECT_EQ(finish(rig), "");
}

TEST(Balance, ContextPagesThatTheWalkerHoldsMayStayAndNoMore) {
  Rig rig;
  rig.ctx.trace.emit(Rig::pin_event(TraceKind::kPin, 9, PinOwner::kNode));
  rig.ctx.trace.emit(Rig::pin_event(TraceKind::kPin, 10, PinOwner::kNode));
  const auto held = [&](std::uint64_t pages) {
    return Rig::failure_of([&] { rig.monitors.finish({0, 0}, {pages, 0}); });
  };
  EXPECT_EQ(held(2), "");
  EXPECT_TRUE(has(held(1), "owner node, 1 may stay"));
  EXPECT_TRUE(has(held(3), "owner node, 3 may stay"));
}

TEST(Balance, UnpinForTheWrongOwnerFires) {
  Rig rig;
  rig.ctx.trace.emit(Rig::pin_event(TraceKind::kPin, 9, PinOwner::kAgent));
  rig.ctx.trace.emit(Rig::pin_event(TraceKind::kUnpin, 9, PinOwner::kNode));
  EXPECT_TRUE(has(finish(rig), "owner agent"));
}

TEST(Balance, PacketBufferThatIsNotEmptyFires) {
  Rig rig;
  EXPECT_TRUE(has(finish(rig, 256, 0), "packet buffer of node 0 holds 256 bytes"));
  EXPECT_TRUE(has(finish(rig, 0, 512), "packet buffer of node 1 holds 512 bytes"));
}

TEST(Monitors, DeclaresItsCountersAndItsParameter) {
  Rig rig;
  rig.ctx.trace.emit(Rig::pin_event(TraceKind::kPin, 9));
  sim::StatList stats;
  stats.group("monitor", rig.monitors.checked());
  EXPECT_EQ(stats.fields().size(), 6u);
  EXPECT_EQ(rig.monitors.checked().watchdog, 1u);
  MonitorParams params;
  sim::ParamList list;
  list.group("monitor", params);
  ASSERT_EQ(list.fields().size(), 1u);
  EXPECT_EQ(list.fields()[0].path, "monitor.watchdog");
  EXPECT_EQ(params.watchdog, sim::Time::from_s(30));
}

}  // namespace
}  // namespace vctoe::scenario
