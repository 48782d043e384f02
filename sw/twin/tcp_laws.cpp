#include "sw/twin/tcp_laws.h"

#include <algorithm>
#include <cmath>

namespace vctoe::twin {

double mathis_window(double p) {
  return std::sqrt(1.5 / p);
}

double pftk_window(double p, double b, double rto_over_rtt) {
  const double q = 1 - p;
  const double k = (2 + b) / (3 * b);
  const double w = k + std::sqrt(8 * q / (3 * b * p) + k * k);
  const double q3 = std::pow(q, 3);
  const double timeout =
      std::min(1.0, (1 - q3) * (1 + q3 * (1 - std::pow(q, w - 3))) / (1 - std::pow(q, w)));
  double f = 1;
  for (int i = 1; i <= 6; ++i) f += std::pow(2, i - 1) * std::pow(p, i);
  return (q / p + w + timeout / q) / (b / 2 * w + 1 + timeout * rto_over_rtt * f / q);
}

double cubic_window(double p, double rtt_s) {
  constexpr double kC = 0.4, kBeta = 0.7;
  return std::pow(kC * (3 + kBeta) / (4 * (1 - kBeta)), 0.25) * std::pow(rtt_s, 0.75) /
         std::pow(p, 0.75);
}

unsigned slow_start_rounds(double initial, double full, double per_ack) {
  unsigned rounds = 0;
  for (double w = initial; w < full; w += std::max(1.0, std::floor(w / per_ack))) ++rounds;
  return rounds;
}

}  // namespace vctoe::twin
