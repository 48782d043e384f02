// The system's own signals as waves for GTKWave: a dump, a save file, and names for enumerations.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/system/two_hosts.h"
#include "sw/kernel/kernel.h"
#include "sw/scenario/waves_options.h"
#include "sw/scenario/waves_probes.h"
#include "sw/scenario/waves_system.h"

namespace vctoe::waves {

/// Watches from outside: listens to the trace bus and to taps, and reads what blocks show of
/// themselves. The run is the same with and without it.
class Waves {
 public:
  /// What is watched on one host. `name`: "sender" or "receiver".
  struct Watched {
    std::string name;
    system::Host& host;
    const kernel::Kernel& kernel;
    std::uint32_t ids = 0;  ///< connections of each card: card n has those from n x ids on
  };

  /// Starts to listen at once; keep it as long as the simulation runs. Throws sim::Error(kUser) for
  /// a scope in which no signal lies, and when a file cannot be written.
  Waves(const std::string& directory, const Options& options, sim::TraceBus& bus,
        const std::vector<Watched>& hosts);
  Waves(const Waves&) = delete;
  Waves& operator=(const Waves&) = delete;

  /// Writes the rest, the save file and the filter files; without it the dump disappears.
  void close();
  /// What the user has to be told of the dump: why it is shorter than asked for; may be empty.
  const std::string& note() const { return vcd_->note(); }
  const SignalList& signals() const { return signals_; }

 private:
  void add_host(const Watched& watched, const Options& options);

  std::string directory_;
  SignalList signals_;
  ProbeTable table_{signals_};
  std::vector<std::unique_ptr<FrameSignals>> lines_;
  std::vector<std::unique_ptr<TlpSignals>> links_;
  std::unique_ptr<VcdWriter> vcd_;
};

}  // namespace vctoe::waves
