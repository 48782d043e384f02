// A disk: real bytes, a queue before the medium, and the times of one of the device models.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <systemc>

#include "models/host/disk_model.h"
#include "models/host/lazy_bytes.h"
#include "models/sim/event_queue.h"
#include "models/sim/stats.h"

namespace vctoe::host {

/// What the disk is doing. kSaturated: as many requests as the device works on at once, and more
/// wait.
enum class DiskState : std::uint8_t { kIdle, kBusy, kSaturated };

}  // namespace vctoe::host

template <>
struct vctoe::sim::EnumNames<vctoe::host::DiskState> {
  static constexpr std::string_view kNames[] = {"idle", "busy", "saturated"};
};

namespace vctoe::host {

class Disk : public sc_core::sc_module {
 public:
  struct Stats {
    std::uint64_t reads = 0;
    std::uint64_t writes = 0;
    std::uint64_t bytes_read = 0;
    std::uint64_t bytes_written = 0;
    sim::Level queue;
    sim::Histogram read_ns;
    sim::Histogram write_ns;
    sim::StallAccount<DiskState> state;
    void declare(sim::StatList& list) const;
  };
  /// Called at the completion, from a method process.
  using Done = std::function<void()>;

  Disk(const sc_core::sc_module_name& name, sim::Context& ctx, const DiskParams& params);

  /// Queues an access; only its time passes here. Must lie inside.
  void submit(const DiskAccess& access, Done done);

  /// Bytes of the swap area; 0 without a device.
  std::uint64_t capacity() const { return store_ == nullptr ? 0 : store_->size(); }
  /// The bytes themselves, untimed: what the controller moves at a completion, and what a loader or
  /// a checker puts in or looks at.
  void write_dbg(std::uint64_t offset, const void* data, std::uint64_t length);
  void read_dbg(std::uint64_t offset, void* data, std::uint64_t length) const;
  /// Pointer to the stored bytes, contiguous to the end.
  std::uint8_t* bytes(std::uint64_t offset, std::uint64_t length);
  std::uint64_t resident() const { return store_ == nullptr ? 0 : store_->resident(); }

  /// Requests waiting or in service.
  std::uint64_t pending() const { return stats_.queue.value(); }
  const Stats& stats() const { return stats_; }
  /// Brings levels and states up to the present; before statistics are printed.
  void settle();

 private:
  struct Request {
    DiskAccess access;
    sim::Time submitted;
    Done done;
  };
  void dispatch();
  void complete(Request& request);
  void note_state();

  std::unique_ptr<DiskModel> model_;
  std::unique_ptr<LazyBytes> store_;
  std::deque<DiskAccess> waiting_;  // what the model may choose from, oldest first
  std::deque<Request> requests_;    // the same, with their callbacks
  std::size_t in_service_ = 0;
  Stats stats_;
  sim::EventQueue<Request> completions_;
};

}  // namespace vctoe::host
