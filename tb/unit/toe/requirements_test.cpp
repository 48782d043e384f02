// docs/tcp_requirements.csv: every rule has an answer, and every yes a test that exists.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tb/unit/toe/requirement_rows.h"

namespace vctoe {
namespace {

namespace fs = std::filesystem;
const fs::path kSource = VCTOE_SOURCE_DIR;

using requirements::Row;
using requirements::words;

std::vector<Row> rows() {
  return requirements::read(kSource / "docs/tcp_requirements.csv");
}

/// Suite.Name of every test in tb/.
std::set<std::string> tests() {
  std::set<std::string> out;
  const std::regex declared(R"(TEST(_F)?\(\s*(\w+),\s*(\w+)\s*\))");
  for (const auto& entry : fs::recursive_directory_iterator(kSource / "tb")) {
    if (entry.path().extension() != ".cpp") continue;
    std::ifstream in(entry.path());
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    for (std::sregex_iterator i(text.begin(), text.end(), declared), end; i != end; ++i) {
      out.insert((*i)[2].str() + "." + (*i)[3].str());
    }
  }
  return out;
}

/// "MUST-20 (R1)" and "MUST-20 (R2)" are two rows of one number.
std::string number_of(const std::string& id) {
  return id.substr(0, id.find(' '));
}

TEST(TcpRequirements, EveryRuleAndEveryRowOfTheRfcIsAnsweredOnce) {
  std::set<std::string> ids, numbers;
  for (const Row& row : rows()) {
    EXPECT_TRUE(ids.insert(row.id).second) << row.id << " is there twice";
    numbers.insert(number_of(row.id));
  }
  for (int i = 1; i <= 62; ++i) EXPECT_EQ(ids.count("rule-" + std::to_string(i)), 1u) << i;
  EXPECT_EQ(ids.size(), 62u + 126u);  // RFC 9293 appendix B has 126 rows
  const std::map<std::string, int> last{{"MUST-", 69}, {"SHLD-", 31}, {"MAY-", 18}, {"REC-", 1}};
  for (const auto& [kind, count] : last) {
    for (int i = 1; i <= count; ++i) {
      EXPECT_EQ(numbers.count(kind + std::to_string(i)), 1u) << kind << i;
    }
  }
}

TEST(TcpRequirements, ValuesAreLegalAndWhatIsNotMetHasAReason) {
  const std::set<std::string> levels{"rule", "MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY"};
  for (const Row& row : rows()) {
    EXPECT_EQ(levels.count(row.level), 1u) << row.id << ": " << row.level;
    EXPECT_FALSE(row.requirement.empty()) << row.id;
    const bool met = row.met == "yes";
    EXPECT_TRUE(met || row.met == "no" || row.met == "partial") << row.id << ": " << row.met;
    EXPECT_TRUE(met || !row.reason.empty()) << row.id << " has no reason";
    EXPECT_TRUE(!met || !row.test.empty()) << row.id << " has no test";
  }
}

TEST(TcpRequirements, TheTestsNamedExist) {
  const std::set<std::string> known = tests();
  ASSERT_GT(known.size(), 500u);
  for (const Row& row : rows()) {
    for (const std::string& test : words(row.test)) {
      EXPECT_EQ(known.count(test), 1u) << row.id << ": there is no test " << test;
    }
  }
}

// That its tests notice the faults of a row is unit_toe.planted_faults.
TEST(TcpRequirements, EveryYesNamesAFaultThatBreaksItOrSaysWhyNoneCan) {
  std::set<std::string> known;
  std::ifstream in(kSource / "tb/unit/toe/faults/faults.txt");
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("= ", 0) == 0) known.insert(words(line)[1]);
  }
  for (const Row& row : rows()) {
    const auto faults = requirements::faults_of(row);
    for (const auto& fault : faults) EXPECT_EQ(known.count(fault), 1u) << row.id << ": " << fault;
    const bool said = row.fault.rfind("none: ", 0) == 0 && row.fault.size() > 20;
    EXPECT_TRUE(row.met != "yes" || !faults.empty() || said) << row.id << " names no fault";
  }
}

}  // namespace
}  // namespace vctoe
