// Retransmission timeout from round-trip times (RFC 6298 sections 2 and 5).
#pragma once

#include "models/nic/toe/tcp_params.h"

namespace vctoe::toe {

class RttEstimator {
 public:
  explicit RttEstimator(const TcpParams& params) : params_(params), rto_(params.rto_initial) {}

  /// A round trip of a segment that was sent once (Karn), or was told apart by its timestamp.
  void sample(sim::Time rtt);
  /// The timer ran out: the timeout doubles, up to rto_max, until the next sample (5.5).
  void back_off() { rto_ = sim::min(rto_ * 2, params_.rto_max); }
  /// The SYN was lost: at least `floor` when data starts (5.7).
  void raise(sim::Time floor) { rto_ = sim::max(rto_, floor); }

  bool measured() const { return measured_; }
  sim::Time srtt() const { return srtt_; }
  sim::Time rttvar() const { return rttvar_; }
  sim::Time rto() const { return rto_; }

 private:
  const TcpParams& params_;
  bool measured_ = false;
  sim::Time srtt_;
  sim::Time rttvar_;
  sim::Time rto_;
};

}  // namespace vctoe::toe
