#include "sw/driver/driver_params.h"

#include <string>
#include <utility>

#include "models/host/address_map.h"
#include "models/sim/error.h"

namespace vctoe::driver {

using sim::Bytes;
using sim::bytes_range;
using sim::Time;

void PostScheme::declare(sim::ParamList& list) {
  list.add("pin_at_post", pin_at_post, "gather and pin a whole list before it is posted",
           "specification FIG. 3 blocks 70-74, FIG. 12 blocks 450-454");
  list.add("unpin_post", unpin_post, "when a list that was pinned at the post is unpinned",
           "specification FIG. 3 block 82, FIG. 12 block 466");
  list.add("pin_by", pin_by, "who pins what the NIC reads", "specification [0059], claim 10");
  list.add("unpin_by", unpin_by, "who unpins it", "specification [0059], claims 5 and 10");
  list.add("circular", circular,
           "copy what is posted into a ring that stays pinned until all is acknowledged",
           "specification [0008]");
  list.add("with_list", with_list, "post the list of virtual contexts",
           "specification FIG. 8 block 250, FIG. 12 block 454");
}

void DriverParams::declare(sim::ParamList& list) {
  const sim::Range ring = {2, 65536};
  list.add("host_side", host_side,
           "who answers the NIC's requests and unpins: the driver's own threads, or those of the "
           "operating system, to which the driver hands over",
           "specification FIG. 5, host 130: a processor that operating system, application or "
           "driver has programmed");
  list.add("workers", workers, {1, 256}, "threads that serve the NIC's requests", "assumption");
  list.add("connections", connections, {1, 65536}, "size of the driver's connection table",
           "calibration N5: 1024 offloaded connections");
  list.add("submit_entries", submit_entries, ring, "entries of the submit ring, a power of two",
           "assumption");
  list.add("request_entries", request_entries, ring, "entries of the request ring, a power of two",
           "assumption");
  list.add("reply_entries", reply_entries, ring, "entries of the reply ring, a power of two",
           "assumption");
  list.add("completion_entries", completion_entries, ring,
           "entries of the completion ring, a power of two", "assumption");
  list.add("outstanding", outstanding, {2, 1048576},
           "requests and posts that may be outstanding at once",
           "specification [0022], context information 126");
  list.add("list_area", list_area, bytes_range({4096}, Bytes::gib(1)),
           "memory for the scatter lists of posts and receive buffers", "assumption");
  list.add("reply_area", reply_area, bytes_range({4096}, Bytes::gib(1)),
           "memory for scatter lists of replies", "assumption");
  list.add("context_pool", context_pool, bytes_range({4096}, Bytes::gib(1)),
           "virtual memory of a process for its context records", "assumption");
  list.add("context_order", context_order, "placement of a list's records in their pool",
           "specification [0031]: records may lie anywhere");
  list.add("context_format", context_format,
           "each record links to the next, or the next lies directly behind (an array)",
           "specification [0028]: blocks may be identified in several formats");
  list.add("block_format", block_format,
           "each record says how large its block is, or all have block_size but the last",
           "specification [0029]: variable sizes, or one fixed size");
  list.add("context_offset", context_offset, {0, 1e9},
           "written into each record and taken off its address", "specification FIG. 7, 224");
  list.add("numbering", numbering,
           "numbers of bytes in field 228 of the records: TCP's sequence numbers, or another "
           "protocol's, here a count of the bytes that the process has posted",
           "specification [0029]");
  list.add("block_size", block_size, bytes_range({1}, {0x7fff'ffff}),
           "bytes of one context, the last of a range excepted", "specification [0030]");
  list.add("block_size_min", block_size_min, bytes_range({0}, {0x7fff'ffff}),
           "0: all blocks have block_size; else sizes are drawn between this and block_size",
           "specification [0031]: blocks may differ in size");
  list.group("scheme", scheme);
  list.add("post_pin_share", post_pin_share, {0.01, 1},
           "share of what may be pinned that posted lists may hold at once; the rest stays for "
           "the NIC's requests, which could otherwise wait for ever",
           "assumption");
  list.add("gather", gather,
           "the NIC reads from the process's own pages, or from a copy in contiguous memory",
           "specification FIG. 4, [0012], [0042], [0054]");
  list.add(
      "gather_area", gather_area, bytes_range({4096}, Bytes::gib(1)),
      "contiguous memory for copies of what is posted, or asked for the first time; taken only "
      "where copies are made",
      "assumption");
  list.add("gather_reserve", gather_reserve, bytes_range({4096}, Bytes::gib(1)),
           "the same for what is asked for again, which must not wait for unsent copies",
           "assumption");
  list.add("circular_size", circular_size, bytes_range({4096}, Bytes::gib(1)),
           "ring of a connection in driver.gather_area, a multiple of 4 KiB",
           "specification [0008]; size is an assumption");
  list.add("reply", reply,
           "a block is answered when all of its pages are there, or page by page as they come in",
           "specification [0065]: steps may be in another order");
  list.add("lazy_unpins", lazy_unpins, {0, 1024},
           "blocks whose pins stay although they could go, until more than so many do, until "
           "memory that may be pinned runs short, or until a post is acknowledged; 0: none",
           "specification FIG. 8 block 266: the host may unpin");
  list.add("copy_on_write", copy_on_write,
           "what is posted is sent even if the program writes to it before it is acknowledged: its "
           "pages are write protected, and copied when they are written to",
           "requirement I-X03; specification [0036]");
  list.add("push", push, "who moves pushed bytes", "specification [0046]");
  list.add("push_store_rate", push_store_rate, {1e6, 1e13},
           "rate of write-combining stores to the packet buffer",
           "assumption: calibration section 1, a x8 link is the limit");
  list.add("push_piece", push_piece, bytes_range({64}, Bytes::mib(1)),
           "bytes that are pushed in one go", "assumption");
  list.add("push_dma_setup", push_dma_setup, sim::time_range(Time::zero(), Time::from_ms(1)),
           "time from a descriptor to the first byte of the host's DMA engine", "assumption");
  list.add("push_dma_rate", push_dma_rate, {1e6, 1e13}, "rate of the host's DMA engine",
           "assumption");
  list.add("entry_cost", entry_cost, sim::time_range(Time::zero(), Time::from_ms(1)),
           "CPU time to read or write one ring entry", "assumption: a cache miss or two");
  list.add(
      "notify", notify,
      "interrupts announce ring entries (moderated: nic.rings), or a thread for each ring looks",
      "specification [0065]; calibration I2");
  list.add("poll_interval", poll_interval, sim::time_range(Time::from_ns(10), Time::from_ms(1)),
           "polling: from a look that found nothing to the next", "own choice");
  list.add("poll_budget", poll_budget, {1, 65536},
           "polling: entries taken before the NIC is told that they are free",
           "Linux NAPI: 64 a poll");
  list.add("poll_cost", poll_cost, sim::time_range(Time::zero(), Time::from_us(100)),
           "polling: CPU time of one look at a ring", "assumption: one cache miss, calibration C5");
}

std::uint64_t DriverParams::first_copies() const {
  return scheme.circular || gather == Gather::kContiguous ? gather_area.n : 0;
}

std::uint64_t DriverParams::again_copies() const {
  return gather == Gather::kContiguous ? gather_reserve.n : 0;
}

void DriverParams::check() const {
  for (const auto& [name, n] : {std::pair{"submit_entries", submit_entries},
                                {"request_entries", request_entries},
                                {"reply_entries", reply_entries},
                                {"completion_entries", completion_entries}}) {
    if ((n & (n - 1)) != 0) {
      sim::user_error("driver." + std::string(name) + " = " + std::to_string(n) +
                      " is not a power of two");
    }
  }
  if (host_side == HostBy::kOs && lazy_unpins != 0) {
    sim::user_error(
        "driver.host_side = os and driver.lazy_unpins are set: the operating system gives pins "
        "back at once");
  }
  if (block_size_min.n > block_size.n) {
    sim::user_error("driver.block_size_min is above driver.block_size");
  }
  if (block_format == BlockFormat::kFixed && block_size_min.n != 0) {
    sim::user_error(
        "driver.block_format = fixed and driver.block_size_min are set: blocks of one "
        "size are not drawn from a range");
  }
  if (context_format == ContextFormat::kArray && context_order == ContextOrder::kShuffled) {
    sim::user_error(
        "driver.context_format = array and driver.context_order = shuffled: the records "
        "of an array lie one behind the other");
  }
  if (scheme.circular && circular_size.n % host::kPageSize != 0) {
    sim::user_error("driver.circular_size = " + std::to_string(circular_size.n) +
                    " B is not a multiple of 4096 B");
  }
  if (scheme.shares_pins() && gather == Gather::kContiguous) {
    sim::user_error(
        "nic.pin_by or nic.unpin_by is agent and driver.gather = contiguous: copies are "
        "pinned by nobody");
  }
  if (scheme.pin_by == kernel::PinActor::kDevice && reply == ReplyBy::kPage) {
    sim::user_error(
        "nic.pin_by = agent and driver.reply = page: the NIC pins a block when all of it "
        "has been answered");
  }
  if (!scheme.with_list && !scheme.pin_at_post) {
    sim::user_error(
        "driver.scheme.with_list and driver.scheme.pin_at_post are both off: the NIC "
        "would get no addresses at all");
  }
}

}  // namespace vctoe::driver
