#include "models/nic/toe/rtt_estimator.h"

namespace vctoe::toe {

void RttEstimator::sample(sim::Time rtt) {
  if (!measured_) {
    measured_ = true;
    srtt_ = rtt;
    rttvar_ = rtt / 2;
  } else {
    const sim::Time error = srtt_ > rtt ? srtt_ - rtt : rtt - srtt_;
    rttvar_ = rttvar_ - rttvar_ / 4 + error / 4;  // before srtt, which it compares with (2.3)
    srtt_ = srtt_ - srtt_ / 8 + rtt / 8;
  }
  const sim::Time rto = srtt_ + sim::max(params_.clock_granularity, 4 * rttvar_);
  rto_ = sim::min(sim::max(rto, params_.rto_min), params_.rto_max);
}

}  // namespace vctoe::toe
