// What the wire takes: rates and byte counts as pure functions, for documents and tests. The model
// uses the same functions for its constants and nothing else from here.
#pragma once

#include <cstdint>

#include "models/sim/params.h"
#include "models/sim/units.h"

namespace vctoe::pcie {

/// How the link's own traffic (Ack, UpdateFC, SKP) is charged.
enum class DllpMode : std::uint8_t {
  kRealistic,  ///< a fixed share of the raw rate, measured on real links (calibration P4)
  kPcieModel   ///< as pcie-bench/pcie-model does it, to be compared with it (calibration 1.1)
};

/// The kinds of TLP that the model sends.
enum class TlpKind : std::uint8_t { kMemoryWrite, kMemoryRead, kCompletion };
constexpr std::size_t kTlpKinds = 3;

/// From this generation on the link runs in FLIT mode.
constexpr std::uint64_t kFirstFlitGen = 6;

/// Raw rate of `lanes` lanes after line coding: 8b/10b for generations 1 and 2, 128b/130b for 3 to
/// 5, 236 of 256 bytes for FLITs (calibration P1, P2).
sim::BitRate raw_rate(std::uint64_t gen, std::uint64_t lanes);

/// Ack latency limit in symbol times, which is also the guideline for UpdateFC: base specification
/// 5.0, tables 3-7..3-9 and 2-46..2-48, as the formula behind them:
/// (MPS + 28) x AckFactor / lanes + internal delay of 19, 70 or 115 symbols.
std::uint64_t ack_limit(std::uint64_t gen, std::uint64_t lanes, std::uint64_t mps);

/// Share of the raw rate that TLPs cannot use. `overhead` is the share of the realistic mode. A
/// FLIT carries its DLLPs in bytes that raw_rate() has already taken off: 0.
double dllp_share(DllpMode mode, double overhead, std::uint64_t gen, std::uint64_t lanes,
                  std::uint64_t mps);

/// Bytes of a TLP beside its payload, with 64-bit addresses: framing, sequence number, header and
/// LCRC; in FLIT mode the header alone (calibration P3). An ECRC adds 4.
std::uint64_t tlp_overhead(TlpKind kind, std::uint64_t gen, bool ecrc);

}  // namespace vctoe::pcie

namespace vctoe::sim {
template <>
struct EnumNames<pcie::DllpMode> {
  static constexpr std::string_view kNames[] = {"realistic", "pcie_model"};
};
template <>
struct EnumNames<pcie::TlpKind> {
  static constexpr std::string_view kNames[] = {"mwr", "mrd", "cpld"};
};
}  // namespace vctoe::sim
