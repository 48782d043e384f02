// A kernel's memory service for the tests of driver and sockets.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "models/nic/rings.h"
#include "tb/unit/driver/fake_host.h"

namespace vctoe::driver::test {

/// Identity with a twist: page n of an address space lies in frame (asid << 20) + f(n), never next
/// to its neighbour, so every page is an element of the scatter list. Bytes are made from the
/// address.
class FakeMemory : public kernel::MemoryService {
 public:
  explicit FakeMemory(Log& log) : log_(log) {}

  void map(kernel::Asid asid, std::uint64_t va, std::uint64_t bytes);
  static std::uint64_t physical(kernel::Asid asid, std::uint64_t va) {
    return (std::uint64_t{asid} << 40) + (va / kPage) * 2 * kPage + va % kPage;
  }
  /// Reads what lies at an address that physical() gives for the test data.
  void load(std::uint64_t physical, void* to, std::uint64_t length) const;
  /// Byte at `va` as long as nobody writes.
  static std::uint8_t byte(std::uint64_t va) {
    return static_cast<std::uint8_t>(va * 0x9e37'79b9 >> 16);
  }

  kernel::PinResult resolve_and_pin(kernel::Asid asid, std::uint64_t va, std::uint64_t length,
                                    kernel::PinOwner owner, sim::Why, sim::TxnId) override;
  /// Tells of every page but the last, one by one.
  kernel::PinResult resolve_and_pin_by_page(kernel::Asid asid, std::uint64_t va,
                                            std::uint64_t length, kernel::PinOwner owner,
                                            sim::Why why, sim::TxnId txn,
                                            kernel::PinProgress& progress) override;
  kernel::PinToken hold_driver_memory(std::uint64_t, std::uint64_t, kernel::PinOwner owner,
                                      sim::Why, sim::TxnId) override;
  void guard(kernel::Asid, std::uint64_t, std::uint64_t length) override { guarded += length; }
  void unguard(kernel::Asid, std::uint64_t, std::uint64_t length) override { guarded -= length; }
  bool read_posted(kernel::Asid asid, std::uint64_t va, void* to, std::uint64_t length) override {
    return read(asid, va, to, length);
  }
  void share_pins(kernel::PinToken, kernel::PinActor, kernel::PinActor) override { ++shared; }
  void unpin(kernel::PinToken token) override;
  bool make_resident(kernel::Asid asid, std::uint64_t va, std::uint64_t length) override;
  bool write(kernel::Asid asid, std::uint64_t va, const void* from, std::uint64_t length) override;
  bool read(kernel::Asid asid, std::uint64_t va, void* to, std::uint64_t length) override;
  void peek(kernel::Asid asid, std::uint64_t va, void* to, std::uint64_t length) const;
  std::uint32_t pins_of(kernel::Asid asid, std::uint64_t va) const;
  std::size_t held() const { return held_.size(); }
  std::vector<nic::ContextRecord> list(kernel::Asid asid, std::uint64_t head) const;

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
  bool mapped(kernel::Asid asid, std::uint64_t va, std::uint64_t length) const;

  Log& log_;
  std::map<PageKey, PageState> pages_;
  std::map<std::pair<kernel::Asid, std::uint64_t>, std::uint8_t> written_;
  std::map<kernel::PinToken, Held> held_;
  kernel::PinToken last_token_ = 0;
};

}  // namespace vctoe::driver::test
