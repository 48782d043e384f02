// What passes through the ports of the RTL walker, a structure a port (rtl/README.md). Every
// structure lists its fields once, for those that write, read or compare whole beats.
#pragma once

#include <array>
#include <cstdint>

namespace vctoe::nic {

/// Inputs that are constant while a walk is in progress.
struct WalkerConfig {
  std::uint32_t engines = 1, walks = 2, queue = 2, tags = 3, pages = 2, set_mask = 0;
  std::uint32_t prefetch = 0, anchors = 0, anchor_stride = 1, max_records = 1, granularity = 1;
  std::uint32_t split = 0, ordered = 0;
  template <class Self, class F>
  static void fields(Self& s, F&& f) {
    f("engines", s.engines), f("walks", s.walks), f("queue", s.queue), f("tags", s.tags);
    f("pages", s.pages), f("set_mask", s.set_mask), f("prefetch", s.prefetch);
    f("anchors", s.anchors), f("anchor_stride", s.anchor_stride), f("max_records", s.max_records);
    f("granularity", s.granularity), f("split", s.split), f("ordered", s.ordered);
  }
};

struct WalkBeat {
  std::uint32_t txn = 0, connection = 0, asid = 0;
  std::uint64_t head = 0;
  std::uint32_t first_sequence = 0, sequence = 0, length = 0, block_size = 0, end_sequence = 0;
  std::uint32_t retransmit = 0;
  template <class Self, class F>
  static void fields(Self& s, F&& f) {
    f("txn", s.txn), f("connection", s.connection), f("asid", s.asid), f("head", s.head);
    f("first_sequence", s.first_sequence), f("sequence", s.sequence), f("length", s.length);
    f("block_size", s.block_size), f("end_sequence", s.end_sequence);
    f("retransmit", s.retransmit);
  }
};

struct FillBeat {
  std::uint32_t failed = 0, asid = 0;
  std::uint64_t page = 0, frame = 0;  ///< numbers: address / 4096
  template <class Self, class F>
  static void fields(Self& s, F&& f) {
    f("failed", s.failed), f("asid", s.asid), f("page", s.page), f("frame", s.frame);
  }
};

struct InvalidateBeat {
  std::uint32_t asid = 0;
  std::uint64_t page = 0;  ///< number
  template <class Self, class F>
  static void fields(Self& s, F&& f) {
    f("asid", s.asid), f("page", s.page);
  }
};

struct CancelBeat {
  std::uint32_t connection = 0;
  template <class Self, class F>
  static void fields(Self& s, F&& f) {
    f("connection", s.connection);
  }
};

struct FetchBeat {
  std::uint32_t tag = 0;
  std::uint64_t address = 0;  ///< physical
  std::uint32_t txn = 0, connection = 0, asid = 0, prefetch = 0;
  template <class Self, class F>
  static void fields(Self& s, F&& f) {
    f("tag", s.tag), f("address", s.address), f("txn", s.txn), f("connection", s.connection);
    f("asid", s.asid), f("prefetch", s.prefetch);
  }
};

struct CompletionBeat {
  std::uint32_t tag = 0, error = 0;
  std::array<std::uint64_t, 4> data{};  ///< data[0]: bytes 0 .. 7, little-endian
  template <class Self, class F>
  static void fields(Self& s, F&& f) {
    f("tag", s.tag), f("error", s.error), f("data0", s.data[0]), f("data1", s.data[1]);
    f("data2", s.data[2]), f("data3", s.data[3]);
  }
};

/// `kind` of an OutBeat.
enum WalkerOut : std::uint32_t { kOutBlock, kOutNode, kOutRelease, kOutFault, kOutDone };

struct OutBeat {
  std::uint32_t kind = 0, txn = 0, connection = 0, asid = 0;
  std::uint64_t address = 0;
  std::uint32_t length = 0, sequence = 0, retransmit = 0, last = 0, code = 0;
  template <class Self, class F>
  static void fields(Self& s, F&& f) {
    f("kind", s.kind), f("txn", s.txn), f("connection", s.connection), f("asid", s.asid);
    f("address", s.address), f("length", s.length), f("sequence", s.sequence);
    f("retransmit", s.retransmit), f("last", s.last), f("code", s.code);
  }
};

/// Both beats say the same in every field.
template <class Beat>
bool same_beat(const Beat& a, const Beat& b) {
  std::array<std::uint64_t, 16> values{};
  std::size_t n = 0;
  Beat::fields(a, [&](const char*, const auto& v) { values[n++] = v; });
  n = 0;
  bool same = true;
  Beat::fields(b, [&](const char*, const auto& v) { same = same && values[n++] == v; });
  return same;
}

}  // namespace vctoe::nic
