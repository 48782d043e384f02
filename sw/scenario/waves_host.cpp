// Signals of TCP connections and of a host's memory.
#include <fmt/format.h>

#include <array>

#include "sw/scenario/waves_system.h"

namespace vctoe::waves {

using sim::TraceEvent;
using sim::TraceKind;

namespace {

constexpr unsigned kOffsetBits = 48;

/// RFC 9293 section 3.3.2, in the order of toe::State.
const std::vector<std::string_view> kStates{"CLOSED",  "LISTEN",     "SYN-SENT",   "SYN-RCVD",
                                            "ESTAB",   "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT",
                                            "CLOSING", "LAST-ACK",   "TIME-WAIT"};

struct ConnectionSignals {
  SignalId state, una, nxt, wnd, cwnd, resent, timeouts;
  SignalId posted, requested, available, acked, received;
};

ConnectionSignals signals_of(SignalList& list, const std::string& at) {
  ConnectionSignals s{};
  s.state = list.add_names(at + ".state", "tcp", kStates);
  s.una = list.add_number(at + ".snd_una", 32);
  s.nxt = list.add_number(at + ".snd_nxt", 32);
  s.wnd = list.add_number(at + ".snd_wnd", 32);
  s.cwnd = list.add_curve(at + ".cwnd", 32);
  s.resent = list.add_number(at + ".resent", 32);
  s.timeouts = list.add_number(at + ".timeouts", 16);
  s.posted = list.add_number(at + ".posted", kOffsetBits);
  s.requested = list.add_number(at + ".requested", kOffsetBits);
  s.available = list.add_number(at + ".available", kOffsetBits);
  s.acked = list.add_number(at + ".acked", kOffsetBits);
  s.received = list.add_number(at + ".received", kOffsetBits);
  return s;
}

void read_connection(const ConnectionSignals& s, nic::Nic& nic, std::uint32_t id, sim::Time now,
                     VcdWriter& vcd) {
  if (const auto view = nic.stack().view(id)) {
    vcd.set(s.state, now, static_cast<std::uint64_t>(view->state));
    vcd.set(s.una, now, view->snd_una.v);
    vcd.set(s.nxt, now, view->snd_nxt.v);
    vcd.set(s.wnd, now, view->snd_wnd);
    vcd.set(s.cwnd, now, view->cwnd);
    vcd.set(s.resent, now, view->retransmits);
    vcd.set(s.timeouts, now, view->timeouts);
  } else {
    vcd.set(s.state, now, 0);
  }
  if (!nic.connections().valid(id) || !nic.connections().used(id)) return;
  const nic::Connection& c = nic.connections().at(id);
  vcd.set(s.posted, now, c.posted);
  vcd.set(s.requested, now, c.requested);
  vcd.set(s.available, now, c.available);
  vcd.set(s.acked, now, c.acked);
  vcd.set(s.received, now, c.received);
}

}  // namespace

void add_connection(ProbeTable& table, const std::string& at, nic::Nic& nic, unsigned node,
                    std::uint32_t connection) {
  const std::string path = fmt::format("{}.tcp{}", at, connection);
  const ConnectionSignals s = signals_of(table.signals, path);
  const auto of = {s.state,    s.una,    s.nxt,       s.wnd,       s.cwnd,  s.resent,
                   s.timeouts, s.posted, s.requested, s.available, s.acked, s.received};
  // Whatever may move the state of TCP ends with Watched::kTcp, but for what the MAC takes and
  // what is asked for.
  table.at_change(node, {sim::Watched::kTcp}, of,
                  [=, &table, &nic](const TraceEvent&, sim::Time now) {
                    read_connection(s, nic, connection, now, table.vcd());
                  });
  table.at(node,
           sim::mask_of(TraceKind::kConnState, TraceKind::kBufferRead, TraceKind::kTxFirst,
                        TraceKind::kTxRetransmit, TraceKind::kTxControl, TraceKind::kBlockRequest,
                        TraceKind::kReplyPhysical, TraceKind::kReplyPushed),
           of, [=, &table, &nic](const TraceEvent& e, sim::Time now) {
             if (e.connection == connection) read_connection(s, nic, connection, now, table.vcd());
           });
}

namespace {

/// Counts what is pinned, from pins and unpins, starting from what the ledger says now.
struct PinCount {
  std::array<std::uint64_t, kernel::PinLedger::kOwners> bytes{};
  std::uint64_t total = 0;
  std::vector<std::uint32_t> references;  ///< by frame

  PinCount(const kernel::PinLedger& ledger, std::uint64_t frames)
      : total(ledger.bytes()), references(frames) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = ledger.stats().by_owner[i].value();
    }
  }
  void see(const TraceEvent& e) {
    std::uint32_t& frame = references[e.address / host::kPageSize];
    if (e.kind == TraceKind::kPin) {
      bytes[e.detail] += e.length;
      total += frame++ == 0 ? e.length : 0;
    } else {
      bytes[e.detail] -= e.length;
      total -= --frame == 0 ? e.length : 0;
    }
  }
};

void add_pins(ProbeTable& table, const std::string& at, system::Host& host,
              const kernel::Kernel& kernel) {
  const SignalId total = table.signals.add_curve(at + ".total", kOffsetBits);
  std::array<SignalId, kernel::PinLedger::kOwners> owners{};
  for (std::size_t i = 0; i < owners.size(); ++i) {
    const auto name = sim::enum_name(static_cast<kernel::PinOwner>(i));
    owners[i] = table.signals.add_number(at + "." + std::string(name), kOffsetBits);
  }
  const SignalId txn = table.signals.add_number(at + ".txn", 32);
  const auto count =
      std::make_shared<PinCount>(kernel.ledger(), host.dram.size() / host::kPageSize);
  const auto show = [=, &table](sim::Time now) {
    table.vcd().set(total, now, count->total);
    for (std::size_t i = 0; i < owners.size(); ++i) {
      table.vcd().set(owners[i], now, count->bytes[i]);
    }
  };
  const auto of = {total, owners[0], owners[1], owners[2], owners[3], owners[4], txn};
  static_assert(kernel::PinLedger::kOwners == 5);
  table.at(host.node(), sim::mask_of(TraceKind::kPin, TraceKind::kUnpin), of,
           [=, &table](const TraceEvent& e, sim::Time now) {
             count->see(e);
             show(now);
             table.vcd().set(txn, now, e.txn);
           });
  // What was pinned before the run: told with the first change of anything.
  table.at_present(of, [=](sim::Time now) { show(now); });
}

}  // namespace

void add_memory(ProbeTable& table, const std::string& at, system::Host& host,
                const kernel::Kernel& kernel) {
  SignalList& list = table.signals;
  add_pins(table, at + ".pinned", host, kernel);
  const SignalId fault = list.add_text(at + ".memory.fault");
  const SignalId reads = list.add_number(at + ".memory.swap_reads", 16);
  const SignalId swapped = list.add_hex(at + ".memory.swapped_out", 48);
  table.at(host.node(), sim::mask_of(TraceKind::kPageFault), {fault},
           [=, &table](const TraceEvent& e, sim::Time now) {
             table.vcd().set_text(
                 fault, now,
                 fmt::format("{} {:#x} asid={} txn={}", e.detail != 0 ? "major" : "minor",
                             e.address, e.asid, e.txn));
           });
  const auto reading = std::make_shared<std::uint64_t>(0);
  table.at(host.node(), sim::mask_of(TraceKind::kSwapBegin, TraceKind::kSwapIn), {reads},
           [=, &table](const TraceEvent& e, sim::Time now) {
             *reading += e.kind == TraceKind::kSwapBegin ? 1 : -1;
             table.vcd().set(reads, now, *reading);
           });
  table.at(host.node(), sim::mask_of(TraceKind::kSwapOut), {swapped},
           [=, &table](const TraceEvent& e, sim::Time now) {
             table.vcd().set(swapped, now, e.address);
           });
}

}  // namespace vctoe::waves
