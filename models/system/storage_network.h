// Swap over a network card: the card, its network, and the storage server at the other end
// (specification FIG. 13, storage 506 "network accessible").
#pragma once

#include <cstdint>
#include <deque>
#include <systemc>

#include "models/host/lazy_bytes.h"
#include "models/host/root_complex.h"
#include "models/net/frame_pool.h"
#include "models/net/link.h"
#include "models/net/storage_frame.h"
#include "models/nic/plain_mac.h"
#include "models/pcie/endpoint.h"
#include "models/pcie/link.h"
#include "models/sim/event_queue.h"
#include "models/system/card.h"

namespace vctoe::system {

/// A second host that keeps sectors in its memory and serves one message at a time. It loses
/// nothing: its clients limit what is under way.
class StorageServer : public sc_core::sc_module, private nic::MacClient {
 public:
  struct Stats {
    std::uint64_t reads = 0;
    std::uint64_t writes = 0;
    std::uint64_t bytes_read = 0;
    std::uint64_t bytes_written = 0;
    std::uint64_t queue_peak = 0;
    void declare(sim::StatList& list) const;
  };

  /// `service`: time for a message.
  StorageServer(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
                const nic::MacParams& mac, sim::Time service, std::uint64_t capacity);

  nic::Mac& mac() { return mac_; }
  host::LazyBytes& store() { return store_; }
  const Stats& stats() const { return stats_; }
  bool busy() const { return waiting_ != 0 || !to_send_.empty(); }

 private:
  void mac_sent(std::uint64_t cookie) override;
  void mac_received(net::FramePtr frame) override;
  void serve(const net::Frame& request);
  void send();

  nic::Mac mac_;
  sim::Time service_;
  host::LazyBytes store_;
  Stats stats_;
  net::FramePool frames_;
  sim::EventQueue<net::FramePtr> served_;
  std::deque<net::FramePtr> to_send_;
  sim::Time free_at_;
  std::uint64_t waiting_ = 0;
};

class StorageNetwork : public sc_core::sc_module {
 public:
  /// `device`: the card's number on the host, which is that of the next card to be bound.
  StorageNetwork(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
                 unsigned device, const CardParams& params, net::LinkParams net, sim::Time service,
                 std::uint64_t capacity, host::RootComplex& root_complex);

  unsigned device() const { return device_; }
  bool busy() const { return card.busy() || server.busy() || line.in_flight() != 0; }
  void declare_stats(sim::StatList& list) const;
  void settle_stats();

  pcie::Link pcie;
  pcie::Endpoint function;
  nic::PlainMac card;
  net::Link line;  ///< side 0 is the card's
  StorageServer server;

 private:
  unsigned device_;
};

}  // namespace vctoe::system
