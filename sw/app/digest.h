// SHA-256 of a stream, to compare what arrived with what was sent. A library of its own, without
// SystemC: for whatever needs one.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace vctoe::app {

class Digest {
 public:
  Digest();
  ~Digest();
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;

  void add(const void* bytes, std::size_t n);
  /// Lower-case hexadecimal; nothing may be added afterwards.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vctoe::app
