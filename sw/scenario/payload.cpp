#include "sw/scenario/payload.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "models/sim/error.h"

namespace vctoe::scenario {

namespace {
/// SplitMix64's output function: one number for each position, quick enough for gigabytes.
std::uint64_t mix(std::uint64_t n) {
  n *= 0x9e3779b97f4a7c15;
  n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9;
  n = (n ^ (n >> 27)) * 0x94d049bb133111eb;
  return n ^ (n >> 31);
}
}  // namespace

Payload::Payload(const std::string& path, std::uint64_t size, std::uint64_t seed)
    : path_(path), size_(size), start_(sim::Rng(seed, "payload").next()) {
  if (path.empty()) return;
  file_.reset(std::fopen(path.c_str(), "rb"));
  if (!file_ || std::fseek(file_.get(), 0, SEEK_END) != 0) {
    sim::user_error(path + ": cannot be read: " + std::strerror(errno));
  }
  size_ = static_cast<std::uint64_t>(std::ftell(file_.get()));
  std::rewind(file_.get());
}

std::uint64_t Payload::read(std::uint8_t* to, std::uint64_t length) {
  const std::uint64_t n = std::min(length, size_ - at_);
  if (file_) {
    if (std::fread(to, 1, n, file_.get()) != n) {
      sim::user_error(path_ + ": could not be read to its end");
    }
  } else {
    for (std::uint64_t i = 0; i < n; i += 8) {
      const std::uint64_t word = mix(start_ + (at_ + i) / 8);
      std::memcpy(to + i, &word, std::min<std::uint64_t>(8, n - i));
    }
  }
  at_ += n;
  return n;
}

}  // namespace vctoe::scenario
