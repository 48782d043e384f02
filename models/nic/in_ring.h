// A ring that the host writes and the NIC fetches by DMA.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <vector>

#include "models/nic/dma.h"
#include "models/nic/rings.h"

namespace vctoe::nic {

/// Host to NIC: fetches entries as the tail doorbell moves, and the scatter list of an entry that
/// has one outside; hands entries on in order. Entry is SubmitEntry or ReplyEntry.
template <class Entry>
class InRing : public DmaClient {
 public:
  /// The scatter list is the caller's only during the call.
  using Handler = std::function<void(const Entry&, const std::vector<SgElement>&)>;

  InRing(DmaPort& dma, std::uint64_t fetch_batch, Handler handler)
      : dma_(dma), fetch_batch_(fetch_batch), handler_(std::move(handler)) {}

  /// Physical address, a multiple of an entry. False, and nothing changes, once the ring is in use.
  bool set_base(std::uint64_t base) {
    if (tail_ != 0 || base % kEntrySize != 0) return false;
    base_ = base;
    return true;
  }
  /// A power of two up to kMaxRingEntries. False likewise.
  bool set_size(std::uint64_t entries) {
    if (tail_ != 0 || !is_ring_size(entries)) return false;
    size_ = entries;
    fetched_bytes_.resize(fetch_batch_ * kEntrySize);
    return true;
  }
  /// `tail`: entries written by the host since the start. False, and ignored, when that cannot be.
  bool doorbell(std::uint64_t tail) {
    if (dead_ || tail < tail_ || tail - taken_ > size_) {
      ++bad_doorbells_;
      return false;
    }
    tail_ = tail;
    changed_();
    fetch();
    return true;
  }
  /// Called whenever fill() has changed.
  void on_change(std::function<void()> changed) { changed_ = std::move(changed); }
  /// Entries that the host has written and that were not handed on.
  std::uint64_t fill() const { return tail_ - taken_; }
  /// Doorbells that went backwards, beyond the ring or before it was set up; ignored.
  const std::uint64_t& bad_doorbells() const { return bad_doorbells_; }
  /// Reads that host memory refused. A list that cannot be read is handed on empty; after entries
  /// that cannot be read the ring is dead.
  const std::uint64_t& bad_reads() const { return bad_reads_; }
  /// Entries handed on since the start; their slots may be written again.
  std::uint64_t taken() const { return taken_; }
  bool idle() const { return taken_ == tail_ && waiting_.empty(); }

 private:
  struct Waiting {
    Entry entry;
    std::vector<SgElement> sg;
    bool ready = false;
  };
  static constexpr std::uint64_t kEntries = 0;  // cookie of an entry fetch; others are list fetches

  void fetch() {
    if (fetching_ != 0 || fetched_ == tail_) return;
    const std::uint64_t slot = fetched_ & (size_ - 1);
    fetching_ = std::min({tail_ - fetched_, fetch_batch_, size_ - slot});
    const SgElement from{base_ + slot * kEntrySize,
                         static_cast<std::uint32_t>(fetching_ * kEntrySize), 0};
    read(from, fetched_bytes_.data(), kEntries);
  }

  void read(const SgElement& from, std::uint8_t* to, std::uint64_t cookie) {
    DmaRequest request;
    request.sg = &from;
    request.count = 1;
    request.data = to;
    request.purpose = pcie::Purpose::kDescriptor;
    request.client = this;
    request.cookie = cookie;
    dma_.submit(request);
  }

  void dma_done(std::uint64_t cookie, bool ok) override {
    bad_reads_ += ok ? 0 : 1;
    if (cookie != kEntries) {
      Waiting& w = waiting_[cookie - first_cookie_];
      if (!ok) w.sg.clear();
      w.ready = true;
    } else if (ok) {
      take_entries();
    } else {
      dead_ = true;
      tail_ = fetched_;  // nothing more comes
      changed_();
    }
    hand_on();
  }

  void take_entries() {
    for (std::uint64_t i = 0; i < fetching_; ++i) {
      Waiting w;
      std::memcpy(&w.entry, fetched_bytes_.data() + i * kEntrySize, kEntrySize);
      waiting_.push_back(std::move(w));
      start_list(waiting_.back(), first_cookie_ + waiting_.size() - 1);
    }
    fetched_ += fetching_;
    fetching_ = 0;
    fetch();
  }

  void start_list(Waiting& w, std::uint64_t cookie);

  void hand_on() {
    while (!waiting_.empty() && waiting_.front().ready) {
      const Waiting w = std::move(waiting_.front());
      waiting_.pop_front();
      ++first_cookie_;
      ++taken_;
      changed_();
      handler_(w.entry, w.sg);
    }
  }

  DmaPort& dma_;
  std::uint64_t fetch_batch_;
  Handler handler_;
  std::function<void()> changed_ = [] {};
  std::uint64_t base_ = 0;
  std::uint64_t size_ = 0;
  std::uint64_t tail_ = 0;      ///< written by the host
  std::uint64_t fetched_ = 0;   ///< read by DMA
  std::uint64_t taken_ = 0;     ///< handed on
  std::uint64_t fetching_ = 0;  ///< entries of the read in flight; one read at a time keeps order
  std::uint64_t bad_doorbells_ = 0;
  std::uint64_t bad_reads_ = 0;
  bool dead_ = false;
  std::vector<std::uint8_t> fetched_bytes_;
  std::deque<Waiting> waiting_;     ///< fetched, scatter list perhaps still coming
  std::uint64_t first_cookie_ = 1;  ///< cookie of waiting_.front()
};

template <>
void InRing<SubmitEntry>::start_list(Waiting& w, std::uint64_t cookie);
template <>
void InRing<ReplyEntry>::start_list(Waiting& w, std::uint64_t cookie);

}  // namespace vctoe::nic
