// Finds the functions on the host's PCI bus when it starts, gives them addresses, and turns them
// on (PCI local bus specification 3.0, 6.2.5.1; PCIe base specification 5.0, 7.5).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <systemc>
#include <vector>

#include "models/host/cpu.h"
#include "models/host/root_complex.h"
#include "models/pcie/config_registers.h"

namespace vctoe::kernel {

/// Where a BAR was placed; size 0: there is none, or it is the upper half of the one before.
struct PciBar {
  std::uint64_t address = 0;
  std::uint64_t size = 0;  ///< B
};

/// What the bus has of a function, and where it is now.
struct PciFunction {
  unsigned device = 0;  ///< number on bus 0
  std::uint16_t vendor = 0;
  std::uint16_t id = 0;
  std::uint32_t class_code = 0;
  std::array<PciBar, pcie::kBars> bars;
  bool integrated = false;
  unsigned vectors = 0;  ///< of MSI-X; all are on
};

class PciBus : public sc_core::sc_module {
 public:
  struct Stats {
    std::uint64_t functions = 0;
    std::uint64_t requests = 0;
    std::uint64_t placed_bytes = 0;
    sim::Time ready;
    void declare(sim::StatList& list) const;
  };

  PciBus(const sc_core::sc_module_name& name, host::RootComplex& root_complex, host::Cpu& cpu);
  SC_HAS_PROCESS(PciBus);

  /// Returns once every function is on. Only from an SC_THREAD.
  void wait_ready();
  /// The function of a device number; null if there is none, or not yet.
  const PciFunction* find(unsigned device) const;
  const std::vector<PciFunction>& functions() const { return functions_; }
  const Stats& stats() const { return stats_; }

 private:
  static constexpr unsigned kDevices = 32;

  void enumerate();
  void start(unsigned device, std::uint32_t id);
  std::uint64_t size_of(unsigned device, unsigned offset, bool wide);
  void size_bars(PciFunction& function);
  void place_bars(PciFunction& function);
  void walk_capabilities(PciFunction& function);
  void start_pcie(PciFunction& function, unsigned offset);
  void start_msix(PciFunction& function, unsigned offset);
  std::uint32_t read(unsigned device, unsigned offset);
  void write(unsigned device, unsigned offset, std::uint32_t value);
  void store(std::uint64_t address, std::uint64_t value);

  host::RootComplex& root_complex_;
  host::Cpu& cpu_;
  Stats stats_;
  std::vector<PciFunction> functions_;
  std::uint64_t next_ = host::kMmioBase;  ///< address that nobody has
  bool done_ = false;
  sc_core::sc_event ready_;
};

}  // namespace vctoe::kernel
