#include "sw/scenario/schemes.h"

#include "models/sim/error.h"
#include "sw/scenario/params.h"

namespace vctoe::scenario {

using nic::Source;

namespace {
/// A list that was pinned at the post is unpinned when a block would be.
driver::UnpinPost unpin_post_at(nic::UnpinAt at) {
  switch (at) {
    case nic::UnpinAt::kRetrieved:
      return driver::UnpinPost::kRetrieved;
    case nic::UnpinAt::kSent:
      return driver::UnpinPost::kSent;
    default:
      return driver::UnpinPost::kAcknowledged;
  }
}
}  // namespace

const std::vector<Scheme>& schemes() {
  static const std::vector<Scheme> all = {
      {"fig3", Source::kPosted, Source::kPosted, true, true, false, false,
       "gather and pin the whole stream, unpin when all is acknowledged"},
      {"circular", Source::kPosted, Source::kPosted, true, true, false, true,
       "copy the stream into a pinned ring, free a part when it is acknowledged"},
      {"fig8+fig9", Source::kPhysical, Source::kPhysical, false, false, true, false,
       "pin a block when the NIC asks for it, unpin when sent; resend by physical address"},
      {"fig8+fig10", Source::kPhysical, Source::kPushed, false, false, true, false,
       "pin a block when the NIC asks for it, unpin when sent; resend by pushed data"},
      {"fig11+fig9", Source::kPushed, Source::kPhysical, false, false, true, false,
       "push a block when the NIC asks for it; resend by physical address"},
      {"fig11+fig10", Source::kPushed, Source::kPushed, false, false, true, false,
       "push a block when the NIC asks for it; resend by pushed data"},
      {"fig12+fig9", Source::kPosted, Source::kPhysical, true, false, true, false,
       "gather and pin the whole stream, unpin when all is sent; resend by physical address"},
      {"fig12+fig10", Source::kPosted, Source::kPushed, true, false, true, false,
       "gather and pin the whole stream, unpin when all is sent; resend by pushed data"},
      {"ats", Source::kTranslated, Source::kTranslated, false, false, true, false,
       "pin nothing: the NIC reads by virtual address, and again, through the IOMMU"},
      {"ats+fig9", Source::kTranslated, Source::kPhysical, false, false, true, false,
       "the NIC reads by virtual address through the IOMMU; resend by physical address"},
      {"ats+fig10", Source::kTranslated, Source::kPushed, false, false, true, false,
       "the NIC reads by virtual address through the IOMMU; resend by pushed data"},
      {"fig8+ats", Source::kPhysical, Source::kTranslated, false, false, true, false,
       "pin a block when the NIC asks for it, unpin when sent; resend through the IOMMU"},
      {"fig11+ats", Source::kPushed, Source::kTranslated, false, false, true, false,
       "push a block when the NIC asks for it; resend through the IOMMU"},
      {"fig12+ats", Source::kPosted, Source::kTranslated, true, false, true, false,
       "gather and pin the whole stream, unpin when all is sent; resend through the IOMMU"},
  };
  return all;
}

const Scheme& find_scheme(std::string_view name) {
  if (name == "fig8") name = "fig8+fig9";
  if (name == "fig11") name = "fig11+fig10";
  if (name == "fig12") name = "fig12+fig9";
  std::string known;
  for (const Scheme& s : schemes()) {
    if (s.name == name) return s;
    known += known.empty() ? "" : ", ";
    known += s.name;
  }
  sim::user_error("unknown scheme \"" + std::string(name) + "\"; there are " + known);
}

ScenarioParams with_scheme(ScenarioParams params, const Scheme& scheme) {
  params.system.nic.core.first = scheme.first;
  params.system.nic.core.retransmit = scheme.retransmit;
  if (scheme.first == nic::Source::kTranslated || scheme.retransmit == nic::Source::kTranslated) {
    if (!params.system.host.iommu.enabled) {
      sim::user_error("scheme " + std::string(scheme.name) +
                      " needs an IOMMU: host.iommu.enabled = true");
    }
    params.kernel.share_tables = true;
  }
  params.driver.scheme.pin_at_post = scheme.pin_at_post;
  params.driver.scheme.with_list = scheme.with_list;
  params.driver.scheme.set_actors(params.system.nic.core.pin_by == nic::Actor::kAgent,
                                  params.system.nic.core.unpin_by == nic::Actor::kAgent);
  params.driver.scheme.circular = scheme.circular;
  params.driver.scheme.unpin_post = scheme.unpin_acknowledged
                                        ? driver::UnpinPost::kAcknowledged
                                        : unpin_post_at(params.system.nic.core.unpin_at);
  return params;
}

}  // namespace vctoe::scenario
