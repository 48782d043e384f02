// The CPU's way to the device: stores that are posted; loads, and configuration requests, that
// wait.
#pragma once

#include <array>
#include <cstdint>

#include "models/pcie/fabric.h"
#include "models/pcie/pool.h"

namespace vctoe::pcie {

class MmioPath : public TrainSink {
 public:
  explicit MmioPath(Fabric& fabric) : fabric_(fabric) {}

  /// Takes a copy of the bytes and returns at once, unless more than `mmio_queue` bytes would wait:
  /// then the calling SC_THREAD waits for room. `delay` is the caller's lead over the clock.
  void write(tlm::tlm_generic_payload& gp, sim::Time& delay);
  /// Waits until the completion is back. Only from an SC_THREAD.
  void read(tlm::tlm_generic_payload& gp, sim::Time& delay);
  /// A configuration request, read or write, of 4 bytes: waits as read() does.
  void configure(tlm::tlm_generic_payload& gp, sim::Time& delay);
  void on_arrival(const Arrival& arrival) override;
  /// Stores and loads under way.
  std::size_t in_flight() const { return stores_.in_use() + loads_.in_use(); }

 private:
  struct Store : Train {
    std::uint64_t address = 0;
    TlpExtension ext;
    std::array<unsigned char, kPage> bytes;
  };
  struct Load : Train {
    tlm::tlm_generic_payload* gp = nullptr;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    TlpExtension ext;
    bool ok = false;
    sc_core::sc_event done;
  };

  std::uint64_t store_length(std::uint64_t address, std::uint64_t left, std::uint64_t line) const;
  void wait_for_room(std::uint64_t bytes);
  void push_store(const TlpExtension& ext, std::uint64_t address, const unsigned char* data,
                  std::uint64_t length, sim::Time ready);
  void store_arrived(Store& store);
  void send(Load& load, std::uint64_t overhead, const Cut& cut);
  void load_at_device(Load& load);

  Fabric& fabric_;
  Pool<Store> stores_;
  Pool<Load> loads_;
  std::uint64_t queued_ = 0;   ///< bytes of stores that have not arrived
  std::uint64_t waiting_ = 0;  ///< threads that wait for room
  sc_core::sc_event room_;
};

}  // namespace vctoe::pcie
