// Where a host's sending and receiving agent is (specification [0023], [0060]).
#pragma once

#include <cstdint>
#include <string_view>

#include "models/sim/params.h"

namespace vctoe::system {

enum class Place : std::uint8_t {
  kAdaptor,  ///< TCP offload engine 121 on the network adaptor
  kDriver    ///< software on the host's processor; the adaptor is a plain MAC
};

struct TransportPlaces {
  Place sending = Place::kAdaptor;    ///< of host 0
  Place receiving = Place::kAdaptor;  ///< of host 1
  void declare(sim::ParamList& list);
};

}  // namespace vctoe::system

namespace vctoe::sim {
template <>
struct EnumNames<system::Place> {
  static constexpr std::string_view kNames[] = {"adaptor", "driver"};
};
}  // namespace vctoe::sim
