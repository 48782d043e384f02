#include "sw/bridge/bridge.h"

#include <poll.h>
#include <sys/resource.h>

#include <algorithm>
#include <ctime>

namespace vctoe::bridge {

namespace {
constexpr std::size_t kLargestFrame = 9216;
constexpr std::uint64_t kNever = ~std::uint64_t{0};
constexpr std::uint64_t kLongestWait = 20'000'000;  // ns: done() is asked that often
constexpr std::uint64_t kStart = 2'000'000;         // ns: the host loads its driver
constexpr int kFramesAtOnce = 64;                   // before time goes on
}  // namespace

void hurry() {
  constexpr int kMuch = -15;
  setpriority(PRIO_PROCESS, 0, kMuch);
}

Bridge::Bridge(toe_tb* host, Device& device, const net::LinkParams& wire, std::uint64_t seed,
               double speed)
    : host_(host),
      device_(device),
      to_host_(wire, seed, "wire.to_host"),
      to_device_(wire, seed, "wire.to_device"),
      speed_(speed),
      start_(Clock::now()),
      first_(toe_tb_now(host)),
      buffer_(kLargestFrame) {}

/// Where simulated time should be.
std::uint64_t Bridge::now() const {
  const auto real = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start_);
  return first_ + static_cast<std::uint64_t>(static_cast<double>(real.count()) * speed_);
}

void Bridge::run(const std::function<bool()>& done) {
  advance(toe_tb_now(host_) + kStart);
  start_ = Clock::now();
  first_ = toe_tb_now(host_);
  while (!done()) round();
}

/// What was due some time ago came too late by so much.
void Bridge::note_lag(std::uint64_t due) {
  const std::uint64_t at = now();
  if (due >= at) return;
  const auto lag = static_cast<std::uint64_t>(static_cast<double>(at - due) / speed_);
  if (lag <= stats_.max_lag_ns) return;
  stats_.max_lag_ns = lag;
  stats_.max_lag_at_ns = at;
}

void Bridge::round() {
  ++stats_.rounds;
  note_lag(next_due());
  const bool more = read_device();
  const std::uint64_t until = now();
  advance(until);
  collect();
  write_device(until);
  note_lag(until);  // what the model needed for it
  at_once_ = serve() || more;
  if (!at_once_) wait(next_due());
}

/// Frames from the device enter the wire when they are read.
bool Bridge::read_device() {
  for (int i = 0; i < kFramesAtOnce; ++i) {
    const std::size_t n = device_.read(buffer_.data(), buffer_.size());
    if (n == 0) return false;
    ++stats_.frames_in;
    to_host_.put(buffer_.data(), n, now());
  }
  return true;
}

void Bridge::advance(std::uint64_t to) {
  while (auto frame = to_host_.take(to)) {
    toe_tb_run_until(host_, std::max(frame->due, toe_tb_now(host_)), 0);
    if (toe_tb_wire_in(host_, frame->data(), frame->size()) < 0) ++stats_.refused;
  }
  if (to > toe_tb_now(host_)) toe_tb_run_until(host_, to, 0);
}

void Bridge::collect() {
  std::uint64_t at = 0;
  for (;;) {
    const int n = toe_tb_wire_out(host_, buffer_.data(), buffer_.size(), &at);
    if (n <= 0) return;
    to_device_.put(buffer_.data(), static_cast<std::size_t>(n), at);
  }
}

void Bridge::write_device(std::uint64_t now) {
  while (auto frame = to_device_.take(now)) {
    ++stats_.frames_out;
    if (!device_.write(frame->data(), frame->size())) ++stats_.refused;
  }
}

bool Bridge::serve() {
  bool busy = false;
  for (Service* service : services_) busy |= service->step(host_);
  return busy;
}

std::uint64_t Bridge::next_due() const {
  const std::uint64_t wires = std::min(to_host_.next(), to_device_.next());
  return at_once_ ? kNever : std::min(wires, toe_tb_next_event(host_));
}

/// Until then, or a frame, or a signal.
void Bridge::wait(std::uint64_t until) const {
  const std::uint64_t at = now();
  if (until <= at) return;
  const double real = static_cast<double>(until - at) / speed_;
  const auto ns = static_cast<std::uint64_t>(std::min(real, double{kLongestWait}));
  const timespec timeout{static_cast<time_t>(ns / 1'000'000'000),
                         static_cast<long>(ns % 1'000'000'000)};
  pollfd readable{device_.fd(), POLLIN, 0};
  ppoll(&readable, 1, &timeout, nullptr);
}

Bridge::Stats Bridge::stats() const {
  Stats s = stats_;
  s.to_host = to_host_.stats();
  s.to_device = to_device_.stats();
  return s;
}

}  // namespace vctoe::bridge
