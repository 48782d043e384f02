#include "sw/scenario/waves.h"

#include "models/sim/kernel.h"
#include "sw/scenario/waves_gtkw.h"

namespace vctoe::waves {

Waves::Waves(const std::string& directory, const Options& options, sim::TraceBus& bus,
             const std::vector<Watched>& hosts)
    : directory_(directory), signals_(options.scopes) {
  for (const Watched& watched : hosts) add_host(watched, options);
  signals_.check_scopes();
  vcd_ = std::make_unique<VcdWriter>(directory + "/waves.vcd", signals_, options);
  table_.start(bus, *vcd_, options.trigger);
}

/// The first card's scopes are "link", "nic" and "pcie", the others' have its number behind.
void Waves::add_host(const Watched& watched, const Options& options) {
  system::Host& host = watched.host;
  const std::string at = watched.name + ".";
  for (std::size_t i = 0; i < host.cards(); ++i) {
    system::Card& card = host.card(i);
    const std::string number = i == 0 ? "" : std::to_string(i);
    const ConnectionRange ids{static_cast<std::uint32_t>(i) * watched.ids, watched.ids};
    lines_.push_back(std::make_unique<FrameSignals>(table_, at + "link" + number, card.mac()));
    for (const std::uint32_t connection : options.connections) {
      if (!ids.has(connection)) continue;
      add_connection(table_, watched.name, card.nic, host.node(), connection);
    }
    add_nic(table_, at + "nic" + number, card.nic, host.node(), ids);
    const std::string pcie = at + "pcie" + number;
    links_.push_back(std::make_unique<TlpSignals>(table_, pcie + ".up", card.pcie.up()));
    links_.push_back(std::make_unique<TlpSignals>(table_, pcie + ".down", card.pcie.down()));
  }
  add_memory(table_, watched.name, host, watched.kernel);
}

void Waves::close() {
  vcd_->close(sim::now());
  const bool any = vcd_->first() != sim::Time::never();
  write_view(directory_, signals_, any ? vcd_->first() : sim::Time::zero(), vcd_->last());
}

}  // namespace vctoe::waves
