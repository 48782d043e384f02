// Finding what the user may have meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vctoe::config {

/// Insertions, deletions, replacements and exchanges of neighbours between the two.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate closest to `name`, the first of equals; empty when none is close enough to be
/// worth offering (a third of the name's length, at least one edit).
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace vctoe::config
