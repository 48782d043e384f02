// What one transaction of an earlier run went through.
#include "sw/scenario/explain.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>

#include "models/sim/error.h"
#include "sw/cli/commands.h"
#include "sw/cli/program.h"

namespace vctoe::cli {

namespace {

namespace fs = std::filesystem;

template <class T>
T number_of(const std::string& text, const std::string& id) {
  T value = 0;
  const auto end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (text.empty() || result.ec != std::errc{} || result.ptr != end) {
    sim::user_error("\"" + id + "\" is neither a transaction, as 18, nor a segment, as seq=7041");
  }
  return value;
}

outputs::ExplainWhat parse_id(const ExplainRequest& request) {
  outputs::ExplainWhat what;
  what.connection = request.connection;
  const std::string prefix = "seq=";
  if (request.id.compare(0, prefix.size(), prefix) == 0) {
    what.sequence = number_of<std::uint32_t>(request.id.substr(prefix.size()), request.id);
  } else {
    what.txn = number_of<std::uint64_t>(request.id, request.id);
  }
  return what;
}

/// The trace in the folder itself, or that of the one scheme below it that has one.
std::string find_trace(const ExplainRequest& request) {
  const fs::path run(request.run);
  if (!fs::is_directory(run)) sim::user_error("there is no folder " + request.run);
  if (request.scheme.empty() && fs::exists(run / "trace.txt")) return (run / "trace.txt").string();
  std::vector<std::string> schemes;
  for (const auto& entry : fs::directory_iterator(run)) {
    if (fs::exists(entry.path() / "trace.txt")) schemes.push_back(entry.path().filename().string());
  }
  std::sort(schemes.begin(), schemes.end());
  std::string list;
  for (const std::string& s : schemes) list += (list.empty() ? "" : ", ") + s;
  if (schemes.empty()) {
    sim::user_error(request.run + " has no event trace: run the scenario with --trace");
  }
  if (request.scheme.empty() && schemes.size() == 1) {
    return (run / schemes[0] / "trace.txt").string();
  }
  if (request.scheme.empty()) {
    sim::user_error(request.run + " has traces of several schemes: name one with --scheme (" +
                    list + ")");
  }
  for (const std::string& s : schemes) {
    if (s == request.scheme) return (run / s / "trace.txt").string();
  }
  sim::user_error(request.run + " has no trace of " + request.scheme + ", only of " + list);
}

}  // namespace

int explain(const ExplainRequest& request) {
  const outputs::ExplainWhat what = parse_id(request);
  const std::string text = outputs::explain(outputs::TraceFile(find_trace(request)), what);
  std::fputs(text.c_str(), stdout);
  return kOk;
}

}  // namespace vctoe::cli
