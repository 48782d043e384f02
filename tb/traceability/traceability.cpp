#include "tb/traceability/traceability.h"

#include <algorithm>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace vctoe::trace {

namespace {

using Row = std::vector<std::string>;

/// RFC 4180: fields in quotes may hold commas, line ends and doubled quotes.
std::vector<Row> read_csv(const std::string& text) {
  std::vector<Row> rows{{""}};
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    std::string& field = rows.back().back();
    if (quoted) {
      if (c != '"') {
        field += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        field += text[++i];
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      rows.back().emplace_back();
    } else if (c == '\n') {
      rows.push_back({""});
    } else if (c != '\r') {
      field += c;
    }
  }
  if (quoted) throw std::runtime_error("a quoted field does not end");
  rows.erase(std::remove(rows.begin(), rows.end(), Row{""}), rows.end());
  return rows;
}

std::size_t column(const std::vector<Row>& rows, const std::string& name) {
  if (rows.empty()) throw std::runtime_error("no header line");
  const auto at = std::find(rows[0].begin(), rows[0].end(), name);
  if (at == rows[0].end()) throw std::runtime_error("no column " + name);
  return static_cast<std::size_t>(at - rows[0].begin());
}

std::string field(const Row& row, std::size_t i) {
  return i < row.size() ? row[i] : "";
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

std::string joined(const std::vector<std::string>& parts, const std::string& between) {
  std::string out;
  for (const auto& p : parts) out += (out.empty() ? "" : between) + p;
  return out;
}

std::string unescaped(std::string text) {
  for (const auto& [from, to] :
       {std::pair{"&quot;", "\""}, {"&lt;", "<"}, {"&gt;", ">"}, {"&apos;", "'"}, {"&amp;", "&"}}) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos;) {
      text.replace(at, std::string(from).size(), to);
    }
  }
  return text;
}

bool matches(const std::string& pattern, const std::string& id) {
  if (pattern.empty() || pattern.back() != '*') return pattern == id;
  return id.compare(0, pattern.size() - 1, pattern, 0, pattern.size() - 1) == 0;
}

/// The test of the source, "Suite.Name", that a test of ctest is an instance of:
/// "binary.Instance/Suite.Name/parameter", or "binary.variant.Suite.Name" where a program runs
/// again with another environment: a row is shown when its test passes in all of them.
std::string source_test(const std::string& name) {
  static const std::regex form(
      R"(^[^.]*\.(?:[a-z_]+\.)?(?:[^./]*(?:/[^./]*)*/)?([^./]+)\.([^./ ]+))");
  std::smatch m;
  return std::regex_search(name, m, form) ? m.str(1) + "." + m.str(2) : name;
}

/// What the tests of each name became together: false if any did not pass.
std::map<std::string, bool> by_source_test(const std::map<std::string, bool>& results) {
  std::map<std::string, bool> all;
  for (const auto& [name, passed] : results) {
    const auto [at, fresh] = all.emplace(source_test(name), passed);
    if (!fresh) at->second = at->second && passed;
  }
  return all;
}

/// Gives lines that are not green their exceptions. One that no line needs is a problem.
void excuse(Report& report, const std::map<std::string, std::string>& exceptions) {
  for (const auto& [pattern, reason] : exceptions) {
    bool needed = false;
    for (Line& line : report.lines) {
      if (!matches(pattern, line.requirement.id) || line.green()) continue;
      line.exception = reason;
      needed |= line.requirement.counts();
    }
    if (!needed) report.problems.push_back("nothing needs the exception of " + pattern);
  }
}

}  // namespace

std::vector<Requirement> read_requirements(const std::string& csv) {
  const auto rows = read_csv(csv);
  const std::size_t id = column(rows, "id"), statement = column(rows, "statement"),
                    kind = column(rows, "class");
  std::vector<Requirement> all;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    all.push_back({field(rows[i], id), field(rows[i], statement), field(rows[i], kind)});
  }
  return all;
}

std::map<std::string, std::string> read_exceptions(const std::string& csv) {
  const auto rows = read_csv(csv);
  const std::size_t id = column(rows, "id"), reason = column(rows, "reason");
  std::map<std::string, std::string> all;
  for (std::size_t i = 1; i < rows.size(); ++i) all[field(rows[i], id)] = field(rows[i], reason);
  return all;
}

namespace {
std::set<std::string> ids_in(const std::string& list) {
  static const std::regex id(R"([A-Z]-[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)");
  std::set<std::string> ids;
  for (std::sregex_iterator i(list.begin(), list.end(), id), end; i != end; ++i)
    ids.insert(i->str());
  return ids;
}
}  // namespace

std::set<std::string> find_script_ids(const std::string& source) {
  std::set<std::string> ids;
  std::istringstream in(source);
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("# req: ", 0) == 0) ids.merge(ids_in(line));
  }
  return ids;
}

std::string script_test(const std::string& folder, std::string stem) {
  const std::string suffix = "_test";
  if (stem.size() > suffix.size() && stem.compare(stem.size() - 5, 5, suffix) == 0) {
    stem.resize(stem.size() - suffix.size());
  }
  return folder + "." + stem;
}

std::map<std::string, std::set<std::string>> find_ids(const std::string& source) {
  static const std::regex mark(R"(^\s*// req: (.*)$)");
  static const std::regex test(
      R"(^(?:TEST|TEST_F|TEST_P|TYPED_TEST|RC_GTEST_PROP)\((\w+),\s*(\w+)?)");
  static const std::regex name_below(R"(^\s*(\w+))");
  std::map<std::string, std::set<std::string>> found;
  std::set<std::string> waiting;
  std::string suite;  // of a macro whose second argument stands on the next line
  std::istringstream in(source);
  for (std::string line; std::getline(in, line);) {
    std::smatch m;
    if (!suite.empty() && std::regex_search(line, m, name_below)) {
      found[suite + "." + m.str(1)].merge(waiting);
      waiting.clear();
      suite.clear();
    } else if (std::regex_search(line, m, mark)) {
      waiting.merge(ids_in(m.str(1)));
    } else if (!waiting.empty() && std::regex_search(line, m, test)) {
      suite = m.str(1);
      if (!m[2].matched) continue;
      found[suite + "." + m.str(2)].merge(waiting);
      waiting.clear();
      suite.clear();
    }
  }
  if (!waiting.empty()) found[""].merge(waiting);
  return found;
}

std::map<std::string, bool> read_results(const std::string& junit) {
  static const std::regex form(R"re(<testcase name="([^"]*)"[^>]*status="([^"]*)")re");
  std::map<std::string, bool> results;
  for (std::sregex_iterator i(junit.begin(), junit.end(), form), end; i != end; ++i) {
    results[unescaped(i->str(1))] = i->str(2) == "run";
  }
  return results;
}

Report join(const std::vector<Requirement>& requirements,
            const std::map<std::string, std::string>& exceptions,
            const std::map<std::string, std::set<std::string>>& ids_of_tests,
            const std::map<std::string, bool>& results) {
  Report report;
  std::map<std::string, std::size_t> at;
  for (const Requirement& r : requirements) {
    at[r.id] = report.lines.size();
    report.lines.push_back({r, {}, "", false, false});
  }
  const auto outcome = by_source_test(results);
  for (const auto& [test, ids] : ids_of_tests) {
    const auto ran = outcome.find(test);
    for (const std::string& id : ids) {
      if (at.count(id) == 0) {
        report.problems.push_back(joined({test, "carries", id, "which is no requirement"}, " "));
        continue;
      }
      Line& line = report.lines[at[id]];
      if (test.empty()) {
        report.problems.push_back(id + " stands before no test");
      } else {
        line.tests.push_back(test);
        if (ran != outcome.end()) (ran->second ? line.passed : line.failed) = true;
      }
    }
  }
  excuse(report, exceptions);
  for (const Line& line : report.lines) {
    if (!line.requirement.counts() || line.green() || !line.exception.empty()) continue;
    report.problems.push_back(
        line.requirement.id +
        " is shown by no passing test and has no stated exception: " + line.requirement.statement);
  }
  return report;
}

std::string as_csv(const Report& report) {
  std::string out = "id,class,state,tests,exception,statement\n";
  for (const Line& l : report.lines) {
    const char* state = l.green() ? "shown" : l.requirement.counts() ? "open" : "not counted";
    out += l.requirement.id + "," + l.requirement.kind + "," + state + "," +
           quoted(joined(l.tests, " ")) + "," + quoted(l.exception) + "," +
           quoted(l.requirement.statement) + "\n";
  }
  return out;
}

std::string as_markdown(const Report& report) {
  struct Count {
    int all = 0, shown = 0;
  };
  std::map<std::string, Count> counts;  // by the letter that names the source
  for (const Line& l : report.lines) {
    if (!l.requirement.counts()) continue;
    Count& c = counts[l.requirement.id.substr(0, 1)];
    ++c.all;
    if (l.green()) ++c.shown;
  }
  std::string out =
      "# Traceability\n\nWritten by `./vctoe test`; see [testing.md](testing.md). A row is *shown* "
      "when a passing test carries its id and\nno test that carries it fails. Rows of class IMP "
      "and OPT count: `I` is the virtual-context NIC, `B` the PCIe bridge,\n`S` the proxy.\n\n"
      "| source | rows that count | shown |\n|---|---|---|\n";
  for (const auto& [source, c] : counts) {
    out += "| " + source + " | " + std::to_string(c.all) + " | " + std::to_string(c.shown) + " |\n";
  }
  out += "\n## Shown\n\n| id | class | tests |\n|---|---|---|\n";
  for (const Line& l : report.lines) {
    if (!l.green()) continue;
    out += "| " + l.requirement.id + " | " + l.requirement.kind + " | " + joined(l.tests, ", ") +
           " |\n";
  }
  out += "\n## Open\n\n| id | class | why |\n|---|---|---|\n";
  for (const Line& l : report.lines) {
    if (l.green() || !l.requirement.counts()) continue;
    out += "| " + l.requirement.id + " | " + l.requirement.kind + " | " +
           (l.exception.empty() ? "not shown" : l.exception) + " |\n";
  }
  return out;
}

}  // namespace vctoe::trace
