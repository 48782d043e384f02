// From what blocks say on the trace bus to signals: which event makes which signals be read.
#pragma once

#include <array>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "models/sim/trace.h"
#include "sw/scenario/waves_vcd.h"

namespace vctoe::waves {

/// Called at an event; reads what it needs from the blocks themselves.
using Probe = std::function<void(const sim::TraceEvent& event, sim::Time now)>;

/// Filled before the run begins. A probe none of whose signals is in scope is thrown away, and so
/// costs nothing.
class ProbeTable {
 public:
  static constexpr std::size_t kNodes = 2;

  explicit ProbeTable(SignalList& signals) : signals(signals) {}

  /// At events of these kinds.
  void at(unsigned node, sim::TraceMask kinds, std::initializer_list<SignalId> of, Probe probe);
  /// Once, before the run begins.
  void at_present(std::initializer_list<SignalId> of, std::function<void(sim::Time now)> probe);
  /// At a change of state of these, and once before the run begins.
  void at_change(unsigned node, std::initializer_list<sim::Watched> what,
                 std::initializer_list<SignalId> of, const Probe& probe);
  /// Listens from now on; every probe of a state is called once.
  void start(sim::TraceBus& bus, VcdWriter& vcd, std::optional<sim::TraceKind> trigger);

  SignalList& signals;
  VcdWriter& vcd() { return *vcd_; }

 private:
  using Row = std::vector<Probe>;
  static bool any(std::initializer_list<SignalId> of);
  void see(const sim::TraceEvent& event) const;

  std::array<std::array<Row, static_cast<std::size_t>(sim::TraceKind::kCount)>, kNodes> by_kind_;
  std::array<std::array<Row, static_cast<std::size_t>(sim::Watched::kCount)>, kNodes> by_state_;
  std::vector<std::function<void(sim::Time)>> at_present_;
  VcdWriter* vcd_ = nullptr;
};

}  // namespace vctoe::waves
