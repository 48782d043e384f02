#include "models/host/root_complex.h"

#include <gtest/gtest.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstring>
#include <string>
#include <vector>

#include "models/host/dram.h"
#include "tb/unit/host/fixtures.h"

namespace vctoe::host {
namespace {

using sim::Time;

/// Stands for a link's host_mmio: notes what arrives; reads take 700 ns or fail.
class Device : public sc_core::sc_module {
 public:
  explicit Device(const sc_core::sc_module_name& name) : sc_module(name) {
    socket.register_b_transport(this, &Device::b_transport);
  }
  tlm_utils::simple_target_socket<Device, 64> socket{"socket"};
  struct Write {
    std::uint64_t address;
    std::string bytes;
    pcie::Purpose purpose;
  };
  std::vector<Write> writes;
  bool fails = false;

 private:
  void b_transport(tlm::tlm_generic_payload& gp, sc_core::sc_time&) {
    auto* data = reinterpret_cast<char*>(gp.get_data_ptr());
    if (gp.is_write()) {
      writes.push_back({gp.get_address(), std::string(data, gp.get_data_length()),
                        pcie::TlpExtension::of(gp).purpose});
      gp.set_response_status(tlm::TLM_OK_RESPONSE);
      return;
    }
    sim::wait(Time::from_ns(700));
    std::memset(data, 0x5a, gp.get_data_length());
    gp.set_response_status(fails ? tlm::TLM_GENERIC_ERROR_RESPONSE : tlm::TLM_OK_RESPONSE);
  }
};

struct Bench {
  Bench()
      : dram("dram", ctx, DramParams{}),
        rc("rc", ctx, {Time::from_ns(200), Time::from_ns(100), {}}, Time::from_ns(120), 1) {
    rc.to_dram.bind(dram.socket);
    link.socket.bind(rc.from_devices);
    rc.to_devices.bind(first.socket);
    rc.to_devices.bind(second.socket);
  }
  sim::Context ctx;
  Dram dram;
  RootComplex rc;
  MemoryPort link{"link"};
  Device first{"first"};
  Device second{"second"};
};

RootComplexParams across(NumaPlacement placement) {
  RootComplexParams p{Time::from_ns(200), Time::from_ns(100), Time::from_ns(107)};
  p.numa = placement;
  return p;
}

/// A root complex alone with its DRAM.
struct Sockets {
  explicit Sockets(NumaPlacement placement) : rc("rc", ctx, across(placement), Time::from_ns(120)) {
    rc.to_dram.bind(dram.socket);
    link.socket.bind(rc.from_devices);
    disk.socket.bind(rc.from_storage);
    elaborate();
  }
  sim::Context ctx;
  Dram dram{"dram", ctx, DramParams{}};
  RootComplex rc;
  MemoryPort link{"link"};
  MemoryPort disk{"disk"};
  std::vector<std::uint8_t> data = std::vector<std::uint8_t>(4096);
};

// 30 ns for a closed bank, 200 or 100 ns of the path; between the sockets 107 ns there and back and
// 64 B at 153.6 Gb/s, 3.333 ns.
TEST(Numa, ReadAcrossTakesThereAndBackMoreAndAWriteHalfOfIt) {
  Sockets s(NumaPlacement::kRemoteNic);
  EXPECT_NEAR(s.link.read(0x12'3000, s.data.data(), 64).ns(), 30 + 200 + 107 + 3.333, 0.01);
  sc_core::sc_start(1, sc_core::SC_US);
  EXPECT_NEAR(s.link.write(0x45'3000, s.data.data(), 64).ns(), 30 + 100 + 53.5 + 3.333, 0.01);
  EXPECT_EQ(s.rc.stats().numa_bytes, 128u);
}

TEST(Numa, AccessesAcrossShareTheRateBetweenTheSockets) {
  Sockets s(NumaPlacement::kRemoteMemory);
  const Time one = s.link.read(0x10'0000, s.data.data(), 4096);
  Time last;
  for (int i = 0; i < 15; ++i) last = s.link.read(0x10'0000, s.data.data(), 4096);
  // DRAM has 153.6 Gb/s as well, and both pass 4 KiB in 213.3 ns.
  EXPECT_NEAR((last - one).ns(), 15 * 4096 * 8 / 153.6, 350);
  EXPECT_EQ(s.rc.stats().numa_bytes, 16u * 4096);
}

TEST(Numa, StorageCrossesOverToRemoteMemoryOnly) {
  Sockets s(NumaPlacement::kRemoteNic);
  EXPECT_NEAR(s.disk.read(0x12'3000, s.data.data(), 64).ns(), 30, 0.01);
  EXPECT_EQ(s.rc.stats().numa_bytes, 0u);
}
TEST(Numa, StorageReadsRemoteMemoryLater) {
  Sockets s(NumaPlacement::kRemoteMemory);
  EXPECT_NEAR(s.disk.read(0x12'3000, s.data.data(), 64).ns(), 30 + 107 + 3.333, 0.01);
}
TEST(Numa, LocalIsTheDefaultAndCostsNothing) {
  Sockets s(RootComplexParams{}.numa);
  EXPECT_NEAR(s.link.read(0x12'3000, s.data.data(), 64).ns(), 230, 0.01);
  EXPECT_EQ(s.rc.stats().numa_bytes, 0u);
}

TEST(RootComplex, DmaWritesAndReadsLandInDram) {
  Bench b;
  elaborate();
  const std::string text = "bytes of a stream";
  // 30 ns closed bank + 100 ns; then 16.7 ns row hit + 200 ns behind it.
  EXPECT_NEAR(b.link.write(0x12'3000, text.data(), text.size()).ns(), 130, 0.01);
  EXPECT_EQ(std::memcmp(b.dram.page(0x12'3000), text.data(), text.size()), 0);
  std::string back(text.size(), ' ');
  const Time took =
      b.link.access(tlm::TLM_READ_COMMAND, 0x12'3000, back.data(), back.size(), Time::from_ns(50));
  EXPECT_EQ(back, text);
  EXPECT_NEAR(took.ns(), 216.667, 0.01);
  EXPECT_EQ(b.rc.stats().dma_reads, 1u);
  EXPECT_EQ(b.rc.stats().dma_bytes_written, text.size());
}

TEST(RootComplex, DmaOutsideMemoryIsRefusedAndCounted) {
  Bench b;
  elaborate();
  std::uint8_t bytes[64] = {};
  for (const std::uint64_t address :
       {b.dram.size() - 32, kNicBar0, kMsiBase, ~std::uint64_t{0} - 7}) {
    b.link.read(address, bytes, sizeof bytes);
    EXPECT_EQ(b.link.status, tlm::TLM_ADDRESS_ERROR_RESPONSE);
  }
  EXPECT_EQ(b.rc.stats().dma_errors, 4u);
  EXPECT_EQ(b.rc.stats().dma_reads, 0u);
}

TEST(RootComplex, MessageCallsTheHandlerAfterItsDelivery) {
  Bench b;
  std::vector<std::pair<unsigned, Time>> taken;
  b.rc.set_interrupt_handler([&](unsigned v) { taken.emplace_back(v, sim::now()); });
  elaborate();
  std::uint32_t data = 1;
  b.link.access(tlm::TLM_WRITE_COMMAND, kMsiBase + 12, &data, 4, Time::from_ns(40));
  EXPECT_EQ(b.link.status, tlm::TLM_OK_RESPONSE);
  EXPECT_TRUE(taken.empty());
  b.link.write(kMsiBase + 2, &data, 4);
  EXPECT_EQ(b.link.status, tlm::TLM_ADDRESS_ERROR_RESPONSE);
  sc_core::sc_start();
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0], std::make_pair(3u, Time::from_ns(160)));
  EXPECT_EQ(b.rc.stats().interrupts, 1u);
}

// req: I-P0067b
TEST(RootComplex, CpuReachesEachDeviceByItsAddress) {
  Bench b;
  elaborate();
  const std::uint32_t one = 0x11;
  b.rc.mmio_write(nic_bar0(0) + 8, &one, 4);
  pcie::TlpExtension push;
  push.max_payload = 64;
  b.rc.mmio_write(nic_bar2(1), "pushed", 6, push);
  ASSERT_EQ(b.first.writes.size(), 1u);
  EXPECT_EQ(b.first.writes[0].address, nic_bar0(0) + 8);
  EXPECT_EQ(b.first.writes[0].purpose, pcie::Purpose::kRegister);
  ASSERT_EQ(b.second.writes.size(), 1u);
  EXPECT_EQ(b.second.writes[0].bytes, "pushed");
  EXPECT_EQ(b.second.writes[0].purpose, pcie::Purpose::kPayload);
  EXPECT_THROW(b.rc.mmio_write(nic_bar0(2), &one, 4), sim::Error);
}

TEST(RootComplex, CpuReadWaitsForItsCompletionAndFailsWithOnes) {
  Bench b;
  std::uint32_t good = 0;
  std::uint32_t bad = 0;
  bool ok = false;
  bool not_ok = true;
  Software cpu("cpu", [&] {
    ok = b.rc.mmio_read(kNicBar0, &good, 4);
    EXPECT_EQ(sim::now(), Time::from_ns(700));
    b.first.fails = true;
    not_ok = b.rc.mmio_read(kNicBar0, &bad, 4);
  });
  sc_core::sc_start();
  EXPECT_TRUE(ok);
  EXPECT_EQ(good, 0x5a5a5a5au);
  EXPECT_FALSE(not_ok);
  EXPECT_EQ(bad, 0xffffffffu);
}

TEST(RootComplex, TracesPayloadOnly) {
  Bench b;
  std::vector<sim::TraceEvent> seen;
  b.ctx.trace.subscribe(sim::kAllKinds, [&](const sim::TraceEvent& e) { seen.push_back(e); });
  elaborate();
  std::uint8_t bytes[64] = {};
  auto& about = pcie::TlpExtension::of(b.link.gp);
  about.purpose = pcie::Purpose::kDescriptor;
  b.link.read(0x1000, bytes, 64);
  about.purpose = pcie::Purpose::kPayload;
  about.asid = 9;
  b.link.read(0x2000, bytes, 64);
  b.link.write(0x3000, bytes, 32);
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].kind, sim::TraceKind::kDmaRead);
  EXPECT_EQ(seen[0].address, 0x2000u);
  EXPECT_EQ(seen[0].asid, 9u);
  EXPECT_EQ(seen[0].node, 1u);
  EXPECT_EQ(seen[1].kind, sim::TraceKind::kDmaWrite);
  EXPECT_EQ(seen[1].length, 32u);
}

}  // namespace
}  // namespace vctoe::host
