#include "models/nic/toe/reno.h"

namespace vctoe::toe {

void Reno::grow(CongestionWindow& w, std::uint64_t acked, sim::Time /*srtt*/, sim::Time /*now*/) {
  if (w.cwnd < w.ssthresh) return slow_start(w, acked);
  // One segment for each window of acknowledged bytes: the byte-counting form of congestion
  // avoidance, which delayed acknowledgements do not slow down.
  acked_ += acked;
  if (acked_ < w.cwnd) return;
  acked_ -= w.cwnd;
  w.cwnd += w.mss;
}

std::uint64_t Reno::reduce(const CongestionWindow& w, std::uint64_t flight) {
  acked_ = 0;
  return std::max<std::uint64_t>(flight / 2, 2ull * w.mss);  // equation 4
}

}  // namespace vctoe::toe
