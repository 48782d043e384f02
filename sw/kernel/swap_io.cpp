#include "sw/kernel/swap_io.h"

#include <algorithm>

namespace vctoe::kernel {

SwapIo::SwapIo(host::SwapDevice* storage, FrameTable& table, std::uint64_t max_pages,
               SwapClient& client)
    : slots(storage == nullptr ? 0 : storage->capacity() / kPageBytes),
      storage_(storage),
      table_(table),
      max_pages_(max_pages),
      client_(client) {}

void SwapIo::set_cached(SwapSlot slot, FrameNumber f) {
  if (f == kNoFrame) {
    cached_.erase(slot);
  } else {
    cached_[slot] = f;
  }
}

void SwapIo::flush() {
  flush(reads_, false);
  flush(writes_, true);
}

void SwapIo::flush(std::vector<FrameNumber>& queue, bool write) {
  if (queue.empty()) return;
  std::sort(queue.begin(), queue.end(),
            [this](FrameNumber a, FrameNumber b) { return table_[a].slot < table_[b].slot; });
  std::size_t first = 0;
  for (std::size_t i = 1; i <= queue.size(); ++i) {
    const bool follows = i < queue.size() && i - first < max_pages_ &&
                         table_[queue[i]].slot == table_[queue[i - 1]].slot + 1;
    if (follows) continue;
    submit(&queue[first], i - first, write);
    first = i;
  }
  queue.clear();
}

std::uint32_t SwapIo::take_transfer() {
  if (idle_.empty()) {
    transfers_.push_back(std::make_unique<Transfer>());
    return static_cast<std::uint32_t>(transfers_.size() - 1);
  }
  const std::uint32_t index = idle_.back();
  idle_.pop_back();
  return index;
}

void SwapIo::submit(const FrameNumber* frames, std::size_t count, bool write) {
  const std::uint32_t index = take_transfer();
  Transfer& transfer = *transfers_[index];
  transfer.frames.assign(frames, frames + count);
  transfer.started = sim::now();
  transfer.write = write;
  (write ? writing_ : reading_) += count;
  host::StorageRequest request;
  request.offset = static_cast<std::uint64_t>(table_[frames[0]].slot) * kPageBytes;
  request.write = write;
  request.segments.reserve(count);
  for (const FrameNumber f : transfer.frames) {
    table_[f].io = index;
    request.segments.push_back({frame_address(f), kPageBytes});
  }
  request.done = [this, index] { finished(index); };
  storage_->submit(std::move(request));
}

void SwapIo::finished(std::uint32_t index) {
  Transfer& transfer = *transfers_[index];
  (transfer.write ? writing_ : reading_) -= transfer.frames.size();
  for (const FrameNumber f : transfer.frames) {
    if (transfer.write) {
      client_.page_written(f);
    } else {
      client_.page_read(f, transfer.started);
    }
  }
  sim::notify(transfer.done);
  idle_.push_back(index);
}

void SwapIo::wait_read(FrameNumber f) {
  while (table_[f].state == FrameState::kReading) sim::wait(transfers_[table_[f].io]->done);
}

void SwapIo::load(SwapSlot slot, const void* page) {
  storage_->write_dbg(static_cast<std::uint64_t>(slot) * kPageBytes, page, kPageBytes);
}

void SwapIo::peek(SwapSlot slot, void* page) const {
  storage_->read_dbg(static_cast<std::uint64_t>(slot) * kPageBytes, page, kPageBytes);
}

}  // namespace vctoe::kernel
