#include "models/host/remote_memory.h"

namespace vctoe::host {

sim::Time RemoteMemory::line_time(std::uint64_t bytes) const {
  const std::uint64_t frames = (bytes + params_.mtu.n - 1) / params_.mtu.n;
  return params_.rate.time_for(bytes + frames * params_.frame_overhead.n);
}

sim::Time RemoteMemory::send(Bookings& line, std::uint64_t bytes, sim::Time at) {
  const sim::Time span = line_time(bytes);
  return line.book(at, span) + span + params_.round_trip / 2;
}

sim::Time RemoteMemory::serve(const DiskAccess& access, sim::Time at) {
  const std::uint64_t message = params_.message.n;
  const sim::Time arrived = send(there_, access.write ? message + access.length : message, at);
  const sim::Time served = server_.book(arrived, params_.server) + params_.server;
  return send(back_, access.write ? message : message + access.length, served);
}

}  // namespace vctoe::host
