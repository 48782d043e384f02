// Ten thousand random walks in lockstep for each parameter set of the RTL, with lists that are
// broken, pages that cannot be had, reads that fail, cancels and invalidations at any moment.
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>

#include "models/nic/walker_core.h"
#include "tb/unit/walker/walker_bench.h"

namespace vctoe::nic {
namespace {

using sim::Time;

constexpr std::uint64_t kWalks = 10'000;
constexpr std::uint32_t kLists = 6;

struct Size {
  std::string set;
  WalkerParams params;
  std::uint64_t connections;
};
void PrintTo(const Size& s, std::ostream* os) {
  *os << s.set;
}

Size small() {
  WalkerParams p;
  p.engines = p.translation_cache = 1;
  p.parked = 1;
  p.request_queue = 2;
  p.tags = 3;
  p.record_cache = 4;
  p.anchors = 1;
  p.prefetch = 1;
  p.granularity = {700};
  return {"small", p, 8};
}
Size large() {
  WalkerParams p;
  p.engines = 8;
  p.parked = 56;
  p.request_queue = 64;
  p.tags = 128;
  p.record_cache = 256;
  p.translation_cache = 64;
  p.anchors = 16;
  p.anchor_stride = 1;
  p.prefetch = 8;
  p.split_at_pages = true;
  return {"large", p, 4096};
}

/// What becomes of the walks of a round, which has lists, faults and times of its own.
class Round {
 public:
  Round(WalkerBench& bench, const WalkerParams& params, std::uint64_t number)
      : b_(bench), params_(params), rng_(number, "lockstep rounds") {
    b_.walks.clear();
    b_.frames.clear();
    b_.unresolvable.clear();
    b_.bad_reads.clear();
    b_.memory.log.clear();
    const std::uint64_t spread = 1 + rng_.below(1500);
    b_.memory.latency = [this, spread](const tlm::tlm_generic_payload&) {
      return Time::from_ns(20 + rng_.below(spread));
    };
    for (std::uint32_t c = 0; c < kLists; ++c) lists_.push_back(make(c));
  }

  /// How many walks were asked for.
  std::uint64_t run() {
    const std::uint64_t events = 40 + rng_.below(60);
    for (std::uint64_t i = 1; i <= events; ++i) {
      event(i);
      if (rng_.below(2) == 0) {
        sc_core::sc_start(static_cast<double>(1 + rng_.below(900)), sc_core::SC_NS);
      }
    }
    b_.quiesce();
    for (const auto& [txn, request] : live_) expect_end(request);
    for (std::uint32_t c = 0; c < kLists; ++c) b_.walker.cancel(c);
    b_.expect_nothing_left();
    return walks_;
  }

 private:
  TestList make(std::uint32_t connection) {
    std::vector<std::uint32_t> sizes(1 + rng_.below(14));
    for (auto& n : sizes) n = static_cast<std::uint32_t>(1 + rng_.below(3000));
    const auto first = rng_.below(3) == 0 ? 0u - static_cast<std::uint32_t>(rng_.below(9000))
                                          : static_cast<std::uint32_t>(rng_.below(1u << 31));
    TestList list = b_.make(connection, first, sizes, 1 + rng_.below(3));
    whole_.push_back(list);
    if (rng_.below(3) == 0) damage(list);
    return list;
  }
  /// `whole_` keeps what the list was: blocks before the damage are those of it.
  void damage(TestList& list) {
    ContextRecord& r = list.records[rng_.below(list.records.size())];
    const std::uint64_t place = list.places[rng_.below(list.places.size())];
    switch (rng_.below(8)) {
      case 0:
        r.next = place;
        break;
      case 1:
        r.next += 1 + rng_.below(31);
        break;
      case 2:
        r.data_size = 0;
        break;
      case 3:
        r.data_size |= 0x8000'0000;
        break;
      case 4:
        r.starting_sequence += 1;
        break;
      case 5:
        r.version = 7;
        break;
      case 6:
        b_.unresolvable.insert(node_page(place));
        break;
      default:
        b_.bad_reads.insert(
            static_cast<std::uint64_t>(b_.host(list.asid, place) - b_.memory.bytes.data()));
    }
    b_.store(list);
  }

  void event(std::uint64_t number) {
    b_.node_latency = Time::from_ns(rng_.below(3) * 700);
    const auto c = static_cast<std::uint32_t>(rng_.below(kLists));
    const std::uint64_t what = rng_.below(12);
    if (what == 0) {
      cancel(c);
    } else if (what == 1) {
      const TestList& list = lists_[c];
      b_.walker.invalidate(list.asid, node_page(list.places[rng_.below(list.places.size())]));
    } else {
      walk(c, number);
    }
  }
  void walk(std::uint32_t c, std::uint64_t txn) {
    const TestList& list = lists_[c];
    const std::uint64_t begin = rng_.below(list.bytes);
    const std::uint64_t beyond = rng_.below(10) == 0 ? 500 : 0;
    const WalkRequest r =
        WalkerBench::ask(list, txn, begin, 1 + rng_.below(list.bytes - begin + beyond),
                         rng_.below(3) == 0 ? sim::Why::kRetransmit : sim::Why::kFirst);
    if (!b_.walker.walk(r)) return;
    ++walks_;
    live_[txn] = r;
  }
  void cancel(std::uint32_t c) {
    b_.walker.cancel(c);
    for (auto it = live_.begin(); it != live_.end();) {
      const auto& w = b_.walks[it->first];
      const bool open = w.done == 0 && w.faults.empty();
      it = it->second.connection == c && open ? live_.erase(it) : std::next(it);
    }
  }

  void expect_end(const WalkRequest& r) {
    const auto& w = b_.walks[r.txn];
    ASSERT_EQ(w.done + static_cast<int>(w.faults.size()), 1) << "walk " << r.txn;
    auto expected = flatten(whole_[r.connection], r, params_.granularity.n, params_.split_at_pages);
    if (w.done == 0) {
      ASSERT_LE(w.blocks.size(), expected.size());
      expected.resize(w.blocks.size());
    }
    EXPECT_TRUE(w.blocks == expected) << "walk " << r.txn;
  }

  WalkerBench& b_;
  const WalkerParams& params_;
  sim::Rng rng_;
  std::vector<TestList> lists_;
  std::vector<TestList> whole_;
  std::map<sim::TxnId, WalkRequest> live_;
  std::uint64_t walks_ = 0;
};

class TenThousandWalks : public testing::TestWithParam<Size> {};

// req: I-F07-226, I-F07-228, I-F07-230
TEST_P(TenThousandWalks, WithFaultsAreTheSameInRtlAndModel) {
  const Size& size = GetParam();
  ASSERT_EQ(walker_set_for(size.params, size.connections).name, size.set);
  WalkerBench b(size.params, "bench", WalkerImpl::kLockstep, nullptr, size.connections);
  std::uint64_t walks = 0;
  for (std::uint64_t round = 1; walks < kWalks && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    walks += Round(b, size.params, round).run();
  }
  // Each kind of damage was met; a loop is a gap in the sequence first.
  for (const Fault code :
       {Fault::kMisaligned, Fault::kZeroSize, Fault::kSequenceGap, Fault::kUnresolvable,
        Fault::kBadCompletion, Fault::kRange, Fault::kVersion}) {
    EXPECT_GT(b.walker.stats().faults[static_cast<std::size_t>(code)], 0u) << sim::enum_name(code);
  }
  EXPECT_GT(b.walker.stats().cancelled, 0u);
}

INSTANTIATE_TEST_SUITE_P(Lockstep, TenThousandWalks,
                         testing::Values(small(), Size{"standard", {}, 1024}, large()),
                         [](const auto& info) { return info.param.set; });

}  // namespace
}  // namespace vctoe::nic
