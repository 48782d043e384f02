// The function at the end of a link, as software on the processor finds it.
#include "models/pcie/endpoint.h"

#include <gtest/gtest.h>

#include "tb/unit/pcie/bench.h"

namespace vctoe::pcie {
namespace {

using sim::Time;

constexpr unsigned kBar0 = offset_of(ConfigRegister::kBar0);
constexpr unsigned kCommand = offset_of(ConfigRegister::kCommand);
constexpr std::uint64_t kPlaced = 0x3'0000'0000;
constexpr std::uint64_t kWindow = 0x1'0000;  ///< place of the window inside the device

FunctionLayout layout() {
  FunctionLayout f;
  f.vendor = 0x1234;
  f.device = 0x5678;
  f.class_code = 0x02'00'00;
  f.bars[0] = {16 << 10, 0, false};
  f.bars[1] = {256 << 10, kWindow, true};
  f.vectors = 4;
  f.msix_place = 8 << 10;
  return f;
}

/// The link's bench with a function before the device.
struct Bench {
  explicit Bench(const FunctionLayout& f = layout(), const LinkParams& p = {})
      : link("link", context, 0, p), function("function", f) {
    device.socket.bind(function.dma);
    function.to_link.bind(link.dev_dma);
    link.host_mem.bind(host.socket);
    cpu.socket.bind(link.host_mmio);
    link.dev_bar.bind(function.from_link);
    function.registers.bind(bar.socket);
  }
  void run(std::function<void()> program) {
    cpu.program = std::move(program);
    sc_core::sc_start(1, sc_core::SC_MS);
    link.settle_stats();
  }
  /// A request of the CPU: configuration, or by address.
  bool access(tlm::tlm_command command, std::uint64_t address, void* data, unsigned n,
              Purpose purpose) {
    tlm::tlm_generic_payload& gp = pool.get();
    sim::set_access(gp, command, address, data, n);
    TlpExtension about;
    about.purpose = purpose;
    TlpExtension::of(gp) = about;
    sc_core::sc_time delay;
    cpu.socket->b_transport(gp, delay);
    const bool ok = gp.is_response_ok();
    gp.release();
    return ok;
  }
  std::uint32_t read(unsigned offset) {
    std::uint32_t value = 0;
    EXPECT_TRUE(access(tlm::TLM_READ_COMMAND, offset, &value, 4, Purpose::kConfiguration));
    return value;
  }
  void write(unsigned offset, std::uint32_t value) {
    EXPECT_TRUE(access(tlm::TLM_WRITE_COMMAND, offset, &value, 4, Purpose::kConfiguration));
  }
  bool load(std::uint64_t address, std::uint64_t& value) {
    return access(tlm::TLM_READ_COMMAND, address, &value, 8, Purpose::kRegister);
  }
  void store(std::uint64_t address, std::uint64_t value) {
    access(tlm::TLM_WRITE_COMMAND, address, &value, 8, Purpose::kRegister);
  }
  unsigned capability(std::uint8_t id) {
    unsigned at = read(offset_of(ConfigRegister::kCapabilities));
    while (at != 0 && (read(at) & 0xff) != id) at = read(at) >> 8 & 0xff;
    return at;
  }
  void place() {
    write(kBar0, static_cast<std::uint32_t>(kPlaced));
    write(kBar0 + 4, kPlaced >> 32);
    write(kBar0 + 8, static_cast<std::uint32_t>(kPlaced + (256 << 10)));
    write(kBar0 + 12, kPlaced >> 32);
  }

  sim::Context context;
  sim::PayloadPool pool;
  Link link;
  Endpoint function;
  test::Memory<64> host{"host"};
  test::Memory<32> bar{"bar"};
  test::Device device{"device"};
  test::Cpu cpu{"cpu"};
};

TEST(Endpoint, SaysWhatItIs) {
  Bench b;
  b.run([&] {
    EXPECT_EQ(b.read(0), 0x5678'1234u);
    EXPECT_EQ(b.read(offset_of(ConfigRegister::kClass)) >> 8, 0x02'00'00u);
    EXPECT_EQ(b.read(offset_of(ConfigRegister::kHeaderType)) >> 16 & 0x7f, 0u);
    const unsigned pcie = b.capability(kPcieCapability);
    const unsigned msix = b.capability(kMsixCapability);
    ASSERT_NE(pcie, 0u);
    ASSERT_NE(msix, 0u);
    EXPECT_EQ(b.read(pcie) >> 20 & 0xf, kTypeEndpoint);
    EXPECT_EQ(b.read(pcie + kLinkControl) >> 16, 0x83u) << "8 lanes of generation 3";
    EXPECT_EQ(b.read(msix) >> 16 & 0x7ff, 3u) << "vectors less one";
    EXPECT_EQ(b.read(0xffc), 0u);
  });
  EXPECT_EQ(b.link.stats().config_requests, b.function.stats().config_reads);
}

TEST(Endpoint, OnTheFabricItIsIntegratedAndHasNoLink) {
  FunctionLayout f = layout();
  f.integrated = true;
  Bench b(f);
  b.run([&] {
    const unsigned pcie = b.capability(kPcieCapability);
    EXPECT_EQ(b.read(pcie) >> 20 & 0xf, kTypeIntegrated);
    EXPECT_EQ(b.read(pcie + kLinkCapabilities), 0u);
  });
}

TEST(Endpoint, AConfigurationRequestCrossesTheLinkAndBack) {
  Bench b;
  Time reading, writing;
  b.run([&] {
    const Time start = sim::now();
    b.read(0);
    reading = sim::now() - start;
    b.write(kCommand, kMemorySpace);
    writing = sim::now() - start - reading;
  });
  // 101 ns each way, 540 in the device; header and framing 20 B, completions of 4 and 0 B.
  EXPECT_NEAR(reading.ns(), 742 + (20 + 24) * 0.1339, 0.1);
  EXPECT_NEAR(writing.ns(), 742 + (20 + 20) * 0.1339, 0.1);
  const auto& down = b.link.stats().down.of(Purpose::kConfiguration);
  EXPECT_EQ(down.tlps, 2u);
  EXPECT_EQ(down.bytes, 4u);
  EXPECT_EQ(b.link.stats().up.of(Purpose::kConfiguration).bytes, 4u);
}

TEST(Endpoint, OnesWrittenToABarLeaveItsSize) {
  Bench b;
  b.run([&] {
    for (unsigned at = kBar0; at < kBar0 + 24; at += 4) b.write(at, ~0u);
    EXPECT_EQ(b.read(kBar0), (~0u << 14) | kBar64);
    EXPECT_EQ(b.read(kBar0 + 4), ~0u);
    EXPECT_EQ(b.read(kBar0 + 8), (~0u << 18) | kBar64 | kBarPrefetchable);
    EXPECT_EQ(b.read(kBar0 + 16), 0u) << "there is no third";
  });
}

TEST(Endpoint, RefusesAccessesUntilMemorySpaceIsEnabled) {
  Bench b;
  b.run([&] {
    std::uint64_t value = 0;
    b.place();
    EXPECT_FALSE(b.load(kPlaced + 0x40, value));
    b.store(kPlaced + 0x40, 7);  // posted: nobody is told, but it is noted
    const unsigned control = b.capability(kPcieCapability) + kDeviceControl;
    EXPECT_NE(b.read(control) & kUnsupportedRequestDetected, 0u);
    b.write(control, kUnsupportedRequestDetected);
    EXPECT_EQ(b.read(control) & kUnsupportedRequestDetected, 0u);
    EXPECT_TRUE(b.bar.log.empty());
    b.write(kCommand, kMemorySpace);
    b.store(kPlaced + 0x40, 7);
    EXPECT_TRUE(b.load(kPlaced + 0x40, value));
    EXPECT_EQ(value, 7u);
  });
  EXPECT_EQ(b.function.stats().unsupported_requests, 2u);
  EXPECT_EQ(b.link.stats().mmio_errors, 2u);
}

TEST(Endpoint, DecodesEachBarToItsPlaceInTheDevice) {
  Bench b;
  b.run([&] {
    std::uint64_t value = 0;
    b.place();
    b.write(kCommand, kMemorySpace);
    b.store(kPlaced + (256 << 10) + 0x20, 9);
    EXPECT_FALSE(b.load(kPlaced + (16 << 10), value)) << "behind the first BAR";
    EXPECT_FALSE(b.load(kPlaced + (512 << 10), value)) << "behind the second";
  });
  ASSERT_EQ(b.bar.log.size(), 1u);
  EXPECT_EQ(b.bar.log[0].address, kWindow + 0x20);
}

TEST(Endpoint, RefusesDmaUntilItIsBusMaster) {
  Bench b;
  std::uint64_t data = 1;
  b.run([&] {
    b.device.ext.txn = 1;
    b.device.read(0x100, &data, 8);
    b.device.ext.txn = 2;
    b.device.write(0x100, &data, 8);
    sim::wait(Time::from_us(2));
    EXPECT_TRUE(b.host.log.empty());
    b.write(kCommand, kBusMaster);
    b.device.ext.txn = 3;
    b.device.read(0x100, &data, 8);
    sim::wait(Time::from_us(2));
  });
  ASSERT_EQ(b.device.answers.size(), 3u);
  EXPECT_FALSE(b.device.answers[0].ok);
  EXPECT_FALSE(b.device.answers[1].ok);
  EXPECT_TRUE(b.device.answers[2].ok);
  EXPECT_EQ(b.function.stats().dma_refused, 2u);
}

/// Vector 1 of the device, whose message software has sent to 0x8000 of host memory.
struct Messages : Bench {
  void raise() {
    device.ext.purpose = Purpose::kInterrupt;
    device.write(4, &one, 4);
    sim::wait(Time::from_us(1));
  }
  void set_up() {
    place();
    write(kCommand, kMemorySpace | kBusMaster);
    store(kPlaced + (8 << 10) + 16, 0x8000);
    msix = capability(kMsixCapability);
  }
  std::uint32_t one = 1;
  unsigned msix = 0;
};

TEST(Endpoint, SendsAMessageWhereItsTableSays) {
  Messages b;
  b.run([&] {
    b.set_up();
    b.store(kPlaced + (8 << 10) + 24, 0);
    b.write(b.msix, kMsixEnable);
    b.raise();
  });
  ASSERT_EQ(b.host.log.size(), 1u);
  EXPECT_EQ(b.host.log[0].address, 0x8000u);
  EXPECT_EQ(b.function.stats().messages, 1u);
}

TEST(Endpoint, HoldsAMessageWhileMsixIsOffOrItsVectorIsMasked) {
  Messages b;
  b.run([&] {
    std::uint64_t pending = 0;
    const std::uint64_t table = kPlaced + (8 << 10);
    b.set_up();
    b.raise();
    b.write(b.msix, kMsixEnable);
    sim::wait(Time::from_us(1));
    EXPECT_TRUE(b.host.log.empty()) << "masked, as every vector at the start";
    EXPECT_TRUE(b.load(table + 64, pending));
    EXPECT_EQ(pending, 2u);
    b.store(table + 24, 0);
    sim::wait(Time::from_us(1));
    EXPECT_EQ(b.host.log.size(), 1u);
    EXPECT_TRUE(b.load(table + 64, pending));
    EXPECT_EQ(pending, 0u);
  });
  EXPECT_EQ(b.function.stats().messages_held, 1u);
  EXPECT_EQ(b.device.answers.size(), 1u);
}

}  // namespace
}  // namespace vctoe::pcie
