// vctoe validate tcp: the TCP core against published laws (docs/validation.md).
#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <exception>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tb/validation/tcp_cases.h"

namespace {

using vctoe::validation::Row;

constexpr const char* kBegin = "<!-- vctoe validate tcp -->\n";
constexpr const char* kEnd = "<!-- end -->\n";
constexpr double kDrift = 0.01;  // of a measured value against the one on the page

std::string number(double v) {
  char text[32];
  std::snprintf(text, sizeof text, std::abs(v) < 10 ? "%.2f" : "%.1f", v);
  return text;
}

std::string percent(double v, const Row& row, const char* sign) {
  char text[32];
  std::snprintf(text, sizeof text, "%s%s", sign,
                row.absolute ? number(v).c_str() : (number(v * 100) + " %").c_str());
  return text;
}

std::string line_of(const Row& row) {
  return "| " + row.what + " | " + number(row.theory) + " | " + number(row.measured) + " " +
         row.unit + " | " + percent(row.deviation(), row, row.deviation() > 0 ? "+" : "") + " | " +
         percent(row.tolerance, row, "within ") + " |\n";
}

std::string table(const std::vector<Row>& rows) {
  std::string text = "| run | theory | measured | difference | held to |\n|---|---|---|---|---|\n";
  for (const Row& row : rows) text += line_of(row);
  return text;
}

std::string contents(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void update(const std::string& path, const std::string& lines) {
  std::string page = contents(path);
  const std::size_t begin = page.find(kBegin), end = page.find(kEnd);
  if (begin == std::string::npos || end == std::string::npos) {
    throw std::runtime_error(path + " has no place for the table");
  }
  page.replace(begin, end - begin, kBegin + ("\n" + lines) + "\n");
  std::ofstream(path) << page;
}

/// Measured values of the page by the name of their row.
std::map<std::string, double> values_of(const std::string& path) {
  std::map<std::string, double> values;
  std::istringstream page(contents(path));
  for (std::string line; std::getline(page, line);) {
    std::vector<std::string> cells;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, '|');) cells.push_back(cell);
    if (cells.size() < 5 || cells[1].size() < 3) continue;
    values[cells[1].substr(1, cells[1].size() - 2)] = std::atof(cells[3].c_str());
  }
  return values;
}

/// True if the page says what was measured, but for a little.
bool agrees(const std::string& path, const std::vector<Row>& rows) {
  const auto values = values_of(path);
  bool good = true;
  for (const Row& row : rows) {
    const auto found = values.find(row.what);
    const double slack = row.absolute ? 0.05 : kDrift * row.measured;
    if (found != values.end() && std::abs(found->second - row.measured) <= slack) continue;
    std::printf("%s does not say: %s", path.c_str(), line_of(row).c_str());
    good = false;
  }
  return good;
}

bool all_hold(const std::vector<Row>& rows) {
  bool good = true;
  for (const Row& row : rows) {
    if (row.holds()) continue;
    std::printf("outside of what it is held to: %s", line_of(row).c_str());
    good = false;
  }
  return good;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The TCP core against published laws: prints the table of docs/validation.md",
               "vctoe validate tcp");
  bool quick = false;
  std::string compare, write;
  app.add_flag("--quick", quick, "leave out what takes minutes");
  app.add_option("--compare", compare, "page that has to say the same, within 1 %");
  app.add_option("--update", write, "page to write the table into");
  app.footer("Exit codes: 0 all within what they are held to, 1 something is not, 2 command line.");
  try {
    app.parse(argc, argv);
    const auto rows = vctoe::validation::run_tcp_cases(!quick, VCTOE_SOURCE_DIR "/data");
    std::fputs(table(rows).c_str(), stdout);
    if (!write.empty()) update(write, table(rows));
    const bool good = all_hold(rows);
    return (compare.empty() || agrees(compare, rows)) && good ? 0 : 1;
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "vctoe validate tcp: %s\n", e.what());
    return 2;
  }
}
