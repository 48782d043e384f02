// A save file for GTKWave of a dump of the RTL walker.
#pragma once

#include <string>

namespace vctoe::nic {

/// Writes `directory`/`prefix`.gtkw, the pins of `prefix`.vcd there with kinds and faults by name,
/// and the filter files that it needs. Throws sim::Error(kUser).
void write_walker_view(const std::string& directory, const std::string& prefix);

}  // namespace vctoe::nic
