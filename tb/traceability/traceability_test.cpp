#include "tb/traceability/traceability.h"

#include <gtest/gtest.h>

namespace vctoe::trace {
namespace {

const char* const kRows =
    "id,seed,class,statement\n"
    "I-1,a,IMP,\"first, with \"\"quotes\"\"\"\n"
    "I-2,a,OPT,\"second\nline\"\n"
    "I-3,a,ENV,third\n";

const char* const kSource =
    "// req: I-1, I-F08-256\n"
    "TEST(Suite, Name) {\n"
    "}\n"
    "TEST(Suite, WithoutIds) {}\n"
    "// req: I-2 (the first half)\n"
    "// req: I-P0053b\n"
    "TEST_P(Other,\n"
    "       LongName) {}\n";

std::map<std::string, bool> results(bool second) {
  return {{"unit_x.Suite.Name", true},
          {"unit_x.Instance/Other.LongName/a  # GetParam() = \"a.b\"", true},
          {"unit_x.Instance/Other.LongName/b  # GetParam() = \"c\"", second}};
}

TEST(Traceability, ReadsQuotedFields) {
  const auto rows = read_requirements(kRows);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].statement, "first, with \"quotes\"");
  EXPECT_EQ(rows[1].statement, "second\nline");
  EXPECT_TRUE(rows[1].counts());
  EXPECT_FALSE(rows[2].counts());
  EXPECT_THROW(read_requirements("id,class\n"), std::runtime_error);
  EXPECT_THROW(read_requirements("id,class,statement\na,b,\"c\n"), std::runtime_error);
}

TEST(Traceability, IdsBelongToTheTestBelowThem) {
  const auto ids = find_ids(kSource);
  EXPECT_EQ(ids.size(), 2u);
  EXPECT_EQ(ids.at("Suite.Name"), (std::set<std::string>{"I-1", "I-F08-256"}));
  EXPECT_EQ(ids.at("Other.LongName"), (std::set<std::string>{"I-2", "I-P0053b"}));
  EXPECT_EQ(find_ids("// req: I-9\nint x;\n").count(""), 1u);
}

TEST(Traceability, ReadsWhatCtestWrites) {
  const auto found = read_results(
      "<testsuite name=\"x\">\n"
      "\t<testcase name=\"a.B.C &quot;1&quot;\" classname=\"a\" time=\"0.1\" status=\"run\">\n"
      "\t<testcase name=\"a.B.D\" classname=\"a\" time=\"0.1\" status=\"fail\">\n"
      "\t<testcase name=\"a.B.E\" classname=\"a\" time=\"0.1\" status=\"notrun\">\n");
  EXPECT_EQ(found, (std::map<std::string, bool>{
                       {"a.B.C \"1\"", true}, {"a.B.D", false}, {"a.B.E", false}}));
}

const std::map<std::string, std::set<std::string>> kIds{{"Suite.Name", {"I-1"}},
                                                        {"Other.LongName", {"I-2"}}};

TEST(Traceability, ARowIsShownWhenEveryInstanceOfItsTestPasses) {
  const Report report = join(read_requirements(kRows), {}, kIds, results(true));
  EXPECT_TRUE(report.problems.empty());
  EXPECT_TRUE(report.lines[0].green());
  EXPECT_EQ(report.lines[1].tests, std::vector<std::string>{"Other.LongName"});
}

TEST(Traceability, ATestThatFailsOrDidNotRunShowsNothing) {
  EXPECT_EQ(join(read_requirements(kRows), {}, kIds, results(false)).problems.size(), 1u);
  EXPECT_EQ(join(read_requirements(kRows), {}, kIds, {}).problems.size(), 2u);
}

TEST(Traceability, ATestThatRunsAgainWithAnotherEnvironmentHasToPassThereToo) {
  auto with = results(true);
  with["unit_x.rtl.Suite.Name"] = true;
  EXPECT_TRUE(join(read_requirements(kRows), {}, kIds, with).problems.empty());
  with["unit_x.rtl.Suite.Name"] = false;
  EXPECT_EQ(join(read_requirements(kRows), {}, kIds, with).problems.size(), 1u);
}

TEST(Traceability, AnExceptionExcusesOnlyWhatIsNotShown) {
  const auto rows = read_requirements(kRows);
  const auto excused = read_exceptions("id,reason\nI-2,\"later, perhaps\"\n");
  const Report open = join(rows, excused, {{"Suite.Name", {"I-1"}}}, results(true));
  EXPECT_TRUE(open.problems.empty());
  EXPECT_EQ(open.lines[1].exception, "later, perhaps");
  EXPECT_EQ(join(rows, excused, kIds, results(true)).problems.size(), 1u);
  const Report all = join(rows, {{"I-*", "none yet"}}, {{"Suite.Name", {"I-1"}}}, results(true));
  EXPECT_TRUE(all.problems.empty());
  EXPECT_EQ(all.lines[0].exception, "");
  EXPECT_EQ(all.lines[1].exception, "none yet");
}

TEST(Traceability, IdsThatAreNowhereAreProblems) {
  const auto rows = read_requirements(kRows);
  auto ids = kIds;
  ids["Suite.Name"].insert("I-99");
  EXPECT_EQ(join(rows, {}, ids, results(true)).problems.size(), 1u);
  EXPECT_EQ(join(rows, {{"I-98", "?"}}, kIds, results(true)).problems.size(), 1u);
}

TEST(Traceability, PagesNameTestsAndReasons) {
  const Report report =
      join(read_requirements(kRows), {{"I-2", "later"}}, {{"Suite.Name", {"I-1"}}}, results(true));
  EXPECT_NE(as_markdown(report).find("| I-1 | IMP | Suite.Name |"), std::string::npos);
  EXPECT_NE(as_markdown(report).find("| I-2 | OPT | later |"), std::string::npos);
  EXPECT_NE(as_csv(report).find("I-1,IMP,shown,\"Suite.Name\",\"\",\"first, with \"\"quotes\"\"\""),
            std::string::npos);
  EXPECT_NE(as_csv(report).find("I-3,ENV,not counted"), std::string::npos);
}

TEST(Traceability, ATestInShellCarriesTheIdsOfItsMarks) {
  const std::string script = "# What it shows.\n# req: I-1, I-P0028a\nset -eu\n# req: I-2\n";
  EXPECT_EQ(find_script_ids(script), (std::set<std::string>{"I-1", "I-2", "I-P0028a"}));
  EXPECT_TRUE(find_script_ids("echo '# req: I-1'\n").empty());
  EXPECT_EQ(script_test("system", "formats_test"), "system.formats");
}

}  // namespace
}  // namespace vctoe::trace
