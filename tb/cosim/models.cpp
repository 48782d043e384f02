#include "tb/cosim/models.h"

namespace vctoe::cosim {

std::unique_ptr<Dut> make_rtl(Set set, std::uint64_t seed) {
  switch (set) {
    case Set::kSmall:
      return make_small(seed);
    case Set::kStandard:
      return make_standard(seed);
    default:
      return make_large(seed);
  }
}

}  // namespace vctoe::cosim
