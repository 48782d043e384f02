// Networks by name: what specification [0018] lists, as values of parameters.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/net/link_params.h"

namespace vctoe::net {

/// One value that a profile gives to a parameter, and where it comes from.
struct ProfileSetting {
  LinkProfile profile{};
  const char* path;   ///< of the parameter, from the root
  const char* value;  ///< as on the command line
  const char* source;
};

/// All of them; what a profile does not name keeps its default. None of LinkProfile::kCustom.
const std::vector<ProfileSetting>& profile_settings();

/// Path and value of what one profile sets.
std::vector<std::pair<std::string, std::string>> settings_of(LinkProfile profile);

}  // namespace vctoe::net
