#include "tb/cosim/memory.h"

#include "tb/cosim/hash.h"

namespace vctoe::cosim {
namespace {

constexpr std::uint64_t kFrames = std::uint64_t{1} << 52;

/// Memory that nobody put anything into: often a record that looks well at first sight.
RawRecord litter(std::uint64_t seed, std::uint64_t address) {
  const std::uint64_t r = mix(seed, address);
  RawRecord raw;
  raw.virtual_address = mix(r);
  raw.data_size = static_cast<std::uint32_t>(r % 5000);
  raw.starting_sequence = static_cast<std::uint32_t>(r >> 32);
  raw.version = static_cast<std::uint8_t>(r >> 20 & 3);
  raw.next = address + 32;
  return raw;
}

}  // namespace

std::size_t HostMemory::Hash::operator()(const Place& p) const {
  return mix(p.second, p.first);
}

void HostMemory::install(const ListSpec& list) {
  for (const ListRecord& r : list.records) records_[{list.asid, r.address}] = {r.raw, r.broken};
}

void HostMemory::rewrite(const ListSpec& list, std::optional<std::uint64_t> page) {
  ++rewritten_;
  for (const ListRecord& r : list.records) {
    if (page && *page != r.address / 4096) continue;
    const auto found = records_.find({list.asid, r.address});
    if (found != records_.end()) found->second.raw.virtual_address += 0x12'3400 * rewritten_;
  }
}

std::uint64_t HostMemory::new_frame(const PageName& page) {
  std::uint64_t frame = mix(seed_, page.first, page.second, moved_);
  // Most lie low, as in a real machine; some use every bit.
  frame %= mix(frame) % 4 == 0 ? kFrames : std::uint64_t{1} << 20;
  while (pages_.count(frame) != 0) frame = (frame + 1) % kFrames;
  pages_[frame] = page;
  frames_[page] = frame;
  return frame;
}

std::uint64_t HostMemory::frame(const PageName& page) {
  const auto found = frames_.find(page);
  return found != frames_.end() ? found->second : new_frame(page);
}

void HostMemory::move(const PageName& page) {
  ++moved_;
  new_frame(page);
}

std::optional<PageName> HostMemory::page_of(std::uint64_t frame) const {
  const auto found = pages_.find(frame);
  if (found == pages_.end()) return std::nullopt;
  return found->second;
}

HostMemory::Read HostMemory::at(std::uint32_t asid, std::uint64_t address) const {
  const auto found = records_.find({asid, address});
  if (found != records_.end()) return found->second;
  return {litter(seed_, address), false};
}

HostMemory::Read HostMemory::physical(std::uint64_t address) const {
  const auto page = page_of(address / 4096);
  if (!page || frames_.at(*page) != address / 4096) return {litter(~seed_, address), false};
  return at(page->first, page->second * 4096 + address % 4096);
}

}  // namespace vctoe::cosim
