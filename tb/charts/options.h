// What a run's parameters make legal on the flow charts.
#pragma once

#include <algorithm>
#include <string>

#include "sw/scenario/params.h"
#include "sw/scenario/schemes.h"
#include "tb/charts/flow_charts.h"

namespace vctoe::charts {

/// A scheme that is named after no figure has no charts.
inline Options options_of(const scenario::ScenarioParams& p, const std::string& scheme) {
  Options o;
  const scenario::Scheme& s = scenario::find_scheme(scheme);
  o.enabled = s.name.substr(0, 3) == "fig";
  o.first = sim::enum_name(s.first);
  const nic::CoreParams& core = p.system.nic.core;
  o.retransmit = core.alternate && s.retransmit != nic::Source::kPosted
                     ? "alternating"
                     : sim::enum_name(s.retransmit);
  o.unpin_at = sim::enum_name(core.unpin_at);
  o.blocks_outstanding = core.blocks_outstanding;
  o.translated_again = s.retransmit == nic::Source::kTranslated;
  o.prefetch = core.prefetch.n;
  o.copied = p.driver.gather == driver::Gather::kContiguous;
  if (p.driver.reply == driver::ReplyBy::kPage) o.relaxed |= static_cast<unsigned>(Relax::kParts);
  o.push_chunk = core.push_chunk.n;
  o.block_size = std::min(p.driver.block_size.n, p.system.nic.walker.granularity.n);
  return o;
}

}  // namespace vctoe::charts
