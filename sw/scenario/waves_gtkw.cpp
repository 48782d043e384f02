#include "sw/scenario/waves_gtkw.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sw/scenario/outputs_files.h"

namespace vctoe::waves {

namespace {

// Flags of a trace, as in GTKWave's analyzer.h (3.3.118).
constexpr unsigned kHex = 0x2, kDecimal = 0x4, kBinary = 0x8, kRight = 0x20, kBlank = 0x200,
                   kAscii = 0x800, kFilter = 0x2000, kAnalogStep = 0x8000, kHigher = 0x20000,
                   kGroupBegin = 0x800000, kGroupEnd = 0x1000000;
/// Width of the waves in GTKWave's unit of zoom (200 pixels), in a window of the size below.
constexpr double kWidth = 4.95;

std::string filter_name(const std::string& enumeration) {
  return "waves." + enumeration + ".filter";
}

unsigned flags_of(const Signal& s) {
  switch (s.radix) {
    case Radix::kBit:
      return kBinary | kRight;
    case Radix::kUnsigned:
      return kDecimal | kRight;
    case Radix::kHex:
      return kHex | kRight;
    case Radix::kEnum:
      return kDecimal | kRight | kFilter;
    case Radix::kAnalog:
      return kDecimal | kRight | kAnalogStep;
    case Radix::kText:
      return kAscii | kRight;
  }
  return kHex;
}

/// The power of two of a unit's time; what is shown is then the dump and a little more.
double zoom(sim::Time from, sim::Time to) {
  const double ps = to > from ? static_cast<double>((to - from).ps) : 1e6;
  return -std::log2(std::max(1.0, ps / kWidth));
}

std::string trace_lines(const Signal& s, const std::string& name) {
  const bool vector = s.width > 1 && s.radix != Radix::kText;
  std::string lines = fmt::format("@{:x}\n", flags_of(s));
  if (s.radix == Radix::kEnum) lines += "^1 " + filter_name(s.enumeration) + "\n";
  lines += fmt::format("+{{{}}} vctoe.{}{}\n", name, s.path,
                       vector ? fmt::format("[{}:0]", s.width - 1) : "");
  if (s.radix == Radix::kAnalog) lines += fmt::format("@{:x}\n-\n-\n", kHigher);
  return lines;
}

/// "sender", "nic.walker" and "state" of "sender.nic.walker.state".
struct Place {
  explicit Place(const std::string& path) {
    const std::size_t first = path.find('.'), last = path.rfind('.');
    host = path.substr(0, first);
    if (last > first) block = path.substr(first + 1, last - first - 1);
    name = path.substr(last + 1);
  }
  std::string host, block, name;
};

std::string group(bool begins, const std::string& name) {
  return fmt::format("@{:x}\n-{}\n", (begins ? kGroupBegin : kGroupEnd) | kBlank, name);
}

/// Part of the dump, in a save file of its own.
struct View {
  const char* file;
  const char* scope;  ///< only signals whose path has this in it
};
constexpr View kViews[] = {{"waves.gtkw", ""},
                           {"walker_pins.gtkw", ".walker.pins."},
                           {"walker_engines.gtkw", ".walker.engine"}};

bool shows(const View& view, const Signal& s) {
  return s.path.find(view.scope) != std::string::npos;
}

std::string save_file(const SignalList& signals, const View& view, sim::Time from, sim::Time to) {
  std::string text =
      fmt::format("[*] vctoe\n[dumpfile] \"waves.vcd\"\n[savefile] \"{}\"\n", view.file);
  text += fmt::format("[timestart] {}\n[size] 1400 900\n[pos] -1 -1\n*{:.6f} -1", from.ps,
                      zoom(from, to));
  for (int mark = 0; mark < 26; ++mark) text += " -1";
  text += "\n[sst_width] 20\n[signals_width] 330\n[sst_expanded] 0\n";
  std::string host, block;
  for (const Signal& s : signals.all()) {
    if (!shows(view, s)) continue;
    const Place place(s.path);
    if (place.block != block || place.host != host) {
      if (!block.empty()) text += group(false, block);
      if (place.host != host && !host.empty()) text += group(false, host);
      if (place.host != host) text += group(true, place.host);
      if (!place.block.empty()) text += group(true, place.block);
      host = place.host;
      block = place.block;
    }
    text += trace_lines(s, place.name);
  }
  if (!block.empty()) text += group(false, block);
  if (!host.empty()) text += group(false, host);
  return text + "[pattern_trace] 1\n[pattern_trace] 0\n";
}

}  // namespace

void write_view(const std::string& directory, const SignalList& signals, sim::Time from,
                sim::Time to) {
  std::map<std::string, std::string> filters;
  for (const Signal& s : signals.all()) {
    if (s.radix != Radix::kEnum || filters.count(s.enumeration) != 0) continue;
    std::string& text = filters[s.enumeration];
    for (std::size_t i = 0; i < s.names.size(); ++i) text += fmt::format("{} {}\n", i, s.names[i]);
  }
  for (const auto& [name, text] : filters) {
    outputs::write_file(directory + "/" + filter_name(name), text);
  }
  for (const View& view : kViews) {
    const auto& all = signals.all();
    const auto in_view = [&view](const Signal& s) { return shows(view, s); };
    if (*view.scope != '\0' && std::none_of(all.begin(), all.end(), in_view)) continue;
    outputs::write_file(directory + "/" + view.file, save_file(signals, view, from, to));
  }
}

}  // namespace vctoe::waves
