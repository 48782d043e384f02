// Signals of the NIC's blocks.
#include "sw/scenario/waves_system.h"

namespace vctoe::waves {

using sim::TraceEvent;
using sim::TraceKind;
using sim::Watched;

namespace {

constexpr unsigned kTxnBits = 32, kAddressBits = 48, kCountBits = 16, kByteBits = 32;

void add_walker(ProbeTable& table, const std::string& at, const nic::Nic& nic, unsigned node) {
  SignalList& list = table.signals;
  const SignalId state = list.add_enum<nic::WalkerStall>(at + ".state", "walker");
  const SignalId walks = list.add_number(at + ".walks", kCountBits);
  const SignalId record = list.add_hex(at + ".record", kAddressBits);
  const SignalId sequence = list.add_number(at + ".sequence", 32);
  const SignalId txn = list.add_number(at + ".txn", kTxnBits);
  table.at_change(node, {Watched::kWalker}, {state, walks, record, sequence, txn},
                  [=, &table, &nic](const TraceEvent&, sim::Time now) {
                    VcdWriter& vcd = table.vcd();
                    const nic::WalkerBlock& walker = nic.walker();
                    const nic::WalkerBlock::Present& present = walker.present();
                    // The walk's own clock may run ahead.
                    const sim::Time then = sim::max(now, present.at);
                    const auto reason = walker.stats().stalls.reason();
                    vcd.set(state, now, static_cast<std::uint64_t>(reason));
                    vcd.set(walks, now, walker.busy());
                    vcd.set(record, then, present.address);
                    vcd.set(sequence, then, present.sequence);
                    vcd.set(txn, then, present.txn);
                  });
}

/// What the NIC asks its host for, and what the host says.
void add_requests(ProbeTable& table, const std::string& at, const nic::Nic& nic, unsigned node,
                  const ConnectionRange& ids) {
  SignalList& list = table.signals;
  const SignalId waiting = list.add_number(at + ".unanswered", kCountBits);
  const SignalId served = list.add_number(at + ".in_driver", kCountBits);
  const SignalId why = list.add_names(at + ".why", "why", {"first", "retransmit", "node"});
  const SignalId address = list.add_hex(at + ".address", kAddressBits);
  const SignalId length = list.add_number(at + ".length", 32);
  const SignalId txn = list.add_number(at + ".txn", kTxnBits);
  const SignalId reply = list.add_text(at + ".reply");
  const SignalId reply_txn = list.add_number(at + ".reply_txn", kTxnBits);
  table.at(node, sim::mask_of(TraceKind::kBlockRequest, TraceKind::kNodeRequest),
           {waiting, why, address, length, txn},
           [=, &table, &nic](const TraceEvent& e, sim::Time now) {
             if (!ids.has(e.connection)) return;
             VcdWriter& vcd = table.vcd();
             const bool node_page = e.kind == TraceKind::kNodeRequest;
             vcd.set(waiting, now, nic.requests().unanswered());
             vcd.set(why, now, node_page ? 2 : e.detail);
             vcd.set(address, now, e.address);
             vcd.set(length, now, e.length);
             vcd.set(txn, now, e.txn);
           });
  const auto in_driver = std::make_shared<std::uint64_t>(0);
  table.at(node, sim::mask_of(TraceKind::kServe), {served},
           [=, &table](const TraceEvent& e, sim::Time now) {
             // Answers to requests for pages of records are no events.
             if (e.detail == static_cast<std::uint32_t>(sim::Why::kNode)) return;
             if (!ids.has(e.connection)) return;
             table.vcd().set(served, now, ++*in_driver);
           });
  table.at(node,
           sim::mask_of(TraceKind::kReplyPhysical, TraceKind::kReplyPushed, TraceKind::kReplyError),
           {waiting, served, reply, reply_txn},
           [=, &table, &nic](const TraceEvent& e, sim::Time now) {
             if (!ids.has(e.connection)) return;
             VcdWriter& vcd = table.vcd();
             const bool part = e.kind == TraceKind::kReplyPhysical && e.detail != 0;
             if (*in_driver > 0 && !part) vcd.set(served, now, --*in_driver);
             vcd.set(waiting, now, nic.requests().unanswered());
             vcd.set_text(reply, now, sim::enum_name(e.kind).substr(6));
             vcd.set(reply_txn, now, e.txn);
           });
}

void add_rings(ProbeTable& table, const std::string& at, const nic::Nic& nic, unsigned node) {
  SignalList& list = table.signals;
  const SignalId submit = list.add_number(at + ".submit", kCountBits);
  const SignalId request = list.add_number(at + ".request", kCountBits);
  const SignalId reply = list.add_number(at + ".reply", kCountBits);
  const SignalId completion = list.add_number(at + ".completion", kCountBits);
  table.at_change(node, {Watched::kRings}, {submit, request, reply, completion},
                  [=, &table, &nic](const TraceEvent&, sim::Time now) {
                    VcdWriter& vcd = table.vcd();
                    vcd.set(submit, now, nic.submit_ring().fill());
                    vcd.set(request, now, nic.request_ring().fill());
                    vcd.set(reply, now, nic.reply_ring().fill());
                    vcd.set(completion, now, nic.completion_ring().fill());
                  });
}

void add_dma(ProbeTable& table, const std::string& at, nic::Nic& nic, unsigned node,
             const ConnectionRange& ids) {
  SignalList& list = table.signals;
  const SignalId state = list.add_enum<nic::DmaStall>(at + ".state", "dma");
  const SignalId reads = list.add_number(at + ".reads_on_link", kCountBits);
  const SignalId bytes = list.add_curve(at + ".read_bytes_on_link", kByteBits);
  const SignalId writes = list.add_number(at + ".writes", kCountBits);
  const SignalId txn = list.add_number(at + ".txn", kTxnBits);
  const nic::DmaEngine& dma = nic.dma();
  table.at_change(node, {Watched::kDma}, {state, reads, bytes, writes},
                  [=, &table, &dma](const TraceEvent&, sim::Time now) {
                    VcdWriter& vcd = table.vcd();
                    const nic::DmaEngine::Stats& s = dma.stats();
                    vcd.set(state, now, static_cast<std::uint64_t>(s.stalls.reason()));
                    vcd.set(reads, now, s.reads_out.value());
                    vcd.set(bytes, now, s.read_bytes_out.value());
                    vcd.set(writes, now, dma.writes_pending());
                  });
  table.at(node, sim::mask_of(TraceKind::kDmaBegin, TraceKind::kBufferWrite), {txn},
           [=, &table](const TraceEvent& e, sim::Time now) {
             if (ids.has(e.connection)) table.vcd().set(txn, now, e.txn);
           });
}

void add_buffers(ProbeTable& table, const std::string& at, const nic::Nic& nic, unsigned node) {
  SignalList& list = table.signals;
  const SignalId used = list.add_curve(at + ".packet_buffer.used", kByteBits);
  const SignalId transmit = list.add_number(at + ".packet_buffer.transmit", kByteBits);
  const SignalId pushed = list.add_number(at + ".packet_buffer.pushed", kByteBits);
  const SignalId retained = list.add_number(at + ".packet_buffer.retained", kByteBits);
  const SignalId received = list.add_curve(at + ".receive_buffer.used", kByteBits);
  table.at_change(node, {Watched::kBuffers}, {used, transmit, pushed, retained, received},
                  [=, &table, &nic](const TraceEvent&, sim::Time now) {
                    VcdWriter& vcd = table.vcd();
                    const nic::PacketBuffer::Stats& s = nic.packet_buffer().stats();
                    vcd.set(used, now, s.used.value());
                    vcd.set(transmit, now, s.used_by[0].value());
                    vcd.set(pushed, now, s.used_by[1].value());
                    vcd.set(retained, now, s.used_by[2].value());
                    vcd.set(received, now, nic.receive_buffer().stats().used.value());
                  });
}

void add_faults(ProbeTable& table, const std::string& at, unsigned node,
                const ConnectionRange& ids) {
  SignalList& list = table.signals;
  const SignalId code = list.add_enum<nic::Fault>(at + ".code", "fault");
  const SignalId address = list.add_hex(at + ".address", kAddressBits);
  const SignalId connection = list.add_number(at + ".connection", 32);
  table.at(node, sim::mask_of(TraceKind::kWalkFault), {code, address, connection},
           [=, &table](const TraceEvent& e, sim::Time now) {
             if (!ids.has(e.connection)) return;
             VcdWriter& vcd = table.vcd();
             vcd.set(code, now, e.detail);
             vcd.set(address, now, e.address);
             vcd.set(connection, now, e.connection);
           });
}

}  // namespace

void add_nic(ProbeTable& table, const std::string& at, nic::Nic& nic, unsigned node,
             const ConnectionRange& ids) {
  add_walker(table, at + ".walker", nic, node);
  add_walker_pins(table, at + ".walker", nic, node, nic.params().walker.engines);
  add_requests(table, at + ".request", nic, node, ids);
  add_rings(table, at + ".rings", nic, node);
  add_dma(table, at + ".dma", nic, node, ids);
  add_buffers(table, at, nic, node);
  add_faults(table, at + ".fault", node, ids);
}

}  // namespace vctoe::waves
