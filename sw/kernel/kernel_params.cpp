#include "sw/kernel/kernel_params.h"

namespace vctoe::kernel {

void KernelParams::declare(sim::ParamList& list) {
  const sim::Range cost = sim::time_range(sim::Time::zero(), sim::Time::from_ms(1));
  list.add("reclaim", reclaim, "how pages to swap out are chosen", "calibration 3.3");
  list.add("watermark_min", watermark_min, {0, 0.5},
           "share of DRAM that must be free, else whoever allocates reclaims first",
           "Linux: 4 sqrt(KiB) of free memory, here for 64 MiB");
  list.add("watermark_low", watermark_low, {0, 0.5},
           "share of free DRAM below which the background reclaim starts",
           "Linux: min + min/4; calibration K4");
  list.add("watermark_high", watermark_high, {0, 0.5},
           "share of free DRAM at which the background reclaim stops",
           "Linux: min + min/2; calibration K4");
  list.add("reclaim_batch", reclaim_batch, {1, 1024}, "pages evicted in one go", "calibration K3");
  list.add("page_cluster", page_cluster, {0, 8},
           "a faulting access reads up to 2^n pages from the swap device", "calibration K1, K2");
  list.add("max_io_pages", max_io_pages, {1, 256},
           "pages with neighbouring slots that go to the device as one request",
           "Linux block layer: max_sectors_kb; assumption");
  list.add("pin_limit", pin_limit, {0.001, 1}, "share of DRAM that may be pinned on demand",
           "assumption: half");
  list.add("pin_limit_bytes", pin_limit_bytes, sim::bytes_range({0}, sim::Bytes::gib(8192)),
           "the same in bytes; 0 leaves it to pin_limit", "RLIMIT_MEMLOCK");
  list.add("reserve_frames", reserve_frames, {1, 1e6},
           "frames that pins never take, so that pages can always be swapped in",
           "assumption: one reclaim batch, calibration K3");
  list.add("shuffle_frames", shuffle_frames,
           "hand out frames in a random order, as after long running", "specification, figure 2");
  list.add("huge_pages", huge_pages,
           "memory is mapped in pages of 2 MiB where it is untouched and DRAM has them whole",
           "Linux: transparent huge pages; calibration P24");
  list.add("pin_large_page", pin_large_page, cost,
           "CPU time to pin a page of 2 MiB, pro rata for part of it", "calibration M2");
  list.add("share_tables", share_tables,
           "devices reach the memory of processes by virtual address, with the process as PASID; "
           "the scheme ats turns it on",
           "PCIe ATS 1.1; Linux: shared virtual addressing");
  list.add("dma_map", dma_map,
           "what devices reach through the IOMMU: frames that are pinned for "
           "them, in 4 KiB pages (2 MiB where all are), or all of DRAM for good, as 2 MiB pages",
           "calibration P24, P26; Linux: iommu.strict, identity domains");
  list.add("dma_map_cost", dma_map_cost, cost,
           "CPU time to write one entry of the IOMMU's tables, or to clear it; the invalidation "
           "comes on top (host.iommu.invalidate_cycles)",
           "assumption: as a pin, calibration M1");
  list.add("scan_cost", scan_cost, cost, "CPU time to look at one page for reclaim",
           "assumption: one cache miss, calibration C5");
  list.add("evict_cost", evict_cost, cost, "CPU time to unmap one page and queue it for writing",
           "assumption: half a minor fault, calibration F1");
  list.add("guard_cost", guard_cost, cost,
           "CPU time to write protect a page that is posted (driver.copy_on_write)",
           "assumption: a page table entry and its invalidation");
  list.add("swap_fault_cost", swap_fault_cost, cost,
           "CPU time of one read from the swap device: submission and completion",
           "half of calibration 2.2, completion part of an NVMe read; assumption");
}

}  // namespace vctoe::kernel
