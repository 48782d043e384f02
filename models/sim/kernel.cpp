#include "models/sim/kernel.h"

namespace vctoe::sim {

std::uint64_t g_activations = 0;

}  // namespace vctoe::sim
