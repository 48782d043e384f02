// Results as JSON: deterministic bytes, keys in a fixed order, doubles in their shortest form that
// reads back the same, "not measured" as null.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sw/scenario/outputs.h"

namespace vctoe::outputs {

constexpr int kSchemaVersion = 1;

/// Seconds of real time differ from run to run: they pass between processes but not into
/// stats.json.
enum class WallTime { kOmit, kInclude };

/// One run, from process to process: {"scheme", "ok", "complete", "failure", "summary": {..},
/// "stats": [{.., "unit", "text", "path"}]}; a run that did not finish has neither summary nor
/// stats.
std::string to_json(const RunSummary& run, WallTime wall);

/// The inverse of to_json. Throws sim::Error(kInternal) on text that is none.
RunSummary from_json(const std::string& text);

/// stats.json: {"schema": "vctoe-stats", "version", "program", "seed", "runs": [..]}, where the
/// stats of a run stand under their paths: {path: {.., "unit", "text"}}.
std::string stats_document(const std::vector<RunSummary>& runs, std::uint64_t seed,
                           const std::string& program_version);

}  // namespace vctoe::outputs
