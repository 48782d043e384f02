#include "tb/charts/coverage.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace vctoe::charts {
namespace {

namespace fs = std::filesystem;
constexpr const char* kBegin = "<!-- edges: written by ./vctoe test --update -->\n";
constexpr const char* kEnd = "<!-- end of edges -->\n";

}  // namespace

void write_taken(const Taken& taken, const std::string& folder, std::string test) {
  fs::create_directories(folder);
  std::replace(test.begin(), test.end(), '/', '~');
  std::ofstream out(fs::path(folder) / test);
  for (std::size_t f = 0; f < kFigures; ++f) {
    const Chart& table = chart(static_cast<Figure>(f));
    for (std::size_t i = 0; i < table.edges.size(); ++i) {
      const std::uint64_t n = taken[f][i];
      if (n != 0) out << table.name << ' ' << edge_name(table.edges[i]) << ' ' << n << '\n';
    }
  }
  if (!out.flush()) throw std::runtime_error("cannot write " + folder + "/" + test);
}

std::vector<Covered> read_taken(const std::string& folder) {
  std::vector<Covered> all;
  for (std::size_t f = 0; f < kFigures; ++f) {
    const Chart& table = chart(static_cast<Figure>(f));
    for (const Edge& e : table.edges) {
      all.push_back({table.name, edge_name(e), e.event, e.relax == Relax::kNone, ""});
    }
  }
  if (!fs::exists(folder)) return all;
  for (const auto& entry : fs::directory_iterator(folder)) {
    std::string test = entry.path().filename().string();
    std::replace(test.begin(), test.end(), '~', '/');
    std::ifstream in(entry.path());
    std::string fig, number, edge, count;
    while (in >> fig >> number >> edge >> count) {
      const std::string figure = fig + " " + number;
      const auto at = std::find_if(all.begin(), all.end(), [&](const Covered& c) {
        return c.figure == figure && c.edge == edge;
      });
      if (at == all.end()) {
        throw std::runtime_error(test + ": no chart has " + figure + " " + edge);
      }
      if (at->test.empty() || test < at->test) at->test = test;
    }
  }
  return all;
}

std::vector<std::string> missing(const std::vector<Covered>& edges) {
  std::vector<std::string> none;
  for (const Covered& c : edges) {
    if (c.drawn && c.test.empty()) none.push_back(c.figure + " " + c.edge);
  }
  return none;
}

std::string as_markdown(const std::vector<Covered>& edges) {
  std::string out = "| figure | edge | trace event | taken |\n|---|---|---|---|\n";
  for (const Covered& c : edges) {
    out += "| " + c.figure + " | " + c.edge + (c.drawn ? "" : " *") + " | " + c.event + " | " +
           (c.test.empty() ? "no" : "yes") + " |\n";
  }
  return out;
}

std::string with_table(const std::string& page, const std::string& table) {
  const auto begin = page.find(kBegin), end = page.find(kEnd);
  if (begin == std::string::npos || end == std::string::npos || end < begin) {
    throw std::runtime_error("the page has no place for the table of edges");
  }
  return page.substr(0, begin) + kBegin + table + page.substr(end);
}

}  // namespace vctoe::charts
