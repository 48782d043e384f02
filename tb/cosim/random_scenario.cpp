#include "tb/cosim/random_scenario.h"

#include <algorithm>

#include "tb/cosim/list_maker.h"

namespace vctoe::cosim {
namespace {

constexpr std::uint64_t kMostBlocks = 20;  ///< of a walk

class Maker {
 public:
  Maker(Set set, std::uint64_t seed, unsigned walks)
      : random_(mix(seed, static_cast<std::uint64_t>(set))), limits_(limits(set)) {
    s_.name = "random";
    s_.set = set;
    s_.seed = seed;
    crowd_ = random_.chance(15);
    walks_ = walks != 0 ? walks : static_cast<unsigned>(random_.between(20, 60));
    if (crowd_ && walks == 0) walks_ += 2 * (limits_.walks + limits_.queue);
  }

  Scenario make() {
    configure();
    behave();
    if (crowd_) crowd();
    make_lists();
    make_ops();
    return std::move(s_);
  }

 private:
  /// The most, or anything from `low` on.
  std::uint32_t some(std::uint32_t low, std::uint32_t high) {
    return static_cast<std::uint32_t>(random_.chance(40) ? high : random_.between(low, high));
  }
  /// From 1 on, of any width up to `bits`: as often small as large.
  std::uint32_t of_any_width(unsigned bits) {
    const auto highest = std::uint64_t{1} << random_.below(bits);
    return static_cast<std::uint32_t>(highest + random_.below(highest));
  }
  template <class T, std::size_t N>
  T any(const T (&of)[N]) {
    return of[random_.below(N)];
  }

  void configure() {
    WalkerConfig& c = s_.config;
    c.engines = some(1, limits_.engines);
    c.walks = some(c.engines, limits_.walks);
    c.queue = some(1, limits_.queue);
    c.tags = some(1, limits_.tags);
    c.pages = some(1, random_.chance(50) ? limits_.pages : std::min(limits_.pages, 4u));
    c.set_mask = limits_.sets - 1;
    while (c.set_mask != 0 && random_.chance(40)) c.set_mask >>= 1;
    c.prefetch = any({0u, 1u, 2u, 3u, 4u, 8u, 16u, 64u});
    c.anchors = some(0, limits_.anchors);
    c.anchor_stride = random_.chance(80) ? any({1u, 2u, 3u, 4u, 16u, 65536u}) : of_any_width(16);
    c.max_records = random_.chance(60)   ? 1000
                    : random_.chance(50) ? static_cast<std::uint32_t>(random_.between(1, 9))
                                         : of_any_width(31);
    c.granularity = any({1u, 3u, 64u, 100u, 512u, 1460u, 4096u, 65536u, 1u << 30});
    if (random_.chance(20)) c.granularity = of_any_width(30);
    c.split = random_.chance(50) ? 1 : 0;
    c.ordered = random_.chance(25) ? 1 : 0;
  }

  Pattern pattern() {
    return static_cast<Pattern>(random_.below(static_cast<unsigned>(Pattern::kCount)));
  }

  void behave() {
    Traffic& t = s_.traffic;
    t.seed = random_.next();
    if (random_.chance(65)) {
      t.walk = pattern(), t.fill = pattern(), t.invalidate = pattern(), t.cancel = pattern();
      t.completion = pattern(), t.fetch = pattern(), t.out = pattern();
    }
    t.order = static_cast<Order>(random_.below(static_cast<unsigned>(Order::kCount)));
    t.memory_min = any({1u, 1u, 1u, 5u, 40u});
    t.memory_max = t.memory_min + any({0u, 3u, 10u, 60u});
    t.host_min = any({1u, 1u, 4u, 30u, 100u});
    t.host_max = t.host_min + any({0u, 5u, 30u, 300u});
    if (random_.chance(15)) t.error_permille = any({10u, 50u, 200u});
    if (random_.chance(15)) t.fail_permille = any({10u, 50u, 200u});
    t.gate_clock = random_.chance(30);
  }

  /// Bytes of a block, as the configuration bounds them.
  std::uint32_t block() const {
    const std::uint32_t g = s_.config.granularity;
    return s_.config.split != 0 ? std::min(g, 4096u) : g;
  }

  /// Everything that there is is in use, and the slower the memory the longer.
  void crowd() {
    WalkerConfig& c = s_.config;
    c.engines = limits_.engines, c.walks = limits_.walks, c.queue = limits_.queue;
    c.set_mask = limits_.sets - 1, c.anchors = limits_.anchors;
    if (random_.chance(60)) c.tags = limits_.tags, c.pages = limits_.pages;
    if (random_.chance(60)) c.prefetch = 64;
    Traffic& t = s_.traffic;
    t.walk = t.fill = t.completion = t.fetch = Pattern::kAlways;
    if (random_.chance(70)) t.out = Pattern::kAlways;
    t.memory_min = any({1u, 300u, 900u, 3000u});
    t.memory_max = t.memory_min + any({0u, 100u});
    t.host_min = t.memory_min == 1 ? 600 : any({1u, 100u});
    t.host_max = t.host_min + any({0u, 300u});
    if (random_.chance(30)) t.error_permille = 200;
    if (random_.chance(30)) t.fail_permille = 200;
  }
  /// Many walks share a page, so that their reads are out together, or need one each.
  unsigned pages() {
    const std::uint32_t all = s_.config.pages;
    if (!crowd_) return static_cast<unsigned>(random_.between(1, 2 * all + 2));
    return static_cast<unsigned>(random_.chance(50) ? random_.between(1, 4)
                                                    : random_.between(all, 2 * all + 2));
  }

  ListMaker::Shape shape(std::uint32_t connection, std::uint32_t asid) {
    ListMaker::Shape shape;
    shape.connection = connection;
    shape.asid = asid;
    const unsigned dice = static_cast<unsigned>(random_.below(100)) + (crowd_ ? 40 : 0);
    const std::pair<unsigned, unsigned> lengths = dice < 12   ? std::pair{1u, 1u}
                                                  : dice < 24 ? std::pair{2u, 2u}
                                                  : dice < 74 ? std::pair{3u, 8u}
                                                  : dice < 93 ? std::pair{9u, 32u}
                                                              : std::pair{33u, 60u};
    shape.records = static_cast<unsigned>(random_.between(lengths.first, lengths.second));
    shape.versioned = random_.chance(75);
    shape.array = shape.versioned && random_.chance(40);
    shape.fixed = shape.versioned && random_.chance(40);
    const std::uint64_t largest = std::uint64_t{block()} * any({1u, 1u, 2u, 6u});
    shape.largest = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(largest + random_.below(9), 0x7fff'ffff));
    if (random_.chance(15)) shape.largest = 5;
    // Walks begin far within such records.
    if (random_.chance(15)) shape.largest = of_any_width(31);
    // The sizes of all records must be below 2^32 in sum.
    shape.largest = std::min<std::uint32_t>(shape.largest, 0xffff'fff0 / shape.records);
    if (shape.largest > 0x7fff'ffff) shape.largest = 0x7fff'ffff;
    return shape;
  }

  /// Of connections.
  std::set<std::uint32_t> numbers() {
    std::uint64_t many = random_.between(1, std::min(8u, limits_.connections));
    if (crowd_) many = std::min(limits_.walks + limits_.queue, limits_.connections);
    std::set<std::uint32_t> all;
    while (all.size() < many) {
      all.insert(static_cast<std::uint32_t>(
          !crowd_ && random_.chance(50) ? random_.below(8) : random_.below(limits_.connections)));
    }
    return all;
  }

  void make_lists() {
    std::vector<std::uint32_t> asids(crowd_ ? limits_.pages : random_.between(1, 3));
    for (auto& asid : asids) asid = static_cast<std::uint32_t>(random_.below(1 << 16));
    ListMaker maker(random_, pages());
    const bool sound = random_.chance(40);
    for (const std::uint32_t c : numbers()) {
      const std::uint32_t asid = asids[random_.below(asids.size())];
      for (auto n = crowd_ ? 1 : random_.between(1, 3); n > 0; --n) {
        const ListMaker::Shape form = shape(c, asid);
        s_.lists.push_back(maker.make(form));
        ListSpec& list = s_.lists.back();
        if (!sound && random_.chance(40)) {
          const auto defect =
              static_cast<Defect>(random_.below(static_cast<unsigned>(Defect::kCount)));
          maker.spoil(list, defect, random_.below(list.records.size()), s_);
        } else if (random_.chance(20)) {
          const ListSpec next = maker.remake(list, form);
          s_.lists.push_back(next);
        }
      }
    }
    sent_.resize(s_.lists.size());
    for (std::size_t i = 0; i < s_.lists.size(); ++i) alive_.push_back(!s_.lists[i].later);
  }

  void make_ops() {
    for (unsigned walks = 0; walks < walks_;) {
      Op op;
      op.gap = crowd_ || random_.chance(70)
                   ? 0
                   : static_cast<std::uint32_t>(random_.below(random_.chance(80) ? 40 : 600));
      // In a crowd everybody walks in turn: walks of one connection would wait for each other.
      op.list = static_cast<std::uint32_t>(s_.ops.size() % s_.lists.size());
      while (!crowd_ || !alive_[op.list]) {
        op.list = static_cast<std::uint32_t>(random_.below(s_.lists.size()));
        if (alive_[op.list]) break;
      }
      const unsigned dice = static_cast<unsigned>(random_.below(1000));
      if (dice < 40) {
        op.kind = OpKind::kCancel;
        op.when = when();
        op.rewrite = random_.chance(50);
      } else if (dice < 110) {
        op.kind = OpKind::kInvalidate;
        op.record = static_cast<std::uint32_t>(random_.below(s_.lists[op.list].records.size()));
        op.rewrite = random_.chance(50);
        if (!op.rewrite) op.when = when();
      } else if (dice < 125) {
        op.kind = OpKind::kDrain;
      } else if (dice < 130) {
        op.kind = OpKind::kReset;
        op.when = when();
      } else if (dice < 160) {
        if (!replace(op)) continue;
      } else {
        walk(op);
        ++walks;
      }
      s_.ops.push_back(op);
    }
  }

  When when() {
    return random_.chance(30)
               ? When::kNow
               : static_cast<When>(random_.below(static_cast<unsigned>(When::kCount)));
  }

  /// The list behind this one comes into its place.
  bool replace(Op& op) {
    if (op.list + 1 >= s_.lists.size() || !s_.lists[op.list + 1].later) return false;
    alive_[op.list] = false;
    alive_[op.list + 1] = true;
    op.kind = OpKind::kInstall;
    ++op.list;
    return true;
  }

  void walk(Op& op) {
    const ListSpec& list = s_.lists[op.list];
    std::uint32_t& sent = sent_[op.list];
    const std::uint32_t total = list.end_sequence - list.first_sequence;
    const std::uint64_t most = std::min<std::uint64_t>(kMostBlocks * block(), 0x7fff'ffff);
    op.length = static_cast<std::uint32_t>(random_.between(1, most));
    if (random_.chance(30))
      op.length = static_cast<std::uint32_t>(random_.between(1, std::min<std::uint64_t>(most, 9)));
    std::uint32_t at = sent;
    const unsigned dice = static_cast<unsigned>(random_.below(100));
    if (sent >= total && dice < 85) at = sent = 0;
    if (dice >= 65) at = static_cast<std::uint32_t>(random_.below(std::uint64_t{total} + 1));
    if (dice >= 96) at = static_cast<std::uint32_t>(random_.next());
    // Mostly within the list, and as often as not to the end of it.
    if (at < total && random_.chance(90)) op.length = std::min(op.length, total - at);
    if (dice < 65) sent = at + op.length;
    op.retransmit = dice >= 65 && random_.chance(70) ? 1 : 0;
    op.sequence = list.first_sequence + at;
    op.txn = next_txn();
  }

  std::uint32_t next_txn() {
    std::uint32_t txn;
    do {
      txn = static_cast<std::uint32_t>(random_.next());
    } while (!txns_.insert(txn).second);
    return txn;
  }

  Random random_;
  const Limits& limits_;
  unsigned walks_;
  bool crowd_ = false;  ///< more at once than there is room for
  Scenario s_;
  std::vector<std::uint32_t> sent_;
  std::vector<bool> alive_;
  std::set<std::uint32_t> txns_;
};

}  // namespace

Scenario random_scenario(Set set, std::uint64_t seed, unsigned walks) {
  return Maker(set, seed, walks).make();
}

}  // namespace vctoe::cosim
