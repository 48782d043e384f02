// What a sweep says, as one document: analysis.json, which the report shows.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sw/sweep/table.h"

namespace vctoe::sweep {

/// The objectives of the plan; of a plan without any, goodput (max) and pinned_integral (min).
std::vector<Objective> objectives_of(const Table& table);

struct InsightOptions {
  /// Effects, sensitivities, interactions, intervals and the ranking are of this metric instead of
  /// the objectives; its direction is that of its column, and "min" if it has none.
  std::string metric;
  /// What more of a resource brought, as one_more.json has it.
  nlohmann::ordered_json next_unit = nlohmann::ordered_json::array();
};

/// Only points that are `ok` take part. Numbers that do not exist are null. Keys, and what each
/// holds, in docs/analysis.md. Throws sim::Error(kUser) when no point is `ok`, or for a metric that
/// no point has.
nlohmann::ordered_json insights(const Table& table, const InsightOptions& options = {});

}  // namespace vctoe::sweep
