// Virtual memory of a process in which its context records lie.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "models/nic/rings.h"
#include "models/sim/random.h"
#include "sw/driver/driver_params.h"
#include "sw/driver/host_port.h"
#include "sw/driver/range.h"
#include "sw/driver/sync.h"

namespace vctoe::driver {

class ContextPool {
 public:
  ContextPool(VirtualRange memory, ContextOrder order, sim::Rng& rng);

  std::size_t capacity() const { return memory_.length / sizeof(nic::ContextRecord); }
  bool idle() const { return free_.size() == capacity(); }
  const VirtualRange& memory() const { return memory_; }
  /// Virtual addresses of `n` records; at most capacity(). Blocks until there are so many. The
  /// record that has been free longest goes first: copies of old records that the NIC may still
  /// hold have then most likely been replaced.
  std::vector<std::uint64_t> take(std::size_t n);
  void give_back(const std::vector<std::uint64_t>& records);

 private:
  VirtualRange memory_;
  std::deque<std::uint64_t> free_;
  sc_core::sc_event freed_;
};

/// One pool an address space, made when it is first needed.
class ContextPools {
 public:
  ContextPools(HostPort& port, const DriverParams& params, const sim::Rng& rng)
      : port_(port), params_(params), rng_(rng) {}

  /// Blocking: maps the pool on first use.
  ContextPool& of(kernel::Asid asid);
  /// [address, address + length) lies in the address space's pool.
  bool contains(kernel::Asid asid, std::uint64_t address, std::uint64_t length) const;
  bool idle() const;

 private:
  HostPort& port_;
  const DriverParams& params_;
  sim::Rng rng_;
  Lock making_;
  std::map<kernel::Asid, ContextPool> pools_;
};

}  // namespace vctoe::driver
