#include "sw/scenario/waves_probes.h"

#include <algorithm>

#include "models/sim/kernel.h"

namespace vctoe::waves {

using sim::TraceKind;

bool ProbeTable::any(std::initializer_list<SignalId> of) {
  return std::any_of(of.begin(), of.end(), [](SignalId id) { return id != kNoSignal; });
}

void ProbeTable::at(unsigned node, sim::TraceMask kinds, std::initializer_list<SignalId> of,
                    Probe probe) {
  if (!any(of)) return;
  for (std::size_t k = 0; k < by_kind_[node].size(); ++k) {
    if ((kinds & sim::mask_of(static_cast<TraceKind>(k))) != 0) by_kind_[node][k].push_back(probe);
  }
}

void ProbeTable::at_present(std::initializer_list<SignalId> of,
                            std::function<void(sim::Time)> probe) {
  if (any(of)) at_present_.push_back(std::move(probe));
}

void ProbeTable::at_change(unsigned node, std::initializer_list<sim::Watched> what,
                           std::initializer_list<SignalId> of, const Probe& probe) {
  if (!any(of)) return;
  for (const sim::Watched w : what) by_state_[node][static_cast<std::size_t>(w)].push_back(probe);
}

void ProbeTable::start(sim::TraceBus& bus, VcdWriter& vcd, std::optional<TraceKind> trigger) {
  vcd_ = &vcd;
  sim::TraceMask kinds = 0;
  for (const auto& node : by_kind_) {
    for (std::size_t k = 0; k < node.size(); ++k) {
      if (!node[k].empty()) kinds |= sim::mask_of(static_cast<TraceKind>(k));
    }
  }
  sim::TraceEvent now;
  now.kind = TraceKind::kState;
  for (const auto& node : by_state_) {
    for (const Row& row : node) {
      if (!row.empty()) kinds |= sim::mask_of(TraceKind::kState);
      for (const Probe& probe : row) probe(now, sim::now());
    }
  }
  for (const auto& probe : at_present_) probe(sim::now());
  if (trigger) {
    bus.subscribe(sim::mask_of(*trigger),
                  [this](const sim::TraceEvent& e) { vcd_->trigger(e.at); });
  }
  bus.subscribe(kinds, [this](const sim::TraceEvent& e) { see(e); });
}

void ProbeTable::see(const sim::TraceEvent& e) const {
  if (e.node >= kNodes || vcd_->stopped()) return;
  const Row& row = e.kind == TraceKind::kState ? by_state_[e.node][e.detail]
                                               : by_kind_[e.node][static_cast<std::size_t>(e.kind)];
  for (const Probe& probe : row) probe(e, e.at);
}

}  // namespace vctoe::waves
