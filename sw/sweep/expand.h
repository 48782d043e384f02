// From axes to points.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sw/sweep/sweep_file.h"

namespace vctoe::sweep {

/// Paths and texts in the order in which they are set: settings of the study, then axes.
using Settings = std::vector<std::pair<std::string, std::string>>;

/// At most so many points, as conditions only lessen them; saturates at 2^64-1.
std::uint64_t most_points(const Study& study);

/// Calls `each` for every point, the axis in front varying slowest. `base` gives the text of a
/// parameter that nothing sets.
void expand(const Study& study, const Design& design,
            const std::function<std::string(const std::string& path)>& base,
            const std::function<void(const Settings&)>& each);

}  // namespace vctoe::sweep
