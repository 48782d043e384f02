#include "models/nic/toe/cubic.h"

#include <cmath>

namespace vctoe::toe {

namespace {
constexpr double kC = 0.4;                                      // section 5.1
constexpr double kBeta = 0.7;                                   // section 4.6
constexpr double kAlpha = 3.0 * (1.0 - kBeta) / (1.0 + kBeta);  // section 4.3
}  // namespace

double Cubic::cubic_window(double t) const {
  return kC * std::pow(t - k_, 3) + w_max_;
}

void Cubic::start_epoch(double cwnd, sim::Time now) {
  in_epoch_ = true;
  epoch_start_ = now;
  w_est_ = cwnd;
  fraction_ = 0;
  if (w_max_ > cwnd) {
    k_ = std::cbrt((w_max_ - cwnd) / kC);
  } else {
    k_ = 0;
    w_max_ = cwnd;
  }
}

void Cubic::grow(CongestionWindow& w, std::uint64_t acked, sim::Time srtt, sim::Time now) {
  if (w.cwnd < w.ssthresh) return slow_start(w, acked);
  const double mss = w.mss;
  const double cwnd = static_cast<double>(w.cwnd) / mss;
  const double segments = static_cast<double>(acked) / mss;
  if (!in_epoch_) start_epoch(cwnd, now);

  const double t = (now - epoch_start_).seconds();
  // Above the window of the last loss a Reno flow gains a whole segment a round trip.
  w_est_ += (w_est_ >= cwnd_prior_ ? 1.0 : kAlpha) * segments / cwnd;
  double wanted = 0;
  if (cubic_window(t) < w_est_) {
    wanted = std::max(cwnd, w_est_);  // Reno-friendly region
  } else {
    const double target = std::clamp(cubic_window(t + srtt.seconds()), cwnd, 1.5 * cwnd);
    wanted = cwnd + (target - cwnd) / cwnd * segments;
  }
  const double bytes = (wanted - cwnd) * mss + fraction_;
  const auto whole = static_cast<std::uint64_t>(bytes);
  fraction_ = bytes - static_cast<double>(whole);
  w.cwnd += whole;
}

std::uint64_t Cubic::reduce(const CongestionWindow& w, std::uint64_t flight) {
  const double cwnd = static_cast<double>(w.cwnd) / w.mss;
  w_max_ = cwnd < w_max_ ? cwnd * (1.0 + kBeta) / 2.0 : cwnd;  // fast convergence, section 4.7
  cwnd_prior_ = cwnd;
  in_epoch_ = false;
  const auto reduced = static_cast<std::uint64_t>(static_cast<double>(flight) * kBeta);
  return std::max<std::uint64_t>(reduced, 2ull * w.mss);
}

void Cubic::restart() {
  in_epoch_ = false;
  w_max_ = 0;  // section 4.8: the curve starts at its plateau
}

}  // namespace vctoe::toe
