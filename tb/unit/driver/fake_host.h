// A machine for the tests of driver and sockets: bytes in memory, and registers.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "models/host/address_map.h"
#include "models/nic/registers.h"
#include "sw/driver/nic_driver.h"

namespace vctoe::driver::test {

constexpr std::uint64_t kPage = host::kPageSize;

/// What happened, in order: "pin agent", "push", "reply", ...
struct Log {
  std::vector<std::string> lines;
  std::size_t count(const std::string& what) const {
    return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), what));
  }
  /// Position of the first such line, or the number of lines.
  std::size_t at(const std::string& what) const {
    return static_cast<std::size_t>(std::find(lines.begin(), lines.end(), what) - lines.begin());
  }
};

/// Memory, registers and the packet buffer of the machine, as far as the driver sees them.
class FakeHost : public HostPort {
 public:
  explicit FakeHost(Log& log) : log_(log), dram(8 << 20) {}

  void run(sim::Time cost, host::Priority, host::Work) override {
    if (cost != sim::Time::zero()) sim::wait(cost);
  }
  const host::CpuParams& costs() const override { return costs_; }
  void mmio_write(std::uint64_t address, const void* from, std::uint64_t length,
                  const pcie::TlpExtension& about) override {
    if (address >= host::nic_bar2(0)) {
      const auto* bytes = static_cast<const std::uint8_t*>(from);
      window.insert_or_assign(address - host::nic_bar2(0),
                              std::vector<std::uint8_t>(bytes, bytes + length));
      last_max_payload = about.max_payload;
      log_.lines.emplace_back("push");
      return;
    }
    std::uint64_t value = 0;
    ASSERT_EQ(length, 8U);
    std::memcpy(&value, from, 8);
    on_register(static_cast<nic::Register>(address - host::nic_bar0(0)), value);
  }
  std::uint64_t mmio_read(std::uint64_t address) override {
    sim::wait(sim::Time::from_ns(750));
    return on_read(static_cast<nic::Register>(address - host::nic_bar0(0)));
  }
  void store(std::uint64_t physical, const void* from, std::uint64_t length) override {
    std::memcpy(&dram.at(physical), from, length);
  }
  void load(std::uint64_t physical, void* to, std::uint64_t length) const override {
    if (physical < dram.size()) {
      std::memcpy(to, &dram.at(physical), length);
    } else {
      load_process(physical, to, length);
    }
  }
  std::uint64_t allocate_contiguous(std::uint64_t bytes) override {
    return std::exchange(next_, next_ + (bytes + kPage - 1) / kPage * kPage);
  }
  std::uint64_t map(kernel::Asid asid, std::uint64_t bytes) override {
    std::uint64_t& next = next_va_.try_emplace(asid, 0x7000'0000'0000).first->second;
    const std::uint64_t va =
        std::exchange(next, next + (bytes + kPage - 1) / kPage * kPage + kPage);
    on_map(asid, va, bytes);
    return va;
  }
  std::uint64_t pin_capacity() const override { return capacity; }
  std::uint64_t make_pin_table() override { return allocate_contiguous(kPage); }
  bool pins_short(std::uint64_t) const override { return pins_are_short; }
  void set_interrupt_handler(InterruptHandler handler) override { interrupt = std::move(handler); }

  InterruptHandler interrupt;
  std::function<void(nic::Register, std::uint64_t)> on_register;
  std::function<std::uint64_t(nic::Register)> on_read;
  std::function<void(kernel::Asid, std::uint64_t, std::uint64_t)> on_map;
  std::function<void(std::uint64_t, void*, std::uint64_t)> load_process;  // frames of processes
  std::uint64_t capacity = 1 << 30;
  bool pins_are_short = false;
  std::map<std::uint64_t, std::vector<std::uint8_t>> window;  // packet buffer, by offset
  std::uint16_t last_max_payload = 0;

 private:
  Log& log_;
  host::CpuParams costs_;
  std::uint64_t next_ = kPage;
  std::map<kernel::Asid, std::uint64_t> next_va_;

 public:
  std::vector<std::uint8_t> dram;
};

}  // namespace vctoe::driver::test
