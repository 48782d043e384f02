// The host's part of the exchange with a NIC that sends from virtual memory (specification FIG. 5,
// host 130): what somebody on the host has to do, whoever it is.
#pragma once

#include <cstdint>

#include "models/nic/rings.h"
#include "sw/driver/driver_connection.h"

namespace vctoe::driver {

class HostSide {
 public:
  virtual ~HostSide() = default;
  /// The NIC asks for a block of a stream, or for the page of a context record: finds out where it
  /// lies and has it pinned, or pushes its bytes, and answers; with an error what was not posted.
  /// Does not block. There must be room in the table of outstanding requests.
  virtual void take(const nic::RequestEntry& request) = 0;
  /// The NIC has pinned the pages of a request itself. False if `txn` is no such request.
  virtual bool pinned_by_nic(sim::TxnId txn) = 0;
  /// The NIC is through with the answer to a request: unpins it. May block. False if `txn` is no
  /// request that was answered with physical addresses.
  virtual bool released(sim::TxnId txn) = 0;
  /// The connection is over: what is asked for it from now on is refused. What it has pinned stays
  /// so until it is released.
  virtual void ended(DriverConnection& connection) = 0;
  /// Something is still to be done that nobody on the NIC waits for.
  virtual bool busy() const = 0;
};

}  // namespace vctoe::driver
