// Two NICs on their hosts' memory and a network, and no software: the test is both drivers, and
// writes into rings and registers what it likes.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include "models/nic/registers.h"
#include "models/system/two_hosts.h"

namespace vctoe::nic::test {

using system::Host;

constexpr std::uint64_t kEntries = 64;
constexpr std::uint64_t kSubmitRing = 0x10000, kReplyRing = 0x20000, kRequestRing = 0x30000,
                        kCompletionRing = 0x40000, kLists = 0x50000;
constexpr std::uint64_t kReceiveMemory = 0x100000;  ///< 64 KiB for each connection
constexpr std::uint64_t kPayload = 0x800000;        ///< what virtual address 0 is mapped to
constexpr std::uint64_t kVirtual = 0x7000'0000;

/// What a test's driver does on one host.
class RingHost {
 public:
  explicit RingHost(Host& host) : host_(host) { place_function(); }

  void set_up() {
    reg(Register::kSubmitBase, kSubmitRing);
    reg(Register::kReplyBase, kReplyRing);
    reg(Register::kRequestBase, kRequestRing);
    reg(Register::kCompletionBase, kCompletionRing);
    for (const Register r : {Register::kSubmitSize, Register::kReplySize, Register::kRequestSize,
                             Register::kCompletionSize}) {
      reg(r, kEntries);
    }
  }
  /// What the operating system does when it starts, but for interrupts.
  void place_function() {
    pcie::ConfigSpace& config = host_.card(0).function.config();
    const unsigned bar = pcie::offset_of(pcie::ConfigRegister::kBar0);
    config.write(bar + 4, static_cast<std::uint32_t>(host::kNicBar0 >> 32));
    config.write(bar + 8, static_cast<std::uint32_t>(host::kNicBar2));
    config.write(bar + 12, static_cast<std::uint32_t>(host::kNicBar2 >> 32));
    config.write(pcie::offset_of(pcie::ConfigRegister::kCommand),
                 pcie::kMemorySpace | pcie::kBusMaster);
  }
  void reg(Register r, std::uint64_t value) {
    host_.root_complex.mmio_write(host::nic_bar0(0) + static_cast<std::uint32_t>(r), &value, 8);
  }
  void poke(std::uint64_t address, const void* what, std::size_t n) {
    host_.root_complex.mmio_write(address, what, n);
  }
  void store(std::uint64_t physical, const void* what, std::size_t n) {
    std::memcpy(host_.dram.page(physical), what, n);
  }
  void submit(const SubmitEntry& e) {
    store(kSubmitRing + submitted_ % kEntries * kEntrySize, &e, sizeof e);
    reg(Register::kSubmitTail, ++submitted_);
  }
  void reply(const ReplyEntry& e) {
    store(kReplyRing + replied_ % kEntries * kEntrySize, &e, sizeof e);
    reg(Register::kReplyTail, ++replied_);
  }
  std::uint64_t submitted() const { return submitted_; }
  std::uint64_t replied() const { return replied_; }

  /// What the NIC has written since the last time.
  std::vector<RequestEntry> requests() {
    auto all = take<RequestEntry>(kRequestRing, requests_);
    if (!all.empty()) reg(Register::kRequestHead, requests_);
    return all;
  }
  std::vector<CompletionEntry> completions() {
    auto all = take<CompletionEntry>(kCompletionRing, completions_);
    if (!all.empty()) reg(Register::kCompletionHead, completions_);
    return all;
  }

  /// Memory for received bytes; also what makes a listening id accept.
  SubmitEntry receive(std::uint32_t connection) {
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
  /// A list of one record, and the scatter list of the same bytes.
  SubmitEntry post(std::uint32_t connection, std::uint32_t sequence, std::uint32_t length,
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
  /// The right answer.
  static ReplyEntry answer(const RequestEntry& request) {
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

 private:
  template <class Entry>
  std::vector<Entry> take(std::uint64_t ring, std::uint64_t& taken) {
    std::vector<Entry> all;
    for (Entry e;; ++taken) {
      std::memcpy(&e, host_.dram.page(ring + taken % kEntries * kEntrySize), sizeof e);
      if (e.phase != (taken / kEntries % 2 == 0 ? 1 : 0)) return all;
      all.push_back(e);
    }
  }

  Host& host_;
  std::uint64_t submitted_ = 0, replied_ = 0, requests_ = 0, completions_ = 0;
};

inline system::SystemParams rig_params(Source first, Source again) {
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
