// The hardware of two hosts under a driver that writes what it likes, and one that behaves.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tb/unit/nic_rings/rig.h"

namespace vctoe::nic::test {

constexpr std::uint16_t kPort = 5000;
constexpr std::uint32_t kConnections = 8;

/// The hardware, a hostile driver and an honest one.
struct HostileRig {
  explicit HostileRig(Source first, Source again) : HostileRig(rig_params(first, again)) {}
  explicit HostileRig(const system::SystemParams& params)
      : hardware("hardware", context, params),
        nic(hardware.host(0).nic),
        bad(hardware.host(0)),
        good(hardware.host(1)) {
    sc_core::sc_start(sc_core::SC_ZERO_TIME);  // binds the sockets
    bad.set_up();
    good.set_up();
    for (std::uint32_t i = 0; i < kConnections; ++i) good.submit(good.receive(i));
    SubmitEntry listen;
    listen.op = SubmitOp::kListen;
    listen.local_port = kPort;
    listen.length = kConnections;
    good.submit(listen);
    run(sim::Time::from_us(20));
  }

  void run(sim::Time t) {
    for (const sim::Time end = sim::now() + t; sim::now() < end;) {
      sc_core::sc_start(sim::to_sc(sim::min(end - sim::now(), sim::Time::from_us(50))));
      for (const auto& e : good.completions()) serve(e);
      for (const auto& e : bad.completions()) see(e);
      for (const auto& e : bad.requests()) asked.push_back(e);
    }
  }
  /// The honest driver reads everything, and gives memory anew where a connection has ended.
  void serve(const CompletionEntry& e) {
    if (e.kind == CompletionKind::kReceived) {
      good.reg(Register::kReceiveConsumed, std::uint64_t{e.connection} << kConsumedBits | e.value);
    } else if (e.kind == CompletionKind::kClosed || e.kind == CompletionKind::kReset ||
               e.kind == CompletionKind::kFault) {
      good.submit(good.receive(e.connection));
    } else if (e.kind == CompletionKind::kPeerClosed) {
      SubmitEntry close;
      close.op = SubmitOp::kClose;
      close.connection = e.connection;
      good.submit(close);
    }
  }
  void see(const CompletionEntry& e) {
    seen.push_back(e);
    if (e.kind == CompletionKind::kEstablished) {
      next[e.connection] = static_cast<std::uint32_t>(e.value);
    } else if (e.kind == CompletionKind::kClosed || e.kind == CompletionKind::kReset ||
               e.kind == CompletionKind::kFault) {
      next.erase(e.connection);
    } else if (e.kind == CompletionKind::kBlockSent || e.kind == CompletionKind::kBlockRetrieved ||
               e.kind == CompletionKind::kNodeReleased) {
      ++released[e.txn];
    }
  }
  std::size_t count(CompletionKind kind, std::uint32_t connection) const {
    return static_cast<std::size_t>(std::count_if(seen.begin(), seen.end(), [&](const auto& e) {
      return e.kind == kind && e.connection == connection;
    }));
  }

  void connect(std::uint32_t id) {
    bad.submit(bad.receive(id));
    SubmitEntry e;
    e.op = SubmitOp::kConnect;
    e.connection = id;
    e.ip = system::station_ip(1, 0);
    e.port = kPort;
    e.local_port = next_port++;
    bad.submit(e);
    run(sim::Time::from_us(100));
  }
  void post(std::uint32_t id, std::uint32_t length) {
    if (next.count(id) == 0) return;
    bad.submit(bad.post(id, next[id], length, ++posts));
    next[id] += length;
  }
  void command(SubmitOp op, std::uint32_t id) {
    SubmitEntry e;
    e.op = op;
    e.connection = id;
    bad.submit(e);
  }
  void reply(const ReplyEntry& e) {
    const bool first = answered.count(e.txn) == 0;
    const bool mine =
        std::any_of(asked.begin(), asked.end(), [&](const auto& r) { return r.txn == e.txn; });
    if (first && mine) answered[e.txn] = e.kind;
    bad.reply(e);
  }
  /// Ends everything, properly; then nothing may be left.
  void end() {
    run(sim::Time::from_us(100));
    for (std::uint32_t i = 0; i < kConnections; ++i) command(SubmitOp::kAbort, i);
    for (int turn = 0; turn < 5; ++turn) {
      for (const auto& r : asked) {
        if (answered.count(r.txn) == 0) reply(RingHost::answer(r));
        run(sim::Time::from_us(5));
      }
      run(sim::Time::from_ms(turn == 4 ? 20 : 1));
    }
  }
  std::string leak() const {
    for (const auto& r : asked) {
      const bool pinned = answered.at(r.txn) == ReplyKind::kPhysical;
      const auto found = released.find(r.txn);
      const std::size_t times = found == released.end() ? 0 : found->second;
      const bool node = r.why == static_cast<std::uint8_t>(sim::Why::kNode);
      if (times > (pinned ? 1 : 0)) return "released too often: " + std::to_string(r.txn);
      if (!node && pinned && times == 0) return "never released: " + std::to_string(r.txn);
    }
    if (nic.packet_buffer().stats().used.value() != 0) return "packet buffer";
    return nic.busy() ? nic.describe() : "";
  }

  sim::Context context;
  system::TwoHosts hardware;
  Nic& nic;
  RingHost bad, good;
  std::vector<CompletionEntry> seen;
  std::vector<RequestEntry> asked;
  std::map<std::uint64_t, ReplyKind> answered;
  std::map<std::uint64_t, std::size_t> released;
  std::map<std::uint32_t, std::uint32_t> next;  ///< connections that are open: next sequence number
  std::uint16_t next_port = 1000;
  std::uint64_t posts = 1'000'000;
};

}  // namespace vctoe::nic::test
