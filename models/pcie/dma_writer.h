// DMA writes: posted, up, performed in order.
#pragma once

#include <cstdint>

#include "models/pcie/fabric.h"
#include "models/pcie/pool.h"

namespace vctoe::pcie {

/// A write is cut into trains at page boundaries; each is performed in host memory when its last
/// byte has arrived there.
class DmaWriter : public TrainSink {
 public:
  explicit DmaWriter(Fabric& fabric) : fabric_(fabric) {}

  /// `ready` is when the first TLP may go.
  void submit(tlm::tlm_generic_payload& gp, sim::Time ready);
  void on_arrival(const Arrival& arrival) override;
  /// Trains not performed yet.
  std::size_t in_flight() const { return chunks_.in_use(); }

 private:
  struct Request {
    tlm::tlm_generic_payload* gp = nullptr;
    const TlpExtension* ext = nullptr;
    std::uint64_t done = 0;  ///< bytes performed
    bool ok = true;
  };
  struct Chunk : Train {
    Request* request = nullptr;
    std::uint64_t offset = 0;
  };

  Fabric& fabric_;
  Pool<Request> requests_;
  Pool<Chunk> chunks_;
};

}  // namespace vctoe::pcie
