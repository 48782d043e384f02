// A ring that the NIC writes by DMA and the host reads.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "models/nic/dma.h"
#include "models/nic/interrupts.h"
#include "models/nic/rings.h"

namespace vctoe::nic {

/// NIC to host: writes entries and raises the vector; entries wait inside while the ring is full.
/// Entry is RequestEntry or CompletionEntry.
template <class Entry>
class OutRing {
 public:
  OutRing(DmaPort& dma, InterruptModerator& interrupt) : dma_(dma), interrupt_(interrupt) {}

  /// As InRing's: false, and nothing changes, once the ring is in use or for what cannot be.
  bool set_base(std::uint64_t base) {
    if (written_ != 0 || base % kEntrySize != 0) return false;
    base_ = base;
    return true;
  }
  bool set_size(std::uint64_t entries) {
    if (written_ != 0 || !is_ring_size(entries)) return false;
    size_ = entries;
    shadow_.resize(entries);
    return true;
  }
  /// Doorbell: `head` entries consumed by the host since the start. False, and ignored, when that
  /// cannot be.
  bool doorbell(std::uint64_t head) {
    if (head < head_ || head > written_) {
      ++bad_doorbells_;
      return false;
    }
    head_ = head;
    drain();
    changed_();
    return true;
  }
  /// Asked before an entry leaves: one for which it says no waits, with all behind it, for
  /// resume().
  using Gate = std::function<bool(const Entry&)>;
  void set_gate(Gate gate) { gate_ = std::move(gate); }
  void resume() { drain(); }
  void push(const Entry& entry) {
    backlog_.push_back(entry);
    drain();
    changed_();
  }
  /// Called whenever fill() has changed.
  void on_change(std::function<void()> changed) { changed_ = std::move(changed); }
  /// Entries that the host has not consumed, with those that wait inside for room.
  std::uint64_t fill() const { return written_ - head_ + backlog_.size(); }
  std::uint64_t written() const { return written_; }
  const std::uint64_t& bad_doorbells() const { return bad_doorbells_; }
  std::size_t backlog() const { return backlog_.size(); }

 private:
  void drain() {
    bool any = false;
    for (; !backlog_.empty() && written_ - head_ < size_; backlog_.pop_front()) {
      if (gate_ && !gate_(backlog_.front())) break;
      write(backlog_.front());
      any = true;
    }
    if (any) interrupt_.raise();
  }

  void write(const Entry& entry) {
    const std::uint64_t slot = written_ & (size_ - 1);
    const std::uint64_t turn = written_ / size_;
    shadow_[slot] = entry;
    shadow_[slot].phase = (turn & 1) == 0 ? 1 : 0;
    ++written_;
    const SgElement to{base_ + slot * kEntrySize, kEntrySize, 0};
    DmaRequest request;
    request.write = true;
    request.sg = &to;
    request.count = 1;
    request.data = reinterpret_cast<std::uint8_t*>(&shadow_[slot]);
    request.purpose = pcie::Purpose::kDescriptor;
    request.connection = entry.connection;
    request.txn = entry.txn;
    dma_.submit(request);
  }

  DmaPort& dma_;
  InterruptModerator& interrupt_;
  std::function<void()> changed_ = [] {};
  std::uint64_t base_ = 0;
  std::uint64_t size_ = 0;
  std::uint64_t head_ = 0;
  std::uint64_t written_ = 0;
  std::uint64_t bad_doorbells_ = 0;
  std::vector<Entry> shadow_;  ///< what the DMA engine reads; a slot is free again when head passes
  std::deque<Entry> backlog_;
  Gate gate_;
};

}  // namespace vctoe::nic
