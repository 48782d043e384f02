#include "tb/peers/seeded_wire.h"

#include <algorithm>
#include <cstring>

#include "models/net/ethernet.h"
#include "models/net/headers.h"

namespace vctoe::peers {

namespace {
constexpr std::uint64_t kGbps = 10;

std::uint64_t ns(sim::Time t) {
  return t.ps / 1000;
}
}  // namespace

SeededWire::SeededWire(const net::LinkParams& params, std::uint64_t seed)
    : params_(params),
      impairment_{net::Impairment(params, seed, "wire.from_toe"),
                  net::Impairment(params, seed, "wire.from_peer")} {}

void SeededWire::send(Side from, const std::uint8_t* frame, std::size_t n, std::uint64_t at) {
  const Side to = from == kToe ? kPeer : kToe;
  net::FramePtr f = pool_.get();
  const std::size_t padded = std::max<std::size_t>(n, net::kMinFrameBytes - net::kFcsBytes);
  std::memcpy(f->bytes.data(), frame, n);
  std::memset(f->bytes.data() + n, 0, padded - n);
  f->size = static_cast<std::uint32_t>(padded) + net::kFcsBytes;
  net::set_fcs(*f);
  ++counts_.frames;
  const net::Fate fate = impairment_[from].next(*f);
  counts_.lost += fate.lost ? 1 : 0;
  if (fate.lost) return;
  counts_.corrupted += fate.corrupted ? 1 : 0;
  counts_.duplicated += fate.duplicated ? 1 : 0;
  counts_.reordered += fate.reordered ? 1 : 0;
  if (fate.corrupted) f = impairment_[from].corrupt(*f);
  std::uint64_t arrives = at + ns(params_.delay) + ns(fate.extra);
  if (!fate.reordered) arrives = last_[from] = std::max(arrives, last_[from]);
  if (fate.duplicated) fly(to, f, arrives);
  fly(to, std::move(f), arrives);
}

/// In the first gap of the line to `to` that ends no sooner than `at`.
void SeededWire::fly(Side to, net::FramePtr frame, std::uint64_t at) {
  const std::uint64_t takes = net::wire_bytes(frame->size) * 8 / kGbps;
  auto& line = flying_[to];
  std::uint64_t end = at;
  for (auto next = line.lower_bound(at - std::min(at, takes)); next != line.end(); ++next) {
    if (next->second.begins >= end) break;
    end = std::max(end, next->first + takes);
  }
  line.emplace(end, Flight{std::move(frame), end - std::min(end, takes)});
}

std::uint64_t SeededWire::next() const {
  std::uint64_t first = ~std::uint64_t{0};
  for (const auto& line : flying_) {
    if (!line.empty()) first = std::min(first, line.begin()->first);
  }
  return first;
}

void SeededWire::deliver(std::uint64_t now) {
  for (const Side to : {kToe, kPeer}) {
    auto& line = flying_[to];
    while (!line.empty() && line.begin()->first <= now) {
      const Flight flight = std::move(line.begin()->second);
      line.erase(line.begin());
      arrived_[to](flight.frame->bytes.data(), flight.frame->size - net::kFcsBytes);
    }
  }
}

}  // namespace vctoe::peers
