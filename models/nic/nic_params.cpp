#include "models/nic/nic_params.h"

#include "models/nic/nic.h"

namespace vctoe::nic {

using sim::Bytes;
using sim::Time;

void RingParams::declare(sim::ParamList& list) {
  list.add("fetch_batch", fetch_batch, {1, 64}, "ring entries that one DMA read fetches at most",
           "own choice");
  list.add("request_interval", request_interval, sim::time_range(Time::zero(), Time::from_ms(1)),
           "least time between two interrupts of the request ring (MSI-X moderation)",
           "own choice");
  list.add("completion_interval", completion_interval,
           sim::time_range(Time::zero(), Time::from_ms(1)),
           "least time between two interrupts of the completion ring", "own choice");
  list.add("receive_interval", receive_interval, sim::time_range(Time::zero(), Time::from_ms(1)),
           "how long notices of received bytes are gathered before the host is told",
           "own choice; interrupt throttling of common adapters is 20 us and more");
}

void CoreParams::declare(sim::ParamList& list) {
  list.add("first", first, "where the bytes of a first transmission come from",
           "specification [0026], FIG. 8, 11, 12");
  list.add("retransmit", retransmit, "where the bytes of a retransmission come from",
           "specification [0041]-[0047], FIG. 9, 10");
  list.add("unpin_at", unpin_at,
           "when the host is told that a block's pages, or those of a list pinned at the post, may "
           "be unpinned; with acknowledged, retransmissions read from pages that are still pinned",
           "specification [0035], [0036], claims 5 and 10");
  list.add("pin_by", pin_by,
           "who pins the pages that the NIC reads: the host, or the NIC through the shared table",
           "specification [0059], claim 10");
  list.add("unpin_by", unpin_by, "who unpins them", "specification [0059], claims 5 and 10");
  list.add("blocks_outstanding", blocks_outstanding, {1, 1048576},
           "requested blocks of a connection that may be unacknowledged at once; 1 is the "
           "single-block form",
           "specification [0037], [0048]");
  list.add("request_ahead", request_ahead, {1, 1024},
           "requested blocks of a connection that may be unsent at once", "specification [0033]");
  list.add("prefetch", prefetch, sim::bytes_range({0}, Bytes::mib(64)),
           "how far beyond the TCP window a block may begin that is asked for; 0: the NIC is ready "
           "for a block when its first byte is inside the window",
           "specification [0033]");
  list.add("span_blocks", span_blocks,
           "a segment may carry the end of one block and the begin of "
           "the next; otherwise the last segment of a block is short",
           "specification [0048]");
  list.add("units", units,
           "walker, TCP and DMA engine work side by side, or one processor takes all their steps",
           "specification [0065]");
  list.add(
      "unit_step", unit_step, sim::time_range(Time::zero(), Time::from_us(10)),
      "nic.units = single: time of that processor for a segment or a DMA request; a step of the "
      "walker takes the walker's cycles",
      "assumption: some tens of cycles of 1 GHz");
  list.add("alternate", alternate,
           "bytes resent one way (by address, or as data) come the other way when they have to be "
           "resent again; nic.retransmit is the first",
           "specification [0047]");
  list.add("push_chunk", push_chunk, sim::bytes_range({64}, Bytes::mib(1)),
           "largest part of a block that is asked for as data at once", "specification [0050]");
  list.add("retransmit_reserve", retransmit_reserve, sim::bytes_range({0}, Bytes::mib(1)),
           "packet buffer that first transmissions asked for as data leave free for "
           "retransmissions, which could otherwise wait for ever",
           "specification [0046]");
  list.add("retain_unacked", retain_unacked,
           "keep sent segments in the packet buffer while there is room and resend them from there",
           "alternative to specification [0041]");
  list.add("transmit_pipeline", transmit_pipeline, {1, 4096},
           "segments that may be between plan and MAC at once", "own choice");
  list.add("connections", connections, {1, 65536}, "size of the connection table",
           "calibration N5: 1024 offloaded connections");
}

void NicParams::declare(sim::ParamList& list) {
  core.declare(list);
  list.group("rings", rings);
  list.group("dma", dma);
  list.group("walker", walker);
  list.group("packet_buffer", packet_buffer);
  list.group("rx", rx);
  list.group("mac", mac);
  list.group("neighbours", neighbours);
  list.group("toe", toe);
  list.group("esp", esp);
}

}  // namespace vctoe::nic
