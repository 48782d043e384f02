// The modelled operating system's memory management: address spaces, faults, swapping and pinning.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <systemc>
#include <vector>

#include "sw/kernel/address_space.h"
#include "sw/kernel/copy_guard.h"
#include "sw/kernel/io_domain.h"
#include "sw/kernel/kernel_stats.h"
#include "sw/kernel/kernel_types.h"
#include "sw/kernel/memory_service.h"
#include "sw/kernel/pages.h"
#include "sw/kernel/pin_gate.h"
#include "sw/kernel/pin_records.h"
#include "sw/kernel/pin_table.h"
#include "sw/kernel/reclaimer.h"

namespace vctoe::kernel {

class Kernel : public sc_core::sc_module, public MemoryService {
 public:
  using Stats = KernelStats;

  /// `node` goes into the trace.
  Kernel(const sc_core::sc_module_name& name, sim::Context& ctx, const KernelParams& params,
         const Hardware& hardware, std::uint8_t node = 0);

  // Address spaces. Addresses and lengths are rounded to whole pages.
  /// An empty one; address space 0 (the kernel's) exists from the start. Numbers are not used
  /// again.
  Asid create_address_space();
  /// Unmaps everything; waiting requests return kShutDown or false. Pinned frames live until
  /// unpinned.
  void destroy_address_space(Asid asid);
  /// Maps pages that read as zeros until written. Builds the page tables, for which it may have to
  /// wait (SC_THREAD) or fails with a user error if DRAM is too small for them.
  void map(Asid asid, std::uint64_t va, std::uint64_t length,
           Permission permission = Permission::kReadWrite);
  /// Frames that are pinned are freed by their last unpin.
  void unmap(Asid asid, std::uint64_t va, std::uint64_t length);
  std::uint64_t root(Asid asid) const;  ///< physical address of the root table (CR3)

  // For modelled programs (SC_THREADs)
  /// Loads or stores anywhere in the range: every page of it becomes resident and accessed (dirty).
  /// Charges translation and faults, not the work. False if not mapped so.
  bool access(Asid asid, std::uint64_t va, std::uint64_t length, bool is_write);
  /// One aligned load or store of eight bytes without waiting: its translation time if the page is
  /// resident, else nothing, and fault() is next. For programs that charge many accesses at once.
  std::optional<sim::Time> try_load(Asid asid, std::uint64_t va, std::uint64_t& value);
  std::optional<sim::Time> try_store(Asid asid, std::uint64_t va, std::uint64_t value);
  /// Makes the page resident. False if not mapped so. Blocking.
  bool fault(Asid asid, std::uint64_t va, bool is_write);

  bool write(Asid asid, std::uint64_t va, const void* from, std::uint64_t length) override;
  bool read(Asid asid, std::uint64_t va, void* to, std::uint64_t length) override;

  // Pinning
  /// Receive buffers and driver memory must be mapped for writing, and are dirty afterwards: a
  /// device writes to them. An empty range is kUnmapped.
  PinResult resolve_and_pin(Asid asid, std::uint64_t va, std::uint64_t length, PinOwner owner,
                            sim::Why why, sim::TxnId txn) override;
  PinResult resolve_and_pin_by_page(Asid asid, std::uint64_t va, std::uint64_t length,
                                    PinOwner owner, sim::Why why, sim::TxnId txn,
                                    PinProgress& progress) override;
  PinToken hold_driver_memory(std::uint64_t physical, std::uint64_t length, PinOwner owner,
                              sim::Why why, sim::TxnId txn) override;
  void share_pins(PinToken token, PinActor raised, PinActor lowered) override;
  void unpin(PinToken token) override;
  bool make_resident(Asid asid, std::uint64_t va, std::uint64_t length) override;
  /// Makes the table of pins that a device changes, if there is none; its physical address. As
  /// allocate_contiguous().
  std::uint64_t make_pin_table();

  void guard(Asid asid, std::uint64_t va, std::uint64_t length) override;
  void unguard(Asid asid, std::uint64_t va, std::uint64_t length) override;
  bool read_posted(Asid asid, std::uint64_t va, void* to, std::uint64_t length) override;

  // Set-up and checkers: untimed
  /// Puts bytes into frames, as a program would that has just written them.
  void preload_resident(Asid asid, std::uint64_t va, const void* bytes, std::uint64_t length);
  /// Puts bytes into swap slots; `va` is the start of a page never touched, the last page is filled
  /// up with zeros.
  void preload_swapped(Asid asid, std::uint64_t va, const void* bytes, std::uint64_t length);
  /// Physically contiguous zeroed memory, pinned for the driver for good; its physical address. A
  /// user error if there is no such run of free frames: call it before memory is filled.
  std::uint64_t allocate_contiguous(std::uint64_t length);
  /// The bytes a program would read now, wherever they are. False if not mapped.
  bool peek(Asid asid, std::uint64_t va, void* to, std::uint64_t length);
  PageInfo info(Asid asid, std::uint64_t va);
  /// Tries to evict the page, now. kBusy if it is not resident too.
  Evicted try_evict(Asid asid, std::uint64_t va);
  /// Evicts up to `pages` pages by the policy; how many are free or being written.
  std::size_t force_reclaim(std::size_t pages);

  /// Pages that may be pinned at present.
  std::uint64_t pin_capacity() const;
  /// Whether who wants to pin so many more pages has to wait.
  bool pins_short(std::uint64_t pages) const { return gate_.would_wait(pages); }
  /// Pages whose pins somebody holds or waits for, each request counted whole.
  std::uint64_t pinned_pages() const { return gate_.admitted(); }
  std::size_t free_frames() const { return pages_.pool.free_count(); }
  const FrameTable& frames() const { return pages_.pool.table; }
  const IoDomain& io() const { return io_; }

  const Stats& stats() const { return stats_; }
  const Pages::Stats& page_stats() const { return pages_.stats(); }
  const sim::StallAccount<KswapdState>& kswapd_stalls() const { return kswapd_.stalls(); }
  const PinLedger& ledger() const { return records_.ledger; }
  void declare_stats(sim::StatList& list) const;  ///< with the statistics of its parts
  void settle_stats();  ///< brings levels and stall times up to the present

 private:
  AddressSpace* find_space(Asid asid) const;
  AddressSpace& need_space(Asid asid) const;
  bool locate(Asid asid, std::uint64_t vpn, Place& place) const;
  void charge(sim::Time cost, host::Work who);
  std::optional<host::Translation> translate(Asid asid, std::uint64_t va, bool is_write);
  void take_table_frames(AddressSpace& space, std::uint64_t first, std::uint64_t last,
                         std::vector<FrameNumber>& frames);
  FrameNumber take_domain_frame();
  FrameNumber allocate(Asid asid, FrameState state);
  void take_contiguous(FrameNumber first, std::size_t count);
  void trace(sim::TraceKind kind, const PinAsk& ask);
  void emit(sim::TraceKind kind, Asid asid, std::uint64_t address, std::uint32_t detail,
            sim::TxnId txn = 0, std::uint32_t seq = 0);
  /// `seq` of a kUnpin: who did it (1: the NIC); kHandedOver: the reference goes, the pin stays.
  static constexpr std::uint32_t kByHost = 0;
  static constexpr std::uint32_t kHandedOver = 2;
  void emit_unpin(const PinRecord& record, FrameNumber f, std::uint32_t actor);

  bool map_large(const Place& place, std::uint64_t vpn);
  void fault_zero(Asid asid, std::uint64_t vpn, const Place& seen);
  void fault_swap(Asid asid, std::uint64_t vpn, const Place& place);
  FrameNumber start_fault_read(Asid asid, std::uint64_t vpn, const Place& seen);
  void read_around(const Place& place, std::uint64_t vpn);
  bool map_arrived(Asid asid, std::uint64_t vpn, FrameNumber f);
  template <class Move>
  bool copy(Asid asid, std::uint64_t va, std::uint64_t length, bool is_write, Move move);

  PinStatus check_range(Asid asid, std::uint64_t va, std::uint64_t length, bool is_write) const;
  PinResult resolve(const PinAsk& ask, PinProgress* progress);
  PinStatus admit(Asid asid, std::uint64_t pages);
  sim::Time pin_cost(const PinRecord& record) const;
  PinStatus fill(PinRecord& record);
  bool start_missing(PinRecord& record, FrameNumber& spare, PinStatus& status);
  PinStatus locate_for(const PinRecord& record, std::size_t i, Place& place) const;
  bool start_page(PinRecord& record, std::size_t i, const Place& place, FrameNumber& spare);
  PinStatus finish_reads(PinRecord& record);
  void take_pin(PinRecord& record, std::size_t i, FrameNumber f);
  void give_back(PinRecord& record);
  void end_hold(PinRecord& record);
  void end_shared(PinRecord& record);
  void protect(const PageKey& page, bool on);
  void break_guard(Asid asid, std::uint64_t vpn);
  void wait_for_devices(const PageKey& page);
  PageKey take_copy_page();
  PageKey page_of_record(const PinRecord& record, std::size_t i) const;
  void tell(PinRecord& record);
  static void scatter_list(const PinRecord& record, std::size_t first, std::size_t last,
                           std::vector<SgEntry>& sg);

  sim::Context& ctx_;
  KernelParams params_;
  Hardware hw_;
  std::uint8_t node_;
  sim::Rng rng_;
  Pages pages_;
  PinGate gate_;
  Reclaimer kswapd_;
  PinRecords records_;
  std::vector<std::unique_ptr<AddressSpace>> spaces_;  // by asid
  std::size_t table_frames_ = 1;                       // frame 0 counts as one
  std::optional<PinTable> pin_table_;
  CopyGuard guard_;
  std::set<PageKey> breaking_;  ///< being copied
  sc_core::sc_event guard_changed_;
  Asid copy_space_ = 0;  ///< 0: none yet
  std::uint64_t next_copy_page_ = 0x10'0000;
  std::size_t driver_frames_ = 0;  // allocate_contiguous()
  Stats stats_;
  IoDomain io_;
};

}  // namespace vctoe::kernel
