#include "models/nic/toe/congestion.h"

#include "models/nic/toe/cubic.h"
#include "models/nic/toe/reno.h"

namespace vctoe::toe {

std::unique_ptr<Congestion> make_congestion(CongestionKind kind) {
  if (kind == CongestionKind::kCubic) return std::make_unique<Cubic>();
  return std::make_unique<Reno>();
}

}  // namespace vctoe::toe
