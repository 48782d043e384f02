// Parameters of the processor: cores, scheduling, and what modelled software's steps cost.
#pragma once

#include <cstdint>

#include "models/sim/params.h"

namespace vctoe::host {

struct CpuParams {
  std::uint64_t cores = 2;
  double clock_ghz = 4.0;
  sim::Time slice = sim::Time::from_us(50);
  sim::Time irq_slice = sim::Time::from_us(1);
  sim::BitRate copy_rate = sim::BitRate::gbps(80);
  sim::Time syscall = sim::Time::from_ns(230);
  sim::Time msi_delivery = sim::Time::from_ns(120);
  sim::Time isr = sim::Time::from_ns(50);
  sim::Time deferred_work = sim::Time::from_ns(650);
  sim::Time context_switch = sim::Time::from_ns(1000);
  sim::Time minor_fault = sim::Time::from_ns(750);
  sim::Time pin_page = sim::Time::from_ns(62);
  sim::Time unpin_page = sim::Time::from_ns(15);
  sim::Time register_page = sim::Time::from_ns(380);
  sim::Time deregister_page = sim::Time::from_ns(90);
  sim::Time mmio_write = sim::Time::from_ns(30);
  sim::Time mmio_read = sim::Time::from_ns(20);
  sim::Time poll = sim::Time::from_ns(20);
  void declare(sim::ParamList& list);
};

}  // namespace vctoe::host
