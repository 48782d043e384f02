// What the parts of a link share.
#pragma once

#include <cstdint>

#include "models/pcie/channel.h"
#include "models/pcie/link_params.h"
#include "models/pcie/link_stats.h"
#include "models/pcie/target.h"
#include "models/sim/trace.h"

namespace vctoe::pcie {

/// Told when a DMA request is over.
class DmaDone {
 public:
  virtual ~DmaDone() = default;
  virtual void dma_done(tlm::tlm_generic_payload& gp, bool ok) = 0;
};

struct Fabric {
  sim::Context& context;
  const std::uint8_t node;
  const LinkParams& params;
  Channel& up;    ///< device to host
  Channel& down;  ///< host to device
  Target& host;
  Target& device;
  LinkStats& stats;
  DmaDone& done;

  /// Tells the monitors that payload bytes are touched in host memory now.
  void trace(sim::TraceKind kind, const TlpExtension& ext, std::uint64_t address,
             std::uint64_t length) const {
    if (ext.purpose != Purpose::kPayload) return;
    sim::TraceEvent event;
    event.kind = kind;
    event.node = node;
    event.asid = ext.asid;
    event.connection = ext.connection;
    event.txn = ext.txn;
    event.address = address;
    event.length = length;
    context.trace.emit(event);
  }
};

}  // namespace vctoe::pcie
