// One direction alone. At 8 Gb/s a byte takes 1 ns, so times can be read as byte counts.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "models/pcie/channel.h"

namespace vctoe::pcie::test {

using sim::Time;

struct Seen {
  std::uint64_t id;
  double ns;
  std::uint32_t index;
  bool last;
};

class Rig : public sc_core::sc_module, public TrainSink {
 public:
  explicit Rig(const CreditParams& credits = {0, 0, 0, 0, 0, 0}, std::uint32_t interleave = 4)
      : sc_module(sc_core::sc_module_name("rig")),
        channel({{8e9}, Time::from_ns(100), Time::from_ns(50), interleave, credits}, stats) {}

  /// `tlps` TLPs of 76 + 24 = 100 ns each, or of 24 ns for a read request.
  Train& push(TlpKind kind, std::uint32_t tlps, double at_ns = 0, bool relaxed = false) {
    Ordering ordering;
    ordering.relaxed = relaxed;
    return push(kind, tlps, at_ns, ordering);
  }
  Train& push(TlpKind kind, std::uint32_t tlps, double at_ns, const Ordering& ordering) {
    const std::uint64_t payload = kind == TlpKind::kMemoryRead && !reads_carry_data ? 0 : 76;
    Train& x = make(kind);
    x.ordering = ordering;
    x.add(sim::now() + Time::from_ns_f(at_ns), make_cut(payload * tlps, payload, 76));
    if (payload == 0) x.segment[0].cut = {0, 0, 0, tlps};
    channel.push(x);
    return x;
  }
  Train& make(TlpKind kind) {
    Train& x = trains.emplace_back();
    x.begin(kind, {}, 24, this);
    return x;
  }
  std::uint64_t id(const Train* x) const {
    for (std::size_t i = 0; i < trains.size(); ++i) {
      if (&trains[i] == x) return i;
    }
    return ~std::uint64_t{0};
  }
  void on_arrival(const Arrival& a) override {
    seen.push_back({id(a.train), a.at.ns(), a.first, a.last});
  }
  /// Ids in the order of arrival.
  std::string order() const {
    std::string s;
    for (const Seen& x : seen) s += static_cast<char>('a' + x.id);
    return s;
  }
  void run() { sc_core::sc_start(1, sc_core::SC_MS); }

  ChannelStats stats;
  Channel channel;
  std::deque<Train> trains;
  std::vector<Seen> seen;
  bool reads_carry_data = false;
};

}  // namespace vctoe::pcie::test
