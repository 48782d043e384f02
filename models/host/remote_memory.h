// Swap space in the memory of a second host, over a storage network of its own.
#pragma once

#include "models/host/bookings.h"
#include "models/host/disk_model.h"

namespace vctoe::host {

/// A read is a request there, the server, and the data back; a write is the data there, the server,
/// and an answer. Frames of one direction go one behind the other; the server takes one message at
/// a time. Nothing is lost on the way.
class RemoteMemory : public DiskModel {
 public:
  explicit RemoteMemory(const RemoteMemoryParams& params) : params_(params) {}
  std::size_t depth() const override { return params_.queue_depth; }
  sim::Time serve(const DiskAccess& access, sim::Time at) override;

  /// Time on the line of a message of `bytes`, in frames of at most the network's payload.
  sim::Time line_time(std::uint64_t bytes) const;

 private:
  sim::Time send(Bookings& line, std::uint64_t bytes, sim::Time at);

  RemoteMemoryParams params_;
  Bookings there_, back_, server_;
};

}  // namespace vctoe::host
