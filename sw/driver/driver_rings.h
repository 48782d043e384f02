// The host's side of the rings (models/nic/rings.h).
#pragma once

#include <cstdint>

#include "models/host/address_map.h"
#include "models/nic/registers.h"
#include "models/nic/rings.h"
#include "sw/driver/host_port.h"

namespace vctoe::driver {

/// An 8-byte store to a register of the NIC.
inline void write_register(HostPort& port, nic::Register reg, std::uint64_t value) {
  pcie::TlpExtension about;
  about.purpose = pcie::Purpose::kRegister;
  port.mmio_write(host::nic_bar0(0) + static_cast<std::uint32_t>(reg), &value, 8, about);
}

/// Registers of one ring.
struct RingRegisters {
  nic::Register base;
  nic::Register size;
  nic::Register doorbell;
  nic::Register head = nic::Register::kEnd;  ///< host-to-NIC rings: entries taken by the NIC
};

/// Host to NIC. Entry is SubmitEntry or ReplyEntry.
template <class Entry>
class ProducerRing {
 public:
  ProducerRing(HostPort& port, std::uint64_t entries, const RingRegisters& registers)
      : port_(port),
        registers_(registers),
        entries_(entries),
        base_(port.allocate_contiguous(entries * sizeof(Entry))) {}

  void program() {
    write_register(port_, registers_.base, base_);
    write_register(port_, registers_.size, entries_);
  }

  /// Writes an entry and rings the doorbell. The NIC is asked how far it is only when the ring
  /// might be full; then this blocks until it is not.
  void push(const Entry& entry) {
    while (tail_ - head_ == entries_) {
      ++head_reads_;
      head_ = port_.mmio_read(host::nic_bar0(0) + static_cast<std::uint32_t>(registers_.head));
    }
    port_.store(base_ + (tail_ & (entries_ - 1)) * sizeof(Entry), &entry, sizeof(Entry));
    write_register(port_, registers_.doorbell, ++tail_);
  }

  /// Blocks until the NIC has taken what has been pushed so far.
  void wait_taken() {
    for (const std::uint64_t end = tail_; head_ < end;) {
      ++head_reads_;
      head_ = port_.mmio_read(host::nic_bar0(0) + static_cast<std::uint32_t>(registers_.head));
    }
  }

  std::uint64_t pushed() const { return tail_; }
  const std::uint64_t& head_reads() const { return head_reads_; }

 private:
  HostPort& port_;
  RingRegisters registers_;
  std::uint64_t entries_;
  std::uint64_t base_;
  std::uint64_t tail_ = 0;
  std::uint64_t head_ = 0;  ///< as last heard
  std::uint64_t head_reads_ = 0;
};

/// NIC to host. Entry is RequestEntry or CompletionEntry.
template <class Entry>
class ConsumerRing {
 public:
  ConsumerRing(HostPort& port, std::uint64_t entries, const RingRegisters& registers)
      : port_(port),
        registers_(registers),
        entries_(entries),
        base_(port.allocate_contiguous(entries * sizeof(Entry))) {}

  void program() {
    write_register(port_, registers_.base, base_);
    write_register(port_, registers_.size, entries_);
  }

  /// Takes the next entry; false when the NIC has written no more.
  bool next(Entry& entry) {
    port_.load(base_ + (head_ & (entries_ - 1)) * sizeof(Entry), &entry, sizeof(Entry));
    const std::uint8_t expected = ((head_ / entries_) & 1) == 0 ? 1 : 0;
    if (entry.phase != expected) return false;
    ++head_;
    return true;
  }
  /// Tells the NIC what was taken, if anything was since the last time.
  void acknowledge() {
    if (told_ == head_) return;
    write_register(port_, registers_.doorbell, head_);
    told_ = head_;
  }
  std::uint64_t taken() const { return head_; }

 private:
  HostPort& port_;
  RingRegisters registers_;
  std::uint64_t entries_;
  std::uint64_t base_;
  std::uint64_t head_ = 0;
  std::uint64_t told_ = 0;
};

}  // namespace vctoe::driver
