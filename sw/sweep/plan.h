// plan.jsonl: all points of a sweep, and all that is needed to run them. docs/sweep.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sw/sweep/expand.h"

namespace vctoe::sweep {

constexpr int kPlanVersion = 1;

struct Point {
  std::size_t index = 0;
  std::string scheme;
  std::string seed;
  std::string hash;  ///< of its whole configuration
  Settings set;      ///< what differs from the base, and the axes
};

struct PlanHead {
  std::string program;  ///< "vctoe 0.1.0"
  std::string build;    ///< of it, as a hash; empty when unknown
  std::string title;
  std::string question;  ///< that the sweep is to answer; may be empty
  std::size_t points = 0;
  std::vector<std::string> axes;  ///< parameters; `schemes` and `seed` are not among them
  std::vector<Objective> objectives;
  std::vector<std::string> record;
  Settings base;  ///< every parameter
};

/// The text of plan.jsonl.
std::string head_line(const PlanHead& head);
std::string point_line(const Point& point);

class Plan {
 public:
  /// Throws sim::Error(kUser) when there is none, or one of another version or program.
  static Plan read(const std::string& folder, const std::string& program);

  const PlanHead& head() const { return head_; }
  std::size_t size() const { return lines_.size(); }
  Point point(std::size_t index) const;
  /// SHA-256 of the file.
  const std::string& id() const { return id_; }

 private:
  PlanHead head_;
  std::vector<std::string> lines_;
  std::string id_;
};

/// Writes it and waits until the disk has it; the same plan again is fine, another one is not:
/// sim::Error(kUser). False when it was there already.
bool write_plan(const std::string& folder, const std::string& text);

/// SHA-256 of the present values of all parameters.
std::string configuration_hash(const sim::ParamList& list);

/// Gives every parameter the value that it has at this point, its scheme in `schemes`. Throws
/// sim::Error(kUser) when this program has other parameters than the one that planned.
void apply(const Plan& plan, const Point& point, const Design& design);

}  // namespace vctoe::sweep
