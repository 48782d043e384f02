// A machine, a kernel and a NIC for the tests of driver and sockets: what they exchange with the
// driver is bytes in memory and registers, as the real ones do.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/host/address_map.h"
#include "models/nic/registers.h"
#include "models/nic/rings.h"
#include "sw/driver/nic_driver.h"

namespace vctoe::driver::test {

constexpr std::uint64_t kPage = host::kPageSize;

/// What happened, in order: "pin agent", "push", "reply", ...
struct Log {
  std::vector<std::string> lines;
  std::size_t count(const std::string& what) const {
    return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), what));
  }
  /// Position of the first such line, or the number of lines.
  std::size_t at(const std::string& what) const {
    return static_cast<std::size_t>(std::find(lines.begin(), lines.end(), what) - lines.begin());
  }
};

class FakeHost : public HostPort {
 public:
  explicit FakeHost(Log& log) : log_(log), dram(8 << 20) {}

  void run(sim::Time cost, host::Priority, host::Work) override {
    if (cost != sim::Time::zero()) sim::wait(cost);
  }
  const host::CpuParams& costs() const override { return costs_; }
  void mmio_write(std::uint64_t address, const void* from, std::uint64_t length,
                  const pcie::TlpExtension& about) override {
    if (address >= host::nic_bar2(0)) {
      const auto* bytes = static_cast<const std::uint8_t*>(from);
      window.insert_or_assign(address - host::nic_bar2(0),
                              std::vector<std::uint8_t>(bytes, bytes + length));
      last_max_payload = about.max_payload;
      log_.lines.emplace_back("push");
      return;
    }
    std::uint64_t value = 0;
    ASSERT_EQ(length, 8U);
    std::memcpy(&value, from, 8);
    on_register(static_cast<nic::Register>(address - host::nic_bar0(0)), value);
  }
  std::uint64_t mmio_read(std::uint64_t address) override {
    sim::wait(sim::Time::from_ns(750));
    return on_read(static_cast<nic::Register>(address - host::nic_bar0(0)));
  }
  void store(std::uint64_t physical, const void* from, std::uint64_t length) override {
    std::memcpy(&dram.at(physical), from, length);
  }
  void load(std::uint64_t physical, void* to, std::uint64_t length) const override {
    if (physical < dram.size()) {
      std::memcpy(to, &dram.at(physical), length);
    } else {
      load_process(physical, to, length);
    }
  }
  std::uint64_t allocate_contiguous(std::uint64_t bytes) override {
    return std::exchange(next_, next_ + (bytes + kPage - 1) / kPage * kPage);
  }
  std::uint64_t map(kernel::Asid asid, std::uint64_t bytes) override {
    std::uint64_t& next = next_va_.try_emplace(asid, 0x7000'0000'0000).first->second;
    const std::uint64_t va =
        std::exchange(next, next + (bytes + kPage - 1) / kPage * kPage + kPage);
    on_map(asid, va, bytes);
    return va;
  }
  std::uint64_t pin_capacity() const override { return capacity; }
  std::uint64_t make_pin_table() override { return allocate_contiguous(kPage); }
  bool pins_short(std::uint64_t) const override { return pins_are_short; }
  void set_interrupt_handler(InterruptHandler handler) override { interrupt = std::move(handler); }

  InterruptHandler interrupt;
  std::function<void(nic::Register, std::uint64_t)> on_register;
  std::function<std::uint64_t(nic::Register)> on_read;
  std::function<void(kernel::Asid, std::uint64_t, std::uint64_t)> on_map;
  std::function<void(std::uint64_t, void*, std::uint64_t)> load_process;  // frames of processes
  std::uint64_t capacity = 1 << 30;
  bool pins_are_short = false;
  std::map<std::uint64_t, std::vector<std::uint8_t>> window;  // packet buffer, by offset
  std::uint16_t last_max_payload = 0;

 private:
  Log& log_;
  host::CpuParams costs_;
  std::uint64_t next_ = kPage;
  std::map<kernel::Asid, std::uint64_t> next_va_;

 public:
  std::vector<std::uint8_t> dram;
};

/// Identity with a twist: page n of an address space lies in frame (asid << 20) + f(n), never next
/// to its neighbour, so every page is an element of the scatter list. Bytes are made from the
/// address.
class FakeMemory : public kernel::MemoryService {
 public:
  explicit FakeMemory(Log& log) : log_(log) {}

  void map(kernel::Asid asid, std::uint64_t va, std::uint64_t bytes) {
    for (std::uint64_t p = va / kPage; p <= (va + bytes - 1) / kPage; ++p) pages_[{asid, p}];
  }
  static std::uint64_t physical(kernel::Asid asid, std::uint64_t va) {
    return (std::uint64_t{asid} << 40) + (va / kPage) * 2 * kPage + va % kPage;
  }
  /// Reads what lies at an address that physical() gives for the test data.
  void load(std::uint64_t physical, void* to, std::uint64_t length) const {
    const std::uint64_t low = physical % (std::uint64_t{1} << 40);
    peek(static_cast<kernel::Asid>(physical >> 40), low / (2 * kPage) * kPage + low % kPage, to,
         length);
  }
  /// Byte at `va` as long as nobody writes.
  static std::uint8_t byte(std::uint64_t va) {
    return static_cast<std::uint8_t>(va * 0x9e37'79b9 >> 16);
  }

  kernel::PinResult resolve_and_pin(kernel::Asid asid, std::uint64_t va, std::uint64_t length,
                                    kernel::PinOwner owner, sim::Why, sim::TxnId) override {
    const std::string who(sim::enum_name(owner));
    if (pin_time != sim::Time::zero()) sim::wait(pin_time);
    kernel::PinResult result;
    if (!mapped(asid, va, length)) return result;
    result.status = kernel::PinStatus::kOk;
    result.token = ++last_token_;
    Held held{owner, {}};
    for (std::uint64_t at = va; at < va + length;) {
      const std::uint64_t n = std::min(va + length - at, kPage - at % kPage);
      result.sg.push_back({physical(asid, at), static_cast<std::uint32_t>(n)});
      held.pages.push_back({asid, at / kPage});
      ++pages_[{asid, at / kPage}].pins;
      at += n;
    }
    held_[result.token] = held;
    ++pins[owner];
    log_.lines.push_back("pin " + who);
    return result;
  }
  /// Tells of every page but the last, one by one.
  kernel::PinResult resolve_and_pin_by_page(kernel::Asid asid, std::uint64_t va,
                                            std::uint64_t length, kernel::PinOwner owner,
                                            sim::Why why, sim::TxnId txn,
                                            kernel::PinProgress& progress) override {
    kernel::PinResult result = resolve_and_pin(asid, va, length, owner, why, txn);
    while (result.sg.size() > 1) {
      progress.pinned({result.sg.front()});
      result.sg.erase(result.sg.begin());
    }
    return result;
  }
  kernel::PinToken hold_driver_memory(std::uint64_t, std::uint64_t, kernel::PinOwner owner,
                                      sim::Why, sim::TxnId) override {
    held_[++last_token_] = {owner, {}};
    ++pins[owner];
    return last_token_;
  }
  void guard(kernel::Asid, std::uint64_t, std::uint64_t length) override { guarded += length; }
  void unguard(kernel::Asid, std::uint64_t, std::uint64_t length) override { guarded -= length; }
  bool read_posted(kernel::Asid asid, std::uint64_t va, void* to, std::uint64_t length) override {
    return read(asid, va, to, length);
  }
  void share_pins(kernel::PinToken, kernel::PinActor, kernel::PinActor) override { ++shared; }
  void unpin(kernel::PinToken token) override {
    sim::wait(sim::Time::from_ns(15));
    const auto it = held_.find(token);
    ASSERT_NE(it, held_.end()) << "token unpinned twice";
    for (const auto& page : it->second.pages) --pages_[page].pins;
    --pins[it->second.owner];
    log_.lines.push_back("unpin " + std::string(sim::enum_name(it->second.owner)));
    held_.erase(it);
  }
  bool make_resident(kernel::Asid asid, std::uint64_t va, std::uint64_t length) override {
    if (!mapped(asid, va, length)) return false;
    log_.lines.emplace_back("resident");
    return true;
  }
  bool write(kernel::Asid asid, std::uint64_t va, const void* from, std::uint64_t length) override {
    if (!mapped(asid, va, length)) return false;
    const auto* bytes = static_cast<const std::uint8_t*>(from);
    for (std::uint64_t i = 0; i < length; ++i) written_[{asid, va + i}] = bytes[i];
    ++writes;
    return true;
  }
  bool read(kernel::Asid asid, std::uint64_t va, void* to, std::uint64_t length) override {
    if (!mapped(asid, va, length)) return false;
    peek(asid, va, to, length);
    return true;
  }
  void peek(kernel::Asid asid, std::uint64_t va, void* to, std::uint64_t length) const {
    auto* out = static_cast<std::uint8_t*>(to);
    for (std::uint64_t i = 0; i < length; ++i) {
      const auto it = written_.find({asid, va + i});
      out[i] = it == written_.end() ? byte(va + i) : it->second;
    }
  }
  std::uint32_t pins_of(kernel::Asid asid, std::uint64_t va) const {
    const auto it = pages_.find({asid, va / kPage});
    return it == pages_.end() ? 0 : it->second.pins;
  }
  std::size_t held() const { return held_.size(); }
  std::vector<nic::ContextRecord> list(kernel::Asid asid, std::uint64_t head) const {
    std::vector<nic::ContextRecord> records;
    while (head != 0 && records.size() < 100'000) {
      records.emplace_back();
      peek(asid, head, &records.back(), sizeof(nic::ContextRecord));
      head = records.back().next;
    }
    return records;
  }

  sim::Time pin_time = sim::Time::from_ns(100);
  std::map<kernel::PinOwner, int> pins;  // tokens held by owner
  std::size_t writes = 0;
  std::uint64_t guarded = 0;
  std::size_t shared = 0;  // calls of share_pins()

 private:
  struct PageState {
    std::uint32_t pins = 0;
  };
  using PageKey = std::pair<kernel::Asid, std::uint64_t>;
  struct Held {
    kernel::PinOwner owner;
    std::vector<PageKey> pages;
  };
  bool mapped(kernel::Asid asid, std::uint64_t va, std::uint64_t length) const {
    for (std::uint64_t p = va / kPage; p <= (va + length - 1) / kPage; ++p) {
      if (pages_.count({asid, p}) == 0) return false;
    }
    return length != 0;
  }

  Log& log_;
  std::map<PageKey, PageState> pages_;
  std::map<std::pair<kernel::Asid, std::uint64_t>, std::uint8_t> written_;
  std::map<kernel::PinToken, Held> held_;
  kernel::PinToken last_token_ = 0;
};

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
  std::vector<nic::SgElement> sg(std::uint64_t address, std::uint32_t count) const {
    std::vector<nic::SgElement> list(count);
    host_.load(address, list.data(), count * sizeof(nic::SgElement));
    return list;
  }
  std::vector<nic::SgElement> sg(const nic::ReplyEntry& r) const {
    if (r.count <= nic::kInlineSg) return {r.inline_sg, r.inline_sg + r.count};
    return sg(r.sg_address, r.count);
  }
  std::uint64_t requests_taken() const { return request_.head; }
  std::uint64_t register_value(nic::Register r) const {
    const auto it = registers_.find(r);
    return it == registers_.end() ? 0 : it->second;
  }
  const nic::ReplyEntry* reply_to(sim::TxnId txn) const {
    for (const auto& r : replies) {
      if (r.txn == txn) return &r;
    }
    return nullptr;
  }
  /// The last submission of that kind, or null.
  const nic::SubmitEntry* submitted(nic::SubmitOp op) const {
    for (auto it = submissions.rbegin(); it != submissions.rend(); ++it) {
      if (it->op == op) return &*it;
    }
    return nullptr;
  }

  std::vector<nic::SubmitEntry> submissions;
  std::vector<nic::ReplyEntry> replies;
  std::vector<std::uint64_t> consumed;  // values of kReceiveConsumed
  bool asleep = false;                  ///< takes nothing from the rings when true
  std::function<void(const nic::ReplyEntry&)> on_reply = [](const nic::ReplyEntry&) {};
  std::function<void(const nic::SubmitEntry&)> on_submit = [](const nic::SubmitEntry&) {};

  /// Takes what waits in the host's rings.
  void wake() {
    asleep = false;
    take(submit_, submissions, on_submit);
    take(reply_, replies, on_reply);
  }

 private:
  struct Ring {
    std::uint64_t base = 0, size = 0, head = 0, tail = 0;
  };

  void write(nic::Register r, std::uint64_t v) {
    using nic::Register;
    registers_[r] = v;
    switch (r) {
      case Register::kSubmitBase:
        submit_.base = v;
        break;
      case Register::kSubmitSize:
        submit_.size = v;
        break;
      case Register::kReplyBase:
        reply_.base = v;
        break;
      case Register::kReplySize:
        reply_.size = v;
        break;
      case Register::kRequestBase:
        request_.base = v;
        break;
      case Register::kRequestSize:
        request_.size = v;
        break;
      case Register::kCompletionBase:
        completion_.base = v;
        break;
      case Register::kCompletionSize:
        completion_.size = v;
        break;
      case Register::kRequestHead:
        EXPECT_LE(v, request_.tail);
        request_.head = v;
        break;
      case Register::kCompletionHead:
        EXPECT_LE(v, completion_.tail);
        completion_.head = v;
        break;
      case Register::kSubmitTail:
        submit_.tail = v;
        EXPECT_LE(submit_.tail - submit_.head, submit_.size) << "submit ring overrun";
        if (!asleep) take(submit_, submissions, on_submit);
        break;
      case Register::kReplyTail:
        reply_.tail = v;
        EXPECT_LE(reply_.tail - reply_.head, reply_.size) << "reply ring overrun";
        log_.lines.emplace_back("reply");
        if (!asleep) take(reply_, replies, on_reply);
        break;
      case Register::kReceiveConsumed:
        consumed.push_back(v);
        break;
      default:
        break;
    }
  }
  std::uint64_t read(nic::Register r) const {
    if (r == nic::Register::kSubmitHead) return submit_.head;
    if (r == nic::Register::kReplyHead) return reply_.head;
    return r == nic::Register::kIdentity ? nic::kIdentityValue : 0;
  }
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

class Program : public sc_core::sc_module {
 public:
  Program(const sc_core::sc_module_name& name, std::function<void()> body)
      : sc_module(name), body_(std::move(body)) {
    SC_HAS_PROCESS(Program);
    SC_THREAD(run);
    set_stack_size(1 << 20);  // rapidcheck and gtest run on it
  }
  bool finished() const { return finished_; }

 private:
  void run() {
    body_();
    finished_ = true;
  }
  std::function<void()> body_;
  bool finished_ = false;
};

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

struct Rig {
  explicit Rig(const DriverParams& params = small_params())
      : host(log), memory(log), nic(host, log), driver("driver", ctx, 0, host, memory, params) {
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

  void program(std::function<void()> body) {
    programs.push_back(std::make_unique<Program>(
        ("program" + std::to_string(programs.size())).c_str(), std::move(body)));
  }
  void run(sim::Time limit = sim::Time::from_ms(100)) {
    sc_core::sc_start(sim::to_sc(limit));
    for (const auto& p : programs) EXPECT_TRUE(p->finished()) << p->name() << " hangs";
  }
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
  std::vector<std::unique_ptr<Program>> programs;
};

}  // namespace vctoe::driver::test
