// Functional coverage: bins by name, merged over runs, and which of them nothing has hit.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "tb/cosim/pins.h"

namespace vctoe::cosim {

/// A bin that nothing can hit, and why.
struct Unreachable {
  const char* bin;
  const char* why;
  bool small_only = false;  ///< of the small parameter set
};

class Coverage {
 public:
  explicit Coverage(Set set);

  /// Throws std::logic_error for a bin that was not declared, or is said to be unreachable.
  void hit(const std::string& bin);
  std::vector<std::string> holes() const;
  std::size_t size() const { return bins_.size(); }
  Set set() const { return set_; }
  /// Bins that are not counted, with the proof.
  std::vector<Unreachable> unreachable() const;

  /// Adds what a file says of this parameter set, if there is one, and writes all of it back.
  /// Throws std::runtime_error when that cannot be done.
  void merge(const std::string& path);

 private:
  void declare();
  void add(const std::string& group, const std::vector<std::string>& names);

  Set set_;
  std::vector<std::string> order_;
  std::unordered_map<std::string, std::uint64_t> bins_;
};

}  // namespace vctoe::cosim
