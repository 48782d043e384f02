// Signals of the Ethernet line and of the PCIe link.
#include "models/net/ethernet.h"
#include "sw/scenario/waves_system.h"
#include "sw/scenario/wire_text.h"

namespace vctoe::waves {

FrameSignals::FrameSignals(ProbeTable& table, const std::string& at, nic::Mac& mac)
    : table_(table), mac_(mac) {
  for (const auto heading : {net::Heading::kSent, net::Heading::kReceived}) {
    const std::string path = at + (heading == net::Heading::kSent ? ".tx" : ".rx");
    Line& line = lines_[static_cast<std::size_t>(heading)];
    line.busy = table.signals.add_bit(path + ".busy");
    line.frame = table.signals.add_text(path + ".frame");
    line.txn = table.signals.add_number(path + ".txn", 32);
  }
  if (lines_[0].any() || lines_[1].any()) mac.add_tap(*this);
}

void FrameSignals::frame_seen(const net::Frame& frame, sim::Time at, net::Heading heading) {
  const Line& line = lines_[static_cast<std::size_t>(heading)];
  VcdWriter& vcd = table_.vcd();
  if (!line.any() || vcd.stopped()) return;
  const sim::Time from = at - mac_.time_for(net::kPreambleBytes + frame.size);
  const sim::Time to = from + mac_.time_for(net::wire_bytes(frame.size));
  vcd.set(line.busy, from, 1);
  vcd.set(line.txn, from, frame.txn);
  if (line.frame != kNoSignal) {
    outputs::WireText text;
    outputs::describe(frame, text);
    vcd.set_text(line.frame, from, outputs::view(text));
    vcd.set_text(line.frame, to, "");
  }
  vcd.set(line.busy, to, 0);
}

TlpSignals::TlpSignals(ProbeTable& table, const std::string& at, pcie::Channel& channel)
    : table_(table),
      busy_(table.signals.add_bit(at + ".busy")),
      tlp_(table.signals.add_text(at + ".tlp")),
      txn_(table.signals.add_number(at + ".txn", 32)) {
  if (busy_ != kNoSignal || tlp_ != kNoSignal || txn_ != kNoSignal) channel.add_tap(*this);
}

void TlpSignals::tlps_sent(const pcie::TlpSlice& slice) {
  VcdWriter& vcd = table_.vcd();
  if (vcd.stopped()) return;
  vcd.set(busy_, slice.from, 1);
  vcd.set(txn_, slice.from, slice.txn);
  if (tlp_ != kNoSignal) {
    outputs::WireText text;
    outputs::describe(slice, text);
    vcd.set_text(tlp_, slice.from, outputs::view(text));
    vcd.set_text(tlp_, slice.to, "");
  }
  vcd.set(busy_, slice.to, 0);
}

}  // namespace vctoe::waves
