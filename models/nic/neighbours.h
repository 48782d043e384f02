// Who lives at an IPv4 address of the local network: ARP (RFC 826; RFC 1122 section 2.3.2), and the
// answers that a station owes without its host being asked: ARP replies and ICMP echo replies.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>

#include "models/net/arp.h"
#include "models/net/drop_reason.h"
#include "models/net/frame_pool.h"
#include "models/nic/frame_port.h"
#include "models/sim/event_queue.h"
#include "models/sim/params.h"
#include "models/sim/stats.h"

namespace vctoe::nic {

struct NeighbourParams {
  bool resolve = false;
  sim::Time interval = sim::Time::from_s(1);
  std::uint64_t attempts = 3;
  sim::Time lifetime = sim::Time::from_s(60);
  std::uint64_t table = 256;
  std::uint64_t held = 16;
  bool echo = true;
  std::uint64_t replies = 16;
  void declare(sim::ParamList& list);
};

/// What a station is told about itself and its network; IPv4 in host order.
struct StationParams {
  std::optional<net::MacAddress> mac;  ///< none: net::mac_address_of() its IP address
  std::uint32_t mask = 0;              ///< 0: everybody is on the local network
  std::uint32_t gateway = 0;           ///< for those who are not; 0: they are asked for themselves
  std::optional<net::MacAddress> gateway_mac;  ///< everything goes there, nobody is asked
};

class Neighbours {
 public:
  Neighbours(std::uint32_t ip, const NeighbourParams& params, const StationParams& station,
             FramePort& port);

  struct Stats {
    std::uint64_t arp_requests = 0;
    std::uint64_t arp_replies = 0;
    std::uint64_t arp_learned = 0;
    std::uint64_t arp_failures = 0;
    std::uint64_t held_dropped = 0;
    std::uint64_t echo_replies = 0;
    std::uint64_t replies_dropped = 0;
    void declare(sim::StatList& list) const;
  };
  const Stats& stats() const { return stats_; }

  const net::MacAddress& mac() const { return mac_; }
  /// Where frames for `ip` go. None: not known; the question waits for send_ready().
  std::optional<net::MacAddress> find(std::uint32_t ip);
  /// Keeps a frame for `ip`, complete but for its destination, until that is known: then it is sent
  /// with this cookie. The latest frames for a neighbour, as many as the parameter says.
  void hold(std::uint32_t ip, net::FramePtr frame, std::uint64_t cookie);
  /// A held frame will not be sent; `unreachable`: nobody answered, otherwise later ones took
  /// its place.
  using OnDropped =
      std::function<void(const net::Frame& frame, std::uint64_t cookie, bool unreachable)>;
  void on_dropped(OnDropped f) { dropped_ = std::move(f); }

  /// A sound frame that is no segment of TCP for us, `why`. True: it was ARP or an echo request.
  bool take(const net::Frame& frame, net::DropReason why);
  /// Sends what waits, as far as the port has room. Own frames have cookie 0.
  void send_ready();

 private:
  struct Out {
    net::FramePtr frame;
    std::uint64_t cookie;
  };
  struct Entry {
    std::optional<net::MacAddress> mac;
    sim::Time fresh_until;
    sim::Time ask_at = sim::Time::never();  ///< when to ask again, or to give up
    std::uint64_t asked = 0;                ///< requests without an answer
    std::deque<Out> held;
  };
  std::uint32_t next_hop(std::uint32_t ip) const;
  Entry& entry_of(std::uint32_t hop);
  void ask(std::uint32_t hop, Entry& entry);
  void learn(const net::ArpPacket& packet);
  void answer(const net::ArpPacket& packet);
  bool room_for_reply();
  void on_timer();
  void set_timer();
  void drop(const Out& held, bool unreachable);
  void drop_all(std::deque<Out> held, bool unreachable);

  std::uint32_t ip_;
  NeighbourParams params_;
  StationParams station_;
  net::MacAddress mac_;
  FramePort& port_;
  OnDropped dropped_;
  Stats stats_;
  net::FramePool frames_;
  std::map<std::uint32_t, Entry> entries_;  ///< by the address of the next hop
  std::deque<Out> out_;
  sim::Alarm timer_{[this] { on_timer(); }};
};

}  // namespace vctoe::nic
