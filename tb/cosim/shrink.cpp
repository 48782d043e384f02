#include "tb/cosim/shrink.h"

#include <algorithm>

namespace vctoe::cosim {
namespace {

class Shrinker {
 public:
  Shrinker(const Scenario& scenario, const Fails& fails, unsigned tries)
      : best_(scenario), fails_(fails), tries_(tries) {}

  Scenario shrink() {
    std::size_t before;
    do {
      before = size();
      drop_operations();
      simplify_traffic();
      simplify_config();
      simplify_operations();
    } while (size() < before && tries_ > 0);
    return best_;
  }

 private:
  /// What a round must make smaller to be worth another one.
  std::size_t size() const {
    std::size_t n = 1000 * best_.ops.size();
    for (const Op& op : best_.ops) n += (op.gap != 0) + (op.when != When::kNow) + op.rewrite;
    return n;
  }

  bool take(const Scenario& candidate) {
    if (tries_ == 0) return false;
    --tries_;
    if (!fails_(candidate)) return false;
    best_ = candidate;
    return true;
  }
  template <class Change>
  bool change(Change&& change) {
    Scenario candidate = best_;
    change(candidate);
    return take(candidate);
  }

  /// Parts of the operations, large ones first, then each alone.
  void drop_operations() {
    std::size_t part = std::max<std::size_t>(best_.ops.size() / 2, 1);
    while (true) {
      bool dropped = false;
      // From the end: what comes after the failure goes at once.
      for (std::size_t end = best_.ops.size(); end > 0;) {
        const std::size_t begin = end > part ? end - part : 0;
        dropped |= change([&](Scenario& s) {
          s.ops.erase(s.ops.begin() + static_cast<std::ptrdiff_t>(begin),
                      s.ops.begin() + static_cast<std::ptrdiff_t>(end));
        });
        end = begin;
      }
      if (part == 1 && !dropped) return;
      if (part > 1) part /= 2;
      if (best_.ops.empty() || tries_ == 0) return;
    }
  }

  void simplify_traffic() {
    change([](Scenario& s) {
      const std::uint64_t seed = s.traffic.seed;
      s.traffic = {};
      s.traffic.seed = seed;
    });
    for (Pattern Traffic::*p :
         {&Traffic::walk, &Traffic::fill, &Traffic::invalidate, &Traffic::cancel,
          &Traffic::completion, &Traffic::fetch, &Traffic::out}) {
      if (best_.traffic.*p != Pattern::kAlways) {
        change([&](Scenario& s) { s.traffic.*p = Pattern::kAlways; });
      }
    }
    change([](Scenario& s) { s.traffic.order = Order::kInOrder; });
    change([](Scenario& s) { s.traffic.memory_max = s.traffic.memory_min; });
    change([](Scenario& s) { s.traffic.host_max = s.traffic.host_min; });
    change([](Scenario& s) { s.traffic.error_permille = s.traffic.fail_permille = 0; });
    change([](Scenario& s) { s.traffic.gate_clock = false; });
  }

  void simplify_config() {
    change([](Scenario& s) { s.config.prefetch = 0; });
    change([](Scenario& s) { s.config.engines = s.config.walks = 1; });
    change([](Scenario& s) { s.config.anchors = 0; });
    change([](Scenario& s) { s.config.split = 0; });
    change([](Scenario& s) { s.config.ordered = 0; });
    change([](Scenario& s) { s.config.granularity = 1u << 30; });
    change([](Scenario& s) { s.config.max_records = 1000; });
  }

  void simplify_operations() {
    for (std::size_t i = 0; i < best_.ops.size(); ++i) {
      const Op op = best_.ops[i];
      if (op.gap != 0) change([&](Scenario& s) { s.ops[i].gap = 0; });
      if (op.when != When::kNow) change([&](Scenario& s) { s.ops[i].when = When::kNow; });
      if (op.kind != OpKind::kWalk) continue;
      if (op.retransmit != 0) change([&](Scenario& s) { s.ops[i].retransmit = 0; });
      if (op.length > 1 && !change([&](Scenario& s) { s.ops[i].length = 1; })) {
        change([&](Scenario& s) { s.ops[i].length = op.length / 2; });
      }
      const std::uint32_t first = best_.lists[op.list].first_sequence;
      if (op.sequence != first) change([&](Scenario& s) { s.ops[i].sequence = first; });
    }
  }

  Scenario best_;
  const Fails& fails_;
  unsigned tries_;
};

}  // namespace

Scenario shrink(const Scenario& scenario, const Fails& fails, unsigned tries) {
  return Shrinker(scenario, fails, tries).shrink();
}

}  // namespace vctoe::cosim
