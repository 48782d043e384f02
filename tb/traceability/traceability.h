// Which statement of the source documents is shown by which passing test: data/requirements.csv
// joined with the ids that tests carry (`// req: I-F08-256`) and with what became of the tests.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace vctoe::trace {

/// A row of requirements.csv.
struct Requirement {
  std::string id;
  std::string statement;
  /// IMP: has to be there; OPT: an alternative, there as an option; ENV, REV: not a property of the
  /// model, counted for completeness only.
  std::string kind;
  bool counts() const { return kind == "IMP" || kind == "OPT"; }
};

/// Of a CSV file with a header line (RFC 4180), the named columns. Throws std::runtime_error when a
/// column is missing or a quote does not end.
std::vector<Requirement> read_requirements(const std::string& csv);

/// Rows that no test shows yet, each with the reason: a CSV file with columns id, reason. An id
/// that ends with * stands for all that begin so.
std::map<std::string, std::string> read_exceptions(const std::string& csv);

/// Ids in comments before a test, by the test: "Suite.Name". Several ids may stand behind one
/// `req:`, and several such lines before one test. An id that no test follows stands under "".
std::map<std::string, std::set<std::string>> find_ids(const std::string& source);
/// The ids that a test in shell carries, in lines "# req: I-1, I-2".
std::set<std::string> find_script_ids(const std::string& source);
/// The test of ctest that a script is: "folder.name" of folder/name_test.sh.
std::string script_test(const std::string& folder, std::string stem);

/// Names of the tests of a JUnit file as ctest writes it, and whether each passed; what was
/// skipped or not run did not.
std::map<std::string, bool> read_results(const std::string& junit);

/// One requirement and what shows it.
struct Line {
  Requirement requirement;
  std::vector<std::string>
      tests;              ///< that carry the id, whether they ran this time (long ones) or not
  std::string exception;  ///< the stated reason when nobody shows it
  bool passed = false;    ///< one of them ran and passed
  bool failed = false;    ///< one of them ran and did not
  bool green() const { return passed && !failed; }
};

struct Report {
  std::vector<Line> lines;            ///< in the order of the file
  std::vector<std::string> problems;  ///< each fails the build
};

/// A problem is a row that counts, is not green and has no exception; an exception that no row
/// needs; an id that is in no row or before no test.
Report join(const std::vector<Requirement>& requirements,
            const std::map<std::string, std::string>& exceptions,
            const std::map<std::string, std::set<std::string>>& ids_of_tests,
            const std::map<std::string, bool>& results);

std::string as_csv(const Report& report);
std::string as_markdown(const Report& report);

}  // namespace vctoe::trace
