#include "sw/kernel/pin_ledger.h"

#include "sw/kernel/frame_table.h"

namespace vctoe::kernel {

namespace {
constexpr std::string_view kCauseNames[PinLedger::kCauses] = {"first", "retransmit", "node"};
}  // namespace

void PinLedger::pin(PinOwner owner, sim::Why why, std::uint64_t pages, std::uint64_t fresh,
                    sim::Time at) {
  const auto o = static_cast<std::size_t>(owner);
  stats_.by_owner[o].add(pages * kPageBytes, at);
  stats_.by_cause[o][static_cast<std::size_t>(why)].add(pages * kPageBytes, at);
  stats_.total.add(fresh * kPageBytes, at);
}

void PinLedger::unpin(PinOwner owner, sim::Why why, std::uint64_t pages, std::uint64_t last,
                      sim::Time at) {
  const auto o = static_cast<std::size_t>(owner);
  stats_.by_owner[o].sub(pages * kPageBytes, at);
  stats_.by_cause[o][static_cast<std::size_t>(why)].sub(pages * kPageBytes, at);
  stats_.total.sub(last * kPageBytes, at);
}

void PinLedger::settle(sim::Time at) {
  stats_.total.settle(at);
  for (auto& level : stats_.by_owner) level.settle(at);
  for (auto& causes : stats_.by_cause) {
    for (auto& level : causes) level.settle(at);
  }
}

void PinLedger::Stats::declare(sim::StatList& list) const {
  list.add("total", total, "B", "pinned memory, each frame once");
  for (std::size_t o = 0; o < kOwners; ++o) {
    const std::string owner(sim::EnumNames<PinOwner>::kNames[o]);
    list.add(owner, by_owner[o], "B", "pinned for this owner, each reference counted");
    for (std::size_t c = 0; c < kCauses; ++c) {
      list.add(owner + "." + std::string(kCauseNames[c]), by_cause[o][c], "B",
               "the part of it pinned for this cause");
    }
  }
}

}  // namespace vctoe::kernel
