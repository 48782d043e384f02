#include "sw/driver/model_host.h"

#include <cstring>
#include <utility>

#include "models/sim/error.h"

namespace vctoe::driver {

void ModelHost::run(sim::Time cost, host::Priority priority, host::Work who) {
  cpu_.run(cost, priority, who);
}

void ModelHost::attach() {
  bus_.wait_ready();
  const kernel::PciFunction* const function = bus_.find(slot_.device);
  if (function == nullptr) return;  // an agent in the driver is where it is
  registers_ = function->bars[0].address;
  window_ = function->bars[2].address;
}

std::uint64_t ModelHost::placed(std::uint64_t address) const {
  if (address < host::kNicBar2) return address - host::kNicBar0 + registers_;
  return address - host::kNicBar2 + window_;
}

void ModelHost::mmio_write(std::uint64_t address, const void* from, std::uint64_t length,
                           const pcie::TlpExtension& about) {
  root_complex_.mmio_write(placed(address), from, length, about);
}

std::uint64_t ModelHost::mmio_read(std::uint64_t address) {
  std::uint64_t value = 0;
  cpu_.run(cpu_.params().mmio_read, host::Priority::kKernel, host::Work::kDriver);
  sim::ensure(root_complex_.mmio_read(placed(address), &value, 8),
              "driver: a device register cannot be read");
  return value;
}

void ModelHost::store(std::uint64_t physical, const void* from, std::uint64_t length) {
  std::memcpy(dram_.page(physical), from, length);
}

void ModelHost::load(std::uint64_t physical, void* to, std::uint64_t length) const {
  std::memcpy(to, dram_.page(physical), length);
}

std::uint64_t ModelHost::allocate_contiguous(std::uint64_t bytes) {
  return kernel_.allocate_contiguous(bytes);
}

std::uint64_t ModelHost::map(kernel::Asid asid, std::uint64_t bytes) {
  std::uint64_t& next = next_.try_emplace(asid, map_base(slot_.card)).first->second;
  const std::uint64_t va = next;
  const std::uint64_t pages = (bytes + host::kPageSize - 1) / host::kPageSize;
  next += (pages + 1) * host::kPageSize;  // a page that nobody maps catches overruns
  kernel_.map(asid, va, bytes);
  return va;
}

std::uint64_t ModelHost::pin_capacity() const {
  return kernel_.pin_capacity() * host::kPageSize;
}

bool ModelHost::pins_short(std::uint64_t bytes) const {
  return kernel_.pins_short((bytes + host::kPageSize - 1) / host::kPageSize);
}

void ModelHost::set_interrupt_handler(InterruptHandler handler) {
  root_complex_.set_interrupt_handler(std::move(handler), slot_.device);
}

}  // namespace vctoe::driver
