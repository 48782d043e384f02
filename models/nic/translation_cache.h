// Translations of the pages that context records lie in. Each that is held is a pinned page of the
// host, so that who holds it, and when it goes, is the whole point.
#pragma once

#include <cstdint>
#include <vector>

#include "models/nic/walk_outbox.h"
#include "models/nic/walker_params.h"

namespace vctoe::nic {

/// An entry is requested from node_needed() until the host answers, then valid until
/// node_released(). It is released when it makes room for another page (least recently used first),
/// when it is invalidated, and when the last connection that used it is cancelled; but never before
/// the reads that go through it have completed. A page has at most one entry at a time.
class TranslationCache {
 public:
  enum class Answer : std::uint8_t {
    kHit,   ///< valid; held for the caller until release()
    kWait,  ///< the host has been asked; fill() or fail() will name the entry
    kBusy   ///< every entry is in use: try again after anything has been released
  };
  struct Use {
    Answer answer = Answer::kBusy;
    std::size_t entry = 0;
  };

  TranslationCache(std::uint64_t pages, WalkerStats& stats, WalkOutbox& outbox);

  /// `ahead`: not needed yet. Such requests never take more than half of the entries.
  Use acquire(std::uint32_t connection, std::uint16_t asid, std::uint64_t page, bool ahead);
  void hold(std::size_t entry) { ++entries_[entry].holds; }
  void release(std::size_t entry);
  std::uint64_t frame(std::size_t entry) const { return entries_[entry].frame; }

  /// The host's answer to a request, which must exist; returns the entry. fill() leaves it held for
  /// the caller: hold() it for each read that waits, then release() it once.
  std::size_t fill(std::uint16_t asid, std::uint64_t page, std::uint64_t frame);
  std::size_t fail(std::uint16_t asid, std::uint64_t page);
  /// A valid translation goes, at once or after its last read; a requested one is fresh when it
  /// comes and stays. Returns the entry concerned, or size() when there is none.
  std::size_t invalidate(std::uint16_t asid, std::uint64_t page);
  /// Drops the connection's share in every page.
  void forget(std::uint32_t connection);

  std::size_t size() const { return entries_.size(); }
  /// Entries that are requested or valid.
  std::size_t in_use() const;

 private:
  enum class State : std::uint8_t { kFree, kRequested, kValid };
  struct Entry {
    State state = State::kFree;
    bool stale = false;  ///< invalidated while reads go through it
    std::uint16_t asid = 0;
    std::uint64_t page = 0;
    std::uint64_t frame = 0;
    std::uint64_t holds = 0;             ///< reads that go through it
    std::uint64_t used = 0;              ///< age, for replacement
    std::vector<std::uint32_t> sharers;  ///< connections that used it, sorted
  };

  std::size_t find(std::uint16_t asid, std::uint64_t page) const;
  std::size_t find_requested(std::uint16_t asid, std::uint64_t page) const;
  std::size_t victim() const;
  std::uint64_t requested() const;
  static void share(Entry& entry, std::uint32_t connection);
  void drop_if_unused(Entry& entry);
  void drop(Entry& entry);

  WalkerStats& stats_;
  WalkOutbox& outbox_;
  std::vector<Entry> entries_;
  std::uint64_t clock_ = 0;  ///< counts uses
};

}  // namespace vctoe::nic
