// What the kinds of disk have in common: how many requests one works on, which comes next, and how
// long each takes. Bytes, queue and statistics are host::Disk's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>

#include "models/host/disk_params.h"
#include "models/sim/trace.h"

namespace vctoe::host {

/// One access of the medium, in bytes from its start.
struct DiskAccess {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  bool write = false;
};

class DiskModel {
 public:
  DiskModel() = default;
  DiskModel(const DiskModel&) = delete;
  DiskModel& operator=(const DiskModel&) = delete;
  virtual ~DiskModel() = default;

  /// Requests that the device works on at once; further ones wait in order of arrival.
  virtual std::size_t depth() const = 0;
  /// Largest store that the device can hold; 0: no limit of its own.
  virtual std::uint64_t capacity() const { return 0; }
  /// Which of the waiting requests (at least one, oldest first) to start next.
  virtual std::size_t pick(const std::deque<DiskAccess>& /*waiting*/) { return 0; }
  /// Starts the access at `at` and returns when it is done. Called in order of `at`.
  virtual sim::Time serve(const DiskAccess& access, sim::Time at) = 0;
};

/// The model for `params.kind`; nullptr for kNone.
std::unique_ptr<DiskModel> make_disk_model(const sim::Context& ctx, const DiskParams& params,
                                           std::string_view name);

}  // namespace vctoe::host
