#include "sw/bridge/wire.h"

#include <algorithm>

namespace vctoe::bridge {

namespace {
constexpr std::size_t kBesides = 24;  // FCS, preamble and gap
}  // namespace

Wire::Wire(const WireOptions& options, unsigned direction)
    : options_(options), state_(options.seed * 2 + direction) {}

/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), its upper 53 bits.
double Wire::draw() {
  state_ += 0x9e3779b97f4a7c15;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  z ^= z >> 31;
  return static_cast<double>(z >> 11) * 0x1p-53;
}

void Wire::put(const std::uint8_t* frame, std::size_t n, std::uint64_t now) {
  ++stats_.frames;
  // Three draws a frame, needed or not: the fate of those behind it does not depend on it.
  const bool lost = draw() < options_.loss;
  const bool late = draw() < options_.reorder;
  const double how_late = draw();
  if (lost) {
    ++stats_.lost;
    return;
  }
  if (under_way_.size() >= options_.queue) {
    ++stats_.overflowed;  // far more than what the windows of a thousand connections allow
    return;
  }
  const double bits = static_cast<double>(n + kBesides) * 8;
  free_ = std::max(now, free_) + static_cast<std::uint64_t>(bits / options_.rate);
  std::uint64_t due = free_ + options_.delay;
  if (late) {
    ++stats_.late;
    due += static_cast<std::uint64_t>(how_late * static_cast<double>(options_.late));
  }
  under_way_.push({{due, {frame, frame + n}}, order_++});
}

std::optional<Wire::Frame> Wire::take(std::uint64_t now) {
  if (next() > now) return {};
  Frame frame = top();
  under_way_.pop();
  return frame;
}

}  // namespace vctoe::bridge
