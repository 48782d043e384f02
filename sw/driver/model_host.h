// The driver's machine: a host of the model and its kernel.
#pragma once

#include <map>

#include "models/host/cpu.h"
#include "models/host/dram.h"
#include "models/host/root_complex.h"
#include "sw/driver/host_port.h"
#include "sw/kernel/kernel.h"
#include "sw/kernel/pci_bus.h"

namespace vctoe::driver {

/// Which device of the host a driver is for.
struct DeviceSlot {
  unsigned device = 0;  ///< number of its registers and vectors
  unsigned card = 0;    ///< network card that it belongs to; each maps memory in a part of its own
};

/// A port to one device: registers are addressed as those of device 0 where nobody has placed it
/// (address_map.h), and vectors counted from 0, wherever the device is.
class ModelHost : public HostPort {
 public:
  ModelHost(host::Cpu& cpu, host::Dram& dram, host::RootComplex& root_complex,
            kernel::Kernel& kernel, kernel::PciBus& bus, DeviceSlot slot = {})
      : cpu_(cpu),
        dram_(dram),
        root_complex_(root_complex),
        kernel_(kernel),
        bus_(bus),
        slot_(slot),
        registers_(host::nic_bar0(slot.device)),
        window_(host::nic_bar2(slot.device)) {}

  void run(sim::Time cost, host::Priority priority, host::Work who) override;
  const host::CpuParams& costs() const override { return cpu_.params(); }
  void attach() override;
  void mmio_write(std::uint64_t address, const void* from, std::uint64_t length,
                  const pcie::TlpExtension& about) override;
  std::uint64_t mmio_read(std::uint64_t address) override;
  void store(std::uint64_t physical, const void* from, std::uint64_t length) override;
  void load(std::uint64_t physical, void* to, std::uint64_t length) const override;
  std::uint64_t allocate_contiguous(std::uint64_t bytes) override;
  std::uint64_t make_pin_table() override { return kernel_.make_pin_table(); }
  std::uint64_t map(kernel::Asid asid, std::uint64_t bytes) override;
  std::uint64_t pin_capacity() const override;
  bool pins_short(std::uint64_t bytes) const override;
  void set_interrupt_handler(InterruptHandler handler) override;

  /// Where map() puts memory, one behind the other with a gap; applications map elsewhere.
  static constexpr std::uint64_t kMapBase = 0x7000'0000'0000;
  static constexpr std::uint64_t map_base(unsigned card) {
    return kMapBase + (std::uint64_t{card} << 41);
  }

 private:
  /// Where the bus has put a register or a place of the window.
  std::uint64_t placed(std::uint64_t address) const;

  host::Cpu& cpu_;
  host::Dram& dram_;
  host::RootComplex& root_complex_;
  kernel::Kernel& kernel_;
  kernel::PciBus& bus_;
  DeviceSlot slot_;
  std::uint64_t registers_;
  std::uint64_t window_;
  std::map<kernel::Asid, std::uint64_t> next_;
};

}  // namespace vctoe::driver
