// Joins requirements, tests and results; see traceability.h. Exit code 1 when there is a problem.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "tb/traceability/traceability.h"

namespace {

namespace fs = std::filesystem;
using namespace vctoe::trace;

std::string contents(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::map<std::string, std::set<std::string>> ids_below(const fs::path& folder) {
  std::map<std::string, std::set<std::string>> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const fs::path& path = entry.path();
    if (path.extension() == ".cpp") {
      for (auto& [test, ids] : find_ids(contents(path))) all[test].merge(ids);
    } else if (path.extension() == ".sh") {
      auto ids = find_script_ids(contents(path));
      if (!ids.empty()) all[script_test(path.parent_path().filename(), path.stem())].merge(ids);
    }
  }
  return all;
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  if (!(out << text)) throw std::runtime_error("cannot write " + path.string());
}

/// The pages in docs/ have to be those of this run.
void compare(const fs::path& path, const std::string& text, Report& report) {
  if (fs::exists(path) && contents(path) == text) return;
  report.problems.push_back(path.string() +
                            " is not what this run gives; run: ./vctoe test --update");
}

int run(const fs::path& root, const fs::path& junit, bool update) {
  Report report = join(read_requirements(contents(root / "data/requirements.csv")),
                       read_exceptions(contents(root / "data/not_shown_yet.csv")),
                       ids_below(root / "tb"), read_results(contents(junit)));
  const std::string csv = as_csv(report), page = as_markdown(report);
  if (update) {
    write(root / "docs/traceability.csv", csv);
    write(root / "docs/traceability.md", page);
  } else {
    compare(root / "docs/traceability.csv", csv, report);
    compare(root / "docs/traceability.md", page, report);
  }
  std::size_t count = 0, shown = 0;
  for (const Line& l : report.lines) {
    count += l.requirement.counts() ? 1 : 0;
    shown += l.requirement.counts() && l.green() ? 1 : 0;
  }
  for (const auto& p : report.problems) std::fprintf(stderr, "traceability: %s\n", p.c_str());
  std::printf("traceability: %zu of %zu requirements are shown by passing tests\n", shown, count);
  return report.problems.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::string root = ".", junit;
  bool update = false;
  CLI::App app{"Which requirement is shown by which passing test", "traceability"};
  app.add_option("--root", root, "of the source tree");
  app.add_option("--junit", junit, "results of a whole run, as ctest --output-junit writes them")
      ->required();
  app.add_flag("--update", update, "write the pages in docs/ anew");
  CLI11_PARSE(app, argc, argv);
  try {
    return run(root, junit, update);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "traceability: %s\n", e.what());
    return 2;
  }
}
