#include "sw/scenario/schemes.h"

#include "models/sim/error.h"

namespace vctoe::scenario {

using nic::Source;

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

}  // namespace vctoe::scenario
