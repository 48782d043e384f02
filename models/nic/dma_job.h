// One request inside the DMA engine, and queues of them.
#pragma once

#include <tlm>
#include <vector>

#include "models/nic/dma.h"
#include "models/sim/units.h"

namespace vctoe::nic {

/// A part of a scatter element that becomes one generic payload.
struct DmaPiece {
  std::uint64_t address = 0;
  std::uint8_t* data = nullptr;
  std::uint32_t length = 0;
};

struct DmaJob {
  DmaRequest request;  ///< `sg` and `count` are replaced by `elements`
  std::vector<SgElement> elements;
  tlm::tlm_generic_payload* fetch = nullptr;  ///< set when it came in through the fetch socket
  std::uint64_t bytes = 0;
  std::uint64_t issued = 0;   ///< bytes handed to the link
  std::uint64_t arrived = 0;  ///< bytes answered by the link
  std::size_t element = 0;    ///< next to issue from
  std::uint32_t skip = 0;     ///< bytes of it already issued
  bool ok = true;
  sim::Time submitted;
  sim::Time ready;         ///< not before this time on the link
  sim::Time drained;       ///< when what has arrived has left the channel
  DmaJob* next = nullptr;  ///< in a DmaJobQueue

  void reset(const DmaRequest& r, sim::Time at, sim::Time first_issue) {
    request = r;
    elements.clear();
    fetch = nullptr;
    bytes = issued = arrived = 0;
    element = 0;
    skip = 0;
    ok = true;
    submitted = at;
    ready = first_issue;
    drained = sim::Time::zero();
  }
  void add(const SgElement& e) {
    if (e.length == 0) return;
    elements.push_back(e);
    bytes += e.length;
  }
  bool all_issued() const { return issued == bytes; }

  /// The next piece: to the end of the element, but not across a multiple of `bound`.
  DmaPiece next_piece(std::uint64_t bound) const {
    const SgElement& e = elements[element];
    const std::uint64_t address = e.address + skip;
    const std::uint64_t to_bound = bound - address % bound;
    const std::uint64_t left = e.length - skip;
    return {address, request.data + issued,
            static_cast<std::uint32_t>(left < to_bound ? left : to_bound)};
  }
  void take(const DmaPiece& piece) {
    issued += piece.length;
    skip += piece.length;
    if (skip < elements[element].length) return;
    skip = 0;
    ++element;
  }
};

/// First in, first out, through DmaJob::next: a job is in one queue at a time, and none allocates.
class DmaJobQueue {
 public:
  bool empty() const { return head_ == nullptr; }
  DmaJob& front() const { return *head_; }
  void push(DmaJob& job) {
    job.next = nullptr;
    (head_ == nullptr ? head_ : tail_->next) = &job;
    tail_ = &job;
  }
  DmaJob& pop() {
    DmaJob& job = *head_;
    head_ = job.next;
    return job;
  }

 private:
  DmaJob* head_ = nullptr;
  DmaJob* tail_ = nullptr;
};

}  // namespace vctoe::nic
