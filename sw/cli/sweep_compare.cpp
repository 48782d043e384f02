// vctoe sweep compare
#include <cstdio>

#include "sw/cli/program.h"
#include "sw/cli/sweep_analysis.h"
#include "sw/cli/sweep_tables.h"
#include "sw/sweep/compare.h"

namespace vctoe::cli {

int sweep_compare(const AnalysisRequest& request, ScenarioPort& scenario) {
  const SweepFolder a(request.folder, scenario), b(request.other, scenario);
  const nlohmann::ordered_json document =
      sweep::compare(a.table(), b.table(), {request.metric, request.tolerance});
  const std::string text =
      request.json ? document.dump(1) + "\n" : compare_tables(a.table(), b.table(), document);
  std::fputs(text.c_str(), stdout);
  return document.at("equal").get<bool>() ? kOk : kCheckFailed;
}

}  // namespace vctoe::cli
