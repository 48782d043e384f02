#include "sw/scenario/outputs_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <string_view>
#include <utility>

namespace vctoe::outputs {

namespace {

struct Scale {
  double factor;
  std::string_view unit;
};
using Scales = std::vector<Scale>;  // largest first

const Scales& rates() {
  static const Scales kScales{{1e9, "Gb/s"}, {1e6, "Mb/s"}, {1e3, "kb/s"}};
  return kScales;
}
const Scales& times() {
  static const Scales kScales{{1, "s"}, {1e-3, "ms"}, {1e-6, "us"}};
  return kScales;
}
const Scales& sizes() {
  static const Scales kScales{{1 << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}};
  return kScales;
}
const Scales& size_times() {
  static const Scales kScales{{1 << 20, "MiB.s"}, {1 << 10, "KiB.s"}};
  return kScales;
}
const Scales& counts() {
  static const Scales kScales{{1, ""}};
  return kScales;
}
const Scales& ratios() {
  static const Scales kScales{{1, "x"}};
  return kScales;
}

struct Column {
  std::string_view upper, lower;  ///< two lines of heading above the unit
  const Scales& scales;
  std::function<double(const RunSummary&)> value;
};

double number(std::uint64_t n) {
  return static_cast<double>(n);
}

const std::vector<Column>& columns() {
  using R = const RunSummary&;
  static const std::vector<Column> kColumns{
      {"", "goodput", rates(), [](R r) { return r.goodput_bps; }},
      {"", "done in", times(), [](R r) { return r.completion_s; }},
      {"pinned", "peak", sizes(), [](R r) { return number(r.pinned_peak_bytes); }},
      {"pinned", "x time", size_times(), [](R r) { return r.pinned_byte_s; }},
      {"buffer", "held", times(), [](R r) { return r.hold_s; }},
      {"swap", "in", sizes(), [](R r) { return number(r.swap_in_bytes); }},
      {"swap", "out", sizes(), [](R r) { return number(r.swap_out_bytes); }},
      {"PCIe", "up", sizes(), [](R r) { return number(r.pcie_up_bytes); }},
      {"PCIe", "down", sizes(), [](R r) { return number(r.pcie_down_bytes); }},
      {"host", "CPU", times(), [](R r) { return r.host_cpu_s; }},
      {"", "resent", counts(), [](R r) { return number(r.retransmitted_segments); }},
      {"packet", "buffer", sizes(), [](R r) { return number(r.buffer_peak_bytes); }},
      {"victim", "slower", ratios(), [](R r) { return r.victim_slowdown; }},
      {"", "lists", counts(), [](R r) { return number(r.lists_posted); }},
      {"wall", "time", times(), [](R r) { return r.wall_s; }},
  };
  return kColumns;
}

/// The largest unit in which the column's greatest value is at least 1.
const Scale& scale_for(const Column& column, const std::vector<RunSummary>& runs) {
  double greatest = 0;
  for (const RunSummary& r : runs) {
    const double v = column.value(r);
    if (r.finished && std::isfinite(v)) greatest = std::max(greatest, v);
  }
  for (const Scale& s : column.scales) {
    if (greatest >= s.factor) return s;
  }
  // Nothing but zeros gets the unit in the middle.
  return greatest > 0 ? column.scales.back() : column.scales[column.scales.size() / 2];
}

/// Four significant digits, never an exponent; whole counts stay whole.
std::string shown(double value, const Scale& scale) {
  if (!std::isfinite(value)) return "-";
  const double v = value / scale.factor;
  int decimals = 0;
  if (!scale.unit.empty() && v != 0) {
    decimals = std::clamp(3 - static_cast<int>(std::floor(std::log10(std::fabs(v)))), 0, 4);
  }
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, v);
  return text.data();
}

std::string padded(std::string_view text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + std::string(text);
}

std::string first_column(std::string_view text, std::size_t width) {
  return std::string(text) + std::string(width - std::min(width, text.size()), ' ');
}

/// "+1.25"; an exclamation mark where it is more than was expected.
std::string gap_text(double gap, double bound) {
  if (!std::isfinite(gap)) return "-";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%+.1f", 100 * gap);
  return std::string(std::fabs(gap) > bound ? "! " : "") + text.data();
}

std::vector<std::string> twin_row(const RunSummary& r) {
  const TwinFigures& t = r.twin;
  return {r.scheme,
          shown(t.goodput_bps, rates().front()),
          gap_text(t.goodput_gap, t.bound),
          shown(t.completion_s, times()[1]),
          gap_text(t.completion_gap, t.bound),
          shown(t.pinned_byte_s, size_times().back()),
          gap_text(t.pinned_gap, t.pinned_bound),
          shown(100 * t.bound, {1, "%"}),
          shown(100 * t.pinned_bound, {1, "%"}),
          t.limit};
}

/// What stands behind "received".
std::string arrival(const RunSummary& r) {
  if (!r.complete) {
    return std::to_string(r.received_bytes) + " of " + std::to_string(r.expected_bytes) +
           " B  INCOMPLETE";
  }
  if (r.sha256_received.empty()) return "all bytes, not compared";
  return r.sha256_received + (r.sha256_received == r.sha256_source ? "  equal" : "  DIFFERENT");
}

/// Of the lines below the table.
std::size_t label_width(const std::vector<RunSummary>& runs) {
  std::size_t width = std::string_view("sha256 source").size();
  for (const RunSummary& r : runs) width = std::max(width, r.scheme.size() + 9);
  return width;
}

/// The greatest parts of "done in", from the greatest on.
std::string greatest_parts(const RunSummary& r) {
  constexpr std::size_t kMost = 5;
  std::array<std::size_t, kTimeParts> order{};
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&r](std::size_t a, std::size_t b) { return r.time_s[a] > r.time_s[b]; });
  std::string out;
  for (std::size_t i = 0; i < kMost; ++i) {
    const double percent = 100 * r.time_s[order[i]] / r.completion_s;
    if (percent < 0.1) break;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), " %.1f %%", percent);
    out += (i == 0 ? "" : ", ") + std::string(sim::enum_name(static_cast<TimePart>(order[i])));
    out += text.data();
  }
  return out;
}

std::string limits(const std::vector<RunSummary>& runs) {
  const std::size_t width = label_width(runs);
  std::string out;
  for (const RunSummary& r : runs) {
    if (!r.finished || !std::isfinite(r.time_s[0]) || !(r.completion_s > 0)) continue;
    out += first_column(r.scheme + " time", width) + "  " + greatest_parts(r) + "\n";
  }
  return out;
}

std::string digests(const std::vector<RunSummary>& runs) {
  const std::size_t width = label_width(runs);
  std::string out;
  std::string source;
  for (const RunSummary& r : runs) {
    if (!r.finished || r.sha256_source.empty()) continue;
    if (r.sha256_source != source) {
      source = r.sha256_source;
      out += first_column("sha256 source", width) + "  " + source + "\n";
    }
    out += first_column(r.scheme + " received", width) + "  " + arrival(r) + "\n";
  }
  return out;
}

}  // namespace

std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line = first_column(row[0], widths[0]);
    for (std::size_t c = 1; c < row.size(); ++c) line += "  " + padded(row[c], widths[c]);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string quantity_text(double value, const std::string& unit) {
  if (!std::isfinite(value)) return "-";
  const std::pair<std::string_view, const Scales&> known[] = {
      {"s", times()}, {"B", sizes()}, {"B.s", size_times()}, {"bit/s", rates()}};
  for (const auto& [name, scales] : known) {
    if (name != unit || value == 0) continue;
    const auto fits = std::find_if(scales.begin(), scales.end(),
                                   [&](const Scale& s) { return std::fabs(value) >= s.factor; });
    if (fits == scales.end()) break;  // below the smallest
    return shown(value, *fits) + " " + std::string(fits->unit);
  }
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.4g", value);
  return text.data() + (unit.empty() || unit == "1" ? "" : " " + unit);
}

std::string twin_table(const std::vector<RunSummary>& runs) {
  std::vector<std::vector<std::string>> rows{
      {"by closed form", "goodput", "gap", "done in", "gap", "pinned x time", "gap", "expected",
       "of pins", "limit"},
      {"", "Gb/s", "%", "ms", "%", "KiB.s", "%", "%", "%", ""}};
  for (const RunSummary& r : runs) {
    // No limit and no reason: nobody has asked the forms.
    if (r.finished && r.complete && !r.twin.limit.empty()) rows.push_back(twin_row(r));
  }
  return rows.size() > 2 ? aligned(rows) : "";
}

std::string summary_table(const std::vector<RunSummary>& runs) {
  const bool any =
      std::any_of(runs.begin(), runs.end(), [](const RunSummary& r) { return r.finished; });
  if (!any) return "";
  std::vector<std::vector<std::string>> rows(3 + runs.size());
  rows[0] = {""};
  rows[1] = {"scheme"};
  rows[2] = {""};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    rows[3 + i] = {runs[i].scheme + (runs[i].ok ? "" : " FAILED")};
  }
  for (const Column& column : columns()) {
    const Scale& scale = scale_for(column, runs);
    rows[0].emplace_back(column.upper);
    rows[1].emplace_back(column.lower);
    rows[2].emplace_back(scale.unit);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const double value = runs[i].finished ? column.value(runs[i]) : kNotMeasured;
      rows[3 + i].push_back(shown(value, scale));
    }
  }
  std::string out = aligned(rows);
  if (const std::string t = twin_table(runs); !t.empty()) out += "\n" + t;
  if (const std::string l = limits(runs); !l.empty()) out += "\n" + l;
  if (const std::string d = digests(runs); !d.empty()) out += "\n" + d;
  for (const RunSummary& r : runs) {
    if (!r.finished || r.ok) continue;
    out += "\n" + r.scheme + " failed: " + r.failure + "\n";
    if (!r.complete) out += "  The figures of its row are those until then; - was not measured.\n";
  }
  return out;
}

}  // namespace vctoe::outputs
