// A line on the terminal that says how far a longer run is.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace vctoe::cli {

class Progress {
 public:
  explicit Progress(std::vector<std::string> names);
  /// Clears the line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Draws on stderr, from two seconds after the start and five times a second.
  void update(const std::vector<double>& fractions);
  /// The line for these fractions after `elapsed_s`, without the control characters.
  std::string line(const std::vector<double>& fractions, double elapsed_s) const;

 private:
  using Clock = std::chrono::steady_clock;
  std::vector<std::string> names_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point drawn_;
  bool visible_ = false;
};

}  // namespace vctoe::cli
