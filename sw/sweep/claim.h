// Who runs a point: so that drivers on one folder share the work instead of doing it twice.
#pragma once

#include <cstddef>
#include <string>

namespace vctoe::sweep {

/// The right to write the result of a point, while this object and its process live: a lock on one
/// byte of DIR/lock, whose offset is the index. The kernel, or the file server, takes it back
/// however the process ends, so that none is ever left behind. Where the file system knows no
/// locks, or the disk is too full for an empty file, everybody has the right: then two drivers may
/// do a point twice, and come to the same result.
class Claim {
 public:
  Claim(const std::string& folder, std::size_t index);
  ~Claim();
  Claim(const Claim&) = delete;
  Claim& operator=(const Claim&) = delete;

  /// False: another process has it.
  bool held() const { return held_; }

 private:
  int fd_ = -1;
  bool held_ = true;
};

}  // namespace vctoe::sweep
