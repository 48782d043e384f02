// One connection of the TOE transport.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <systemc>

#include "models/nic/toe/stack_types.h"
#include "sw/driver/nic_driver.h"
#include "sw/socket/transport.h"

namespace vctoe::socket {

/// Follows the connection's completions; threads wait for `changed`.
class ToeSocket : public driver::ConnectionClient {
 public:
  enum class State : std::uint8_t { kOpening, kOpen, kGone };

  explicit ToeSocket(Asid process) : process_(process) {}

  Asid process() const { return process_; }
  State state() const { return state_; }
  bool peer_closed() const { return peer_closed_; }
  /// How the connection ended; kOk while it has not, or orderly.
  Status end() const { return end_; }

  /// Notes a list of a post.
  void add_list(PostId post, sim::TxnId list) { lists_[list] = post, ++pending_[post]; }
  /// Every list of the post is acknowledged.
  bool acknowledged(PostId post) const { return pending_.count(post) == 0; }
  bool has_pending() const { return !pending_.empty(); }
  bool waits_for_peer() const { return !accepted && object.remote_port == 0; }

  /// Bytes received in order since the start.
  std::uint64_t received() const { return received_; }
  /// What lies together from the first byte not consumed.
  VirtualRange readable() const;
  std::uint64_t consumed() const { return object.received; }
  /// As Readiness has them.
  std::uint64_t urgent() const { return urgent_; }
  std::uint64_t advices() const { return advices_; }
  toe::Advice advice() const { return advice_; }

  SocketObject object;
  driver::ConnectionId id = 0;
  VirtualRange buffer;                           ///< circle of received bytes
  std::uint64_t told = 0;                        ///< consumed bytes that the NIC knows of
  std::uint64_t list_limit = ~std::uint64_t{0};  ///< longest list that was not too large
  bool shut = false;
  bool released = false;            ///< the connection id is the driver's again
  bool accepted = false;            ///< handed out by accept(), or actively opened
  bool listens = false;             ///< its id is one of a listener that lasts
  bool forgotten = false;           ///< the application is through with the object
  std::function<void()> on_change;  ///< told of every change, beside `changed`
  driver::Lock posting;
  sc_core::sc_event changed;

 private:
  void completed(const nic::CompletionEntry& entry) override;

  Asid process_;
  State state_ = State::kOpening;
  Status end_ = Status::kOk;
  bool peer_closed_ = false;
  std::uint64_t received_ = 0;
  std::uint64_t urgent_ = 0;
  std::uint64_t advices_ = 0;
  toe::Advice advice_{};
  std::map<sim::TxnId, PostId> lists_;       // not acknowledged
  std::map<PostId, std::uint64_t> pending_;  // their number by post
};

}  // namespace vctoe::socket
