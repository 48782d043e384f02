#include "tb/cosim/list_maker.h"

#include <algorithm>

namespace vctoe::cosim {
namespace {

constexpr std::uint64_t kPageNumbers = std::uint64_t{1} << 52;
constexpr std::uint32_t kLargest = 0x7fff'ffff;

}  // namespace

ListMaker::ListMaker(Random& random, unsigned pages) : random_(random) {
  for (unsigned i = 0; i < pages; ++i) {
    std::uint64_t page = 1 + random_.below(1 << 20);
    if (random_.chance(25)) page = random_.below(kPageNumbers);
    if (random_.chance(5)) page = kPageNumbers - 1 - random_.below(4);
    pages_.push_back(page);
  }
}

std::uint64_t ListMaker::place(std::uint32_t asid) {
  for (unsigned tries = 0;; ++tries) {
    std::uint64_t page = pages_[random_.below(pages_.size())];
    if (tries > 100) page = 1 + random_.below(kPageNumbers - 1);
    const std::uint64_t address = page * 4096 + random_.below(128) * 32;
    if (address != 0 && used_.insert({asid, address}).second) return address;
  }
}

std::vector<std::uint64_t> ListMaker::places(const Shape& shape) {
  std::vector<std::uint64_t> at;
  if (!shape.array) {
    while (at.size() < shape.records) at.push_back(place(shape.asid));
    return at;
  }
  const auto is_free = [&](std::uint64_t address) {
    return address != 0 && used_.count({shape.asid, address}) == 0;
  };
  while (at.empty()) {
    const std::uint64_t page =
        random_.chance(80) ? pages_[random_.below(pages_.size())] : random_.below(kPageNumbers);
    // Near the end of the page as often as not: the array goes on in the next one.
    const std::uint64_t begin =
        page * 4096 + (random_.chance(50) ? 127 - random_.below(4) : random_.below(128)) * 32;
    for (unsigned i = 0; i < shape.records && is_free(begin + 32 * i); ++i) {
      at.push_back(begin + 32 * i);
    }
    if (at.size() < shape.records) at.clear();
  }
  for (const auto address : at) used_.insert({shape.asid, address});
  return at;
}

std::vector<std::uint32_t> ListMaker::sizes(const Shape& shape, std::uint32_t& block_size) {
  std::vector<std::uint32_t> all;
  block_size = 0;
  if (shape.fixed) block_size = static_cast<std::uint32_t>(random_.between(1, shape.largest));
  for (unsigned i = 0; i < shape.records; ++i) {
    std::uint64_t n = random_.between(1, shape.largest);
    if (random_.chance(10)) n = shape.largest;
    if (random_.chance(10)) n = 1;
    const bool last = i + 1 == shape.records;
    if (shape.fixed) n = last ? random_.between(1, block_size) : block_size;
    all.push_back(static_cast<std::uint32_t>(n));
  }
  return all;
}

/// Fields that do not count hold anything.
RawRecord ListMaker::record(const Shape& shape, std::uint32_t size, std::uint64_t next, bool last) {
  RawRecord raw;
  raw.virtual_address = random_.chance(30) ? random_.next() : random_.below(1 << 30) * 512;
  raw.offset = static_cast<std::uint32_t>(random_.chance(30) ? random_.next() : random_.below(64));
  raw.data_size = size;
  raw.asid = static_cast<std::uint16_t>(random_.next());
  raw.next = next;
  raw.version = shape.versioned ? 1 : 0;
  raw.flags = static_cast<std::uint8_t>(random_.chance(50) ? random_.next() : 0);
  if (!shape.versioned) return raw;
  raw.flags &= static_cast<std::uint8_t>(~(kAdjacent | kFixedSize));
  if (shape.fixed) {
    raw.flags |= kFixedSize;
    raw.data_size = static_cast<std::uint32_t>(random_.next());
  }
  if (shape.array && !last) {
    raw.flags |= kAdjacent;
    raw.next = random_.next();
  }
  return raw;
}

ListSpec ListMaker::fill(const Shape& shape, const std::vector<std::uint64_t>& at,
                         std::uint32_t first) {
  ListSpec list;
  list.connection = shape.connection;
  list.asid = shape.asid;
  list.head = at[0];
  list.first_sequence = first;
  std::uint32_t sequence = first;
  const auto bytes = sizes(shape, list.block_size);
  for (std::size_t i = 0; i < at.size(); ++i) {
    const bool last = i + 1 == at.size();
    RawRecord raw = record(shape, bytes[i], last ? 0 : at[i + 1], last);
    raw.starting_sequence = sequence;
    sequence += bytes[i];
    list.records.push_back({at[i], raw, false});
  }
  list.end_sequence = sequence;
  if (!shape.fixed && random_.chance(50)) {
    list.block_size = static_cast<std::uint32_t>(random_.next());
  }
  return list;
}

ListSpec ListMaker::make(const Shape& shape) {
  auto first = static_cast<std::uint32_t>(random_.next());
  // The numbers of every other list pass 0, somewhere in its first records.
  if (random_.chance(50)) {
    first = 0u - static_cast<std::uint32_t>(random_.below(2 * std::uint64_t{shape.largest} + 1));
  }
  return fill(shape, places(shape), first);
}

ListSpec ListMaker::remake(const ListSpec& old, const Shape& shape) {
  std::vector<std::uint64_t> at;
  for (const ListRecord& r : old.records) at.push_back(r.address);
  Shape same = shape;
  same.array = false;
  same.records = static_cast<unsigned>(at.size());
  same.connection = old.connection;
  same.asid = old.asid;
  ListSpec list = fill(same, at, old.end_sequence);
  list.later = true;
  return list;
}

void ListMaker::spoil(ListSpec& list, Defect defect, std::size_t at, Scenario& scenario) {
  ListRecord& r = list.records[at];
  RawRecord& raw = r.raw;
  const auto link = [&](std::uint64_t to) {
    raw.flags &= static_cast<std::uint8_t>(~kAdjacent);
    raw.next = to;
  };
  const auto size = [&](std::uint64_t bytes) {
    raw.flags &= static_cast<std::uint8_t>(~kFixedSize);
    raw.data_size = static_cast<std::uint32_t>(bytes);
  };
  switch (defect) {
    case Defect::kNullHead:
      list.head = 0;
      break;
    case Defect::kMisalignedHead:
      list.head += random_.between(1, 31);
      break;
    case Defect::kMisalignedLink:
      link(list.head + random_.between(1, 31));
      break;
    case Defect::kOwnLoop:
      link(r.address);
      break;
    case Defect::kHeadLoop:
      link(list.head);
      break;
    case Defect::kOtherLoop:
      link(list.records[random_.below(at + 1)].address);
      break;
    case Defect::kZeroSize:
      size(0);
      break;
    case Defect::kHugeSize:
      size(random_.chance(50) ? kLargest + 1 : kLargest + 1 + random_.below(kLargest));
      break;
    case Defect::kGap:
      raw.starting_sequence ^= 1u << random_.below(32);
      break;
    case Defect::kVersion:
      raw.version = static_cast<std::uint8_t>(random_.between(2, 255));
      break;
    case Defect::kBadPage:
      scenario.bad_pages.insert({list.asid, r.address / 4096});
      break;
    case Defect::kBadRead:
      r.broken = true;
      break;
    case Defect::kShort:
      link(0);
      break;
    case Defect::kLostLink:
      link(random_.chance(50) ? place(list.asid) : random_.next() & ~31ull);
      break;
    default:
      break;
  }
  if (defect != Defect::kTooMuch) return;
  std::uint32_t sequence = list.first_sequence;
  for (std::size_t i = 0; i < list.records.size(); ++i) {
    RawRecord& each = list.records[i].raw;
    each.flags &= static_cast<std::uint8_t>(~kFixedSize);
    if (i < 2) each.data_size = kLargest;
    // As often as not the next one ends with the last byte that there may be.
    if (i == 2 && random_.chance(50)) each.data_size = 2;
    each.starting_sequence = sequence;
    sequence += each.data_size;
  }
}

}  // namespace vctoe::cosim
