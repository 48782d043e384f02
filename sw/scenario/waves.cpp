#include "sw/scenario/waves.h"

#include "models/sim/kernel.h"
#include "sw/scenario/waves_gtkw.h"

namespace vctoe::waves {

Waves::Waves(const std::string& directory, const Options& options, sim::TraceBus& bus,
             const std::vector<Watched>& hosts)
    : directory_(directory), signals_(options.scopes) {
  for (const Watched& watched : hosts) {
    system::Host& host = watched.host;
    const std::string& at = watched.name;
    lines_.push_back(std::make_unique<FrameSignals>(table_, at + ".link", host.card(0).mac()));
    for (const std::uint32_t connection : options.connections) {
      add_connection(table_, at, host, connection);
    }
    add_nic(table_, at, host);
    links_.push_back(std::make_unique<TlpSignals>(table_, at + ".pcie.up", host.pcie.up()));
    links_.push_back(std::make_unique<TlpSignals>(table_, at + ".pcie.down", host.pcie.down()));
    add_memory(table_, at, host, watched.kernel);
  }
  signals_.check_scopes();
  vcd_ = std::make_unique<VcdWriter>(directory + "/waves.vcd", signals_, options);
  table_.start(bus, *vcd_, options.trigger);
}

void Waves::close() {
  vcd_->close(sim::now());
  const bool any = vcd_->first() != sim::Time::never();
  write_view(directory_, signals_, any ? vcd_->first() : sim::Time::zero(), vcd_->last());
}

}  // namespace vctoe::waves
