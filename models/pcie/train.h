// A train: TLPs of one request that go over a channel one behind the other. The channel computes
// their times byte by byte, but hands them over in one piece.
#pragma once

#include <array>
#include <cstdint>

#include "models/pcie/rate.h"
#include "models/pcie/split.h"
#include "models/pcie/tlp_extension.h"
#include "models/sim/units.h"

namespace vctoe::pcie {

class TrainSink;

/// Function number that stands for the root complex.
constexpr std::uint16_t kRootComplex = 0xffff;

/// Attributes and identity of a TLP (base specification 5.0, 2.4.1).
struct Ordering {
  bool relaxed = false;
  bool id_based = false;
  std::uint16_t function = 0;  ///< requester; of a completion: completer
  std::uint32_t pasid = 0;     ///< 0: without

  /// Two requesters, or two requests of processes that differ; of a completion only the first.
  bool differs(const Ordering& other, bool request) const {
    if (function != other.function) return true;
    return request && pasid != 0 && other.pasid != 0 && pasid != other.pasid;
  }
  friend bool operator==(const Ordering& a, const Ordering& b) {
    return a.relaxed == b.relaxed && a.id_based == b.id_based && a.function == b.function &&
           a.pasid == b.pasid;
  }
};
inline Ordering ordering_of(const TlpExtension& ext) {
  return {ext.relaxed_ordering, ext.id_ordering, ext.function,
          ext.pasid ? std::uint32_t{ext.asid} : 0};
}

/// TLPs that are ready at one time: one completion's worth of a read request, or a whole write.
struct Segment {
  sim::Time ready;
  Cut cut;
  std::uint64_t address = 0;  ///< of its first byte, for taps
  bool awaited = false;       ///< its arrival is told in time, as that of a train's last always is
};

/// Filled in by the sender; from Channel::push() until its last arrival the channel's.
struct Train {
  static constexpr std::uint32_t kSegments = 8;

  TlpKind kind{};
  Purpose purpose{};
  Ordering ordering;           ///< what the ordering rules go by
  sim::TxnId txn = 0;          ///< of the first request in it, for taps
  std::uint32_t overhead = 0;  ///< wire bytes of a TLP beside its payload
  std::uint32_t segments = 0;
  std::array<Segment, kSegments> segment{};
  TrainSink* sink = nullptr;

  // The channel's own.
  std::uint32_t current = 0;    ///< segment being sent
  std::uint32_t sent = 0;       ///< TLPs of it that have left
  std::uint64_t wire_left = 0;  ///< bytes still to send, overhead included
  std::uint64_t order = 0;      ///< of its arrival at the channel; ordering rules go by it
  std::uint64_t turn = 0;       ///< place in the row for the next turn
  Train* next = nullptr;
  Train* previous = nullptr;

  /// Begins a new train without segments.
  void begin(TlpKind k, const TlpExtension& ext, std::uint64_t overhead_bytes, TrainSink* to) {
    kind = k;
    purpose = ext.purpose;
    ordering = ordering_of(ext);
    txn = ext.txn;
    overhead = static_cast<std::uint32_t>(overhead_bytes);
    segments = 0;
    sink = to;
  }
  /// Whether it may pass any earlier write at all: not the usual case.
  bool loose() const {
    return ordering.id_based || (ordering.relaxed && kind != TlpKind::kMemoryRead);
  }
  /// Table 2-40, column of posted requests: rows A2b, B2b, D2b. A read request passes by its
  /// requester alone; its relaxed ordering is for the completion.
  bool may_pass(const Train& write) const {
    if (ordering.relaxed && kind != TlpKind::kMemoryRead) return true;
    return ordering.id_based && ordering.differs(write.ordering, kind != TlpKind::kCompletion);
  }
  void add(sim::Time ready, const Cut& cut, bool awaited = false) {
    segment[segments++] = {ready, cut, 0, awaited};
  }
  /// Of the segment added last.
  void set_address(std::uint64_t address) { segment[segments - 1].address = address; }

  const Segment& now_sending() const { return segment[current]; }
  std::uint64_t wire_bytes(const Segment& s) const {
    return s.cut.bytes + std::uint64_t{s.cut.tlps} * overhead;
  }
};

/// Something of a train has arrived at the other end.
struct Arrival {
  sim::Time at;
  Train* train = nullptr;
  std::uint32_t first = 0;  ///< completions: the segment; read requests: the first TLP
  std::uint32_t count = 0;  ///< read requests: TLPs, the k-th at `at` + k x `spacing`
  sim::Time spacing;
  bool last = false;     ///< the train is its owner's again
  bool awaited = false;  ///< to be told in time
};

/// Where trains end.
class TrainSink {
 public:
  virtual ~TrainSink() = default;
  /// Writes: once, when the last byte has arrived. Read requests: once for TLPs that arrive without
  /// a gap, when the first is complete. Completions: for each segment when its last byte has
  /// arrived; those that are not awaited may be told late, unless Channel::watch_segments() is on.
  virtual void on_arrival(const Arrival& arrival) = 0;
};

/// Trains in a row, linked through themselves.
class TrainList {
 public:
  Train* front() const { return head_; }
  bool empty() const { return head_ == nullptr; }
  void push_back(Train& x) { insert_after(tail_, x); }
  /// Behind all that are ready no later.
  void insert_by_ready(Train& x) {
    Train* at = tail_;
    while (at != nullptr && x.now_sending().ready < at->now_sending().ready) at = at->previous;
    insert_after(at, x);
  }
  void erase(Train& x) {
    (x.previous == nullptr ? head_ : x.previous->next) = x.next;
    (x.next == nullptr ? tail_ : x.next->previous) = x.previous;
  }

 private:
  void insert_after(Train* at, Train& x) {
    x.previous = at;
    x.next = at == nullptr ? head_ : at->next;
    (x.previous == nullptr ? head_ : x.previous->next) = &x;
    (x.next == nullptr ? tail_ : x.next->previous) = &x;
  }

  Train* head_ = nullptr;
  Train* tail_ = nullptr;
};

}  // namespace vctoe::pcie
