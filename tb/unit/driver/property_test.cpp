// Whatever order posts, requests, completions and resets come in: every request is answered once,
// and in the end everything has been given back.
#include <rapidcheck.h>

#include "tb/unit/driver/rig.h"

namespace vctoe::driver::test {
namespace {

using nic::CompletionKind;

constexpr std::uint64_t kData = Rig::kData;
constexpr std::size_t kConnections = 4;

/// What the pretended NIC knows.
struct Peer {
  ConnectionId id = 0;
  bool open = true;
  std::deque<std::pair<sim::TxnId, bool>> posts;  // and whether kStreamSent was said
};

class Story {
 public:
  explicit Story(Rig& rig) : rig_(rig) {
    for (auto& p : peers_) p.id = rig_.open();
  }

  void step() {
    Peer& p = peers_[*rc::gen::inRange<std::size_t>(0, kConnections)];
    switch (*rc::gen::inRange(0, 12)) {
      case 0:
      case 1:
        post(p);
        break;
      case 2:
        stream_sent(p);
        break;
      case 3:
        acknowledge(p);
        break;
      case 4:
        if (*rc::gen::inRange(0, 4) == 0) reset(p);
        break;
      case 5:
      case 6:
        release();
        break;
      case 7:
        rig_.settle(sim::Time::from_us(*rc::gen::inRange(1, 20)));
        break;
      default:
        request(p);
    }
  }

  void end() {
    rig_.settle();
    for (Peer& p : peers_) {
      while (!p.posts.empty()) acknowledge(p);
    }
    while (!asked_.empty()) {
      rig_.settle();
      release();
    }
    for (Peer& p : peers_) reset(p);
    rig_.settle();
    for (Peer& p : peers_) rig_.driver.release(p.id);
    RC_ASSERT(rig_.driver.outstanding().size() == 0U);
    RC_ASSERT(rig_.memory.held() == 0U);
    RC_ASSERT(rig_.driver.requests().lists_idle());
    RC_ASSERT(rig_.driver.posts().stats().budget.value() == 0U);
    RC_ASSERT(rig_.nic.replies.size() == sent_);
  }

 private:
  void post(Peer& p) {
    if (!p.open || p.posts.size() >= 3) return;
    const std::uint64_t pages = *rc::gen::inRange<std::uint64_t>(1, 20);
    const PostResult result = rig_.driver.post(p.id, {{kData + 7, pages * kPage}});
    RC_ASSERT(result.status == kernel::PinStatus::kOk);
    p.posts.push_back({result.txn, false});
  }
  void stream_sent(Peer& p) {
    for (auto& [txn, said] : p.posts) {
      if (said) continue;
      said = tell(CompletionKind::kStreamSent, p.id, txn);
      return;
    }
  }
  void acknowledge(Peer& p) {
    if (p.posts.empty()) return;
    stream_sent(p);
    if (tell(CompletionKind::kStreamAcked, p.id, p.posts.front().first)) p.posts.pop_front();
  }
  void reset(Peer& p) {
    if (!p.open || !tell(CompletionKind::kReset, p.id, 0)) return;
    p.open = false;
    p.posts.clear();
  }
  void request(Peer& p) {
    auto e = rig_.ask(p.id, kData + 7 + *rc::gen::inRange<std::uint64_t>(0, 10) * kPage,
                      *rc::gen::inRange<std::uint32_t>(1, 5 * kPage));
    if (*rc::gen::inRange(0, 3) == 0) {
      e.identify = nic::Identify::kPushed;
      e.length = e.length % 2000 + 1;
    }
    if (!rig_.nic.request(e)) return;
    ++sent_;
    asked_.push_back(e);
  }
  /// Says that an answered request is done, if it was answered physically.
  void release() {
    if (asked_.empty()) return;
    const std::size_t i = *rc::gen::inRange<std::size_t>(0, asked_.size());
    const nic::ReplyEntry* r = rig_.nic.reply_to(asked_[i].txn);
    if (r == nullptr) return;
    const bool pinned = r->kind == nic::ReplyKind::kPhysical;
    if (pinned && !tell(CompletionKind::kBlockSent, asked_[i].connection, r->txn)) return;
    asked_.erase(asked_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  /// The completion ring is small: waits for room.
  bool tell(CompletionKind kind, ConnectionId id, sim::TxnId txn) {
    while (!rig_.nic.complete(kind, id, txn)) rig_.settle(sim::Time::from_us(5));
    return true;
  }

  Rig& rig_;
  std::array<Peer, kConnections> peers_;
  std::vector<nic::RequestEntry> asked_;
  std::size_t sent_ = 0;
};

void check_stories(const DriverParams& base) {
  DriverParams p = base;
  p.submit_entries = p.reply_entries = p.completion_entries = p.request_entries = 8;
  p.outstanding = 24;
  p.reply_area = sim::Bytes{4096};
  p.workers = 3;
  Rig rig(p);
  rig.program([&] {
    rig.settle();
    EXPECT_TRUE(rc::check("everything is answered and given back", [&] {
      rig.nic.replies.clear();
      Story story(rig);
      const int steps = *rc::gen::inRange(1, 60);
      for (int i = 0; i < steps; ++i) story.step();
      story.end();
    }));
  });
  rig.run(sim::Time::from_s(10));
}

// req: I-P0022d, I-F05-126, I-X10, I-X01
TEST(DriverProperty, VirtualContexts) {
  check_stories(small_params());
}

// req: I-P0022d, I-F03-82
TEST(DriverProperty, PinnedAtThePost) {
  DriverParams p = small_params();
  p.scheme = {true, UnpinPost::kAcknowledged, false};
  check_stories(p);
}

// req: I-P0022d, I-F12-466
TEST(DriverProperty, PinnedAtThePostWithContexts) {
  DriverParams p = small_params();
  p.scheme = {true, UnpinPost::kSent, true};
  check_stories(p);
}

TEST(ScatterAreaProperty, RunsNeverOverlapAndMergeAgain) {
  Log log;
  FakeHost host(log);
  ScatterArea area(host, 4096);
  EXPECT_TRUE(rc::check([&] {
    std::vector<ScatterArea::Run> runs;
    for (int i = 0; i < 40; ++i) {
      const auto n = *rc::gen::inRange<std::uint64_t>(1, 12);
      // Ten short runs leave holes enough for one more, however they lie.
      if (runs.size() < 10 && *rc::gen::arbitrary<bool>()) {
        runs.push_back(area.reserve(n));
      } else if (!runs.empty()) {
        const auto k = *rc::gen::inRange<std::size_t>(0, runs.size());
        area.release(runs[k]);
        runs.erase(runs.begin() + static_cast<std::ptrdiff_t>(k));
      }
      for (const auto& a : runs) {
        RC_ASSERT(a.offset + a.bytes <= 4096U);
        for (const auto& b : runs) {
          RC_ASSERT(&a == &b || a.offset + a.bytes <= b.offset || b.offset + b.bytes <= a.offset);
        }
      }
    }
    for (auto& r : runs) area.release(r);
    RC_ASSERT(area.idle());
  }));
}

}  // namespace
}  // namespace vctoe::driver::test
