#include "sw/scenario/monitors_posted.h"

#include <algorithm>
#include <string>

#include "sw/scenario/monitors_failure.h"

namespace vctoe::scenario {

void PostedMonitor::post(const sim::TraceEvent& event) {
  if (event.length == 0) return;
  if (event.address + event.length < event.address) {
    monitor_failed("posted", "a posted range goes round the end of the address space", event);
  }
  auto& connections = posted_[event.node];
  if (event.connection >= connections.size()) {
    connections.resize(event.connection + std::size_t{1});
  }
  Posted& posted = connections[event.connection];
  if (!posted.ranges.empty()) {
    Range& last = posted.ranges.back();
    if (last.post == event.txn && last.asid == event.asid && last.end() == event.address) {
      last.length += event.length;
      posted.longest = std::max(posted.longest, last.length);
      return;
    }
  }
  const Range range{event.address, event.length, event.txn, event.asid};
  if (!posted.ranges.empty() && range < posted.ranges.back()) posted.sorted = false;
  posted.ranges.push_back(range);
  posted.longest = std::max(posted.longest, range.length);
}

void PostedMonitor::request(const sim::TraceEvent& event) {
  auto& connections = posted_[event.node];
  if (event.connection < connections.size()) {
    Posted& posted = connections[event.connection];
    if (!posted.sorted) std::sort(posted.ranges.begin(), posted.ranges.end());
    posted.sorted = true;
    if (covers(posted, event)) return;
  }
  monitor_failed("posted",
                 "the NIC asks for bytes that are not posted for this connection and address space",
                 event);
}

bool PostedMonitor::covers(const Posted& posted, const sim::TraceEvent& event) {
  const std::uint64_t end = event.address + event.length;
  if (event.length == 0 || end < event.address) return false;
  for (std::uint64_t at = event.address; at < end;) {
    const std::uint64_t next = reach(posted, event.asid, at, end);
    if (next == at) return false;
    at = next;
  }
  return true;
}

/// End of the posted bytes that begin at `at`, `at` if it is not posted. A range that holds `at`
/// may begin before others that do not, but no farther back than the longest one is long.
std::uint64_t PostedMonitor::reach(const Posted& posted, std::uint16_t asid, std::uint64_t at,
                                   std::uint64_t enough) {
  std::uint64_t best = at;
  auto it = std::upper_bound(posted.ranges.begin(), posted.ranges.end(), Range{at, 0, 0, asid});
  while (it != posted.ranges.begin() && best < enough) {
    --it;
    if (it->asid != asid || at - it->address >= posted.longest) break;
    best = std::max(best, it->end());
  }
  return best;
}

void PostedMonitor::acked(const sim::TraceEvent& event) {
  auto& connections = posted_[event.node];
  if (event.connection >= connections.size()) return;
  Posted& posted = connections[event.connection];
  const auto gone = [&](const Range& range) { return range.post == event.txn; };
  auto& ranges = posted.ranges;
  ranges.erase(std::remove_if(ranges.begin(), ranges.end(), gone), ranges.end());
  if (ranges.empty()) posted.longest = 0;
}

void PostedMonitor::forget(const sim::TraceEvent& event) {
  auto& connections = posted_[event.node];
  if (event.connection >= connections.size()) return;
  Posted& posted = connections[event.connection];
  posted.ranges.clear();
  posted.longest = 0;
  posted.sorted = true;
}

}  // namespace vctoe::scenario
