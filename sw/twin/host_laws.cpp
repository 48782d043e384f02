#include "sw/twin/host_laws.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "models/host/address_map.h"

namespace vctoe::twin {

namespace {

constexpr double kPage = host::kPageSize;
constexpr double kSector = 512;

double of(std::uint64_t n) {
  return static_cast<double>(n);
}

double units(const host::NvmeParams& nvme) {
  return of(nvme.channels * nvme.luns_per_channel);
}

double frame_s(const host::RemoteMemoryParams& net, double payload) {
  return (payload + of(net.frame_overhead.n)) * 8 / net.rate.bps;
}

double nvme_s(const host::NvmeParams& nvme, double pages) {
  const double turns = std::max(1.0, pages / units(nvme));
  // The last of several pages read at once is late by the jitter: mean of the largest of n.
  const double at_once = std::min(pages, units(nvme));
  const double late = (at_once - 1) / (at_once + 1) * nvme.nand_read_jitter.seconds();
  const double page_s = kPage * 8 / nvme.channel_rate.bps;
  const double link_s = pages * kPage * 8 / nvme.link_rate.bps;
  return nvme.firmware_read.seconds() +
         std::max(turns * nvme.nand_read.seconds() + late + page_s, link_s);
}

double sata_s(const host::SataParams& sata, double pages, double requests) {
  const double medium = std::max(1.0, requests / of(sata.parallel)) * sata.read_latency.seconds();
  const double link = pages * kPage * 8 / sata.link_rate.bps;
  return std::max(medium + link / std::max(1.0, requests), sata.read_latency.seconds() + link);
}

/// A request that follows another begins behind the sector that is under the head by then: a turn.
double hdd_s(const host::HddParams& hdd, double pages, double requests) {
  const double turn = hdd.rotation.seconds();
  const double bytes = pages * kPage / (of(hdd.sectors_per_track) * kSector) * turn;
  return hdd.overhead.seconds() + turn / 2 + (requests - 1) * turn + bytes;
}

double network_s(const host::RemoteMemoryParams& net, double pages, double requests) {
  const double frames = pages * std::ceil(kPage / of(net.mtu.n));
  const double line = frames * frame_s(net, std::min(kPage, of(net.mtu.n)));
  return net.round_trip.seconds() + std::max(requests * net.server.seconds(), line) +
         std::min(net.server.seconds(), line);
}

}  // namespace

Pages pages(const scenario::ScenarioParams& params, double stream_bytes) {
  Pages p;
  p.all = std::ceil(stream_bytes / kPage);
  if (params.system.host.disk.kind == host::DiskKind::kNone) return p;
  const double room =
      std::floor(of(params.system.host.dram.size.n) / kPage * params.stream.resident_limit);
  const double resident = (1 - params.stream.swapped) * p.all;
  p.swapped = p.all - std::min(resident, room / of(params.stream.connections));
  return p;
}

double swap_rate_bound(const host::DiskParams& disk) {
  switch (disk.kind) {
    case host::DiskKind::kNvme: {
      const double least = (disk.nvme.nand_read - disk.nvme.nand_read_jitter).seconds();
      const double flash = units(disk.nvme) * of(disk.nvme.page.n) / std::max(1e-12, least);
      return std::min({flash, of(disk.nvme.channels) * disk.nvme.channel_rate.bps / 8,
                       disk.nvme.link_rate.bps / 8});
    }
    case host::DiskKind::kSata:
      return disk.sata.link_rate.bps / 8;
    case host::DiskKind::kHdd:
      return of(disk.hdd.sectors_per_track) * kSector / disk.hdd.rotation.seconds();
    case host::DiskKind::kNetwork:
      if (disk.network.path == host::StoragePath::kCard) break;
      return of(disk.network.mtu.n) / frame_s(disk.network, of(disk.network.mtu.n));
    default:
      break;
  }
  return std::numeric_limits<double>::infinity();
}

double swap_read_s(const scenario::ScenarioParams& params, double pages) {
  if (pages <= 0) return 0;
  const host::DiskParams& disk = params.system.host.disk;
  const double requests = std::max(1.0, pages / of(params.kernel.max_io_pages));
  const double path =
      params.system.host.storage.command.seconds() + params.system.host.cpu.msi_delivery.seconds();
  switch (disk.kind) {
    case host::DiskKind::kNvme:
      return path + nvme_s(disk.nvme, pages);
    case host::DiskKind::kSata:
      return path + sata_s(disk.sata, pages, requests);
    case host::DiskKind::kHdd:
      return path + hdd_s(disk.hdd, pages, requests);
    case host::DiskKind::kNetwork:
      return path + network_s(disk.network, pages, requests);
    default:
      return 0;
  }
}

double fault_cpu_s(const scenario::ScenarioParams& params, double pages) {
  if (pages <= 0) return 0;
  return pages * params.system.host.cpu.minor_fault.seconds() +
         params.kernel.swap_fault_cost.seconds();
}

double answer_s(const scenario::ScenarioParams& params, double pages) {
  const host::CpuParams& cpu = params.system.host.cpu;
  const double interrupt = (cpu.msi_delivery + cpu.isr + cpu.deferred_work).seconds();
  // The request's write is a crossing, too.
  const double crossing = params.system.link().up_latency.seconds();
  return crossing + interrupt + pages * cpu.pin_page.seconds() + reply_s(params);
}

double reply_s(const scenario::ScenarioParams& params) {
  const host::CpuParams& cpu = params.system.host.cpu;
  const double entries = 3 * params.driver.entry_cost.seconds() + cpu.mmio_write.seconds();
  // The doorbell's way down and the fetch of the reply.
  const pcie::LinkParams link = params.system.link();
  const double crossings = (link.up_latency + link.down_latency).seconds();
  const double fetch = 0.05e-6 + crossings + params.system.root_complex().read_latency.seconds();
  return entries + link.down_latency.seconds() + fetch;
}

double pinned_by(double block) {
  const double in_common =
      of(std::gcd(static_cast<std::uint64_t>(block), static_cast<std::uint64_t>(host::kPageSize)));
  return block + kPage - in_common;
}

/// With so many places, each of which is free again `turn_s` after its block has gone; `lost` of
/// them wait for the next block.
double BlockPipeline::rate_of(double places, double lost, double turn_s) const {
  const double answer = (1 - swapped) * answer_s + swapped * swapped_s;
  const double alone = places * block / (answer + fetch_s + block / line_rate + turn_s);
  if (swapped <= 0) return alone;
  const double run = (1 - swapped) / swapped;
  const double overlapping = std::max(1.0, places - lost);
  const double cycle = swapped_s + fetch_s + segment_s + turn_s;
  return std::min(alone, (overlapping + run) * block / cycle);
}

double BlockPipeline::rate() const {
  const double lost = spans ? swapped : 0;
  return std::min({line_rate, rate_of(ahead, lost, 0), rate_of(unacknowledged, 0, round_trip_s)});
}

bool BlockPipeline::waits_for_acknowledgement() const {
  const double lost = spans ? swapped : 0;
  const double others = std::min(line_rate, rate_of(ahead, lost, 0));
  return rate_of(unacknowledged, 0, round_trip_s) < others;
}

}  // namespace vctoe::twin
