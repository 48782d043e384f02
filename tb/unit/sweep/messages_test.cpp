// What is wrong with a sweep file is said with its line, and with what would be right.
#include <gtest/gtest.h>

#include "models/sim/error.h"
#include "tb/unit/sweep/space.h"

namespace vctoe::sweep::test {
namespace {

std::string report(const std::string& text, const std::string& subset = "") {
  Space space;
  try {
    space.read(text, subset);
  } catch (const sim::Error& e) {
    EXPECT_EQ(e.kind(), sim::FailureKind::kUser);
    return e.what();
  }
  return "";
}

void expect_said(const std::string& text, const std::string& line, const std::string& said,
                 const std::string& subset = "") {
  const std::string all = report(text, subset);
  EXPECT_NE(all.find(".toml:" + line + ":"), std::string::npos) << all;
  EXPECT_NE(all.find(said), std::string::npos) << all;
}

const std::string kLanes = "[[axis]]\nparameter = \"pcie.lanes\"\n";

TEST(Messages, AnUnknownAxisNamesTheNearest) {
  expect_said("[[axis]]\nparameter = \"pcie.lane\"\nvalues = [1]\n", "2",
              "did you mean pcie.lanes?");
}

TEST(Messages, AnUnknownKeyListsTheLegalOnes) {
  expect_said(kLanes + "value = [1]\n", "3", "did you mean \"values\"?");
  expect_said("titel = \"x\"\n", "1", "did you mean \"title\"?");
}

TEST(Messages, EmptyListsAndRanges) {
  expect_said(kLanes + "values = []\n", "3", "the list of values is empty");
  expect_said(kLanes + "from = 8\nto = 4\ncount = 2\n", "3", "the range is empty: 8 is above 4");
  expect_said("[[axis]]\nparameter = \"net.loss\"\nfrom = 0\nto = 1\ncount = 2\nscale = \"log\"\n",
              "3", "a logarithmic range cannot begin with 0.0");
  expect_said("[[axis]]\nparameter = \"nic.resend\"\nfrom = \"posted\"\nto = \"pushed\"\n", "3",
              "has no range");
}

TEST(Messages, ValuesAreCheckedAsThoseOfAScenario) {
  expect_said(kLanes + "values = [1, 32]\n", "3", "pcie.lanes = 32 is out of range");
  expect_said("[[axis]]\nparameter = \"net.delay\"\nvalues = [10]\n", "3", "the unit is missing");
  expect_said("[[axis]]\nparameter = \"schemes\"\nvalues = [\"fig9\"]\n", "3",
              "unknown scheme \"fig9\"");
  expect_said(kLanes + "values = [4, 4]\n", "3", "stands twice");
}

TEST(Messages, ConflictingLinks) {
  expect_said(kLanes + "values = [1]\n" + kLanes + "values = [2]\n", "5", "is an axis already");
  expect_said("set.pcie.lanes = 4\n" + kLanes + "values = [1]\n", "1", "[set] cannot give it");
  expect_said("[[axis]]\nparameters = [\"pcie.lanes\", \"net.loss\"]\nvalues = [[1]]\n", "3",
              "a list of 2 each");
  expect_said("repeats = 2\n[[axis]]\nparameter = \"seed\"\nvalues = [1]\n", "1",
              "repeats needs the seed");
}

TEST(Messages, Conditions) {
  const std::string when = kLanes + "values = [1]\nwhen = ";
  expect_said(when + "{ parameter = \"net.los\", above = 0 }\n", "4", "did you mean net.loss?");
  expect_said(when + "{ parameter = \"net.loss\", over = 0 }\n", "4", "unknown key \"over\"");
  expect_said(when + "{ parameter = \"nic.resend\", above = \"posted\" }\n", "4", "has no order");
  expect_said(when +
                  "{ parameter = \"net.loss\", above = 0 }\n[[axis]]\nparameter = \"net.loss\"\n"
                  "values = [0.1]\n",
              "1", "an axis further down");
}

TEST(Messages, SamplesObjectivesAndSubsets) {
  expect_said("[[sample]]\nkind = \"sobol\"\n", "2", "legal: \"latin_hypercube\", \"random\"");
  expect_said(
      "[[sample]]\nkind = \"random\"\ncount = 0\nof = [ { parameter = \"net.loss\", from = "
      "0, to = 1 } ]\n",
      "3", "legal: a whole number from 1");
  expect_said("[[objective]]\nmetric = \"godput\"\ndirection = \"max\"\n", "2",
              "did you mean \"goodput\"?");
  expect_said("[[objective]]\nmetric = \"time.wlaker\"\ndirection = \"min\"\n", "2",
              "did you mean \"time.walker\"?");
  expect_said("[[objective]]\nmetric = \"goodput\"\ndirection = \"up\"\n", "3", "legal: \"max\"");
  expect_said("[[objective]]\nmetric = \"sender.reads\"\ndirection = \"max\"\n", "2",
              "no pattern of record covers");
  expect_said("[subset.small]\nseed = 2\n", "1", "legal: small", "smal");
  expect_said("[subset.small]\nnet.loss = [0.1]\n", "2", "is no axis", "small");
}

TEST(Messages, EverythingIsSaidInOneGo) {
  const std::string all = report(kLanes + "values = [99]\n[[axis]]\nparameter = \"nothing\"\n");
  EXPECT_NE(all.find("2 errors; nothing was run"), std::string::npos) << all;
}

TEST(Messages, BrokenTomlAndNoFile) {
  expect_said("[[axis]\n", "1", "");
  Space space;
  EXPECT_THROW(read_study("no such file.toml", "", space.design), sim::Error);
}

}  // namespace
}  // namespace vctoe::sweep::test
