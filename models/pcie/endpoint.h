// The function at the end of a link: what lies between the link and the device behind it. Answers
// configuration requests, decodes addresses, and keeps the device off the bus until software has
// enabled it.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <array>
#include <cstdint>
#include <systemc>
#include <tlm>
#include <vector>

#include "models/pcie/config_space.h"
#include "models/pcie/tlp_extension.h"
#include "models/sim/event_queue.h"
#include "models/sim/payload_pool.h"
#include "models/sim/stats.h"

namespace vctoe::pcie {

/// Protocols are those of Link::dev_bar and Link::dev_dma, on both sides.
class Endpoint : public sc_core::sc_module {
 public:
  struct Stats {
    std::uint64_t config_reads = 0;
    std::uint64_t config_writes = 0;
    std::uint64_t unsupported_requests = 0;
    std::uint64_t dma_refused = 0;
    std::uint64_t messages = 0;
    std::uint64_t messages_held = 0;
    void declare(sim::StatList& list) const;
  };

  Endpoint(const sc_core::sc_module_name& name, const FunctionLayout& layout);

  tlm_utils::simple_target_socket<Endpoint> from_link{"from_link"};  ///< from Link::dev_bar
  /// To the device's registers: addresses are places inside the device.
  tlm_utils::simple_initiator_socket<Endpoint> registers{"registers"};
  tlm_utils::simple_target_socket<Endpoint> dma{"dma"};             ///< from the device's DMA
  tlm_utils::simple_initiator_socket<Endpoint> to_link{"to_link"};  ///< to Link::dev_dma

  /// Untimed, for what a test or debugger sets up; the link's requests come through from_link.
  ConfigSpace& config() { return config_; }
  const Stats& stats() const { return stats_; }

 private:
  /// Entry of the MSI-X table (PCI local bus specification 3.0, 6.8.2): address, data, mask.
  struct Vector {
    std::array<std::uint32_t, 4> word{0, 0, 0, 1};
    std::uint64_t address() const { return std::uint64_t{word[1]} << 32 | word[0]; }
    bool masked() const { return (word[3] & 1) != 0; }
    bool pending = false;
  };

  void access(tlm::tlm_generic_payload& gp, sc_core::sc_time& delay);
  void configure(tlm::tlm_generic_payload& gp);
  void refuse(tlm::tlm_generic_payload& gp);
  bool in_table(std::uint64_t place) const;
  bool table_access(tlm::tlm_generic_payload& gp, std::uint64_t offset);
  std::uint32_t* table_word(std::uint64_t offset);
  void release_messages();
  void send_message(Vector& vector);
  tlm::tlm_sync_enum request(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                             sc_core::sc_time& delay);
  bool address_message(tlm::tlm_generic_payload& gp);
  tlm::tlm_sync_enum answer(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                            sc_core::sc_time& delay);
  void give_back(tlm::tlm_generic_payload& gp);

  FunctionLayout layout_;
  ConfigSpace config_;
  Stats stats_;
  std::vector<Vector> vectors_;
  std::uint32_t message_ = 1;                        ///< bytes of a message that was held
  sim::PayloadPool own_;                             ///< messages that were held
  sim::EventQueue<tlm::tlm_generic_payload*> done_;  ///< requests that do not reach the link
};

}  // namespace vctoe::pcie
