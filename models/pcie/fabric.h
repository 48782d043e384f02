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
  const LinkParams& params;
  Channel& up;    ///< device to host
  Channel& down;  ///< host to device
  Target& host;
  Target& device;
  LinkStats& stats;
  DmaDone& done;
  const sim::TraceBus& trace;
  std::uint8_t node;
};

}  // namespace vctoe::pcie
