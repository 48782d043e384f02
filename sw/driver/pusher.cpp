#include "sw/driver/pusher.h"

#include <algorithm>

namespace vctoe::driver {

using kernel::PinStatus;

namespace {
constexpr std::uint16_t kWriteCombining = 64;  // bytes that one write-combining buffer holds
}

void Pusher::Stats::declare(sim::StatList& list) const {
  list.add("cpu_bytes", cpu_bytes, "B", "bytes pushed by write-combining stores");
  list.add("dma_bytes", dma_bytes, "B", "bytes pushed by the host's DMA engine");
}

PinStatus Pusher::push(const nic::RequestEntry& request) {
  return params_.push == PushBy::kCpu ? push_by_cpu(request) : push_by_dma(request);
}

PinStatus Pusher::push_by_cpu(const nic::RequestEntry& request) {
  std::vector<std::uint8_t> bytes;
  for (std::uint64_t done = 0; done < request.length;) {
    const std::uint64_t n = std::min<std::uint64_t>(params_.push_piece.n, request.length - done);
    bytes.resize(n);
    if (!memory_.read_posted(request.asid, request.virtual_address + done, bytes.data(), n)) {
      return PinStatus::kUnmapped;
    }
    port_.run(params_.push_store_rate.time_for(n), host::Priority::kKernel, host::Work::kCopy);
    store(request, done, n, bytes, kWriteCombining);
    done += n;
  }
  stats_.cpu_bytes += request.length;
  return PinStatus::kOk;
}

PinStatus Pusher::push_by_dma(const nic::RequestEntry& request) {
  lazy_.make_room(request.length);
  kernel::PinResult pinned = memory_.resolve_and_pin(
      request.asid, request.virtual_address, request.length, kernel::PinOwner::kHostDma,
      static_cast<sim::Why>(request.why), request.txn);
  if (pinned.status != PinStatus::kOk) return pinned.status;
  {
    const LockGuard guard(engine_);
    sim::wait(params_.push_dma_setup);
    std::uint64_t done = 0;
    std::vector<std::uint8_t> bytes;
    for (const kernel::SgEntry& e : pinned.sg) {
      for (std::uint64_t at = 0; at < e.length;) {
        const std::uint64_t n = std::min<std::uint64_t>(params_.push_piece.n, e.length - at);
        bytes.resize(n);
        port_.load(e.address + at, bytes.data(), n);
        sim::wait(params_.push_dma_rate.time_for(n));
        store(request, done, n, bytes, 0);
        at += n;
        done += n;
      }
    }
  }
  memory_.unpin(pinned.token);
  stats_.dma_bytes += request.length;
  return PinStatus::kOk;
}

void Pusher::store(const nic::RequestEntry& request, std::uint64_t done, std::uint64_t n,
                   const std::vector<std::uint8_t>& bytes, std::uint16_t max_payload) {
  pcie::TlpExtension about;
  about.txn = request.txn;
  about.connection = request.connection;
  about.asid = request.asid;
  about.purpose = pcie::Purpose::kPayload;
  about.max_payload = max_payload;
  port_.mmio_write(host::nic_bar2(0) + request.buffer_offset + done, bytes.data(), n, about);
}

}  // namespace vctoe::driver
