// Two TCP cores and a wire between them: a plain event loop that can delay, limit, lose, double and
// reorder segments. Every placed byte is checked: it must be the one that the peer's stream has
// there, and must not have been placed before.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <set>
#include <vector>

#include "models/net/frame_pool.h"
#include "models/nic/toe/stack.h"
#include "models/sim/random.h"
#include "tb/unit/toe/record.h"

namespace vctoe::toe::test {

class Net;

class Host : public StackListener {
 public:
  Host(Net& net, const TcpParams& params, std::uint32_t ip, std::uint64_t seed)
      : stack(params, ip, seed, *this), net_(net), rng_(seed, "fetch") {}

  bool may_accept(ConnectionId id) const override { return barred.count(id) == 0; }
  void accepted(ConnectionId id, const FourTuple& tuple) override;
  void established(ConnectionId id, Seq first) override;
  void state_changed(ConnectionId id, State state) override;
  void acknowledged(ConnectionId id, std::uint64_t offset) override;
  void place(ConnectionId id, std::uint64_t offset, std::uint32_t skip,
             std::uint32_t length) override;
  void received(ConnectionId id, std::uint64_t offset) override;
  void peer_closed(ConnectionId id) override;
  void rto_expired(ConnectionId id, Seq una) override;
  void advice(ConnectionId id, Advice advice) override { records[id].advices.push_back(advice); }
  void urgent(ConnectionId id, std::uint64_t end) override { records[id].urgent.push_back(end); }
  void closed(ConnectionId id, CloseReason reason) override;

  /// Posts and makes available at once.
  void send(ConnectionId id, std::uint64_t bytes);
  /// Posts only.
  void post(ConnectionId id, std::uint64_t bytes);
  void grant(ConnectionId id, std::uint64_t space);
  Record& operator[](ConnectionId id) { return records[id]; }
  ConnectionView view(ConnectionId id) const { return stack.view(id).value(); }
  std::optional<State> state(ConnectionId id) const;

  Stack stack;
  std::set<ConnectionId> barred;  ///< ids that no passive open may have
  std::map<ConnectionId, Record> records;
  Record defaults;           ///< copied into the record of each accepted connection
  std::vector<Packet> sent;  ///< kept if net.keep
  std::uint64_t segments = 0, payload_segments = 0;

 private:
  friend class Net;
  void pump();
  void leave(const TxPlan& plan);

  Net& net_;
  sim::Rng rng_;
  std::map<ConnectionId, std::uint64_t> posted_;
  std::map<ConnectionId, sim::Time> first_leaves_;  ///< first transmissions leave in order
  const Packet* arriving_ = nullptr;
  sim::Time wire_free_;
};

class Net {
 public:
  static constexpr std::uint32_t kIpA = 0x0a000001, kIpB = 0x0a000002;

  explicit Net(const TcpParams& params, const WireParams& wire = {}, std::uint64_t seed = 1)
      : Net(params, params, wire, seed) {}
  Net(const TcpParams& a_params, const TcpParams& b_params, const WireParams& wire,
      std::uint64_t seed)
      : wire(wire),
        a(*this, a_params, kIpA, seed),
        b(*this, b_params, kIpB, seed + 1000),
        rng_(seed, "wire") {}

  /// Connection `id` from a to the port 80 of b; runs until both ends are established.
  void open(ConnectionId id = 0, std::uint16_t port = 1000);
  void connect(Host& from, ConnectionId id, std::uint16_t local, std::uint16_t remote);
  /// Runs until `done` or nothing happens any more or `limit`. True if done.
  bool run(const std::function<bool()>& done, sim::Time limit = sim::Time::from_s(100000));
  void run_for(sim::Time span);
  /// Puts a segment before `to` as if it came from the wire.
  void inject(Host& to, const Segment& segment, std::uint64_t offset = 0);

  /// An ICMP error about the segment of `to` that begins at `seq`.
  void complain(Host& to, std::uint8_t type, std::uint8_t code, Seq seq, std::uint16_t mtu = 0);

  /// As inject(), but nobody asks for plans afterwards.
  void deliver_only(Host& to, const Segment& segment, std::uint64_t offset) {
    deliver(to, {segment, offset, false});
  }

  WireParams wire;
  sim::Time now = sim::Time::from_us(1);
  bool keep = true;
  /// Answers true to lose a packet that `from` sends.
  std::function<bool(Host& from, const Packet&)> drop;
  Host a, b;

 private:
  friend class Host;
  void transmit(Host& from, Packet packet);
  bool corrupted(const Packet& packet);
  void complain_about(Host& from, const Segment& segment);
  void at(sim::Time time, std::function<void()> action);
  void deliver(Host& to, const Packet& packet);
  bool step(sim::Time limit);

  struct Event {
    sim::Time time;
    std::uint64_t order;
    std::function<void()> action;
  };
  struct Later {
    bool operator()(const Event& x, const Event& y) const {
      return y.time < x.time || (x.time == y.time && y.order < x.order);
    }
  };
  std::priority_queue<Event, std::vector<Event>, Later> events_;
  std::uint64_t order_ = 0;
  net::FramePool frames_;
  sim::Rng rng_;
};

}  // namespace vctoe::toe::test
