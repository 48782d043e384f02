// The bytes that are sent: a file, or bytes made from the seed.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "models/sim/random.h"

namespace vctoe::scenario {

class Payload {
 public:
  /// `path` empty: `size` bytes from the seed. A file that cannot be read is a user error.
  Payload(const std::string& path, std::uint64_t size, std::uint64_t seed);

  std::uint64_t size() const { return size_; }
  /// The next `length` bytes of the stream, or what is left of it; in order, once.
  std::uint64_t read(std::uint8_t* to, std::uint64_t length);

 private:
  struct Close {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  std::uint64_t size_ = 0;
  std::uint64_t at_ = 0;
  sim::Rng rng_;
};

}  // namespace vctoe::scenario
