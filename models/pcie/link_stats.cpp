#include "models/pcie/link_stats.h"

#include <string>

namespace vctoe::pcie {
namespace {

template <class E, class Array>
void declare_traffic(sim::StatList& list, const Array& traffic) {
  for (std::size_t i = 0; i < traffic.size(); ++i) {
    list.group(sim::EnumNames<E>::kNames[i], traffic[i]);
  }
}

}  // namespace

void TrafficStats::declare(sim::StatList& list) const {
  list.add("tlps", tlps, "1", "TLPs sent");
  list.add("bytes", bytes, "B", "payload bytes in them");
}

void ChannelStats::declare(sim::StatList& list) const {
  declare_traffic<TlpKind>(list, by_kind);
  declare_traffic<Purpose>(list, by_purpose);
  list.add("wire_bytes", wire_bytes, "B", "bytes of TLPs with their overhead, without DLLPs");
  for (std::size_t i = 0; i < kCreditTypes; ++i) {
    list.add("credit_stall." + std::string(sim::EnumNames<CreditType>::kNames[i]), credit_stall[i],
             "s", "time that a TLP waited for this credit");
  }
  list.add_stalls("time", time);
}

void LinkStats::declare(sim::StatList& list) const {
  list.group("up", up);
  list.group("down", down);
  list.add("dma_reads", dma_reads, "1", "DMA reads completed");
  list.add("dma_writes", dma_writes, "1", "DMA writes performed");
  list.add("dma_errors", dma_errors, "1", "DMA requests to which host memory answered an error");
  list.add("mmio_reads", mmio_reads, "1", "register reads completed");
  list.add("mmio_writes", mmio_writes, "1", "register writes accepted, combined ones as one");
  list.add("mmio_errors", mmio_errors, "1", "pieces of MMIO that the device refused");
  list.add("config_requests", config_requests, "1", "configuration requests completed");
  list.add("tag_stall", tag_stall, "s", "time during which a read waited for a tag");
  list.add("mmio_stall", mmio_stall, "s", "time that stores waited for room in the queue");
  list.add("read_latency", read_latency, "ps", "DMA read, from request to last completion");
  list.add("mmio_read_latency", mmio_read_latency, "ps", "register read, as the CPU sees it");
}

}  // namespace vctoe::pcie
