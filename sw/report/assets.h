// The files that every report contains, as they are in the program.
#pragma once

#include <string_view>

namespace vctoe::report {

/// The page with places named @...@ for everything else.
std::string_view skeleton();
std::string_view style();
/// All of sw/report/page/*.js.
std::string_view script();
/// Apache ECharts, third_party/echarts.
std::string_view echarts();

}  // namespace vctoe::report
