// The configuration space of one function: type 0 header, PCIe and MSI-X capability.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "models/pcie/config_registers.h"

namespace vctoe::pcie {

/// A 64-bit base address register, which takes two: BAR0/1, 2/3 or 4/5.
struct BarLayout {
  std::uint64_t size = 0;   ///< a power of two, from 16; 0: not there
  std::uint64_t place = 0;  ///< address of its first byte inside the device
  bool prefetchable = false;
};

/// What a function says of itself.
struct FunctionLayout {
  std::uint16_t vendor = 0;
  std::uint16_t device = 0;
  std::uint32_t class_code = 0;
  std::array<BarLayout, kBars / 2> bars;
  unsigned vectors = 0;          ///< entries of the MSI-X table
  std::uint64_t msix_place = 0;  ///< of the table inside the device, in the first BAR
  bool integrated = false;       ///< on the processor's fabric: no link registers
  std::uint64_t generation = 3;  ///< of the link
  std::uint64_t lanes = 8;
  std::uint64_t max_payload = 256;       ///< B
  std::uint64_t max_read_request = 512;  ///< B, what the function begins with
};

class ConfigSpace {
 public:
  explicit ConfigSpace(const FunctionLayout& layout);

  /// Four bytes at a multiple of four; 0 where nothing is (base specification 5.0, 7.2).
  std::uint32_t read(unsigned offset) const;
  /// Changes the bits that software may change.
  void write(unsigned offset, std::uint32_t value);

  bool memory_space() const {
    return (read(offset_of(ConfigRegister::kCommand)) & kMemorySpace) != 0;
  }
  bool bus_master() const { return (read(offset_of(ConfigRegister::kCommand)) & kBusMaster) != 0; }
  bool msix_enabled() const { return (read(kMsix) & kMsixEnable) != 0; }
  bool msix_masked() const { return (read(kMsix) & kMsixMaskAll) != 0; }
  /// Place inside the device of an access by address, if it lies in one BAR and memory space is
  /// enabled.
  std::optional<std::uint64_t> decode(std::uint64_t address, std::uint64_t length) const;
  /// Notes that a request was refused; software may look and clear it.
  void unsupported_request() {
    value_[(kPcie + kDeviceControl) / 4] |= kUnsupportedRequestDetected;
  }

 private:
  static constexpr unsigned kBytes = 256;
  static constexpr unsigned kPcie = 0x40;  ///< where the capabilities are
  static constexpr unsigned kMsix = 0x80;

  void set(unsigned offset, std::uint32_t value, std::uint32_t writable = 0);
  void describe_bars();
  void describe_pcie();

  FunctionLayout layout_;
  std::array<std::uint32_t, kBytes / 4> value_{};
  std::array<std::uint32_t, kBytes / 4> writable_{};
  std::array<std::uint32_t, kBytes / 4> cleared_{};  ///< bits that writing a 1 clears
};

}  // namespace vctoe::pcie
