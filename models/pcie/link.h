// A PCIe link between a root port and an endpoint: both directions, both ends' transaction layers.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <systemc>
#include <tlm>

#include "models/pcie/channel.h"
#include "models/pcie/dma_reader.h"
#include "models/pcie/dma_writer.h"
#include "models/pcie/fabric.h"
#include "models/pcie/link_params.h"
#include "models/pcie/link_stats.h"
#include "models/pcie/mmio_path.h"
#include "models/sim/trace.h"

namespace vctoe::pcie {

/// The protocols of the sockets are in docs/architecture.md, "Socket protocols".
class Link : public sc_core::sc_module, private DmaDone {
 public:
  using Stats = LinkStats;

  /// Throws a user error if the parameters contradict each other. `context` must outlive the link.
  Link(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
       const LinkParams& params);

  tlm_utils::simple_target_socket<Link> dev_dma{"dev_dma"};
  tlm_utils::simple_initiator_socket<Link, 64> host_mem{"host_mem"};
  tlm_utils::simple_target_socket<Link, 64> host_mmio{"host_mmio"};
  tlm_utils::simple_initiator_socket<Link> dev_bar{"dev_bar"};

  const LinkParams& params() const { return params_; }
  Channel& up() { return up_; }
  Channel& down() { return down_; }
  /// Up to date only after settle_stats().
  const Stats& stats() const { return stats_; }
  /// Brings the statistics up to now and checks that each direction's time adds up to it.
  void settle_stats();
  /// Nothing is under way in either direction.
  bool quiet() const;

 private:
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay);
  void mmio_transport(tlm::tlm_generic_payload& gp, sc_core::sc_time& delay);
  void dma_done(tlm::tlm_generic_payload& gp, bool ok) override;

  const LinkParams params_;
  Stats stats_;
  Channel up_;
  Channel down_;
  Target host_{host_mem};
  Target device_{dev_bar};
  Fabric fabric_;
  DmaReader reader_;
  DmaWriter writer_;
  MmioPath mmio_;
};

}  // namespace vctoe::pcie
