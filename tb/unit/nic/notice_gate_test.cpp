#include "models/nic/notice_gate.h"

#include <gtest/gtest.h>

#include "tb/unit/nic/fake_dma.h"

namespace vctoe::nic {
namespace {

struct Bench {
  FakeDma dma{1 << 16};
  InterruptModerator interrupt{"interrupt", dma, 0, sim::Time::zero()};
  OutRing<CompletionEntry> ring{dma, interrupt};
  NoticeGate gate;

  Bench() {
    ring.set_base(0);
    ring.set_size(16);
  }
  static CompletionEntry notice(CompletionKind kind) {
    CompletionEntry entry;
    entry.kind = kind;
    return entry;
  }
  /// Kinds written so far.
  std::vector<CompletionKind> written() {
    dma.finish_all();
    std::vector<CompletionKind> kinds;
    for (std::uint64_t i = 0; i < ring.written(); ++i) {
      CompletionEntry entry;
      std::memcpy(&entry, dma.memory.data() + i * kEntrySize, sizeof entry);
      kinds.push_back(entry.kind);
    }
    return kinds;
  }
};
using Kinds = std::vector<CompletionKind>;

TEST(NoticeGate, AnAcknowledgedPostIsReleasedWhenNoReadOfItIsLeft) {
  Bench b;
  b.gate.read_begins(1000);  // a needless retransmission
  b.gate.read_begins(5000);  // of the next post
  b.gate.push(b.notice(CompletionKind::kStreamAcked), 4096, b.ring);
  EXPECT_EQ(b.written(), Kinds{});
  b.gate.pass(b.notice(CompletionKind::kPeerClosed), b.ring);  // releases nothing: need not wait
  EXPECT_EQ(b.written(), Kinds{CompletionKind::kPeerClosed});
  b.gate.read_ends(1000, b.ring);
  EXPECT_EQ(b.written(), (Kinds{CompletionKind::kPeerClosed, CompletionKind::kStreamAcked}));
}

TEST(NoticeGate, ACloseWaitsForEveryReadAndNothingOfTheNextUseOvertakesIt) {
  Bench b;
  b.gate.read_begins(0);
  b.gate.read_begins(0);
  b.gate.push(b.notice(CompletionKind::kStreamAcked), 4096, b.ring);
  b.gate.push(b.notice(CompletionKind::kReset), NoticeGate::kEverything, b.ring);
  b.gate.pass(b.notice(CompletionKind::kAccepted), b.ring);
  b.gate.read_ends(0, b.ring);
  EXPECT_EQ(b.written(), Kinds{});
  EXPECT_EQ(b.gate.held(), 3u);
  b.gate.read_ends(0, b.ring);
  EXPECT_EQ(b.written(), (Kinds{CompletionKind::kStreamAcked, CompletionKind::kReset,
                                CompletionKind::kAccepted}));
}

TEST(NoticeGate, WritesAtOnceWithoutReads) {
  Bench b;
  b.gate.push(b.notice(CompletionKind::kReset), NoticeGate::kEverything, b.ring);
  EXPECT_EQ(b.written(), Kinds{CompletionKind::kReset});
}

}  // namespace
}  // namespace vctoe::nic
