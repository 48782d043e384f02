// The one service behind every scheme and every transport: it alone swaps pages in and pins frames.
#pragma once

#include <cstdint>
#include <vector>

#include "models/sim/params.h"
#include "models/sim/trace.h"
#include "models/sim/units.h"

namespace vctoe::kernel {

/// Address space identifier; 0 is the kernel.
using Asid = std::uint16_t;

/// On whose account a pin is booked.
enum class PinOwner : std::uint8_t {
  kAgent,    ///< the sending agent: stream data that the NIC reads
  kNode,     ///< pages of context records that the walker translates
  kHostDma,  ///< the host's own DMA engine while it pushes
  kReceive,  ///< receive buffers
  kDriver    ///< rings and scatter lists, for the life of the driver
};

enum class PinStatus : std::uint8_t {
  kOk,
  kUnmapped,      ///< part of the range is mapped nowhere
  kNoPermission,  ///< mapped, but not for this use
  kTooLarge,      ///< more pages than the pin limit allows at all
  kShutDown       ///< the address space went away while the request waited
};

/// Physically contiguous piece of a scatter list.
struct SgEntry {
  std::uint64_t address = 0;  ///< physical
  std::uint32_t length = 0;   ///< bytes
};

using PinToken = std::uint64_t;

struct PinResult {
  PinStatus status = PinStatus::kUnmapped;
  PinToken token = 0;       ///< for unpin(); 0 unless status is kOk
  std::vector<SgEntry> sg;  ///< covers the range in order; neighbouring frames are merged
};

/// Who changes a pin.
enum class PinActor : std::uint8_t { kHost, kDevice };

/// Is told how far resolve_and_pin_by_page() has come.
class PinProgress {
 public:
  virtual ~PinProgress() = default;
  /// The next bytes of the range are pinned and lie there. May block.
  virtual void pinned(const std::vector<SgEntry>& next) = 0;
};

/// Costs of the calls are charged to the CPU on which the caller runs.
class MemoryService {
 public:
  virtual ~MemoryService() = default;

  /// Makes [va, va + length) resident, pins every frame of it once and returns where it lies.
  /// Blocks (SC_THREAD only) on the disk, on free frames and on the pin limit; requests that wait
  /// for the pin limit are served in order. `txn` goes into the trace.
  virtual PinResult resolve_and_pin(Asid asid, std::uint64_t va, std::uint64_t length,
                                    PinOwner owner, sim::Why why, sim::TxnId txn) = 0;
  /// The same, but tells `progress` of the pages at the front as soon as they are there. The
  /// result's scatter list has only what was not told, never nothing. If it fails after something
  /// was told, the token is not 0 and what was told stays pinned until unpin().
  virtual PinResult resolve_and_pin_by_page(Asid asid, std::uint64_t va, std::uint64_t length,
                                            PinOwner owner, sim::Why why, sim::TxnId txn,
                                            PinProgress& progress) = 0;
  /// Books physically contiguous memory of the driver's, which is pinned for good, as held on
  /// account of `owner` until unpin(): copies that stand for pinned pages. Takes no time.
  virtual PinToken hold_driver_memory(std::uint64_t physical, std::uint64_t length, PinOwner owner,
                                      sim::Why why, sim::TxnId txn) = 0;
  /// From here on the pages of one resolve_and_pin() are pinned by counts in the shared table,
  /// which reclaim honours, and no longer by the host's references. `raised`: who raised the counts
  /// (the device has, or the host does it now); `lowered`: who will. The pins stay in ledger and
  /// limit until unpin(), which lowers the counts where the host has to. Takes no time of its own.
  virtual void share_pins(PinToken token, PinActor raised, PinActor lowered) = 0;
  /// Gives the pins of one resolve_and_pin() back. Charges CPU time, may wait for a core.
  virtual void unpin(PinToken token) = 0;
  /// Makes [va, va + length) resident and pins nothing: it may be gone again at any time. False if
  /// part of it is mapped nowhere. Blocking.
  virtual bool make_resident(Asid /*asid*/, std::uint64_t /*va*/, std::uint64_t /*length*/) {
    return false;
  }

  /// What [va, va + length) holds now is what reads of the sending agent, and read_posted(), get
  /// until unguard(), whatever the program writes: copy on write. Guards of one page add up.
  /// Blocking.
  virtual void guard(Asid asid, std::uint64_t va, std::uint64_t length) = 0;
  virtual void unguard(Asid asid, std::uint64_t va, std::uint64_t length) = 0;
  /// read() of bytes that were posted.
  virtual bool read_posted(Asid asid, std::uint64_t va, void* to, std::uint64_t length) = 0;

  /// copy_to_user / copy_from_user: faults pages in, sets accessed and dirty bits, charges the CPU
  /// for the copy. Returns false if the range is not mapped. Blocking.
  virtual bool write(Asid asid, std::uint64_t va, const void* from, std::uint64_t length) = 0;
  virtual bool read(Asid asid, std::uint64_t va, void* to, std::uint64_t length) = 0;
};

}  // namespace vctoe::kernel

namespace vctoe::sim {
template <>
struct EnumNames<kernel::PinActor> {
  static constexpr std::string_view kNames[] = {"host", "agent"};
};
template <>
struct EnumNames<kernel::PinOwner> {
  static constexpr std::string_view kNames[] = {"agent", "node", "host_dma", "receive", "driver"};
};
}  // namespace vctoe::sim
