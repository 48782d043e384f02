// The monitor of what the NIC may ask for.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/sim/trace.h"
#include "sw/scenario/monitors_pins.h"

namespace vctoe::scenario {

/// Every block that the NIC asks for lies inside what the host has posted for its connection in its
/// address space (the NIC may not use virtual addresses to reach other memory of the host).
/// A request may go over ranges that meet. The same bytes may be posted more than once.
class PostedMonitor {
 public:
  /// kPost: address = virtual start of one range, length, asid, connection, txn = the post. Raises
  /// sim::check_failed for a range that goes round the end of the address space.
  void post(const sim::TraceEvent& event);
  /// kBlockRequest: address = virtual, length, asid, connection. Raises sim::check_failed outside.
  void request(const sim::TraceEvent& event);
  /// kStreamAcked: the ranges of this post leave the set.
  void acked(const sim::TraceEvent& event);
  /// The id begins or ends a connection: its ranges leave the set.
  void forget(const sim::TraceEvent& event);

 private:
  struct Range {
    std::uint64_t address;
    std::uint64_t length;
    sim::TxnId post;
    std::uint16_t asid;
    std::uint64_t end() const { return address + length; }
    bool operator<(const Range& o) const {
      return asid != o.asid ? asid < o.asid : address < o.address;
    }
  };
  /// Ranges in the order of space and address, once sorted; posts mostly come in that order.
  struct Posted {
    std::vector<Range> ranges;
    std::uint64_t longest = 0;  ///< no range begins farther before a byte that it holds
    bool sorted = true;
  };
  static bool covers(const Posted& posted, const sim::TraceEvent& event);
  static std::uint64_t reach(const Posted& posted, std::uint16_t asid, std::uint64_t at,
                             std::uint64_t enough);

  std::array<std::vector<Posted>, kMonitoredNodes> posted_;  ///< by connection
};

}  // namespace vctoe::scenario
