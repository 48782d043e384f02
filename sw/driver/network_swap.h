// Swap over a network card, in software: requests of pages become messages in frames, which share
// rings, frame buffers and cores with everything else on the host.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "models/host/lazy_bytes.h"
#include "models/host/swap_device.h"
#include "models/net/storage_frame.h"
#include "sw/driver/frame_driver.h"

namespace vctoe::driver {

/// One thread sends and takes in. It allocates nothing while it runs: what writes a page away so
/// that a frame becomes free must not wait for a free frame.
class NetworkSwap : public sc_core::sc_module, public host::SwapDevice, private FrameUser {
 public:
  struct Stats {
    std::uint64_t requests = 0;
    std::uint64_t frames_sent = 0;
    std::uint64_t frames_received = 0;
    std::uint64_t bytes_read = 0;
    std::uint64_t bytes_written = 0;
    std::uint64_t queue_peak = 0;
    void declare(sim::StatList& list) const;
  };

  /// `store`: what the server keeps, for loaders and checkers. At most `depth` messages are under
  /// way.
  NetworkSwap(const sc_core::sc_module_name& name, host::LazyBytes& store, std::uint64_t depth);
  /// The card's port. Before the first request; takes memory for rings and buffers, so before
  /// memory is filled.
  void attach(HostPort& port, const TransportParams& params);

  void submit(host::StorageRequest request) override;
  std::uint64_t capacity() const override { return store_.size(); }
  void write_dbg(std::uint64_t offset, const void* data, std::uint64_t length) override;
  void read_dbg(std::uint64_t offset, void* data, std::uint64_t length) const override;
  std::uint64_t bytes_read() const override { return stats_.bytes_read; }
  std::uint64_t bytes_written() const override { return stats_.bytes_written; }
  bool busy() const { return !queue_.empty() || under_way_ != 0; }
  const Stats& stats() const { return stats_; }
  void declare_stats(sim::StatList& list) const;

 private:
  struct Transfer {
    host::StorageRequest request;
    std::uint64_t left = 0;   ///< bytes not acknowledged
    std::size_t segment = 0;  ///< of the next message
    std::uint64_t at = 0;     ///< in that segment
    std::uint64_t offset = 0;
  };
  struct Message {
    Transfer* transfer = nullptr;
    std::uint64_t physical = 0;
    std::uint64_t length = 0;
  };
  struct Arrival {
    net::FramePtr frame;
    std::uint32_t slot = 0;
  };

  void frame_sent(std::uint64_t cookie) override;
  void frame_arrived(net::FramePtr frame, std::uint32_t slot) override;
  void work();
  bool can_send() const;
  void send_next();
  Message next_message(Transfer& transfer, net::StorageMessage& header);
  void take_in(const Arrival& arrival);
  void finish(Transfer& transfer);
  void spend(std::uint64_t copied);
  void wake();

  host::LazyBytes& store_;
  std::uint64_t depth_;
  HostPort* port_ = nullptr;
  std::unique_ptr<FrameDriver> card_;
  Stats stats_;
  net::FramePool frames_;
  std::vector<std::unique_ptr<Transfer>> transfers_;
  std::vector<Transfer*> idle_;
  std::deque<Transfer*> queue_;    ///< with messages to send
  std::vector<Message> messages_;  ///< by tag
  std::vector<std::uint32_t> free_tags_;
  std::uint64_t under_way_ = 0;
  std::deque<Arrival> arrivals_;
  bool asleep_ = false;
  sc_core::sc_event wake_;
  Thread thread_;
};

}  // namespace vctoe::driver
