#include "models/pcie/config_space.h"

#include "models/sim/error.h"

namespace vctoe::pcie {

namespace {
/// 128 B is 0, 4096 B is 5 (base specification 5.0, 7.5.3.3).
std::uint32_t size_code(std::uint64_t bytes) {
  std::uint32_t code = 0;
  while ((std::uint64_t{128} << code) < bytes) ++code;
  return code;
}
}  // namespace

ConfigSpace::ConfigSpace(const FunctionLayout& layout) : layout_(layout) {
  set(offset_of(ConfigRegister::kId), layout.vendor | std::uint32_t{layout.device} << 16);
  set(offset_of(ConfigRegister::kCommand), kHasCapabilities, kMemorySpace | kBusMaster | kNoIntx);
  set(offset_of(ConfigRegister::kClass), layout.class_code << 8 | 1);
  set(offset_of(ConfigRegister::kSubsystem), layout.vendor | std::uint32_t{layout.device} << 16);
  set(offset_of(ConfigRegister::kCapabilities), kPcie);
  describe_bars();
  describe_pcie();
  set(kMsix, kMsixCapability | (layout.vectors - 1) << 16, kMsixEnable | kMsixMaskAll);
  const auto table = static_cast<std::uint32_t>(layout.msix_place - layout.bars[0].place);
  set(kMsix + kMsixTable, table);
  set(kMsix + kMsixPending, table + layout.vectors * 16);
}

void ConfigSpace::set(unsigned offset, std::uint32_t value, std::uint32_t writable) {
  value_[offset / 4] = value;
  writable_[offset / 4] = writable;
}

/// The bits below the size stay zero, which is how software finds the size.
void ConfigSpace::describe_bars() {
  unsigned offset = offset_of(ConfigRegister::kBar0);
  for (const BarLayout& bar : layout_.bars) {
    sim::ensure((bar.size & (bar.size - 1)) == 0, "pcie: a BAR's size is no power of two");
    if (bar.size != 0) {
      const std::uint64_t address = ~(bar.size - 1);
      set(offset, kBar64 | (bar.prefetchable ? kBarPrefetchable : 0),
          static_cast<std::uint32_t>(address));
      set(offset + 4, 0, static_cast<std::uint32_t>(address >> 32));
    }
    offset += 8;
  }
}

void ConfigSpace::describe_pcie() {
  constexpr std::uint32_t kVersion = 2;
  const std::uint32_t type = layout_.integrated ? kTypeIntegrated : kTypeEndpoint;
  set(kPcie, kPcieCapability | kMsix << 8 | kVersion << 16 | type << 20);
  set(kPcie + kDeviceCapabilities, size_code(layout_.max_payload));
  // Software sets the sizes of requests, bits 5 to 7 and 12 to 14, and clears errors.
  set(kPcie + kDeviceControl, size_code(layout_.max_read_request) << 12, 0x7fff);
  cleared_[(kPcie + kDeviceControl) / 4] = 0xf'0000;
  if (layout_.integrated) return;
  const auto speed = static_cast<std::uint32_t>(layout_.generation);
  const auto width = static_cast<std::uint32_t>(layout_.lanes);
  set(kPcie + kLinkCapabilities, speed | width << 4);
  set(kPcie + kLinkControl, (speed | width << 4) << 16);
}

std::uint32_t ConfigSpace::read(unsigned offset) const {
  return offset < kBytes ? value_[offset / 4] : 0;
}

void ConfigSpace::write(unsigned offset, std::uint32_t value) {
  if (offset >= kBytes) return;
  const unsigned i = offset / 4;
  value_[i] = (value_[i] & ~writable_[i]) | (value & writable_[i]);
  value_[i] &= ~(value & cleared_[i]);
}

std::optional<std::uint64_t> ConfigSpace::decode(std::uint64_t address,
                                                 std::uint64_t length) const {
  if (!memory_space()) return std::nullopt;
  unsigned offset = offset_of(ConfigRegister::kBar0);
  for (const BarLayout& bar : layout_.bars) {
    const std::uint64_t base = std::uint64_t{read(offset + 4)} << 32 | (read(offset) & ~kBarFlags);
    offset += 8;
    if (bar.size == 0 || address < base || address - base >= bar.size) continue;
    if (length > bar.size - (address - base)) continue;
    return bar.place + (address - base);
  }
  return std::nullopt;
}

}  // namespace vctoe::pcie
