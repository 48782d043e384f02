#include "models/nic/translation_cache.h"

#include <algorithm>

#include "models/sim/error.h"

namespace vctoe::nic {

TranslationCache::TranslationCache(std::uint64_t pages, WalkerStats& stats, WalkOutbox& outbox)
    : stats_(stats), outbox_(outbox), entries_(pages) {}

TranslationCache::Use TranslationCache::acquire(std::uint32_t connection, std::uint16_t asid,
                                                std::uint64_t page, bool ahead) {
  std::size_t i = find(asid, page);
  if (i != size()) {
    Entry& entry = entries_[i];
    if (entry.stale) return {Answer::kBusy, i};
    share(entry, connection);
    entry.used = ++clock_;
    if (entry.state == State::kRequested) return {Answer::kWait, i};
    ++entry.holds;
    ++stats_.translation_hits;
    return {Answer::kHit, i};
  }
  if (ahead && requested() >= size() / 2) return {Answer::kBusy, i};
  i = victim();
  if (i == size()) return {Answer::kBusy, i};
  Entry& entry = entries_[i];
  if (entry.state == State::kValid) {
    ++stats_.translation_evictions;
    drop(entry);
  }
  entry.state = State::kRequested;
  entry.asid = asid;
  entry.page = page;
  entry.used = ++clock_;
  share(entry, connection);
  ++stats_.node_requests;
  outbox_.node_needed({connection, asid, page});
  return {Answer::kWait, i};
}

void TranslationCache::release(std::size_t entry) {
  Entry& e = entries_[entry];
  sim::ensure(e.holds > 0, "walker: translation released more often than held");
  --e.holds;
  drop_if_unused(e);
}

std::size_t TranslationCache::fill(std::uint16_t asid, std::uint64_t page, std::uint64_t frame) {
  const std::size_t i = find_requested(asid, page);
  entries_[i].state = State::kValid;
  entries_[i].frame = frame;
  entries_[i].holds = 1;
  return i;
}

std::size_t TranslationCache::fail(std::uint16_t asid, std::uint64_t page) {
  const std::size_t i = find_requested(asid, page);
  entries_[i].state = State::kFree;
  entries_[i].sharers.clear();
  return i;
}

std::size_t TranslationCache::invalidate(std::uint16_t asid, std::uint64_t page) {
  const std::size_t i = find(asid, page);
  if (i == size() || entries_[i].state != State::kValid) return size();
  entries_[i].stale = true;
  drop_if_unused(entries_[i]);
  return i;
}

void TranslationCache::forget(std::uint32_t connection) {
  for (Entry& entry : entries_) {
    auto& sharers = entry.sharers;
    const auto at = std::lower_bound(sharers.begin(), sharers.end(), connection);
    if (at == sharers.end() || *at != connection) continue;
    sharers.erase(at);
    drop_if_unused(entry);
  }
}

std::size_t TranslationCache::in_use() const {
  return static_cast<std::size_t>(std::count_if(
      entries_.begin(), entries_.end(), [](const Entry& e) { return e.state != State::kFree; }));
}

std::size_t TranslationCache::find(std::uint16_t asid, std::uint64_t page) const {
  const auto same = [&](const Entry& e) {
    return e.state != State::kFree && e.page == page && e.asid == asid;
  };
  return static_cast<std::size_t>(std::find_if(entries_.begin(), entries_.end(), same) -
                                  entries_.begin());
}

std::size_t TranslationCache::find_requested(std::uint16_t asid, std::uint64_t page) const {
  const std::size_t i = find(asid, page);
  sim::ensure(i != size() && entries_[i].state == State::kRequested,
              "walker: answer for a page that was not asked for");
  return i;
}

/// A free entry, else the least recently used one that no read goes through, else size().
std::size_t TranslationCache::victim() const {
  std::size_t best = size();
  for (std::size_t i = 0; i < size(); ++i) {
    const Entry& e = entries_[i];
    if (e.state == State::kFree) return i;
    if (e.state != State::kValid || e.holds > 0) continue;
    if (best == size() || e.used < entries_[best].used) best = i;
  }
  return best;
}

std::uint64_t TranslationCache::requested() const {
  return static_cast<std::uint64_t>(
      std::count_if(entries_.begin(), entries_.end(),
                    [](const Entry& e) { return e.state == State::kRequested; }));
}

void TranslationCache::share(Entry& entry, std::uint32_t connection) {
  auto& sharers = entry.sharers;
  const auto at = std::lower_bound(sharers.begin(), sharers.end(), connection);
  if (at == sharers.end() || *at != connection) sharers.insert(at, connection);
}

void TranslationCache::drop_if_unused(Entry& entry) {
  if (entry.state != State::kValid || entry.holds > 0) return;
  if (entry.stale || entry.sharers.empty()) drop(entry);
}

void TranslationCache::drop(Entry& entry) {
  outbox_.node_released(entry.asid, entry.page);
  entry.state = State::kFree;
  entry.stale = false;
  entry.sharers.clear();
}

}  // namespace vctoe::nic
