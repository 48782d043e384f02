// DMA by virtual address: what the IOMMU cannot translate is asked for and then read again.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "models/nic/dma.h"
#include "models/nic/out_ring.h"
#include "models/nic/rings.h"
#include "models/pcie/pool.h"
#include "models/sim/stats.h"
#include "models/sim/trace.h"

namespace vctoe::nic {

/// Stands before the DMA engine. Requests by physical address pass through. One by virtual address
/// goes to the IOMMU with its PASID; when that refuses, the pages of the request are asked for
/// (Page Request of the PCIe ATS specification 1.1, 4.1), and after the response the whole request
/// is repeated. The client hears of the end only. The NIC keeps no translations (no ATC): each TLP
/// is translated where and when it is performed, so no frame can leave between the two. A page may
/// be gone again by then, but not kMostTries times: a host whose answers do not help is refused.
class PageRequester : public DmaPort, private DmaClient {
 public:
  /// A page request was answered by a refusal: the connection cannot go on. Called before the
  /// client is told that its access has failed. The connection may be gone already, but its id is
  /// not another's: the host hears of the end only after the last read.
  using Refused = std::function<void(std::uint32_t connection)>;

  PageRequester(sim::Context& context, std::uint8_t node, DmaPort& dma,
                OutRing<RequestEntry>& requests, Refused refused);

  static constexpr std::uint32_t kMostTries = 256;

  struct Stats {
    std::uint64_t accesses = 0;
    std::uint64_t page_requests = 0;
    std::uint64_t repeated = 0;
    std::uint64_t refused = 0;
    sim::Histogram wait_ps;
    void declare(sim::StatList& list) const;
  };
  const Stats& stats() const { return stats_; }

  void submit(const DmaRequest& request) override;
  std::size_t pending() const override { return dma_.pending(); }
  /// True if the entry answers a page request.
  bool reply(const ReplyEntry& entry);
  /// Accesses by virtual address that are not over.
  std::size_t busy() const { return accesses_.in_use(); }

 private:
  struct Access {
    DmaRequest request;
    std::vector<SgElement> sg;
    std::uint32_t unanswered = 0;  ///< page requests
    std::uint32_t tries = 0;       ///< times that all of it was there, as the host says
    bool refused = false;
    sim::Time asked;
  };
  struct Asked {
    sim::TxnId txn;
    Access* access;
  };

  void dma_done(std::uint64_t cookie, bool ok) override;
  void start(Access& access);
  void ask(Access& access);
  void finish(Access& access, bool ok);
  void trace(sim::TraceKind kind, const Access& access);

  sim::Context& context_;
  std::uint8_t node_;
  DmaPort& dma_;
  OutRing<RequestEntry>& requests_;
  Refused refused_;
  Stats stats_;
  std::vector<Asked> asked_;
  pcie::Pool<Access> accesses_;
};

}  // namespace vctoe::nic
