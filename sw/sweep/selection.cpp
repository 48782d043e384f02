#include "sw/sweep/selection.h"

#include <algorithm>
#include <charconv>

#include "models/sim/error.h"

namespace vctoe::sweep {

namespace {

bool read_number(const std::string& text, std::size_t& out) {
  const char *begin = text.data(), *end = begin + text.size();
  const auto parsed = std::from_chars(begin, end, out);
  return parsed.ec == std::errc{} && parsed.ptr == end;
}

}  // namespace

std::vector<std::size_t> selection_of(const std::string& text, std::size_t points,
                                      const std::string& option) {
  const std::string all = points == 0 ? "" : "0.." + std::to_string(points - 1);
  const std::string& whole = text.empty() ? all : text;
  std::vector<std::size_t> selected;
  for (std::size_t at = 0; at < whole.size();) {
    const std::size_t end = std::min(whole.find(',', at), whole.size());
    const std::string part = whole.substr(at, end - at);
    const std::size_t dots = part.find("..");
    std::size_t first = 0, last = 0;
    const bool one = dots == std::string::npos;
    const bool good = read_number(part.substr(0, dots), first) &&
                      (one ? (last = first, true) : read_number(part.substr(dots + 2), last));
    if (!good || first > last || end + 1 == whole.size()) {
      sim::user_error(option + " " + text +
                      " is no list of points: write numbers or ranges A..B, both included, "
                      "separated by commas");
    }
    if (last >= points) {
      sim::user_error(option + " " + text + ": the plan ends with point " +
                      std::to_string(points - 1));
    }
    for (std::size_t i = first; i <= last; ++i) selected.push_back(i);
    at = end + 1;
  }
  return selected;
}

std::string selection_text(const std::vector<std::size_t>& points) {
  std::string text;
  for (std::size_t i = 0; i < points.size();) {
    std::size_t end = i + 1;
    while (end < points.size() && points[end] == points[end - 1] + 1) ++end;
    text += (i == 0 ? "" : ",") + std::to_string(points[i]);
    if (end - i > 1) text += ".." + std::to_string(points[end - 1]);
    i = end;
  }
  return text;
}

}  // namespace vctoe::sweep
