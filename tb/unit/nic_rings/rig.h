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

  void set_up();
  /// What the operating system does when it starts, but for interrupts.
  void place_function();
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
  SubmitEntry receive(std::uint32_t connection);
  /// A list of one record, and the scatter list of the same bytes.
  SubmitEntry post(std::uint32_t connection, std::uint32_t sequence, std::uint32_t length,
                   std::uint64_t txn);
  /// The right answer.
  static ReplyEntry answer(const RequestEntry& request);

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

/// Small, with clocks that run out soon; a host without a disk.
system::SystemParams rig_params(Source first, Source again);

}  // namespace vctoe::nic::test
