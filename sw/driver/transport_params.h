// What TCP costs a core when it is in the driver.
#pragma once

#include <cstdint>

#include "models/sim/params.h"

namespace vctoe::driver {

struct TransportParams {
  std::uint64_t frame_entries = 256;
  sim::Time segment_sent = sim::Time::from_ns(1200);
  sim::Time segment_received = sim::Time::from_ns(1800);
  sim::Time ack_received = sim::Time::from_ns(600);
  sim::Time entry = sim::Time::from_ns(50);
  sim::Time record = sim::Time::from_ns(100);
  void declare(sim::ParamList& list);
};

}  // namespace vctoe::driver
