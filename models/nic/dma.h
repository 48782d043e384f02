// The NIC's DMA engine: reads and writes of host memory for everybody inside the NIC.
#pragma once

#include <cstdint>

#include "models/nic/rings.h"
#include "models/pcie/tlp_extension.h"
#include "models/sim/units.h"

namespace vctoe::nic {

/// Who asked. Called once per request, in the order of completion.
class DmaClient {
 public:
  virtual ~DmaClient() = default;
  /// `ok` is false when host memory answered with an error; the data is void then.
  virtual void dma_done(std::uint64_t cookie, bool ok) = 0;
};

/// One transfer between host memory (scattered) and the NIC (contiguous at `data`).
struct DmaRequest {
  bool write = false;             ///< true: NIC to host
  const SgElement* sg = nullptr;  ///< copied on submission
  std::uint32_t count = 0;        ///< elements
  std::uint8_t* data = nullptr;   ///< stays valid and untouched until dma_done()
  pcie::Purpose purpose = pcie::Purpose::kPayload;
  std::uint32_t connection = 0;
  std::uint16_t asid = 0;
  sim::TxnId txn = 0;
  std::uint64_t fetch_add = 0;  ///< not 0: an AtomicOp on 8 bytes, which returns what was there
  DmaClient* client = nullptr;  ///< may be null: nobody wants to know
  std::uint64_t cookie = 0;     ///< given back
  /// The addresses are virtual in `asid`, which goes along as PASID; the IOMMU translates them.
  bool by_virtual_address = false;
};

/// Interface, so that a client can be tested without PCIe. Writes reach host memory in the order of
/// submission; reads may complete in any order. Never refuses: what exceeds the outstanding limit
/// waits inside, first in, first out per purpose class.
class DmaPort {
 public:
  virtual ~DmaPort() = default;
  virtual void submit(const DmaRequest& request) = 0;
  /// Requests submitted and not yet done.
  virtual std::size_t pending() const = 0;
};

}  // namespace vctoe::nic
