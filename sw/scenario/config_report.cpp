#include "sw/scenario/config_report.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string_view>

namespace vctoe::config {

namespace {

constexpr std::string_view kRed = "\033[1;31m";
constexpr std::string_view kGreen = "\033[1;32m";
constexpr std::string_view kBold = "\033[1m";
constexpr std::string_view kPlain = "\033[0m";

std::string painted(std::string_view text, std::string_view colour, bool on) {
  if (!on) return std::string(text);
  return std::string(colour) + std::string(text) + std::string(kPlain);
}

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// The number of columns of a line: UTF-8 continuation bytes take none.
std::size_t columns(const std::string& line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

}  // namespace

void Report::add_source(const std::string& file, const std::string& source) {
  if (find(file) == nullptr) sources_.push_back({file, split_lines(source)});
}

const Report::Source* Report::find(const std::string& file) const {
  const auto it = std::find_if(sources_.begin(), sources_.end(),
                               [&](const Source& s) { return s.file == file; });
  return it == sources_.end() ? nullptr : &*it;
}

std::size_t Report::rank(const std::string& file) const {
  const Source* s = find(file);
  return s == nullptr ? sources_.size() : static_cast<std::size_t>(s - sources_.data());
}

void Report::format_one(const Problem& p, bool colour, std::string& out) const {
  std::string place = p.where.file;
  // The command line has no lines: its name already says which argument is meant.
  const bool in_file = place.rfind("--", 0) != 0;
  if (in_file && p.where.line > 0) {
    place += ":" + std::to_string(p.where.line) + ":" + std::to_string(p.where.column);
  }
  if (!place.empty()) out += painted(place + ":", kBold, colour) + " ";
  out += painted("error:", kRed, colour) + " " + p.message + "\n";
  const Source* source = find(p.where.file);
  if (source != nullptr && p.where.line > 0 && p.where.line <= source->lines.size()) {
    const std::string& line = source->lines[p.where.line - 1];
    const std::string number = in_file ? std::to_string(p.where.line) : "";
    const std::size_t width = std::max<std::size_t>(5, number.size());
    // Tabs are kept in front of the caret, so that it stands below its column.
    std::string indent;
    for (std::size_t i = 0; i + 1 < p.where.column; ++i) {
      indent += i < line.size() && line[i] == '\t' ? '\t' : ' ';
    }
    const std::size_t room = std::max(columns(line), p.where.column) - p.where.column + 1;
    const std::string carets(std::max<std::size_t>(1, std::min(p.where.length, room)), '^');
    out += std::string(width - number.size(), ' ') + number + " | " + line + "\n";
    out += std::string(width, ' ') + " | " + indent + painted(carets, kGreen, colour) + "\n";
  }
  if (!p.hint.empty()) out += "      = " + p.hint + "\n";
}

std::string Report::format(bool colour) const {
  std::vector<Problem> sorted = problems_;
  std::stable_sort(sorted.begin(), sorted.end(), [this](const Problem& a, const Problem& b) {
    const std::size_t file_a = rank(a.where.file), file_b = rank(b.where.file);
    if (file_a != file_b) return file_a < file_b;
    if (a.where.line != b.where.line) return a.where.line < b.where.line;
    return a.where.column < b.where.column;
  });
  std::string out;
  for (const Problem& p : sorted) format_one(p, colour, out);
  out += std::to_string(sorted.size()) + (sorted.size() == 1 ? " error" : " errors");
  return out + "; nothing was run";
}

bool wants_colour(int fd) {
  const char* no_colour = std::getenv("NO_COLOR");
  return (no_colour == nullptr || *no_colour == '\0') && isatty(fd) != 0;
}

}  // namespace vctoe::config
