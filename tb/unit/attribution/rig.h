// A made-up trace of one or two connections, event by event.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <utility>

#include "sw/scenario/attribution.h"

namespace vctoe::scenario {

using outputs::TimePart;
using sim::TraceKind;

/// Times in microseconds. Connection 3, first sequence number 1000, segments of 1000 bytes.
class Trace {
 public:
  static constexpr std::uint32_t kFirst = 1000;
  static constexpr std::uint16_t kAsid = 7;
  static constexpr std::uint64_t kWide = 1 << 20;  ///< a window that limits nothing

  explicit Trace(AttributionSetup setup = defaults()) : attribution(setup) {}

  static AttributionSetup defaults() {
    AttributionSetup setup;
    setup.receiver_asid = 1;
    setup.readable_when_posted = true;
    return setup;
  }

  struct Fields {
    std::uint64_t txn = 0;
    std::uint64_t length = 0;
    std::uint64_t offset = 0;   ///< of the stream
    std::uint64_t address = 0;  ///< where the event has one
    std::uint32_t detail = 0;
    std::uint8_t node = 0;
  };

  void at(std::uint64_t us, TraceKind kind) { at(us, kind, Fields()); }
  void at(std::uint64_t us, TraceKind kind, const Fields& f) {
    sim::TraceEvent e;
    e.at = sim::Time::from_us(us);
    e.kind = kind;
    e.node = f.node;
    e.asid = kAsid;
    e.connection = connection;
    e.txn = f.txn;
    e.length = f.length;
    e.seq = kFirst + static_cast<std::uint32_t>(f.offset);
    e.address = f.address;
    e.detail = f.detail;
    attribution.see(e);
  }

  /// Posts are made and taken at once.
  void post(std::uint64_t us, std::uint64_t bytes, std::uint64_t txn = 1) {
    at(us, TraceKind::kPosting, {txn, bytes});
    at(us, TraceKind::kPost, {txn, bytes});
    at(us, TraceKind::kPostTaken, {txn, bytes});
  }
  void window(std::uint64_t us, std::uint64_t una, std::uint64_t bytes) {
    at(us, TraceKind::kRxAck, {0, bytes, una, una});
  }
  /// At 0 the window is wide and so many bytes are posted.
  void begin(std::uint64_t bytes) {
    window(0, 0, kWide);
    post(0, bytes);
  }
  void read(std::uint64_t from, std::uint64_t to, std::uint64_t offset) {
    at(from, TraceKind::kDmaBegin, {0, 1000, offset});
    at(to, TraceKind::kBufferWrite, {0, 1000, offset});
  }
  /// On the line, first or again.
  void line(std::uint64_t from, std::uint64_t to, std::uint64_t offset, bool again = false) {
    at(from, TraceKind::kBufferRead, {0, 1000, offset, 0, again ? 1U : 0U});
    at(to, again ? TraceKind::kTxRetransmit : TraceKind::kTxFirst, {0, 1000, offset});
  }
  /// Read, and on the line from then on until `left`.
  void sent(std::uint64_t from, std::uint64_t read_at, std::uint64_t left,
            std::uint64_t offset = 0) {
    read(from, read_at, offset);
    line(read_at, left, offset);
  }
  void arrives(std::uint64_t us, std::uint64_t bytes) {
    at(us, TraceKind::kRxData, {0, bytes, 0, 0, 0, 1});
  }
  void in_memory(std::uint64_t us, std::uint64_t bytes) {
    at(us, TraceKind::kDmaWrite, {0, bytes, 0, 0, 0, 1});
  }
  void consumed(std::uint64_t from, std::uint64_t to, std::uint64_t bytes) {
    at(from, TraceKind::kTake, {0, bytes, 0, 0, 0, 1});
    at(to, TraceKind::kStreamData, {0, bytes, 0, 0, 0, 1});
    at(to, TraceKind::kDeliver, {0, bytes, 0, 0, 0, 1});
  }
  /// Everything that left arrives at once and is read at once.
  void delivered(std::uint64_t us, std::uint64_t bytes) {
    arrives(us, bytes);
    in_memory(us, bytes);
    consumed(us, us, bytes);
  }

  /// The parts are these many microseconds, all others nothing.
  void expect(std::uint64_t first, std::uint64_t last,
              std::initializer_list<std::pair<TimePart, std::uint64_t>> parts) const {
    const PartTimes times = attribution.divide(sim::Time::from_us(first), sim::Time::from_us(last));
    std::array<std::uint64_t, outputs::kTimeParts> wanted{};
    for (const auto& [part, us] : parts) wanted[static_cast<std::size_t>(part)] = us;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      EXPECT_EQ(times[i], sim::Time::from_us(wanted[i]))
          << sim::enum_name(static_cast<TimePart>(i)) << " " << times[i].ps << " ps";
    }
  }

  std::uint32_t connection = 3;
  Attribution attribution;
};

}  // namespace vctoe::scenario
