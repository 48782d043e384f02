// The host finds its cards when it starts: addresses come from the enumeration and from nowhere
// else.
#include <gtest/gtest.h>

#include <set>

#include "sw/kernel/pci_bus.h"
#include "tb/system/inside.h"
#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

using sim::Time;

ScenarioParams with_cards(std::uint64_t nics) {
  ScenarioParams p = quiet_params();
  p.system.host.nics = nics;
  p.stream.size = sim::Bytes::kib(256);
  p.stream.connections = nics;
  return p;
}

/// Looks at the bus of the sender when the first list is posted.
class AtFirstPost {
 public:
  explicit AtFirstPost(std::function<void(const kernel::PciBus&)> look) : look_(std::move(look)) {}
  Observe listen() {
    return [this](sim::Context& context) {
      context.trace.subscribe(sim::mask_of(sim::TraceKind::kPost), [this](const auto&) {
        if (!done_) look_(inside<kernel::PciBus>("sender_pci"));
        done_ = true;
      });
    };
  }
  bool done() const { return done_; }

 private:
  std::function<void(const kernel::PciBus&)> look_;
  bool done_ = false;
};

/// What a BAR of the card says now.
std::uint64_t bar_of(unsigned card, unsigned bar) {
  const auto& config = inside<system::Host>("hardware.sender").card(card).function.config();
  const unsigned offset = pcie::offset_of(pcie::ConfigRegister::kBar0) + 4 * bar;
  return std::uint64_t{config.read(offset + 4)} << 32 | (config.read(offset) & ~0xfu);
}

// req: I-F05-112
TEST(Enumeration, GivesEachCardAddressesOfItsOwn) {
  ScenarioParams p = with_cards(2);
  AtFirstPost look([&](const kernel::PciBus& bus) {
    ASSERT_EQ(bus.functions().size(), 2u);
    std::set<std::uint64_t> starts;
    std::uint64_t end = host::kMmioBase;
    for (const kernel::PciFunction& f : bus.functions()) {
      EXPECT_EQ(f.class_code, 0x02'00'00u);
      EXPECT_EQ(f.vectors, host::kVectorsPerDevice);
      EXPECT_FALSE(f.integrated);
      EXPECT_EQ(f.bars[0].size, 16u << 10);
      EXPECT_EQ(f.bars[2].size, p.system.nic.packet_buffer.size.n);
      EXPECT_EQ(f.bars[4].size, 0u);
      for (const unsigned i : {0u, 2u}) {
        EXPECT_EQ(f.bars[i].address % f.bars[i].size, 0u);
        EXPECT_GE(f.bars[i].address, host::kMmioBase);
        EXPECT_EQ(bar_of(f.device, i), f.bars[i].address) << "the card's own register";
        starts.insert(f.bars[i].address);
      }
      // The window, which is larger, comes first.
      EXPECT_GE(f.bars[2].address, end);
      end = f.bars[0].address + f.bars[0].size;
    }
    EXPECT_EQ(starts.size(), 4u);
  });
  const auto s = run(p, "fig11", "", look.listen());
  expect_intact(s);
  EXPECT_TRUE(look.done());
  for (const char* card : {"sender.", "sender.card1.", "receiver.", "receiver.card1."}) {
    EXPECT_EQ(stat(s, card + std::string("function.unsupported_requests")), 0) << card;
    EXPECT_EQ(stat(s, card + std::string("function.dma_refused")), 0) << card;
    EXPECT_GT(stat(s, card + std::string("function.messages")), 0) << card;
  }
}

TEST(Enumeration, IsOverBeforeTheStreamsBegin) {
  const auto s = run(with_cards(4), "fig8");
  expect_intact(s);
  EXPECT_EQ(stat(s, "sender.pci.functions"), 4);
  EXPECT_GT(stat(s, "sender.pci.ready"), 10e-6);
  EXPECT_LT(stat(s, "sender.pci.ready"), 1e-3) << "stream.start";
  EXPECT_GT(stat(s, "sender.pcie.config_requests"), 30);
  EXPECT_EQ(stat(s, "sender.pcie.down.configuration.tlps"), stat(s, "sender.pcie.config_requests"));
}

// A stream that begins at once waits until the card is there.
TEST(Enumeration, HoldsUpWhoComesTooEarly) {
  ScenarioParams p = with_cards(1);
  p.stream.start = Time::zero();
  TraceLog log;
  const auto s = run(p, "fig8", "", log.listen());
  expect_intact(s);
  ASSERT_GT(log.count(sim::TraceKind::kPost), 0u);
  for (std::size_t i = 0; i < log.size(); ++i) {
    if (log[i].kind != sim::TraceKind::kPost) continue;
    EXPECT_GT(log[i].at.seconds(), stat(s, "sender.pci.ready"));
  }
}

TEST(Enumeration, FindsAnIntegratedNic) {
  ScenarioParams p = with_cards(1);
  p.system.attach = system::NicAttach::kIntegrated;
  AtFirstPost look([](const kernel::PciBus& bus) {
    ASSERT_EQ(bus.functions().size(), 1u);
    EXPECT_TRUE(bus.functions()[0].integrated);
  });
  const auto s = run(p, "fig8", "", look.listen());
  expect_intact(s);
  EXPECT_TRUE(look.done());
  EXPECT_LT(stat(s, "sender.pci.ready"), 10e-6) << "no link to cross";
}

TEST(Enumeration, FindsAPlainCardAndNotTheAgentInTheDriver) {
  ScenarioParams p = with_cards(2);
  p.system.transport = {system::Place::kDriver, system::Place::kDriver};
  AtFirstPost look([](const kernel::PciBus& bus) {
    ASSERT_EQ(bus.functions().size(), 2u);
    for (const auto& f : bus.functions()) EXPECT_EQ(f.bars[2].size, 0u) << "no packet buffer";
  });
  expect_intact(run(p, "fig8", "", look.listen()));
  EXPECT_TRUE(look.done());
}

}  // namespace
}  // namespace vctoe::scenario
