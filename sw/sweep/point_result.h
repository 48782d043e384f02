// What a point left: results/000/000012.json. docs/sweep.md.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sw/sweep/metrics.h"
#include "sw/sweep/plan.h"

namespace vctoe::sweep {

constexpr int kPointVersion = 1;

enum class State { kMissing, kOk, kFailed, kRefused, kBroken, kCrashed, kTimeout, kMemory };
constexpr State kAllStates[] = {State::kOk,      State::kFailed,  State::kRefused, State::kBroken,
                                State::kCrashed, State::kTimeout, State::kMemory,  State::kMissing};

const char* name_of(State state);
/// Another attempt would come to the same end.
bool is_final(State state);

struct PointResult {
  State state = State::kMissing;
  std::string reason;      ///< why it is not ok
  std::string last_words;  ///< the end of what it wrote, when it broke off
  double wall_s = 0;
  std::string build;            ///< of the program that ran it
  std::vector<Metric> metrics;  ///< empty when it broke off
};

std::string result_path(const std::string& folder, std::size_t index);
/// Creates the folders in which results go. Throws sim::Error(kUser).
void prepare_results(const std::string& folder, std::size_t points);

void write_result(const std::string& folder, const Plan& plan, const Point& point,
                  const PointResult& result);

/// kMissing when there is no file or a torn one. `heads_only`: without the metrics. Throws
/// sim::Error(kUser) for a result of another plan.
PointResult read_result(const std::string& folder, const Plan& plan, std::size_t index,
                        bool heads_only);

}  // namespace vctoe::sweep
