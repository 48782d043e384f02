#include "models/host/ssd.h"

#include <algorithm>

#include "models/sim/error.h"

namespace vctoe::host {

sim::Time SataSsd::serve(const DiskAccess& access, sim::Time at) {
  const sim::Time transfer = params_.link_rate.time_for(access.length);
  const auto unit = std::min_element(units_.begin(), units_.end());
  if (access.write) {
    const sim::Time arrived = link_.book(at, transfer) + transfer;
    *unit = sim::max(*unit, arrived) + params_.write_latency;
    return *unit;
  }
  *unit = sim::max(*unit, at) + params_.read_latency;
  return link_.book(*unit, transfer) + transfer;
}

NvmeSsd::NvmeSsd(const NvmeParams& params, std::uint64_t seed, std::string_view name)
    : params_(params),
      rng_(seed, name),
      units_(params.channels * params.luns_per_channel),
      channels_(params.channels) {
  if (params.nand_read_jitter > params.nand_read) {
    sim::user_error("disk.nvme: nand_read_jitter must not exceed nand_read");
  }
}

sim::Time NvmeSsd::serve(const DiskAccess& access, sim::Time at) {
  return access.write ? write(access, at) : read(access, at);
}

sim::Time NvmeSsd::nand_time() {
  const double offset = (2 * rng_.uniform() - 1) * params_.nand_read_jitter.ns();
  return sim::Time::from_ns_f(params_.nand_read.ns() + offset);
}

sim::Time NvmeSsd::read(const DiskAccess& access, sim::Time at) {
  const std::uint64_t end = access.offset + access.length;
  sim::Time done = at;
  for (std::uint64_t from = access.offset; from < end;) {
    const std::uint64_t page = from / params_.page.n;
    const std::uint64_t to = std::min(end, (page + 1) * params_.page.n);
    done = sim::max(done, read_page(page, to - from, at + params_.firmware_read));
    from = to;
  }
  return done;
}

sim::Time NvmeSsd::read_page(std::uint64_t page, std::uint64_t bytes, sim::Time at) {
  const std::size_t unit = page % units_.size();
  const sim::Time sense = nand_time();
  sim::Time t = units_[unit].book(at, sense) + sense;
  const sim::Time on_channel = params_.channel_rate.time_for(bytes);
  t = channels_[unit % channels_.size()].book(t, on_channel) + on_channel;
  const sim::Time on_link = params_.link_rate.time_for(bytes);
  return link_.book(t, on_link) + on_link;
}

sim::Time NvmeSsd::write(const DiskAccess& access, sim::Time at) {
  const sim::Time on_link = params_.link_rate.time_for(access.length);
  const sim::Time arrived = link_.book(at, on_link) + on_link;
  const sim::Time begin = room_for(access.length, arrived);
  buffered_ += access.length;
  unprogrammed_ += access.length;
  start_programs(begin);
  const std::uint64_t pages = (access.length + params_.page.n - 1) / params_.page.n;
  return begin + params_.write_buffer + params_.write_page * pages;
}

// When the buffer has room for `bytes`, at `at` or later. A write larger than the buffer needs it
// empty but for what cannot be programmed yet.
sim::Time NvmeSsd::room_for(std::uint64_t bytes, sim::Time at) {
  while (!programs_.empty()) {
    const Program& oldest = programs_.front();
    if (oldest.done > at && buffered_ + bytes <= params_.buffer.n) break;
    at = sim::max(at, oldest.done);
    buffered_ -= oldest.bytes;
    programs_.pop_front();
  }
  return at;
}

void NvmeSsd::start_programs(sim::Time at) {
  while (unprogrammed_ >= params_.program_unit.n) {
    const sim::Time done = units_[next_unit_].book(at, params_.program) + params_.program;
    next_unit_ = (next_unit_ + 1) % units_.size();
    unprogrammed_ -= params_.program_unit.n;
    const Program program{done, params_.program_unit.n};
    const auto later = std::upper_bound(programs_.begin(), programs_.end(), program,
                                        [](auto& a, auto& b) { return a.done < b.done; });
    programs_.insert(later, program);
  }
}

}  // namespace vctoe::host
