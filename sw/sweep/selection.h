// Some points of a plan, as text: "3,7..9".
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace vctoe::sweep {

/// The points that `text` names, in its order: numbers and ranges A..B, both included, separated by
/// commas. An empty text means all. Throws sim::Error(kUser) for what is no such list, and for a
/// point that a plan of so many points does not have; `option` names the text in the message.
std::vector<std::size_t> selection_of(const std::string& text, std::size_t points,
                                      const std::string& option);

/// The shortest such text.
std::string selection_text(const std::vector<std::size_t>& points);

}  // namespace vctoe::sweep
