#include "sw/twin/compare.h"

#include "sw/twin/bounds.h"
#include "sw/twin/twin.h"

namespace vctoe::twin {

namespace {

/// Nothing over nothing is no gap.
double gap(double simulated, double form) {
  if (simulated == 0 && form == 0) return 0;
  return form > 0 ? simulated / form - 1 : outputs::kNotMeasured;
}

/// Retransmission timers of the sender that ran out; one connection, so that it is on card 0.
std::uint64_t timeouts(const outputs::RunSummary& run) {
  for (const outputs::StatSample& s : run.statistics) {
    if (s.path != "sender.nic.timeouts" || s.numbers.empty()) continue;
    const auto* number = std::get_if<std::uint64_t>(&s.numbers.front().second);
    return number != nullptr ? *number : 0;
  }
  return 0;
}

}  // namespace

void compare(outputs::RunSummary& run, const scenario::ScenarioParams& params,
             const scenario::Scheme& scheme) {
  if (!run.complete) return;
  const Forms forms = closed_forms(params, scheme, static_cast<double>(run.stream_bytes),
                                   {run.retransmitted_segments, timeouts(run), run.lists_posted});
  run.twin.goodput_bps = forms.goodput_bps;
  run.twin.completion_s = forms.completion_s;
  run.twin.pinned_byte_s = forms.pinned_byte_s;
  run.twin.goodput_gap = gap(run.goodput_bps, forms.goodput_bps);
  run.twin.completion_gap = gap(run.completion_s, forms.completion_s);
  run.twin.pinned_gap = gap(run.pinned_byte_s, forms.pinned_byte_s);
  run.twin.bound = forms.bound;
  run.twin.pinned_bound = forms.pinned_bound;
  run.twin.limit = forms.invalid.empty() ? forms.limit : "no form: " + forms.invalid;
  const std::string lie = beaten(run, physical_bounds(params, scheme, run));
  if (lie.empty() || !run.failure.empty()) return;
  run.ok = false;
  run.failure = lie;
}

}  // namespace vctoe::twin
