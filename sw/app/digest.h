// SHA-256 of a stream, to compare what arrived with what was sent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace vctoe::app {

class Digest {
 public:
  Digest();
  ~Digest();
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;

  void add(const std::uint8_t* bytes, std::size_t n);
  /// Lower-case hexadecimal; nothing may be added afterwards.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vctoe::app
