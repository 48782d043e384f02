// The memory of a running system as a debugger sees it: modules by name, page tables in DRAM walked
// bit by bit, with nothing of the kernel's own code.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <set>
#include <systemc>
#include <vector>

#include "models/nic/rings.h"
#include "models/system/two_hosts.h"
#include "sw/kernel/kernel.h"
#include "tb/system/run.h"

namespace vctoe::scenario {

/// The module of a running scenario; `name` without the scenario's own.
template <class Module>
Module& inside(const std::string& name) {
  auto* found = dynamic_cast<Module*>(sc_core::sc_find_object(("vctoe." + name).c_str()));
  sim::ensure(found != nullptr, "test: no module of this name");
  return *found;
}

/// Memory of a node's host: "sender", "receiver".
class Memory {
 public:
  explicit Memory(const std::string& host = "sender") : host_(host) {}

  std::uint64_t read64(std::uint64_t physical) const {
    return inside<system::Host>("hardware." + host_).dram.read64(physical);
  }
  void read(std::uint64_t physical, void* to, std::uint64_t n) const {
    std::memcpy(to, inside<system::Host>("hardware." + host_).dram.page(physical), n);
  }
  void write(std::uint64_t physical, const void* from, std::uint64_t n) const {
    std::memcpy(inside<system::Host>("hardware." + host_).dram.page(physical), from, n);
  }
  /// The leaf entry of the page, by Intel SDM volume 3A section 4.5.4; 0 where a table is missing.
  std::uint64_t entry(kernel::Asid asid, std::uint64_t va) const {
    std::uint64_t table = inside<kernel::Kernel>(host_ + "_kernel").root(asid);
    for (unsigned shift = 39; shift > 12; shift -= 9) {
      const std::uint64_t e = read64(table + 8 * (va >> shift & 511));
      if ((e & 1) == 0) return 0;
      table = e & 0x000f'ffff'ffff'f000;
    }
    return read64(table + 8 * (va >> 12 & 511));
  }
  /// Physical address of the byte; 0 if it is not in DRAM.
  std::uint64_t physical(kernel::Asid asid, std::uint64_t va) const {
    const std::uint64_t e = entry(asid, va);
    return (e & 1) == 0 ? 0 : (e & 0x000f'ffff'ffff'f000) + (va & 4095);
  }

 private:
  std::string host_;
};

/// Frames that the sending host's driver has for rings and lists, gathered from the start.
class DriverMemory {
 public:
  void see(const sim::TraceEvent& e) {
    const auto driver = static_cast<std::uint32_t>(kernel::PinOwner::kDriver);
    if (e.kind == sim::TraceKind::kPin && e.node == 0 && e.detail == driver) {
      frames_.insert(e.address);
    }
  }
  /// The reply of this transaction, wherever in the driver's memory its ring is.
  bool find_reply(sim::TxnId txn, nic::ReplyEntry& reply) const {
    const Memory memory;
    for (const std::uint64_t frame : frames_) {
      for (std::uint64_t at = frame; at < frame + 4096; at += nic::kEntrySize) {
        memory.read(at, &reply, sizeof reply);
        if (reply.txn == txn && reply.kind == nic::ReplyKind::kPhysical) return true;
      }
    }
    return false;
  }
  /// The elements of a reply.
  static std::vector<nic::SgElement> elements(const nic::ReplyEntry& reply) {
    if (reply.count <= nic::kInlineSg) return {reply.inline_sg, reply.inline_sg + reply.count};
    std::vector<nic::SgElement> all(reply.count);
    Memory().read(reply.sg_address, all.data(), all.size() * sizeof all[0]);
    return all;
  }

 private:
  std::set<std::uint64_t> frames_;
};

}  // namespace vctoe::scenario
