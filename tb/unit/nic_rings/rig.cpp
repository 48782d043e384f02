#include "tb/unit/nic_rings/rig.h"

namespace vctoe::nic::test {

void RingHost::set_up() {
  reg(Register::kSubmitBase, kSubmitRing);
  reg(Register::kReplyBase, kReplyRing);
  reg(Register::kRequestBase, kRequestRing);
  reg(Register::kCompletionBase, kCompletionRing);
  for (const Register r : {Register::kSubmitSize, Register::kReplySize, Register::kRequestSize,
                           Register::kCompletionSize}) {
    reg(r, kEntries);
  }
}

void RingHost::place_function() {
  pcie::ConfigSpace& config = host_.card(0).function.config();
  const unsigned bar = pcie::offset_of(pcie::ConfigRegister::kBar0);
  config.write(bar + 4, static_cast<std::uint32_t>(host::kNicBar0 >> 32));
  config.write(bar + 8, static_cast<std::uint32_t>(host::kNicBar2));
  config.write(bar + 12, static_cast<std::uint32_t>(host::kNicBar2 >> 32));
  config.write(pcie::offset_of(pcie::ConfigRegister::kCommand),
               pcie::kMemorySpace | pcie::kBusMaster);
}

SubmitEntry RingHost::receive(std::uint32_t connection) {
  const SgElement piece{kReceiveMemory + connection * 0x10000, 0x10000, 0};
  store(kLists + connection * 64, &piece, sizeof piece);
  SubmitEntry e;
  e.op = SubmitOp::kReceive;
  e.connection = connection;
  e.length = piece.length;
  e.count = 1;
  e.sg_address = kLists + connection * 64;
  return e;
}

SubmitEntry RingHost::post(std::uint32_t connection, std::uint32_t sequence, std::uint32_t length,
                           std::uint64_t txn) {
  ContextRecord record;
  record.virtual_address = kVirtual;
  record.data_size = length;
  record.starting_sequence = sequence;
  const std::uint64_t place = kPayload - 4096 + connection * 32;
  store(place, &record, sizeof record);
  const SgElement piece{kPayload, length, 0};
  store(kLists + 0x8000 + connection * 64, &piece, sizeof piece);
  SubmitEntry e;
  e.op = SubmitOp::kPost;
  e.connection = connection;
  e.txn = txn;
  e.asid = 1;
  e.list_head = kVirtual - 4096 + connection * 32;
  e.length = length;
  e.first_sequence = sequence;
  e.count = 1;
  e.sg_address = kLists + 0x8000 + connection * 64;
  return e;
}

ReplyEntry RingHost::answer(const RequestEntry& request) {
  ReplyEntry e;
  e.kind = request.identify == Identify::kPushed ? ReplyKind::kPushed : ReplyKind::kPhysical;
  e.asid = request.asid;
  e.connection = request.connection;
  e.txn = request.txn;
  e.length = request.length;
  e.count = 1;
  e.inline_sg[0] = {kPayload + request.virtual_address - kVirtual, request.length, 0};
  return e;
}

system::SystemParams rig_params(Source first, Source again) {
  system::SystemParams p;
  p.host.dram.size = sim::Bytes::mib(16);
  p.host.disk.kind = host::DiskKind::kNone;
  p.nic.core.first = first;
  p.nic.core.retransmit = again;
  p.nic.core.connections = 8;
  p.nic.packet_buffer.size = sim::Bytes::kib(64);
  p.nic.toe.rto_min = sim::Time::from_ms(2);
  p.nic.toe.delayed_ack_time = sim::Time::from_us(500);
  p.nic.toe.data_retries = 3;
  p.nic.toe.syn_retries = 2;
  p.nic.toe.rto_initial = sim::Time::from_ms(5);
  p.net.delay = sim::Time::from_us(5);
  return p;
}

}  // namespace vctoe::nic::test
