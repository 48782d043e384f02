// A driver between a machine, a kernel and a NIC that are pretended: what they exchange is bytes in
// memory and registers, as the real ones do.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sw/driver/nic_driver.h"
#include "tb/support/programs.h"
#include "tb/unit/driver/fake_host.h"
#include "tb/unit/driver/fake_memory.h"
#include "tb/unit/driver/fake_nic.h"

namespace vctoe::driver::test {

/// Remembers what it was told.
struct Client : ConnectionClient {
  void completed(const nic::CompletionEntry& entry) override { seen.push_back(entry); }
  std::size_t count(nic::CompletionKind kind) const {
    return static_cast<std::size_t>(
        std::count_if(seen.begin(), seen.end(), [kind](const auto& e) { return e.kind == kind; }));
  }
  std::vector<nic::CompletionEntry> seen;
};

inline DriverParams small_params() {
  DriverParams p;
  p.connections = 128;
  p.list_area = sim::Bytes::kib(64);
  p.reply_area = sim::Bytes::kib(64);
  return p;
}

/// A driver at its NIC, with data in the address spaces 1 and 2.
struct Rig : support::Programs {
  explicit Rig(const DriverParams& params = small_params())
      : Programs(sim::Time::from_ms(100)),
        host(log),
        memory(log),
        nic(host, log),
        driver("driver", ctx, 0, host, memory, params) {
    host.on_map = [this](kernel::Asid a, std::uint64_t va, std::uint64_t n) {
      memory.map(a, va, n);
    };
    host.load_process = [this](std::uint64_t at, void* to, std::uint64_t n) {
      memory.load(at, to, n);
    };
    memory.map(1, kData, kDataSize);
    memory.map(2, kData, kDataSize);
  }
  static constexpr std::uint64_t kData = 0x10'0000'0000;
  static constexpr std::uint64_t kDataSize = 16 << 20;
  static constexpr std::uint32_t kFirstSequence = 0xffff'f000;  // wraps soon

  static void settle(sim::Time t = sim::Time::from_us(50)) { sim::wait(t); }

  /// An established connection of address space `asid`.
  ConnectionId open(kernel::Asid asid = 1) {
    const ConnectionId id = driver.reserve(asid, {&client});
    driver.connect(id, 1000, 1, 2);
    nic.complete(nic::CompletionKind::kEstablished, id, 0, kFirstSequence);
    settle();
    return id;
  }
  nic::RequestEntry ask(ConnectionId id, std::uint64_t va, std::uint32_t length,
                        sim::Why why = sim::Why::kFirst, kernel::Asid asid = 1) {
    nic::RequestEntry e;
    e.why = static_cast<std::uint8_t>(why);
    e.asid = asid;
    e.connection = id;
    e.length = length;
    e.virtual_address = va;
    e.txn = ctx.next_txn();
    return e;
  }
  /// Sends a request and waits for its answer.
  nic::ReplyEntry answer(const nic::RequestEntry& e) {
    EXPECT_TRUE(nic.request(e));
    settle();
    const nic::ReplyEntry* r = nic.reply_to(e.txn);
    EXPECT_NE(r, nullptr) << "no reply";
    return r == nullptr ? nic::ReplyEntry{} : *r;
  }
  bool all_quiet() const {
    return memory.held() == 0 && driver.outstanding().size() == 0 &&
           driver.requests().lists_idle() && driver.posts().stats().budget.value() == 0;
  }

  sim::Context ctx;
  Log log;
  FakeHost host;
  FakeMemory memory;
  FakeNic nic;
  NicDriver driver;
  Client client;
};

}  // namespace vctoe::driver::test
