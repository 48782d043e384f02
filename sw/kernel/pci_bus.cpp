#include "sw/kernel/pci_bus.h"

#include <algorithm>

#include "models/sim/error.h"
#include "models/sim/kernel.h"

namespace vctoe::kernel {

using pcie::ConfigRegister;
using pcie::offset_of;

void PciBus::Stats::declare(sim::StatList& list) const {
  list.add("functions", functions, "1", "functions found and turned on");
  list.add("requests", requests, "1", "configuration requests");
  list.add("placed_bytes", placed_bytes, "B", "bytes of BARs that were given addresses");
  list.add("ready", ready, "s", "time at which the last function was on");
}

PciBus::PciBus(const sc_core::sc_module_name& name, host::RootComplex& root_complex, host::Cpu& cpu)
    : sc_module(name), root_complex_(root_complex), cpu_(cpu) {
  SC_THREAD(enumerate);
}

void PciBus::wait_ready() {
  while (!done_) sim::wait(ready_);
}

const PciFunction* PciBus::find(unsigned device) const {
  const auto found = std::find_if(functions_.begin(), functions_.end(),
                                  [device](const auto& f) { return f.device == device; });
  return found == functions_.end() ? nullptr : &*found;
}

void PciBus::enumerate() {
  for (unsigned device = 0; device < kDevices; ++device) {
    const std::uint32_t id = read(device, offset_of(ConfigRegister::kId));
    if (id != pcie::kNoDevice) start(device, id);
  }
  stats_.ready = sim::now();
  done_ = true;
  sim::notify(ready_);
}

void PciBus::start(unsigned device, std::uint32_t id) {
  PciFunction f;
  f.device = device;
  f.vendor = static_cast<std::uint16_t>(id);
  f.id = static_cast<std::uint16_t>(id >> 16);
  f.class_code = read(device, offset_of(ConfigRegister::kClass)) >> 8;
  const std::uint32_t header = read(device, offset_of(ConfigRegister::kHeaderType)) >> 16 & 0x7f;
  if (header != 0) return;  // a bridge: there is nothing behind one here
  size_bars(f);
  place_bars(f);
  const unsigned command = offset_of(ConfigRegister::kCommand);
  write(device, command, pcie::kMemorySpace | pcie::kNoIntx);
  walk_capabilities(f);
  write(device, command, pcie::kMemorySpace | pcie::kBusMaster | pcie::kNoIntx);
  ++stats_.functions;
  functions_.push_back(f);
}

// ---- base address registers ---------------------------------------------------------------------

void PciBus::size_bars(PciFunction& function) {
  for (unsigned i = 0; i < pcie::kBars; ++i) {
    const unsigned offset = offset_of(ConfigRegister::kBar0) + 4 * i;
    const bool wide = (read(function.device, offset) & pcie::kBar64) != 0;
    function.bars[i].size = size_of(function.device, offset, wide);
    if (wide) ++i;
  }
}

/// Address bits that are not the device's stay 0 when ones are written.
std::uint64_t PciBus::size_of(unsigned device, unsigned offset, bool wide) {
  write(device, offset, ~0u);
  std::uint64_t mask = read(device, offset) & ~pcie::kBarFlags;
  if (!wide) return mask == 0 ? 0 : ~(mask | ~std::uint64_t{0xffff'ffff}) + 1;
  write(device, offset + 4, ~0u);
  mask |= std::uint64_t{read(device, offset + 4)} << 32;
  return ~mask + 1;
}

/// Each at a multiple of its size, the largest first, and all of a function in one window.
void PciBus::place_bars(PciFunction& function) {
  std::array<unsigned, pcie::kBars> order{0, 1, 2, 3, 4, 5};
  std::stable_sort(order.begin(), order.end(), [&function](unsigned a, unsigned b) {
    return function.bars[a].size > function.bars[b].size;
  });
  const auto aligned = [](std::uint64_t address, std::uint64_t to) {
    return (address + to - 1) / to * to;
  };
  const std::uint64_t largest = function.bars[order[0]].size;
  const std::uint64_t base = aligned(next_, std::max(host::kWindowUnit, largest));
  std::uint64_t end = base;
  for (const unsigned i : order) {
    PciBar& bar = function.bars[i];
    if (bar.size == 0) continue;
    bar.address = end;
    end += bar.size;
    const unsigned offset = offset_of(ConfigRegister::kBar0) + 4 * i;
    write(function.device, offset, static_cast<std::uint32_t>(bar.address));
    write(function.device, offset + 4, static_cast<std::uint32_t>(bar.address >> 32));
  }
  stats_.placed_bytes += end - base;
  next_ = aligned(end, host::kWindowUnit);
  sim::ensure(next_ <= host::kMsiBase, "pci bus: no addresses are left");
  if (next_ != base) root_complex_.set_window(function.device, base, next_ - base);
}

// ---- capabilities -------------------------------------------------------------------------------

void PciBus::walk_capabilities(PciFunction& function) {
  unsigned offset = read(function.device, offset_of(ConfigRegister::kCapabilities)) & 0xfc;
  while (offset != 0) {
    const std::uint32_t head = read(function.device, offset);
    if ((head & 0xff) == pcie::kPcieCapability) start_pcie(function, offset);
    if ((head & 0xff) == pcie::kMsixCapability) start_msix(function, offset);
    offset = head >> 8 & 0xfc;
  }
}

/// Payloads as long as the function can; read requests stay as long as it began.
void PciBus::start_pcie(PciFunction& function, unsigned offset) {
  const unsigned device = function.device;
  function.integrated = (read(device, offset) >> 20 & 0xf) == pcie::kTypeIntegrated;
  const std::uint32_t longest = read(device, offset + pcie::kDeviceCapabilities) & 7;
  const std::uint32_t control = read(device, offset + pcie::kDeviceControl);
  write(device, offset + pcie::kDeviceControl, (control & 0x7f1fu) | longest << 5);
}

/// Each vector has a message of its own.
void PciBus::start_msix(PciFunction& function, unsigned offset) {
  const unsigned device = function.device;
  const std::uint32_t head = read(device, offset);
  const std::uint32_t table = read(device, offset + pcie::kMsixTable);
  function.vectors = (head >> 16 & 0x7ff) + 1;
  const std::uint64_t entries = function.bars[table & 7].address + (table & ~7u);
  for (unsigned v = 0; v < std::min(function.vectors, host::kVectorsPerDevice); ++v) {
    store(entries + 16 * v, host::kMsiBase + 4 * std::uint64_t{host::vector_of(device, v)});
    store(entries + 16 * v + 8, 0);  // no data, not masked
  }
  write(device, offset, head | pcie::kMsixEnable);
}

// ---- the core's part ----------------------------------------------------------------------------

std::uint32_t PciBus::read(unsigned device, unsigned offset) {
  ++stats_.requests;
  cpu_.run(cpu_.params().mmio_read, host::Priority::kKernel, host::Work::kKernel);
  std::uint32_t value = 0;
  root_complex_.config_read(device, offset, value);
  return value;
}

void PciBus::write(unsigned device, unsigned offset, std::uint32_t value) {
  ++stats_.requests;
  cpu_.run(cpu_.params().mmio_write, host::Priority::kKernel, host::Work::kKernel);
  sim::ensure(root_complex_.config_write(device, offset, value),
              "pci bus: a function does not answer any more");
}

void PciBus::store(std::uint64_t address, std::uint64_t value) {
  cpu_.run(cpu_.params().mmio_write, host::Priority::kKernel, host::Work::kKernel);
  root_complex_.mmio_write(address, &value, sizeof value);
}

}  // namespace vctoe::kernel
