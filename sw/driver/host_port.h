// What the driver needs of the machine it runs on, beside the kernel's memory service: cores,
// device registers, memory that a device may read, interrupts. An interface, so that the driver can
// be tested without a machine.
#pragma once

#include <cstdint>
#include <functional>

#include "models/host/cpu.h"
#include "models/pcie/tlp_extension.h"
#include "sw/kernel/memory_service.h"

namespace vctoe::driver {

class HostPort {
 public:
  using InterruptHandler = std::function<void(unsigned vector)>;

  virtual ~HostPort() = default;

  /// Holds a core for `cost`. Only from an SC_THREAD.
  virtual void run(sim::Time cost, host::Priority priority, host::Work who) = 0;
  /// What the steps of modelled software cost on this processor.
  virtual const host::CpuParams& costs() const = 0;

  /// Waits until the device has been found and its registers can be reached; before the first
  /// access. Only from an SC_THREAD.
  virtual void attach() {}
  /// Posted store to a device; takes no time by itself. `about` says what the bytes are.
  virtual void mmio_write(std::uint64_t address, const void* from, std::uint64_t length,
                          const pcie::TlpExtension& about) = 0;
  /// Load of 8 bytes from a device: blocks. A failed load is a model error.
  virtual std::uint64_t mmio_read(std::uint64_t address) = 0;

  /// Coherent access to memory by physical address; its time is part of what the caller charges.
  virtual void store(std::uint64_t physical, const void* from, std::uint64_t length) = 0;
  virtual void load(std::uint64_t physical, void* to, std::uint64_t length) const = 0;

  /// Physically contiguous zeroed memory, pinned for owner kDriver for good. Untimed; only while
  /// the system is built, before memory is filled.
  virtual std::uint64_t allocate_contiguous(std::uint64_t bytes) = 0;
  /// The table of pins that the NIC changes; its physical address. As allocate_contiguous().
  virtual std::uint64_t make_pin_table() = 0;
  /// Maps fresh memory into a process; its virtual address, page aligned. Blocking.
  virtual std::uint64_t map(kernel::Asid asid, std::uint64_t bytes) = 0;
  /// Bytes that may be pinned at present, over all owners.
  virtual std::uint64_t pin_capacity() const = 0;

  /// Whether who wants to pin so many more bytes has to wait.
  virtual bool pins_short(std::uint64_t bytes) const = 0;

  /// `handler` is called when an interrupt of the NIC is delivered, not in a thread.
  virtual void set_interrupt_handler(InterruptHandler handler) = 0;
};

}  // namespace vctoe::driver
