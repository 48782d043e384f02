// After a whole run of the tests: do they take every edge of every flow chart? Exit code 1 if not,
// or if docs/flow_charts.md says something else.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "tb/charts/coverage.h"

namespace {

int check(const std::string& root, const std::string& folder, bool update) {
  const std::string path = root + "/docs/flow_charts.md";
  const auto edges = vctoe::charts::read_taken(folder);
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  const std::string fresh = vctoe::charts::with_table(page, vctoe::charts::as_markdown(edges));
  const auto missing = vctoe::charts::missing(edges);
  for (const auto& edge : missing) {
    std::fprintf(stderr, "flow charts: no test takes %s\n", edge.c_str());
  }
  if (update) {
    std::ofstream out(path, std::ios::binary);
    if (!(out << fresh)) throw std::runtime_error("cannot write " + path);
  } else if (fresh != page) {
    std::fprintf(stderr, "flow charts: %s is not what this run gives; run: ./vctoe test --update\n",
                 path.c_str());
    return 1;
  }
  std::size_t drawn = 0;
  for (const auto& e : edges) drawn += e.drawn ? 1 : 0;
  std::printf("flow charts: %zu of %zu edges are taken\n", drawn - missing.size(), drawn);
  return missing.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::string root = ".", folder;
  bool update = false;
  CLI::App app{"Which edges of the flow charts the tests take", "chart_coverage"};
  app.add_option("--root", root, "of the source tree");
  app.add_option("--edges", folder, "where the tests have written theirs")->required();
  app.add_flag("--update", update, "write the table in docs/flow_charts.md anew");
  CLI11_PARSE(app, argc, argv);
  try {
    return check(root, folder, update);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "flow charts: %s\n", e.what());
    return 2;
  }
}
