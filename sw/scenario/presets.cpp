#include "sw/scenario/presets.h"

#include <string>

#include "models/net/profiles.h"

namespace vctoe::scenario {

std::vector<config::Preset> presets() {
  std::vector<config::Preset> all;
  const auto& names = sim::EnumNames<net::LinkProfile>::kNames;
  for (std::size_t i = 0; i < std::size(names); ++i) {
    const auto settings = net::settings_of(static_cast<net::LinkProfile>(i));
    if (!settings.empty()) all.push_back({"net.profile", std::string(names[i]), settings});
  }
  return all;
}

}  // namespace vctoe::scenario
