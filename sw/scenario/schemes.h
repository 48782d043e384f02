// The schemes of the specification's figures as settings of NIC and driver: one machine, different
// policies.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/nic/nic_params.h"

namespace vctoe::scenario {

struct Scheme {
  std::string_view name;  ///< first pass and, after "+", retransmission: "fig8+fig9"
  nic::Source first;
  nic::Source retransmit;
  bool pin_at_post;         ///< gather and pin the whole list before it is posted
  bool unpin_acknowledged;  ///< of such a list: when all is acknowledged, not when all is sent
  bool with_list;           ///< the post carries the list of virtual contexts
  bool circular;            ///< copy into a ring instead of pinning pages
  std::string_view sentence;
};

/// In the order of the table.
const std::vector<Scheme>& schemes();
/// By name; "fig8", "fig11" and "fig12" stand for their natural pairs. A user error if there is
/// none.
const Scheme& find_scheme(std::string_view name);

struct ScenarioParams;
/// The scheme's settings laid over the parameters. A user error if the machine lacks what it needs.
ScenarioParams with_scheme(ScenarioParams params, const Scheme& scheme);

}  // namespace vctoe::scenario
