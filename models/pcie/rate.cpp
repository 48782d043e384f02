#include "models/pcie/rate.h"

#include "models/sim/error.h"

namespace vctoe::pcie {
namespace {

constexpr double kTransfersPerSecond[] = {2.5e9, 5e9, 8e9, 16e9, 32e9, 64e9};

double coding_efficiency(std::uint64_t gen) {
  if (gen >= kFirstFlitGen) return 236.0 / 256.0;
  return gen <= 2 ? 8.0 / 10.0 : 128.0 / 130.0;
}

/// AckFactor x 10 by width and MPS.
std::uint64_t ack_factor10(std::uint64_t lanes, std::uint64_t mps) {
  const bool small = mps <= 256;
  if (lanes <= 4) return small ? 14 : 10;
  if (lanes == 8) return small ? 25 : 10;
  return small ? 30 : 20;
}

}  // namespace

sim::BitRate raw_rate(std::uint64_t gen, std::uint64_t lanes) {
  sim::ensure(gen >= 1 && gen <= 6, "pcie: generation out of range");
  return {kTransfersPerSecond[gen - 1] * coding_efficiency(gen) * static_cast<double>(lanes)};
}

std::uint64_t ack_limit(std::uint64_t gen, std::uint64_t lanes, std::uint64_t mps) {
  constexpr std::uint64_t kTlpOverhead = 28;
  const std::uint64_t internal_delay = gen == 1 ? 19 : gen == 2 ? 70 : 115;
  return (mps + kTlpOverhead) * ack_factor10(lanes, mps) / (10 * lanes) + internal_delay;
}

double dllp_share(DllpMode mode, double overhead, std::uint64_t gen, std::uint64_t lanes,
                  std::uint64_t mps) {
  if (gen >= kFirstFlitGen) return 0;
  if (mode == DllpMode::kRealistic) return overhead;
  constexpr double kDllp = 8;
  constexpr double kSkip = 4.0 / 1538.0;
  const auto limit = static_cast<double>(ack_limit(gen, lanes, mps));
  return kDllp / limit + kDllp / limit + kSkip;
}

std::uint64_t tlp_overhead(TlpKind kind, std::uint64_t gen, bool ecrc) {
  constexpr std::uint64_t kFramingSequenceLcrc = 8;
  const std::uint64_t header = kind == TlpKind::kCompletion ? 12 : 16;
  return header + (gen >= kFirstFlitGen ? 0 : kFramingSequenceLcrc) + (ecrc ? 4 : 0);
}

}  // namespace vctoe::pcie
