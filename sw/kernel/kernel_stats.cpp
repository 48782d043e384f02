#include "sw/kernel/kernel_stats.h"

namespace vctoe::kernel {

void KernelStats::declare(sim::StatList& list) const {
  list.add("minor_faults", minor_faults, "1", "faults served without the swap device");
  list.add("major_faults", major_faults, "1", "faults that waited for a read they had started");
  list.add("coalesced_faults", coalesced_faults, "1",
           "faults that waited for a read already on its way");
  list.add("direct_reclaims", direct_reclaims, "1", "batches that an allocating thread evicted");
  list.add("frame_waits", frame_waits, "1", "allocations that did not get a frame at once");
  list.add("bytes_copied", bytes_copied, "B", "copied between programs and buffers outside them");
  list.add("pin_requests", pin_requests, "1", "ranges asked to be resolved and pinned");
  list.add("pin_refused", pin_refused, "1", "of these, refused or cancelled");
  list.add("pin_waits", pin_waits, "1", "of these, made to wait for the pin limit");
  list.add("pin_pages", pin_pages, "1", "pages pinned, each reference counted");
  list.add("guard_copies", guard_copies, "1",
           "posted pages copied because a program wrote to them");
  list.add("guard_waits", guard_waits, "1",
           "times that such a write waited for a device that reads the page");
  list.add("pin_pages_missing", pin_pages_missing, "1", "of these, pages that were not in DRAM");
  list.add("major_fault_ns", major_fault_ns, "ns", "time of a fault served by the swap device");
  list.add("resolve_ns", resolve_ns, "ns", "time of resolving and pinning a range");
  list.add("pin_wait_ns", pin_wait_ns, "ns", "the part of it spent waiting for the pin limit");
  list.add("table_bytes", table_bytes, "B", "page tables");
}

}  // namespace vctoe::kernel
