#include "sw/scenario/time_parts.h"

namespace vctoe::outputs {

std::string_view meaning(TimePart part) {
  switch (part) {
    case TimePart::kWalker:
      return "elapsed time while the walker read context lists for the next byte";
    case TimePart::kHost:
      return "elapsed time while the next byte waited for driver, kernel, interrupts or rings";
    case TimePart::kSwapIn:
      return "elapsed time while the next byte's page was read from swap";
    case TimePart::kPinning:
      return "elapsed time while the next byte's pages were pinned or waited for the pin limit";
    case TimePart::kPcie:
      return "elapsed time while the next byte was on its way over PCIe or waited for the link";
    case TimePart::kDmaTags:
      return "elapsed time while the link idled because no more reads could be out at a time";
    case TimePart::kPacketBuffer:
      return "elapsed time while the next byte waited for room in the packet buffer";
    case TimePart::kWindow:
      return "elapsed time while the next byte was held back by congestion or receive window";
    case TimePart::kWire:
      return "elapsed time of serialization and propagation";
    case TimePart::kLossRecovery:
      return "elapsed time until something lost was repaired";
    default:
      return "elapsed time while nothing was posted, or what had arrived was not read";
  }
}

}  // namespace vctoe::outputs
