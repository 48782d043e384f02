// RFC 5681 section 3.1.
#pragma once

#include "models/nic/toe/congestion.h"

namespace vctoe::toe {

class Reno : public Congestion {
 public:
  void grow(CongestionWindow& w, std::uint64_t acked, sim::Time srtt, sim::Time now) override;
  std::uint64_t reduce(const CongestionWindow& w, std::uint64_t flight) override;
  void restart() override { acked_ = 0; }

 private:
  std::uint64_t acked_ = 0;  ///< bytes acknowledged since the last step of congestion avoidance
};

}  // namespace vctoe::toe
