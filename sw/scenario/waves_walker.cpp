// Signals of a walker in RTL: its pins and its engines.
#include <fmt/format.h>

#include "models/nic/walker_core.h"
#include "models/nic/walker_recording.h"
#include "sw/scenario/waves_system.h"

namespace vctoe::waves {

using nic::WalkerPins;
using sim::TraceEvent;
using sim::Watched;

namespace {

/// As in rtl/vctoe_walker_engine.sv.
const std::vector<std::string_view> kEngineStates{"idle", "start",  "place",  "lookup", "check",
                                                  "read", "wait",   "record", "note",   "emit",
                                                  "done", "forget", "fault"};
const std::vector<std::string_view> kOutKinds{"block", "node", "release", "fault", "done"};

/// A stream's handshake, and its beat as text while it is valid.
struct StreamSignals {
  StreamSignals(SignalList& list, const std::string& at)
      : valid(list.add_bit(at + ".valid")),
        ready(list.add_bit(at + ".ready")),
        beat(list.add_text(at + ".beat")) {}
  template <class Beat>
  void show(VcdWriter& vcd, sim::Time from, sim::Time to,
            const WalkerPins::Stream<Beat>& stream) const {
    vcd.set(valid, from, stream.valid ? 1 : 0);
    vcd.set(ready, from, stream.ready ? 1 : 0);
    if (beat != kNoSignal) vcd.set_text(beat, from, stream.valid ? nic::text_of(stream.beat) : "");
    if (!stream.valid) return;
    vcd.set(valid, to, 0);  // if no cycle follows
    vcd.set_text(beat, to, "");
  }
  SignalId valid, ready, beat;
};

struct PinSignals {
  PinSignals(SignalList& list, const std::string& at)
      : clock(list.add_bit(at + ".clock")),
        walk(list, at + ".walk"),
        fill(list, at + ".fill"),
        invalidate(list, at + ".invalidate"),
        cancel(list, at + ".cancel"),
        fetch(list, at + ".fetch"),
        completion(list, at + ".completion"),
        out(list, at + ".out"),
        kind(list.add_names(at + ".out.kind", "out_kind", kOutKinds)),
        code(list.add_enum<nic::Fault>(at + ".out.code", "fault")),
        txn(list.add_text(at + ".out.txn")),
        busy(list.add_number(at + ".busy", 11)),
        queue(list.add_number(at + ".queue", 11)),
        quiet(list.add_bit(at + ".quiet")) {}

  void show(VcdWriter& vcd, const WalkerPins& pins) const {
    const sim::Time from = pins.from, to = pins.to;
    vcd.set(clock, from, 1);
    vcd.set(clock, from + (to - from) / 2, 0);
    walk.show(vcd, from, to, pins.walk);
    fill.show(vcd, from, to, pins.fill);
    invalidate.show(vcd, from, to, pins.invalidate);
    cancel.show(vcd, from, to, pins.cancel);
    fetch.show(vcd, from, to, pins.fetch);
    completion.show(vcd, from, to, pins.completion);
    out.show(vcd, from, to, pins.out);
    if (pins.out.valid) {
      vcd.set(kind, from, pins.out.beat.kind);
      vcd.set(code, from, pins.out.beat.code);
      vcd.set_text(txn, from, std::to_string(pins.out.beat.txn));
    }
    vcd.set(busy, from, pins.busy);
    vcd.set(queue, from, pins.queue);
    vcd.set(quiet, from, pins.quiet ? 1 : 0);
  }

  SignalId clock;
  StreamSignals walk, fill, invalidate, cancel, fetch, completion, out;
  SignalId kind, code, txn, busy, queue, quiet;
};

}  // namespace

void add_walker_pins(ProbeTable& table, const std::string& at, const nic::Nic& nic, unsigned node,
                     std::uint64_t engines) {
  if (nic.walker().pins() == nullptr) return;
  const auto pins = std::make_shared<PinSignals>(table.signals, at + ".pins");
  std::vector<std::pair<SignalId, SignalId>> states;
  for (std::uint64_t i = 0; i < engines; ++i) {
    const std::string engine = fmt::format("{}.engine{}", at, i);
    states.emplace_back(table.signals.add_names(engine + ".state", "walker_engine", kEngineStates),
                        table.signals.add_text(engine + ".txn"));
  }
  // Looked at whatever is in scope: a signal that is not costs one comparison.
  table.at_change(
      node, {Watched::kWalker},
      {pins->clock, pins->kind, pins->busy, pins->queue, pins->quiet, pins->out.valid,
       pins->out.beat, pins->walk.valid, pins->walk.beat, pins->fetch.valid, pins->fetch.beat,
       states.front().first, states.front().second, states.back().first, states.back().second},
      [=, &table, &nic](const TraceEvent&, sim::Time) {
        const WalkerPins& now = *nic.walker().pins();
        if (now.to == sim::Time::zero()) return;  // the clock has not run yet
        VcdWriter& vcd = table.vcd();
        pins->show(vcd, now);
        for (unsigned i = 0; i < states.size(); ++i) {
          const auto [state, txn] = nic.walker().engine(i);
          vcd.set(states[i].first, now.to, state);
          vcd.set_text(states[i].second, now.to, state == 0 ? "" : std::to_string(txn));
        }
      });
}

}  // namespace vctoe::waves
