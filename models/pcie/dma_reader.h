// DMA reads: tags, read requests up, completions down.
#pragma once

#include <array>
#include <cstdint>

#include "models/pcie/fabric.h"
#include "models/pcie/pool.h"

namespace vctoe::pcie {

/// A read is cut into read requests, each of which holds a tag until its last completion is here.
/// Requests get their tags first come, first served. Up to Train::kSegments read requests of one
/// transaction that are ready at one time travel as a batch, whichever read they belong to.
class DmaReader : public TrainSink {
 public:
  explicit DmaReader(Fabric& fabric) : fabric_(fabric) {}

  /// `ready` is when the first TLP may go.
  void submit(tlm::tlm_generic_payload& gp, sim::Time ready);
  void on_arrival(const Arrival& arrival) override;
  /// Brings the statistics up to `at`.
  void settle(sim::Time at);
  /// Reads not answered yet.
  std::size_t in_flight() const { return requests_.in_use(); }

 private:
  struct Request {
    tlm::tlm_generic_payload* gp = nullptr;
    const TlpExtension* ext = nullptr;
    sim::Time submitted;
    sim::Time ready;
    std::uint64_t issued = 0;       ///< bytes asked for so far
    std::uint64_t outstanding = 0;  ///< read requests without their last completion
    bool ok = true;
  };
  struct Piece {
    Request* request = nullptr;
    std::uint64_t offset = 0;
    std::uint32_t length = 0;
  };
  struct Batch : Train {
    std::array<Piece, kSegments> piece;
  };

  void issue();
  void issue_batch(Request& request);
  Batch* joinable(const TlpExtension& ext, sim::Time ready) const;
  std::uint32_t add_pieces(Batch& batch, std::uint32_t n, Request& request);
  bool tag_free() const { return fabric_.params.tags == 0 || tags_used_ < fabric_.params.tags; }
  void set_starved(bool starved);
  void at_host(const Arrival& arrival);
  void read_piece(const Piece& piece, sim::Time delay, Batch& completions);
  void at_device(const Arrival& arrival);
  void finish(Request& request);

  Fabric& fabric_;
  Pool<Request> requests_;
  Pool<Batch> batches_;
  Fifo<Request*> queue_;     ///< not fully issued
  Batch* newest_ = nullptr;  ///< the last batch of requests, until it is at the host
  std::uint64_t tags_used_ = 0;
  bool starved_ = false;
  sim::Time starved_since_;
};

}  // namespace vctoe::pcie
