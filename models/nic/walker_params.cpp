#include "models/nic/walker_params.h"

#include <string>

namespace vctoe::nic {

void WalkerParams::declare(sim::ParamList& list) {
  const sim::Range cycles{0, 1000};
  list.add("impl", impl,
           "what does the walker's work: the model at transaction level, the RTL, or the RTL with "
           "the model beside it, every output of the two being compared",
           "own choice");
  list.add("clock", clock, sim::time_range(sim::Time::from_ps(100), sim::Time::from_us(1)),
           "period of the walker's clock, in which its latencies are counted",
           "250 MHz, the user clock of a gen3 x8 endpoint on an FPGA");
  list.add("request_queue", request_queue, {1, 1024}, "walks that wait for an engine",
           "own choice");
  list.add("engines", engines, {1, 8}, "walks in progress at once, of different connections",
           "own choice");
  list.add("parked", parked, {0, 256},
           "walks that may wait for a page of records without keeping an engine",
           "own choice: a page that is swapped out takes milliseconds");
  list.add("tags", tags, {1, 1024},
           "records being fetched or waiting for their page; what exceeds engines + parked serves "
           "prefetch",
           "own choice");
  list.add("record_cache", record_cache, {1, 65536}, "records kept on the NIC", "own choice");
  list.add("translation_cache", translation_cache, {1, 1024},
           "pages of records whose translation, and so whose pin, is held", "own choice");
  list.add("prefetch", prefetch, {0, 64}, "records read ahead of the one that a walk ends in",
           "specification [0065]: steps may overlap");
  list.add("anchors", anchors, {0, 64},
           "places of a connection's lists remembered for retransmission, besides the newest two",
           "own choice");
  list.add("anchor_stride", anchor_stride, {1, 65536}, "records between two anchors", "own choice");
  list.add("max_records", max_records, {1, 1 << 30},
           "records that a list may have; a longer one ends in a fault", "requirement I-X06");
  list.add("granularity", granularity, sim::bytes_range({1}, sim::Bytes::gib(1)),
           "largest block that one request asks for", "specification [0033]");
  list.add("split_at_pages", split_at_pages, "blocks do not cross a 4 KiB page of virtual memory",
           "own choice");
  list.add("ordered", ordered,
           "walks are served one after the other, so that outputs come in the order of the walks; "
           "otherwise only those of one connection",
           "own choice");
  list.add("start_cycles", start_cycles, cycles, "from an engine's taking a walk to its first step",
           "measured from the RTL by vctoe calibrate walker (docs/walker.md)");
  list.add("lookup_cycles", lookup_cycles, cycles, "one look into the record cache",
           "measured from the RTL by vctoe calibrate walker (docs/walker.md)");
  list.add("translate_cycles", translate_cycles, cycles, "one look into the translation cache",
           "measured from the RTL by vctoe calibrate walker (docs/walker.md)");
  list.add("check_cycles", check_cycles, cycles, "checks of one record",
           "measured from the RTL by vctoe calibrate walker (docs/walker.md)");
  list.add("block_cycles", block_cycles, cycles, "output of one block request",
           "measured from the RTL by vctoe calibrate walker (docs/walker.md)");
}

void WalkerStats::declare(sim::StatList& list) const {
  list.add("walks", walks, "1", "walks accepted");
  list.add("blocks", blocks, "1", "block requests handed out");
  list.add("cancelled", cancelled, "1", "walks ended by a cancel");
  list.add("records_fetched", records_fetched, "1", "records read from host memory");
  list.add("records_prefetched", records_prefetched, "1", "of those, read ahead of need");
  list.add("fetch_errors", fetch_errors, "1", "record reads that came back with an error");
  list.add("record_hits", record_hits, "1", "records found in the record cache");
  list.add("record_misses", record_misses, "1", "records not found in the record cache");
  list.add("record_evictions", record_evictions, "1", "records pushed out of the record cache");
  list.add("translation_hits", translation_hits, "1", "pages found in the translation cache");
  list.add("translation_evictions", translation_evictions, "1",
           "translations given up to make room");
  list.add("node_requests", node_requests, "1", "pages that the host was asked for");
  for (std::size_t i = 1; i < faults.size(); ++i) {
    list.add("faults." + std::string(sim::enum_name(static_cast<Fault>(i))), faults[i], "1",
             "walks ended by this fault");
  }
  list.add("walk_latency", walk_latency, "ps", "from a walk's acceptance to its end without fault");
  list.add_stalls("stall", stalls);
}

}  // namespace vctoe::nic
