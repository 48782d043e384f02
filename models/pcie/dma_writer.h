// DMA writes: posted, up, performed in order.
#pragma once

#include <array>
#include <cstdint>

#include "models/pcie/fabric.h"
#include "models/pcie/pool.h"

namespace vctoe::pcie {

/// A write is cut into pieces at page boundaries. Pieces of one transaction that are ready at one
/// time share a train of at most a page; all of it is performed in host memory when its last byte
/// has arrived there.
class DmaWriter : public TrainSink {
 public:
  explicit DmaWriter(Fabric& fabric) : fabric_(fabric) {}

  /// `ready` is when the first TLP may go.
  void submit(tlm::tlm_generic_payload& gp, sim::Time ready);
  void on_arrival(const Arrival& arrival) override;
  /// Trains not performed yet.
  std::size_t in_flight() const { return batches_.in_use(); }

 private:
  struct Request {
    tlm::tlm_generic_payload* gp = nullptr;
    const TlpExtension* ext = nullptr;
    std::uint64_t done = 0;  ///< bytes performed
    bool ok = true;
  };
  struct Piece {
    Request* request = nullptr;
    std::uint64_t offset = 0;
  };
  struct Batch : Train {
    std::array<Piece, kSegments> piece;
    std::uint64_t bytes = 0;
  };

  Batch* joinable(const TlpExtension& ext, sim::Time ready, std::uint64_t bytes) const;
  void perform(const Piece& piece, std::uint64_t bytes);

  Fabric& fabric_;
  Pool<Request> requests_;
  Pool<Batch> batches_;
  Batch* newest_ = nullptr;  ///< until it has arrived
};

}  // namespace vctoe::pcie
