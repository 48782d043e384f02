// A host for the kernel's tests: the real DRAM, MMU, CPU, storage controller and disk.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "models/host/root_complex.h"
#include "models/host/storage_controller.h"
#include "sw/kernel/kernel.h"
#include "tb/support/programs.h"

namespace vctoe::kernel::test {

constexpr std::uint64_t kBase = 0x10'0000'0000;  // where tests map their data

struct RigParams {
  std::size_t frames = 256;
  sim::Bytes swap = sim::Bytes::mib(64);
  host::DiskKind disk = host::DiskKind::kNvme;
  host::CpuParams cpu{};
  KernelParams kernel{};
};

/// Stands where a device's link would be; never asks for anything.
struct IdleDevice : sc_core::sc_module {
  explicit IdleDevice(const sc_core::sc_module_name& name) : sc_module(name) {}
  tlm_utils::simple_initiator_socket<IdleDevice, 64> memory{"memory"};
};

struct Rig : support::Programs {
  explicit Rig(const RigParams& p = {})
      : Programs(sim::Time::from_s(10)),
        dram("dram", ctx, dram_params(p)),
        cpu("cpu", ctx, p.cpu),
        mmu("mmu", ctx, {}, cpu.cycle(), dram),
        complex("root_complex", ctx, {}, p.cpu.msi_delivery),
        disk("disk", ctx, disk_params(p)),
        storage("storage", ctx, {}, p.cpu.msi_delivery, disk),
        kernel("kernel", ctx, p.kernel, {dram, mmu, cpu, &storage}) {
    device.memory.bind(complex.from_devices);
    complex.to_dram.bind(dram.socket);
    storage.memory.bind(complex.from_storage);
  }

  static host::DramParams dram_params(const RigParams& p) {
    host::DramParams d;
    d.size = {p.frames * kPageBytes};
    return d;
  }
  static host::DiskParams disk_params(const RigParams& p) {
    host::DiskParams d;
    d.kind = p.disk;
    d.capacity = p.swap;
    return d;
  }

  /// Bytes that differ from page to page and run to run.
  static std::vector<std::uint8_t> pattern(std::size_t length, unsigned salt = 1) {
    std::vector<std::uint8_t> bytes(length);
    std::uint64_t x = salt * 0x9e3779b97f4a7c15;
    for (auto& b : bytes) {
      x = x * 6364136223846793005 + 1442695040888963407;
      b = static_cast<std::uint8_t>(x >> 56);
    }
    return bytes;
  }
  std::vector<std::uint8_t> peek(Asid asid, std::uint64_t va, std::size_t length) {
    std::vector<std::uint8_t> bytes(length);
    EXPECT_TRUE(kernel.peek(asid, va, bytes.data(), length));
    return bytes;
  }
  /// The bytes that a device would read by a scatter list.
  std::vector<std::uint8_t> gather(const std::vector<SgEntry>& sg) {
    std::vector<std::uint8_t> bytes;
    for (const SgEntry& e : sg) {
      bytes.insert(bytes.end(), dram.page(e.address), dram.page(e.address) + e.length);
    }
    return bytes;
  }
  PinResult pin(Asid asid, std::uint64_t va, std::uint64_t length,
                PinOwner owner = PinOwner::kAgent) {
    return kernel.resolve_and_pin(asid, va, length, owner, sim::Why::kFirst, ctx.next_txn());
  }

  sim::Context ctx;
  host::Dram dram;
  host::Cpu cpu;
  host::Mmu mmu;
  host::RootComplex complex;
  host::Disk disk;
  host::StorageController storage;
  Kernel kernel;
  IdleDevice device{"device"};
};

/// A new address space with so many bytes at kBase, nothing of them touched yet.
inline Asid mapped_space(Kernel& k, std::uint64_t length) {
  const Asid a = k.create_address_space();
  k.map(a, kBase, length);
  return a;
}
/// One with these bytes there, in memory or on the swap device.
inline Asid resident_space(Kernel& k, const std::vector<std::uint8_t>& bytes) {
  const Asid a = mapped_space(k, bytes.size());
  k.preload_resident(a, kBase, bytes.data(), bytes.size());
  return a;
}
inline Asid swapped_space(Kernel& k, const std::vector<std::uint8_t>& bytes) {
  const Asid a = mapped_space(k, bytes.size());
  k.preload_swapped(a, kBase, bytes.data(), bytes.size());
  return a;
}

}  // namespace vctoe::kernel::test
