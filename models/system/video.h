// A video controller on PCIe of which only the traffic is modelled: it scans a picture out of main
// memory all the time (FIG. 13: video controller 509). It competes for DRAM and does nothing else.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <systemc>
#include <tlm>
#include <vector>

#include "models/host/root_complex.h"
#include "models/pcie/link.h"
#include "models/sim/event_queue.h"
#include "models/sim/payload_pool.h"

namespace vctoe::system {

struct VideoParams {
  sim::BitRate rate{0};
  sim::Bytes picture = sim::Bytes::mib(1);
  void declare(sim::ParamList& list);
};

class VideoController : public sc_core::sc_module {
 public:
  struct Stats {
    std::uint64_t reads = 0;
    std::uint64_t bytes = 0;
    std::uint64_t late = 0;
    void declare(sim::StatList& list) const;
  };

  /// Binds its own link to the root complex; it has no registers that the processor would use.
  VideoController(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
                  const VideoParams& params, const pcie::LinkParams& link,
                  host::RootComplex& root_complex);

  std::uint64_t picture_bytes() const { return params_.picture.n; }
  /// Where the picture lies, physically contiguous; scanning begins.
  void scan(std::uint64_t physical);
  const Stats& stats() const { return stats_; }

 private:
  static constexpr std::uint64_t kPiece = 4096;
  static constexpr unsigned kOutstanding = 16;

  void tick();
  tlm::tlm_sync_enum done(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                          sc_core::sc_time& delay);
  void no_register(tlm::tlm_generic_payload& gp, sc_core::sc_time& delay);

  VideoParams params_;
  Stats stats_;
  pcie::Link link_;
  tlm_utils::simple_initiator_socket<VideoController> dma_;
  tlm_utils::simple_target_socket<VideoController> bar_;
  tlm_utils::simple_initiator_socket<VideoController, 64> no_processor_;
  sim::PayloadPool pool_;
  sim::Alarm alarm_;
  std::uint64_t picture_ = 0;
  std::uint64_t at_ = 0;  ///< in the picture
  unsigned outstanding_ = 0;
  std::vector<std::uint8_t> line_;  ///< what was read; nobody looks at it
};

}  // namespace vctoe::system
