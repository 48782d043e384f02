// RFC 9438. Windows are in segments, times in seconds, as there.
#pragma once

#include "models/nic/toe/congestion.h"

namespace vctoe::toe {

class Cubic : public Congestion {
 public:
  void grow(CongestionWindow& w, std::uint64_t acked, sim::Time srtt, sim::Time now) override;
  std::uint64_t reduce(const CongestionWindow& w, std::uint64_t flight) override;
  void restart() override;

 private:
  void start_epoch(double cwnd, sim::Time now);
  double cubic_window(double t) const;

  bool in_epoch_ = false;
  sim::Time epoch_start_;
  double w_max_ = 0;
  double k_ = 0;
  double w_est_ = 0;       ///< window of a Reno flow in the same place (section 4.3)
  double cwnd_prior_ = 0;  ///< window before the last reduction
  double fraction_ = 0;    ///< of a byte, not yet in cwnd
};

}  // namespace vctoe::toe
