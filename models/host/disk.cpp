#include "models/host/disk.h"

#include <cstring>
#include <utility>

#include "models/host/hdd.h"
#include "models/host/remote_memory.h"
#include "models/host/ssd.h"

namespace vctoe::host {

std::unique_ptr<DiskModel> make_disk_model(const sim::Context& ctx, const DiskParams& params,
                                           std::string_view name) {
  switch (params.kind) {
    case DiskKind::kHdd:
      return std::make_unique<Hdd>(params.hdd);
    case DiskKind::kSata:
      return std::make_unique<SataSsd>(params.sata);
    case DiskKind::kNvme:
      return std::make_unique<NvmeSsd>(params.nvme, ctx.seed, name);
    case DiskKind::kNetwork:
      return std::make_unique<RemoteMemory>(params.network);
    case DiskKind::kNone:
      break;
  }
  return nullptr;
}

void Disk::Stats::declare(sim::StatList& list) const {
  list.add("reads", reads, "1", "read requests completed");
  list.add("writes", writes, "1", "write requests completed");
  list.add("bytes_read", bytes_read, "B", "bytes read");
  list.add("bytes_written", bytes_written, "B", "bytes written");
  list.add("queue", queue, "1", "requests waiting or in service");
  list.add("read_ns", read_ns, "ns", "time of a read in queue and service");
  list.add("write_ns", write_ns, "ns", "time of a write in queue and service");
  list.add_stalls("state", state);
}

Disk::Disk(const sc_core::sc_module_name& name, sim::Context& ctx, const DiskParams& params)
    : sc_module(name),
      model_(make_disk_model(ctx, params, this->name())),
      completions_([this](Request& r) { complete(r); }) {
  if (model_ == nullptr) return;
  const std::uint64_t most = model_->capacity();
  if (most != 0 && params.capacity.n > most) {
    sim::user_error("disk.capacity " + std::to_string(params.capacity.n) +
                    " exceeds what the device holds, " + std::to_string(most) + " bytes");
  }
  store_ = std::make_unique<LazyBytes>(params.capacity.n);
}

std::uint8_t* Disk::bytes(std::uint64_t offset, std::uint64_t length) {
  sim::ensure(store_ != nullptr, "disk: there is no device (disk.kind = none)");
  sim::ensure(store_->contains(offset, length), "disk: access outside the device");
  return store_->data() + offset;
}

void Disk::write_dbg(std::uint64_t offset, const void* data, std::uint64_t length) {
  std::memcpy(bytes(offset, length), data, length);
}

void Disk::read_dbg(std::uint64_t offset, void* data, std::uint64_t length) const {
  std::memcpy(data, const_cast<Disk*>(this)->bytes(offset, length), length);
}

void Disk::submit(const DiskAccess& access, Done done) {
  bytes(access.offset, access.length);  // checks that it lies inside
  stats_.queue.add(1, sim::now());
  waiting_.push_back(access);
  requests_.push_back({access, sim::now(), std::move(done)});
  dispatch();
}

void Disk::dispatch() {
  while (!waiting_.empty() && in_service_ < model_->depth()) {
    const auto index = static_cast<std::ptrdiff_t>(model_->pick(waiting_));
    const sim::Time at = model_->serve(waiting_[static_cast<std::size_t>(index)], sim::now());
    completions_.push(at, std::move(requests_[static_cast<std::size_t>(index)]));
    waiting_.erase(waiting_.begin() + index);
    requests_.erase(requests_.begin() + index);
    ++in_service_;
  }
  note_state();
}

void Disk::complete(Request& request) {
  --in_service_;
  stats_.queue.sub(1, sim::now());
  const std::uint64_t ns = (sim::now() - request.submitted).ps / 1000;
  if (request.access.write) {
    ++stats_.writes;
    stats_.bytes_written += request.access.length;
    stats_.write_ns.record(ns);
  } else {
    ++stats_.reads;
    stats_.bytes_read += request.access.length;
    stats_.read_ns.record(ns);
  }
  dispatch();
  if (request.done) request.done();
}

void Disk::note_state() {
  DiskState state = DiskState::kIdle;
  if (in_service_ > 0) state = waiting_.empty() ? DiskState::kBusy : DiskState::kSaturated;
  if (state != stats_.state.reason()) stats_.state.enter(state, sim::now());
}

void Disk::settle() {
  stats_.queue.settle(sim::now());
  stats_.state.settle(sim::now());
  stats_.state.check_sum(sim::now());
}

}  // namespace vctoe::host
