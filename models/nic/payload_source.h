// Where the bytes of a segment are: in blocks that the host has identified or pushed, in the
// scatter list of a post, or still in the packet buffer from the last time.
#pragma once

#include <cstdint>
#include <vector>

#include "models/nic/dma.h"
#include "models/nic/packet_buffer.h"
#include "models/nic/tx_job.h"

namespace vctoe::nic {

class PayloadSource {
 public:
  PayloadSource(const CoreParams& params, PacketBuffer& buffer)
      : params_(params), buffer_(buffer) {}

  /// Finds out where the bytes of the job are. False while the host has not said.
  bool resolve(Connection& connection, TxJob& job) const;
  /// Finds the bytes in blocks that are still pinned until acknowledged; false if they are not.
  static bool resolve_kept(Connection& connection, TxJob& job);
  /// The job takes over a retained segment's packet buffer if it is exactly the same segment.
  bool take_retained(Connection& connection, TxJob& job);
  /// Gives a resolved job packet buffer, also that of segments that `connection` has retained;
  /// false without room.
  bool give_buffer(Connection& connection, TxJob& job);
  /// The DMA read of a job that has buffer. Its scatter list is good until the next call; client
  /// and cookie are the caller's to set.
  DmaRequest read_of(Connection& connection, const TxJob& job);
  /// The payload as it goes into the frame.
  void copy(const TxJob& job, std::uint8_t* to) const;

 private:
  template <class Extents>
  static bool resolve_extents(TxJob& job, const Extents& extents);

  const CoreParams& params_;
  PacketBuffer& buffer_;
  std::vector<SgElement> scratch_;
};

}  // namespace vctoe::nic
