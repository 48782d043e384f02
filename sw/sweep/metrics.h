// What a point measured, by name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sw/scenario/outputs.h"

namespace vctoe::sweep {

struct MetricDef {
  std::string name;
  std::string unit;
  std::string better;  ///< "max", "min" or empty: neither
  std::string sentence;
};

/// The figures of the summary, in the order of their columns.
const std::vector<MetricDef>& summary_metrics();

struct Metric {
  MetricDef def;
  double value = outputs::kNotMeasured;
};

/// The figures of the summary, then every number of the statistics that match a pattern, by path:
/// "sender.nic.dma.reads", and ".peak", ".p99" and the like behind those with several numbers.
std::vector<Metric> metrics_of(const outputs::RunSummary& run,
                               const std::vector<std::string>& patterns);

/// Whether the pattern, in which * stands for any text, covers all of the text.
bool matches(std::string_view pattern, std::string_view text);

/// Why no point will have a metric of this name, or empty when one may.
std::string metric_problem(const std::string& name, const std::vector<std::string>& patterns);

}  // namespace vctoe::sweep
