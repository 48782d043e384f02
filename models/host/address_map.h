// Physical address map of a host. DRAM starts at 0; everything else lies above 2^46, out of the way
// of any DRAM size, so that no hole has to be cut into the frame allocator.
#pragma once

#include <cstdint>

namespace vctoe::host {

constexpr std::uint64_t kDeviceBase = std::uint64_t{1} << 46;
constexpr std::uint64_t kDeviceStride = std::uint64_t{1} << 32;  ///< room of one device

/// Registers of device `n` (BAR0), where nobody has placed it: an agent in the driver has none to
/// place, and a test may do without.
constexpr std::uint64_t nic_bar0(unsigned n) {
  return kDeviceBase + n * kDeviceStride;
}
/// Where in its device an address of a register or window lies.
constexpr std::uint64_t offset_in_device(std::uint64_t address) {
  return (address - kDeviceBase) % kDeviceStride;
}
/// Packet buffer window of NIC `n` (BAR2): the host pushes bytes here.
constexpr std::uint64_t nic_bar2(unsigned n) {
  return nic_bar0(n) + kDeviceStride / 2;
}
/// From here on the operating system places the BARs that it finds; each link's share begins and
/// ends at a multiple of kWindowUnit (PCI-to-PCI bridge specification 1.2, 3.2.5.9).
constexpr std::uint64_t kMmioBase = kDeviceBase + (std::uint64_t{1} << 40);
constexpr std::uint64_t kWindowUnit = std::uint64_t{1} << 20;
/// A 4-byte write at kMsiBase + vector * 4 is an MSI-X message for that vector of the CPU.
constexpr std::uint64_t kMsiBase = std::uint64_t{1} << 47;
constexpr std::uint64_t kMsiSize = 4096;
/// Vectors of the CPU are dealt out in equal shares: device `n` has four from here on.
constexpr unsigned kVectorsPerDevice = 4;
constexpr unsigned vector_of(unsigned device, unsigned vector) {
  return device * kVectorsPerDevice + vector;
}

constexpr std::uint64_t kNicBar0 = nic_bar0(0);
constexpr std::uint64_t kNicBar2 = nic_bar2(0);

constexpr std::uint64_t kPageSize = 4096;
constexpr std::uint64_t kPageMask = kPageSize - 1;

}  // namespace vctoe::host
