#include "sw/scenario/monitors_text.h"

#include <fmt/format.h>

namespace vctoe::monitors {

void fail(const char* monitor, const std::string& what, const sim::TraceEvent& event) {
  sim::check_failed(fmt::format(
      "monitor {}: {}: {} at {:.6f} us, node {}, connection {}, txn {}, address {:#x}, length {}, "
      "seq {}, detail {}",
      monitor, what, sim::enum_name(event.kind), event.at.us(), event.node, event.connection,
      event.txn, event.address, event.length, event.seq, event.detail));
}

}  // namespace vctoe::monitors
