// resolve_and_pin() and unpin().
#include <algorithm>

#include "sw/kernel/kernel.h"

namespace vctoe::kernel {

PinStatus Kernel::check_range(Asid asid, std::uint64_t va, std::uint64_t length,
                              bool is_write) const {
  AddressSpace* space = find_space(asid);
  if (space == nullptr || length == 0 || va + length < va) return PinStatus::kUnmapped;
  const std::uint64_t first = page_of(va);
  const std::uint64_t last = first + pages_in(va, length);
  if (!space->covers(first, last)) return PinStatus::kUnmapped;
  return is_write && !space->covers_writable(first, last) ? PinStatus::kNoPermission
                                                          : PinStatus::kOk;
}

PinResult Kernel::resolve_and_pin(Asid asid, std::uint64_t va, std::uint64_t length, PinOwner owner,
                                  sim::Why why, sim::TxnId txn) {
  return resolve({asid, va, length, owner, why, txn}, nullptr);
}

PinResult Kernel::resolve_and_pin_by_page(Asid asid, std::uint64_t va, std::uint64_t length,
                                          PinOwner owner, sim::Why why, sim::TxnId txn,
                                          PinProgress& progress) {
  return resolve({asid, va, length, owner, why, txn}, &progress);
}

PinResult Kernel::resolve(const PinAsk& ask, PinProgress* progress) {
  const sim::Time start = sim::now();
  const std::uint64_t pages = pages_in(ask.va, ask.length);
  ++stats_.pin_requests;
  trace(sim::TraceKind::kPinBegin, ask);
  PinResult result;
  result.status = check_range(ask.asid, ask.va, ask.length, writes_to(ask.owner));
  if (result.status == PinStatus::kOk) result.status = admit(ask.asid, pages);
  if (result.status == PinStatus::kOk) {
    PinRecord& record = records_.open(ask.asid, ask.va, ask.length, ask.owner, ask.why, ask.txn);
    record.progress = progress;
    result.status = fill(record);
    if (result.status == PinStatus::kOk || record.told > 0) {
      result.token = PinRecords::token(record);
    }
    if (result.status == PinStatus::kOk) {
      scatter_list(record, record.told, record.pinned.size(), result.sg);
      charge(pin_cost(record), host::Work::kPin);
      trace(sim::TraceKind::kPinDone, ask);
      stats_.pin_pages += pages;
      stats_.resolve_ns.record((sim::now() - start).ps / 1000);
      return result;
    }
    if (result.token == 0) give_back(record);
  }
  ++stats_.pin_refused;
  return result;
}

void Kernel::trace(sim::TraceKind kind, const PinAsk& ask) {
  sim::TraceEvent event;
  event.kind = kind;
  event.node = node_;
  event.asid = ask.asid;
  event.address = ask.va;
  event.length = ask.length;
  event.detail = static_cast<std::uint32_t>(ask.owner);
  event.txn = ask.txn;
  ctx_.trace.emit(event);
}

PinStatus Kernel::admit(Asid asid, std::uint64_t pages) {
  if (!gate_.would_wait(pages)) return gate_.admit(asid, pages);
  const sim::Time start = sim::now();
  ++stats_.pin_waits;
  const PinStatus status = gate_.admit(asid, pages);
  stats_.pin_wait_ns.record((sim::now() - start).ps / 1000);
  return status;
}

sim::Time Kernel::pin_cost(const PinRecord& record) const {
  const host::CpuParams& cpu = hw_.cpu.params();
  std::uint64_t large = 0;
  for (const FrameNumber f : record.pinned) large += pages_.is_large(f) ? 1 : 0;
  sim::Time cost = cpu.pin_page * (record.pinned.size() - large) + cpu.minor_fault * record.missing;
  cost += params_.pin_large_page * large / kLargePages;
  if (record.read > 0) cost += params_.swap_fault_cost;
  if (reaches_devices(record.owner)) cost += io_.map_cost(record.pinned.size());
  return cost;
}

/// Pins what is there, has everything else read at once, and only then waits.
PinStatus Kernel::fill(PinRecord& record) {
  FrameNumber spare = kNoFrame;
  PinStatus status = PinStatus::kOk;
  bool done = false;
  while (status == PinStatus::kOk && !done) {
    const bool enough_frames = start_missing(record, spare, status);
    pages_.swap.flush();
    if (status != PinStatus::kOk) break;
    tell(record);
    if (enough_frames) {
      status = finish_reads(record);
      done = std::count(record.pinned.begin(), record.pinned.end(), kNoFrame) == 0;
    } else if (spare == kNoFrame) {
      spare = allocate(record.asid, FrameState::kReading);
    }
  }
  if (spare != kNoFrame) pages_.pool.release(spare);
  return status;
}

/// One look at every page that is neither pinned nor on its way. False when frames have run out.
bool Kernel::start_missing(PinRecord& record, FrameNumber& spare, PinStatus& status) {
  for (std::size_t i = 0; i < record.pinned.size(); ++i) {
    if (record.pinned[i] != kNoFrame || record.reading[i] != kNoFrame) continue;
    Place place;
    status = locate_for(record, i, place);
    if (status != PinStatus::kOk) return true;
    if (!start_page(record, i, place, spare)) return false;
  }
  return true;
}

PinStatus Kernel::locate_for(const PinRecord& record, std::size_t i, Place& place) const {
  if (find_space(record.asid) == nullptr) return PinStatus::kShutDown;
  const PageKey page = page_of_record(record, i);
  if (!locate(page.asid, page.vpn, place)) return PinStatus::kUnmapped;
  const bool refused = writes_to(record.owner) && !place.mapping->writable();
  return refused ? PinStatus::kNoPermission : PinStatus::kOk;
}

/// Where the bytes of the record's page i are: a program may have written to it after a copy was
/// made.
PageKey Kernel::page_of_record(const PinRecord& record, std::size_t i) const {
  const PageKey page{record.asid, page_of(record.va) + i};
  const bool posted = record.owner == PinOwner::kAgent || record.owner == PinOwner::kHostDma;
  return posted && guard_.any() ? guard_.source(page) : page;
}

bool Kernel::start_page(PinRecord& record, std::size_t i, const Place& place, FrameNumber& spare) {
  if (host::is_present(place.pte)) {
    take_pin(record, i, frame_of(host::pte_physical(place.pte)));
    return true;
  }
  if (place.pte == 0 && map_large(place, page_of(record.va) + i)) {
    ++record.missing;
    ++stats_.pin_pages_missing;
    take_pin(record, i, frame_of(host::pte_physical(pages_.entry(place.pte_at))));
    return true;
  }
  const bool zero = place.pte == 0;
  FrameNumber f = zero ? kNoFrame : pages_.swap.cached(slot_of(place.pte));
  const bool take = f == kNoFrame;
  if (take) f = spare != kNoFrame ? spare : pages_.pool.try_take(FrameState::kReading);
  if (f == kNoFrame) return false;
  if (take) spare = kNoFrame;
  const auto [asid, vpn] = page_of_record(record, i);
  ++record.missing;
  ++stats_.pin_pages_missing;
  emit(sim::TraceKind::kPageFault, asid, vpn << kPageShift, take && !zero ? 1 : 0, record.txn);
  if (zero) {
    pages_.map_zero(f, asid, vpn, place.pte_at, place.mapping->writable());
    take_pin(record, i, f);
    return true;
  }
  if (take) {
    ++record.read;
    pages_.start_read(f, asid, vpn, place.pte_at, false);
  }
  pages_.hold(f);
  record.reading[i] = f;
  return true;
}

PinStatus Kernel::finish_reads(PinRecord& record) {
  for (std::size_t i = 0; i < record.reading.size(); ++i) {
    const FrameNumber f = record.reading[i];
    if (f == kNoFrame) continue;
    pages_.swap.wait_read(f);
    Place place;
    const PinStatus status = locate_for(record, i, place);
    if (status != PinStatus::kOk) return status;
    const Frame& frame = pages_.frame(f);
    const PageKey page = page_of_record(record, i);
    map_arrived(page.asid, page.vpn, f);
    // Somebody else may have mapped it first; an orphan is another page's past, look again.
    if (!frame.orphan && frame.state == FrameState::kMapped) take_pin(record, i, f);
    record.reading[i] = kNoFrame;
    pages_.unhold(f);
    tell(record);
  }
  return PinStatus::kOk;
}

/// Of the pages at the front that are pinned and not told yet. The last page of all is the
/// result's: whoever is told of it may give the pins back at once.
void Kernel::tell(PinRecord& record) {
  if (record.progress == nullptr) return;
  const std::size_t first = record.told;
  while (record.told + 1 < record.pinned.size() && record.pinned[record.told] != kNoFrame) {
    ++record.told;
  }
  if (record.told == first) return;
  std::vector<SgEntry> sg;
  scatter_list(record, first, record.told, sg);
  record.progress->pinned(sg);
}

void Kernel::take_pin(PinRecord& record, std::size_t i, FrameNumber f) {
  record.pinned[i] = f;
  const bool fresh = pages_.pin(f);
  if (reaches_devices(record.owner)) io_.map(f);
  pages_.mark_used(f, writes_to(record.owner));
  records_.ledger.pin(record.owner, record.why, 1, fresh ? 1 : 0, sim::now());
  emit(sim::TraceKind::kPin, record.asid, frame_address(f),
       static_cast<std::uint32_t>(record.owner), record.txn);
}

void Kernel::unpin(PinToken token) {
  const PinRecord& record = records_.find(token);
  if (record.borrowed) {
    end_hold(records_.find(token));
    return;
  }
  if (record.shared && !record.host_lowers) {  // the device has done the work
    end_shared(records_.find(token));
    return;
  }
  sim::Time cost = hw_.cpu.params().unpin_page * record.pinned.size();
  if (reaches_devices(record.owner)) cost += io_.unmap_cost(record.pinned);
  charge(cost, host::Work::kPin);
  PinRecord& over = records_.find(token);
  over.shared ? end_shared(over) : give_back(over);
}

/// Also what is left of a request that failed half way.
void Kernel::give_back(PinRecord& record) {
  for (const FrameNumber f : record.pinned) {
    if (f == kNoFrame) continue;
    emit(sim::TraceKind::kUnpin, record.asid, frame_address(f),
         static_cast<std::uint32_t>(record.owner), record.txn);
    if (reaches_devices(record.owner)) io_.unmap(f);
    const bool last = pages_.unpin(f);
    records_.ledger.unpin(record.owner, record.why, 1, last ? 1 : 0, sim::now());
  }
  for (const FrameNumber f : record.reading) {
    if (f != kNoFrame) pages_.unhold(f);
  }
  const std::uint64_t pages = record.pinned.size();
  records_.close(record);
  gate_.leave(pages);
  if (guard_.any()) sim::notify(guard_changed_);
}

/// Where the pages [first, last) of the range lie.
void Kernel::scatter_list(const PinRecord& record, std::size_t first, std::size_t last,
                          std::vector<SgEntry>& sg) {
  const std::uint64_t end = record.va + record.length;
  std::uint64_t at = first == 0 ? record.va : (page_of(record.va) + first) << kPageShift;
  for (std::size_t i = first; i < last; ++i) {
    const std::uint64_t address = frame_address(record.pinned[i]) + at % kPageBytes;
    const auto n = static_cast<std::uint32_t>(std::min(end - at, kPageBytes - at % kPageBytes));
    if (!sg.empty() && sg.back().address + sg.back().length == address) {
      sg.back().length += n;
    } else {
      sg.push_back({address, n});
    }
    at += n;
  }
}

}  // namespace vctoe::kernel
