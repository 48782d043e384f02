#include "sw/bridge/wire.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "models/net/ethernet.h"
#include "models/net/headers.h"

namespace vctoe::bridge {

namespace {
constexpr sim::BitRate kLine = sim::BitRate::gbps(10);

std::uint64_t ns(sim::Time t) {
  return t.ps / 1000;
}

net::LinkParams with_rate(net::LinkParams params) {
  if (params.rate == sim::BitRate{0}) params.rate = kLine;
  return params;
}
}  // namespace

std::size_t Wire::Frame::size() const {
  return frame->size - net::kFcsBytes;
}

Wire::Wire(const net::LinkParams& params, std::uint64_t seed, const std::string& name,
           std::size_t most)
    : params_(with_rate(params)), most_(most), impairment_(params, seed, name) {}

void Wire::put(const std::uint8_t* frame, std::size_t n, std::uint64_t at) {
  ++stats_.frames;
  net::FramePtr f = pool_.get();
  const std::size_t padded = std::max<std::size_t>(n, net::kMinFrameBytes - net::kFcsBytes);
  std::memcpy(f->bytes.data(), frame, n);
  std::memset(f->bytes.data() + n, 0, padded - n);
  f->size = static_cast<std::uint32_t>(padded) + net::kFcsBytes;
  net::set_fcs(*f);
  const net::Fate fate = impairment_.next(*f);
  stats_.lost += fate.lost ? 1 : 0;
  if (fate.lost) return;
  if (line_.size() >= most_) {
    ++stats_.overflowed;
    return;
  }
  stats_.corrupted += fate.corrupted ? 1 : 0;
  stats_.duplicated += fate.duplicated ? 1 : 0;
  stats_.reordered += fate.reordered ? 1 : 0;
  if (fate.corrupted) f = impairment_.corrupt(*f);
  std::uint64_t arrives = at + ns(params_.delay) + ns(fate.extra);
  if (!fate.reordered) arrives = std::max(arrives, last_);
  if (fate.duplicated) fly(f, arrives);
  const std::uint64_t end = fly(std::move(f), arrives);
  if (!fate.reordered) last_ = end;
}

/// In the first gap of the line that ends no sooner than `at`; where it ends.
std::uint64_t Wire::fly(net::FramePtr frame, std::uint64_t at) {
  const std::uint64_t takes = ns(params_.rate.time_for(net::wire_bytes(frame->size)));
  std::uint64_t end = at;
  for (auto next = line_.lower_bound(at - std::min(at, takes)); next != line_.end(); ++next) {
    if (next->second.begins >= end) break;
    end = std::max(end, next->first + takes);
  }
  line_.emplace(end, Flight{std::move(frame), end - std::min(end, takes)});
  return end;
}

std::optional<Wire::Frame> Wire::take(std::uint64_t now) {
  if (next() > now) return {};
  const auto first = line_.begin();
  Frame frame{first->first, std::move(first->second.frame)};
  line_.erase(first);
  return frame;
}

}  // namespace vctoe::bridge
