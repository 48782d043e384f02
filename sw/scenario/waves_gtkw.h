// What GTKWave needs to show a dump well: a save file and the names of enumerations.
#pragma once

#include <string>

#include "models/sim/units.h"
#include "sw/scenario/waves_signals.h"

namespace vctoe::waves {

/// Writes `directory`/waves.gtkw, the save file of waves.vcd there, those of the walker's pins and
/// of its engines alone where it is in RTL, and a filter file for each enumeration. Signals are
/// grouped by their scopes, numbers are right-justified, enumerations are shown by name, curves
/// three rows high; the view shows all from `from` to `to`.
void write_view(const std::string& directory, const SignalList& signals, sim::Time from,
                sim::Time to);

}  // namespace vctoe::waves
