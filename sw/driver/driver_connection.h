// What the driver knows of a connection.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "models/nic/rings.h"
#include "sw/driver/driver_params.h"
#include "sw/driver/outstanding.h"
#include "sw/driver/posted_ranges.h"
#include "sw/driver/sync.h"

namespace vctoe::driver {

using ConnectionId = std::uint32_t;

/// Is told what happens to a connection. Does not block.
class ConnectionClient {
 public:
  virtual ~ConnectionClient() = default;
  /// Every completion that names the connection, after the driver has done its own part: pins of a
  /// completed post are gone, its pages are the application's again.
  virtual void completed(const nic::CompletionEntry& entry) = 0;
};

/// A list handed to the NIC and what has to be undone when it is completed.
struct PostRecord {
  sim::TxnId txn = 0;
  ConnectionId connection = 0;
  kernel::Asid asid = 0;
  std::vector<VirtualRange> ranges;
  std::uint64_t length = 0;
  std::vector<std::uint64_t> records;  ///< places of its context records
  std::vector<kernel::PinToken> pins;
  std::uint64_t pinned_bytes = 0;  ///< of the budget for posts
  ScatterArea::Run list;
  Gatherer::Copy copy;  ///< where the NIC reads from one
  bool guarded = false;
};

/// Memory into which everything that a connection posts is copied (scheme.circular).
struct CopyRing {
  Gatherer::Copy memory;    ///< none until the first post
  std::uint64_t begin = 0;  ///< copied bytes that are acknowledged
  std::uint64_t end = 0;    ///< copied bytes
};

enum class ConnectionState : std::uint8_t {
  kFree,
  kReserved,  ///< has an owner, not established
  kOpen,
  kGone  ///< ended; the owner has not given it back yet
};

struct DriverConnection {
  ConnectionState state = ConnectionState::kFree;
  kernel::Asid asid = 0;
  ConnectionClient* client = nullptr;
  std::uint32_t next_sequence = 0;  ///< of the next byte to be posted
  Lock posting;                     ///< posts keep the order of the calls
  PostedRanges posted;
  std::deque<PostRecord> posts;  ///< given to the NIC, not acknowledged
  bool closing = false;          ///< nothing more will be posted
  CopyRing ring;
  kernel::PinToken receive_pin = 0;
  std::uint64_t receive_bytes = 0;
  std::uint64_t consumed = 0;     ///< received bytes that the NIC was told of
  ScatterArea::Run receive_list;  ///< until the NIC is known to have read it
};

/// All connections that the driver may have; each takes room from its first use on.
class ConnectionTable {
 public:
  explicit ConnectionTable(std::size_t size) : connections_(size) {}

  std::size_t size() const { return connections_.size(); }
  DriverConnection& operator[](ConnectionId id) {
    if (!connections_[id]) connections_[id] = std::make_unique<DriverConnection>();
    return *connections_[id];
  }
  /// Of a connection that has been used.
  const DriverConnection& at(ConnectionId id) const { return *connections_[id]; }
  ConnectionState state(ConnectionId id) const {
    return connections_[id] ? connections_[id]->state : ConnectionState::kFree;
  }

 private:
  std::vector<std::unique_ptr<DriverConnection>> connections_;
};

}  // namespace vctoe::driver
