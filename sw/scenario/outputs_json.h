// Results as JSON: deterministic bytes, keys in a fixed order, doubles in their shortest form that
// reads back the same, "not measured" as null.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sw/scenario/outputs.h"

namespace vctoe::outputs {

constexpr int kSchemaVersion = 1;

/// An entry of "runs" in stats.json: {"scheme", "ok", "complete", "failure", "summary": {..},
/// "stats": {path: {.., "unit", "text"}}}; a run that did not finish has neither summary nor stats.
/// Real time stands nowhere in it: it differs from run to run.
std::string run_entry(const RunSummary& run);

/// What the process of a run gives the one that writes the report.
struct RunResult {
  RunSummary summary;  ///< without the statistics
  std::string entry;   ///< run_entry()
};
/// The summary in a line, then the entry.
std::string hand_over(const RunSummary& run);
/// The inverse. Throws sim::Error(kInternal) on text that is none.
RunResult take_over(const std::string& text);

/// stats.json: {"schema": "vctoe-stats", "version", "program", "seed", "runs": [..]}.
std::string stats_document(const std::vector<std::string>& entries, std::uint64_t seed,
                           const std::string& program_version);

}  // namespace vctoe::outputs
