#include "models/nic/neighbours.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "models/net/headers.h"
#include "models/net/icmp_echo.h"

namespace vctoe::nic {

using sim::Time;

void NeighbourParams::declare(sim::ParamList& list) {
  list.add("resolve", resolve,
           "Ethernet addresses are asked for by ARP; otherwise each follows from the IPv4 address "
           "(02:00 and its four bytes), as if a table had been filled. Questions of others are "
           "answered in both cases",
           "RFC 826; own choice");
  list.add("interval", interval, sim::time_range(Time::from_ms(1), Time::from_s(60)),
           "how long an answer is waited for before asking again",
           "RFC 1122 section 2.3.2.1: at most one request in a second");
  list.add("attempts", attempts, {1, 100}, "requests before a station counts as unreachable",
           "own choice; Linux asks three times");
  list.add("lifetime", lifetime, sim::time_range(Time::from_ms(1), Time::from_s(100'000)),
           "age at which an address in use is asked for again",
           "RFC 1122 section 2.3.2.1: of the order of a minute");
  list.add("table", table, {1, 65536}, "addresses that are known at once", "own choice");
  list.add("held", held, {1, 1024},
           "frames for a neighbour that wait for its address; the latest ones are kept",
           "own choice; RFC 1122 section 2.3.2.2: at least the latest");
  list.add("echo", echo, "ICMP echo requests are answered", "RFC 1122 section 3.2.2.6");
  list.add("replies", replies, {1, 1024},
           "own answers that may wait for the line; what would be more is not answered",
           "own choice");
}

void Neighbours::Stats::declare(sim::StatList& list) const {
  list.add("arp_requests", arp_requests, "1", "ARP requests sent");
  list.add("arp_replies", arp_replies, "1", "ARP requests answered");
  list.add("arp_learned", arp_learned, "1", "addresses learned or confirmed");
  list.add("arp_failures", arp_failures, "1", "stations that did not answer");
  list.add("held_dropped", held_dropped, "1", "frames dropped that waited for an address");
  list.add("echo_replies", echo_replies, "1", "ICMP echo requests answered");
  list.add("replies_dropped", replies_dropped, "1", "requests not answered: too many waited");
}

Neighbours::Neighbours(std::uint32_t ip, const NeighbourParams& params,
                       const StationParams& station, FramePort& port)
    : ip_(ip),
      params_(params),
      station_(station),
      mac_(station.mac ? *station.mac : net::mac_address_of(ip)),
      port_(port) {}

std::uint32_t Neighbours::next_hop(std::uint32_t ip) const {
  const bool local = ((ip ^ ip_) & station_.mask) == 0;
  return local || station_.gateway == 0 ? ip : station_.gateway;
}

std::optional<net::MacAddress> Neighbours::find(std::uint32_t ip) {
  if (station_.gateway_mac) return station_.gateway_mac;
  if (!params_.resolve) return net::mac_address_of(ip);
  const std::uint32_t hop = next_hop(ip);
  Entry& entry = entry_of(hop);
  const bool fresh = entry.mac && sim::now() < entry.fresh_until;
  if (!fresh && entry.ask_at == Time::never()) ask(hop, entry);
  return entry.mac;
}

/// Makes one if there is none; the one that was not heard of for the longest makes room.
Neighbours::Entry& Neighbours::entry_of(std::uint32_t hop) {
  const auto found = entries_.find(hop);
  if (found != entries_.end()) return found->second;
  if (entries_.size() >= params_.table) {
    const auto older = [](const auto& a, const auto& b) {
      return a.second.fresh_until < b.second.fresh_until;
    };
    const auto oldest = std::min_element(entries_.begin(), entries_.end(), older);
    std::deque<Out> held = std::move(oldest->second.held);
    entries_.erase(oldest);
    drop_all(std::move(held), false);
  }
  return entries_[hop];
}

void Neighbours::ask(std::uint32_t hop, Entry& entry) {
  ++stats_.arp_requests;
  ++entry.asked;
  entry.ask_at = sim::now() + params_.interval;
  net::FramePtr frame = frames_.get();
  net::encode_arp(*frame, net::kBroadcast, {true, mac_, ip_, {}, hop});
  out_.push_back({std::move(frame), 0});
  set_timer();
}

void Neighbours::hold(std::uint32_t ip, net::FramePtr frame, std::uint64_t cookie) {
  Entry& entry = entry_of(next_hop(ip));
  entry.held.push_back({std::move(frame), cookie});
  if (entry.held.size() <= params_.held) return;
  const Out oldest = std::move(entry.held.front());
  entry.held.pop_front();
  drop(oldest, false);
}

/// Whoever hears of it may send the next one.
void Neighbours::drop(const Out& held, bool unreachable) {
  ++stats_.held_dropped;
  if (dropped_) dropped_(*held.frame, held.cookie, unreachable);
}

void Neighbours::drop_all(std::deque<Out> held, bool unreachable) {
  for (const Out& out : held) drop(out, unreachable);
}

// ---- what arrives -------------------------------------------------------------------------------

bool Neighbours::take(const net::Frame& frame, net::DropReason why) {
  // Of these the frame check sequence was good.
  if (why == net::DropReason::kNotForUs || why == net::DropReason::kNotIpv4) {
    const auto packet = net::parse_arp(frame);
    if (!packet) return false;
    learn(*packet);
    if (packet->request && packet->target_ip == ip_) answer(*packet);
    return true;
  }
  if (why != net::DropReason::kNotTcp || !params_.echo) return false;
  net::FramePtr reply = frames_.get();
  if (!net::encode_echo_reply(*reply, frame)) return false;
  if (!room_for_reply()) return true;
  ++stats_.echo_replies;
  out_.push_back({std::move(reply), 0});
  send_ready();
  return true;
}

bool Neighbours::room_for_reply() {
  if (out_.size() < params_.replies) return true;
  ++stats_.replies_dropped;
  return false;
}

/// RFC 826 "packet reception": who is known is brought up to date; who asks for us becomes known.
void Neighbours::learn(const net::ArpPacket& packet) {
  const std::uint32_t ip = packet.sender_ip;
  if (!params_.resolve || ip == 0 || ip == ip_) return;  // a probe of RFC 5227, or our own address
  if (entries_.count(ip) == 0 && packet.target_ip != ip_) return;
  Entry& entry = entry_of(ip);
  ++stats_.arp_learned;
  entry.mac = packet.sender_mac;
  entry.fresh_until = sim::now() + params_.lifetime;
  entry.ask_at = Time::never();
  entry.asked = 0;
  set_timer();
  if (entry.held.empty()) return;
  for (Out& out : entry.held) {
    std::memcpy(out.frame->bytes.data(), entry.mac->data(), entry.mac->size());
    net::set_fcs(*out.frame);
    out_.push_back(std::move(out));
  }
  entry.held.clear();
  send_ready();
}

void Neighbours::answer(const net::ArpPacket& packet) {
  if (!room_for_reply()) return;
  ++stats_.arp_replies;
  net::FramePtr frame = frames_.get();
  const net::ArpPacket reply{false, mac_, ip_, packet.sender_mac, packet.sender_ip};
  net::encode_arp(*frame, packet.sender_mac, reply);
  out_.push_back({std::move(frame), 0});
  send_ready();
}

void Neighbours::send_ready() {
  while (!out_.empty() && port_.can_send()) {
    Out next = std::move(out_.front());
    out_.pop_front();
    port_.send(std::move(next.frame), next.cookie);
  }
}

// ---- time ---------------------------------------------------------------------------------------

void Neighbours::set_timer() {
  Time next = Time::never();
  for (const auto& [ip, entry] : entries_) next = sim::min(next, entry.ask_at);
  if (next != timer_.at()) timer_.set(next);
}

void Neighbours::on_timer() {
  const Time now = sim::now();
  std::deque<Out> gone;  // told of when the table is in order
  for (auto it = entries_.begin(); it != entries_.end();) {
    Entry& entry = it->second;
    if (entry.ask_at > now) {
      ++it;
    } else if (entry.asked < params_.attempts) {
      ask(it->first, entry);
      ++it;
    } else {
      ++stats_.arp_failures;
      std::move(entry.held.begin(), entry.held.end(), std::back_inserter(gone));
      it = entries_.erase(it);
    }
  }
  drop_all(std::move(gone), true);
  set_timer();
  send_ready();
}

}  // namespace vctoe::nic
