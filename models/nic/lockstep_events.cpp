#include "models/nic/lockstep_events.h"

#include <fmt/format.h>

#include <algorithm>

namespace vctoe::nic {

using What = LockstepEvent::What;

bool LockstepEvent::same_as(const LockstepEvent& o) const {
  return what == o.what && txn == o.txn && connection == o.connection && asid == o.asid &&
         address == o.address && length == o.length && sequence == o.sequence && why == o.why &&
         last == o.last && code == o.code;
}

std::string LockstepEvent::text() const {
  const std::string walk = fmt::format("connection {}, transaction {}", connection, txn);
  switch (what) {
    case What::kBlock:
      return fmt::format("block {:#x} + {}, sequence {}, {}{}, asid {}, {}", address, length,
                         sequence, why == 0 ? "first" : "retransmit", last ? ", last" : "", asid,
                         walk);
    case What::kDone:
      return "done, " + walk;
    case What::kFault:
      return fmt::format("fault {} at {:#x}, {}", sim::enum_name(code), address, walk);
    case What::kNode:
      return fmt::format("node request {:#x}, asid {}, connection {}", address, asid, connection);
    case What::kRelease:
      return fmt::format("release {:#x}, asid {}", address, asid);
    case What::kWalk:
      return fmt::format("walk: list {:#x}, sequence {} + {}, asid {}, {}", address, sequence,
                         length, asid, walk);
    case What::kFill:
      return fmt::format("page {:#x} identified, asid {}", address, asid);
    case What::kFillFailed:
      return fmt::format("page {:#x} not identified, asid {}", address, asid);
    case What::kInvalidate:
      return fmt::format("invalidate {:#x}, asid {}", address, asid);
    case What::kCancel:
      return fmt::format("cancel connection {}", connection);
    case What::kFetch:
      return fmt::format("fetch of record {:#x}, asid {}, {}", address, asid, walk);
    default:
      return fmt::format("record {:#x} {}, asid {}, connection {}", address,
                         code == Fault::kNone ? "read" : "not read", asid, connection);
  }
}

LockstepEvent LockstepEvent::of(const BlockRequest& r) {
  LockstepEvent e;
  e.what = What::kBlock;
  e.txn = r.txn;
  e.connection = r.connection;
  e.asid = r.asid;
  e.address = r.virtual_address;
  e.length = r.length;
  e.sequence = r.sequence;
  e.why = static_cast<std::uint8_t>(r.why);
  e.last = r.last;
  return e;
}

LockstepEvent LockstepEvent::of(const WalkFault& f) {
  LockstepEvent e;
  e.what = What::kFault;
  e.txn = f.txn;
  e.connection = f.connection;
  e.address = f.address;
  e.code = f.code;
  return e;
}

LockstepEvent LockstepEvent::of(const WalkRequest& r) {
  LockstepEvent e;
  e.what = What::kWalk;
  e.txn = r.txn;
  e.connection = r.connection;
  e.asid = r.asid;
  e.address = r.list_head;
  e.length = r.length;
  e.sequence = r.sequence;
  return e;
}

LockstepEvent LockstepEvent::of_page(What what, std::uint16_t asid, std::uint64_t page) {
  LockstepEvent e;
  e.what = what;
  e.asid = asid;
  e.address = page;
  return e;
}

std::string LockstepHistory::text() const {
  std::string out;
  for (std::size_t i = count_ > kKept ? count_ - kKept : 0; i < count_; ++i) {
    const LockstepEvent& e = ring_[i % kKept];
    out += fmt::format("    {:.6f} us  {}\n", e.at.us(), e.text());
  }
  return out;
}

void LockstepDelta::record(sim::Time rtl, sim::Time tlm) {
  const bool behind = rtl >= tlm;
  const std::uint64_t ps = behind ? (rtl - tlm).ps : (tlm - rtl).ps;
  (behind ? later : earlier).record(ps);
  const double d = behind ? static_cast<double>(ps) : -static_cast<double>(ps);
  min = count == 0 ? d : std::min(min, d);
  max = count == 0 ? d : std::max(max, d);
  mean += (d - mean) / static_cast<double>(++count);
}

void LockstepDelta::declare(sim::StatList& list) const {
  list.add("count", count, "1", "outputs compared");
  list.add("mean", mean, "ps", "time in the RTL less time in the model");
  list.add("min", min, "ps", "least of it");
  list.add("max", max, "ps", "greatest of it");
  list.add("later", later, "ps", "by how much the RTL was later, or 0");
  list.add("earlier", earlier, "ps", "by how much the RTL was earlier");
}

}  // namespace vctoe::nic
