// Traffic without end across the link of a bench.
#pragma once

#include <vector>

#include "tb/unit/pcie/bench.h"

namespace vctoe::pcie::test {

/// What a device does to a host's memory.
enum class Load { kWrite, kRead, kDuplex };

/// Keeps `window` operations of `size` bytes outstanding; one is a write, a read, or both at once.
class Generator {
 public:
  Generator(Bench& bench, Load load, std::uint64_t size, std::uint64_t window)
      : bench_(bench), load_(load), size_(size), parts_left_(window), data_(8192) {
    bench_.host.logging = false;
    bench_.device.keep_answers = false;
    bench_.device.on_answer = [this](const test::Device::Answer& a) { answered(a); };
  }

  void start() {
    for (std::uint64_t i = 0; i < parts_left_.size(); ++i) start(i);
  }
  /// What is under way still comes to its end.
  void stop() { running_ = false; }
  /// Operations that have ended.
  std::uint64_t done() const { return done_; }

  /// Gb/s of payload in each direction, between the first and the last third of the run.
  double measure(std::uint64_t operations) {
    start();
    while (done_ < operations / 3) bench_.run(sim::Time::from_ns(100));
    const std::uint64_t from = done_;
    const sim::Time since = last_;
    while (done_ < operations) bench_.run(sim::Time::from_ns(100));
    return static_cast<double>((done_ - from) * size_ * 8) / (last_ - since).ns();
  }

 private:
  void start(std::uint64_t slot) {
    bench_.device.ext.txn = slot;
    parts_left_[slot] = load_ == Load::kDuplex ? 2 : 1;
    const std::uint64_t address = (started_++ % 128) * 4096;  // aligned, as pcie-model assumes
    if (load_ != Load::kRead) bench_.device.write(address, data_.data(), size_);
    if (load_ != Load::kWrite) bench_.device.read(address, data_.data(), size_);
  }
  void answered(const test::Device::Answer& a) {
    if (--parts_left_[a.id] > 0) return;
    ++done_;
    last_ = sim::now();
    if (running_) start(a.id);
  }

  Bench& bench_;
  Load load_;
  std::uint64_t size_;
  std::vector<unsigned> parts_left_;
  std::vector<unsigned char> data_;
  std::uint64_t started_ = 0;
  std::uint64_t done_ = 0;
  sim::Time last_;
  bool running_ = true;
};

}  // namespace vctoe::pcie::test
