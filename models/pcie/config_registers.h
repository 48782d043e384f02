// Configuration space as software finds it: offsets and bits of a type 0 header and of the two
// capabilities (PCI local bus specification 3.0, 6.1 to 6.8; PCIe base specification 5.0, 7.5).
#pragma once

#include <cstdint>

namespace vctoe::pcie {

/// Registers of 4 bytes each, by their offset.
enum class ConfigRegister : std::uint16_t {
  kId = 0x00,          ///< vendor, device << 16
  kCommand = 0x04,     ///< command, status << 16
  kClass = 0x08,       ///< revision, class code << 8
  kHeaderType = 0x0c,  ///< bits 16 to 23
  kBar0 = 0x10,        ///< six of them
  kSubsystem = 0x2c,
  kCapabilities = 0x34  ///< offset of the first capability
};
constexpr unsigned offset_of(ConfigRegister r) {
  return static_cast<unsigned>(r);
}

constexpr std::uint32_t kNoDevice = 0xffff'ffff;  ///< what a read finds where nobody is
constexpr unsigned kBars = 6;                     ///< a 64-bit one takes two

// Command and status.
constexpr std::uint32_t kMemorySpace = 1u << 1;
constexpr std::uint32_t kBusMaster = 1u << 2;
constexpr std::uint32_t kNoIntx = 1u << 10;
constexpr std::uint32_t kHasCapabilities = 1u << 20;

// Base address registers.
constexpr std::uint32_t kBar64 = 2u << 1;
constexpr std::uint32_t kBarPrefetchable = 1u << 3;
constexpr std::uint32_t kBarFlags = 0xf;

// Capabilities: id in bits 0 to 7, offset of the next one in bits 8 to 15.
constexpr std::uint8_t kPcieCapability = 0x10;
constexpr std::uint8_t kMsixCapability = 0x11;

// Within the PCIe capability.
constexpr unsigned kDeviceCapabilities = 0x04;
constexpr unsigned kDeviceControl = 0x08;  ///< device control, device status << 16
constexpr unsigned kLinkCapabilities = 0x0c;
constexpr unsigned kLinkControl = 0x10;  ///< link control, link status << 16
constexpr std::uint32_t kUnsupportedRequestDetected = 1u << 19;
/// Device and port type, bits 20 to 23 of the first register.
constexpr std::uint32_t kTypeEndpoint = 0;
constexpr std::uint32_t kTypeIntegrated = 9;  ///< root complex integrated endpoint

// Within the MSI-X capability.
constexpr unsigned kMsixTable = 0x04;  ///< offset, and the BAR in bits 0 to 2
constexpr unsigned kMsixPending = 0x08;
constexpr std::uint32_t kMsixEnable = 1u << 31;
constexpr std::uint32_t kMsixMaskAll = 1u << 30;

}  // namespace vctoe::pcie
