#include "sw/driver/gatherer.h"

#include <algorithm>
#include <utility>

#include "models/host/address_map.h"

namespace vctoe::driver {

using kernel::PinStatus;

namespace {
constexpr std::uint64_t kPiece = 4096;  // bytes that are copied in one go
}

void Gatherer::Stats::declare(sim::StatList& list) const {
  list.add("bytes", bytes, "B", "bytes copied into contiguous memory");
  list.add("waits", waits, "1", "copies that waited for room");
}

PinStatus Gatherer::copy(kernel::Asid asid, const std::vector<VirtualRange>& ranges,
                         std::uint64_t physical) {
  std::vector<std::uint8_t> piece(kPiece);  // not a member: the read blocks, others copy meanwhile
  for (const VirtualRange& r : ranges) {
    for (std::uint64_t done = 0; done < r.length;) {
      const std::uint64_t at = r.address + done;
      const std::uint64_t n = std::min(kPiece - at % kPiece, r.length - done);
      if (!memory_.read_posted(asid, at, piece.data(), n)) return PinStatus::kUnmapped;
      port_.store(physical, piece.data(), n);
      physical += n;
      done += n;
      stats_.bytes += n;
    }
  }
  return PinStatus::kOk;
}

PinStatus Gatherer::gather(const Cause& cause, const std::vector<VirtualRange>& ranges, Copy& copy,
                           kernel::SgEntry& where) {
  std::uint64_t bytes = 0;
  for (const VirtualRange& r : ranges) bytes += r.length;
  const std::uint64_t pages = (bytes + host::kPageSize - 1) / host::kPageSize;
  if (pages * host::kPageSize > area_.size()) return PinStatus::kTooLarge;
  const std::uint64_t waited = area_.waits();
  copy.run = area_.reserve(pages * host::kPageSize);
  stats_.waits += area_.waits() - waited;
  const std::uint64_t physical = area_.address(copy.run);
  copy.hold =
      memory_.hold_driver_memory(physical, bytes, kernel::PinOwner::kAgent, cause.why, cause.txn);
  where = {physical, static_cast<std::uint32_t>(bytes)};
  return this->copy(cause.asid, ranges, physical);
}

void Gatherer::release(Copy& copy) {
  if (copy.hold != 0) memory_.unpin(std::exchange(copy.hold, 0));
  area_.release(copy.run);
}

}  // namespace vctoe::driver
