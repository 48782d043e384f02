// The NIC's side of rings and registers, for the tests of driver and sockets.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "models/nic/rings.h"
#include "tb/unit/driver/fake_host.h"

namespace vctoe::driver::test {

/// Plays the NIC's side of rings and registers.
class FakeNic {
 public:
  FakeNic(FakeHost& host, Log& log) : host_(host), log_(log) {
    host.on_register = [this](nic::Register r, std::uint64_t v) { write(r, v); };
    host.on_read = [this](nic::Register r) { return read(r); };
  }

  /// Writes an entry as the NIC does; false when the ring is full.
  bool request(nic::RequestEntry entry) { return put(entry, request_, nic::kRequestVector); }
  bool complete(nic::CompletionEntry entry) {
    return put(entry, completion_, nic::kCompletionVector);
  }
  bool complete(nic::CompletionKind kind, std::uint32_t connection, sim::TxnId txn = 0,
                std::uint64_t value = 0) {
    nic::CompletionEntry entry;
    entry.kind = kind;
    entry.connection = connection;
    entry.txn = txn;
    entry.value = value;
    return complete(entry);
  }
  std::vector<nic::SgElement> sg(std::uint64_t address, std::uint32_t count) const;
  std::vector<nic::SgElement> sg(const nic::ReplyEntry& r) const;
  std::uint64_t requests_taken() const { return request_.head; }
  std::uint64_t register_value(nic::Register r) const {
    const auto it = registers_.find(r);
    return it == registers_.end() ? 0 : it->second;
  }
  const nic::ReplyEntry* reply_to(sim::TxnId txn) const;
  /// The last submission of that kind, or null.
  const nic::SubmitEntry* submitted(nic::SubmitOp op) const;

  std::vector<nic::SubmitEntry> submissions;
  std::vector<nic::ReplyEntry> replies;
  std::vector<std::uint64_t> consumed;  // values of kReceiveConsumed
  bool asleep = false;                  ///< takes nothing from the rings when true
  std::function<void(const nic::ReplyEntry&)> on_reply = [](const nic::ReplyEntry&) {};
  std::function<void(const nic::SubmitEntry&)> on_submit = [](const nic::SubmitEntry&) {};

  /// Takes what waits in the host's rings.
  void wake();

 private:
  struct Ring {
    std::uint64_t base = 0, size = 0, head = 0, tail = 0;
  };

  void write(nic::Register r, std::uint64_t v);
  std::uint64_t read(nic::Register r) const;
  template <class Entry, class Call>
  void take(Ring& ring, std::vector<Entry>& out, Call& call) {
    for (; ring.head != ring.tail; ++ring.head) {
      Entry entry;
      host_.load(ring.base + ring.head % ring.size * nic::kEntrySize, &entry, sizeof(entry));
      out.push_back(entry);
      call(entry);
    }
  }
  template <class Entry>
  bool put(Entry entry, Ring& ring, unsigned vector) {
    if (ring.tail - ring.head == ring.size) return false;
    entry.phase = (ring.tail / ring.size) % 2 == 0 ? 1 : 0;
    host_.store(ring.base + ring.tail % ring.size * nic::kEntrySize, &entry, sizeof(entry));
    ++ring.tail;
    host_.interrupt(vector);
    return true;
  }

  FakeHost& host_;
  Log& log_;
  Ring submit_, reply_, request_, completion_;
  std::map<nic::Register, std::uint64_t> registers_;
};

}  // namespace vctoe::driver::test
