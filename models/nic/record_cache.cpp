#include "models/nic/record_cache.h"

#include <algorithm>

namespace vctoe::nic {

RecordCache::RecordCache(std::uint64_t records, WalkerStats& stats)
    : stats_(stats), ways_(std::min(kWays, records)), lines_(records / ways_ * ways_) {}

/// First line of the set that the record belongs to.
std::size_t RecordCache::set_of(const RecordKey& key) const {
  const std::uint64_t mixed = (key.address / sizeof(ContextRecord)) + key.connection * 0x9e37ULL;
  return mixed % (lines_.size() / ways_) * ways_;
}

const RecordCache::Line* RecordCache::line_of(const RecordKey& key) const {
  const Line* const set = &lines_[set_of(key)];
  for (const Line* line = set; line != set + ways_; ++line) {
    if (line->valid && line->key.address == key.address && line->key.asid == key.asid &&
        line->key.connection == key.connection) {
      return line;
    }
  }
  return nullptr;
}

const ContextRecord* RecordCache::peek(const RecordKey& key) const {
  const Line* const line = line_of(key);
  if (line == nullptr || line->record.starting_sequence != key.sequence) return nullptr;
  return &line->record;
}

const ContextRecord* RecordCache::find(const RecordKey& key) {
  const ContextRecord* const record = peek(key);
  ++(record == nullptr ? stats_.record_misses : stats_.record_hits);
  if (record != nullptr) lines_[line_of(key) - lines_.data()].used = ++clock_;
  return record;
}

void RecordCache::insert(const RecordKey& key, const ContextRecord& record) {
  const Line* const present = line_of(key);
  const auto set = lines_.begin() + static_cast<std::ptrdiff_t>(set_of(key));
  const auto older = [](const Line& a, const Line& b) {
    return a.valid != b.valid ? !a.valid : a.used < b.used;
  };
  Line& line = present != nullptr
                   ? lines_[present - lines_.data()]
                   : *std::min_element(set, set + static_cast<std::ptrdiff_t>(ways_), older);
  if (present == nullptr && line.valid) ++stats_.record_evictions;
  line = {true, key, record, ++clock_};
}

void RecordCache::forget_connection(std::uint32_t connection) {
  for (Line& line : lines_) {
    if (line.key.connection == connection) line.valid = false;
  }
}

void RecordCache::forget_page(std::uint16_t asid, std::uint64_t page) {
  for (Line& line : lines_) {
    if (line.key.asid == asid && node_page(line.key.address) == page) line.valid = false;
  }
}

std::size_t RecordCache::size() const {
  return static_cast<std::size_t>(
      std::count_if(lines_.begin(), lines_.end(), [](const Line& l) { return l.valid; }));
}

}  // namespace vctoe::nic
