#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "sw/scenario/outputs_table.h"
#include "tb/unit/outputs/sample_run.h"

namespace vctoe::outputs {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(Table, ShowsEveryFigureWithItsUnit) {
  EXPECT_EQ(
      summary_table({sample_run("fig8")}),
      R"(                          pinned  pinned  buffer   swap   swap   PCIe   PCIe   host          packet  victim          wall
scheme  goodput  done in    peak  x time    held     in    out     up   down    CPU  resent  buffer  slower  lists   time
           Gb/s       ms     MiB   KiB.s      ms    MiB    MiB    MiB    MiB     ms             KiB       x             s
fig8      9.490    14.30   3.000   1.206   14.10  8.000  1.000  5.000  18.00  2.000      12   64.00   1.250      2  1.500

fig8 time      wire 67.1 %, application 7.0 %, loss_recovery 6.3 %, window 4.9 %, packet_buffer 4.2 %

sha256 source  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
fig8 received  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa  equal
)");
}

TEST(Table, FitsTheScreenWithLargeValues) {
  RunSummary r = sample_run("circular");
  r.pinned_peak_bytes = 999ull << 30;
  r.swap_in_bytes = 12345ull << 20;
  r.victim_slowdown = 123.456;
  r.retransmitted_segments = 1234567;
  for (const auto& line : lines_of(summary_table({r, sample_run("fig8")}))) {
    EXPECT_LE(line.size(), 160u) << line;
  }
}

TEST(Table, ColumnsLineUp) {
  RunSummary slow = sample_run("fig12");
  slow.goodput_bps = 1e6;
  slow.victim_slowdown = kNotMeasured;
  const auto lines = lines_of(summary_table({sample_run("fig8"), slow}));
  ASSERT_GE(lines.size(), 5u);
  EXPECT_EQ(lines[1].size(), lines[3].size());
  EXPECT_EQ(lines[3].size(), lines[4].size());
  EXPECT_NE(lines[4].find(" - "), std::string::npos);
}

TEST(Table, PutsWhatArrivedBesideTheSource) {
  RunSummary bad = sample_run("fig11");
  bad.ok = false;
  bad.failure = "bytes differ at 77";
  bad.sha256_received = std::string(64, 'b');
  const std::string table = summary_table({sample_run("fig8"), bad});
  EXPECT_NE(table.find("sha256 source   " + std::string(64, 'a') + "\n"), std::string::npos)
      << table;
  EXPECT_NE(table.find("fig8 received   " + std::string(64, 'a') + "  equal\n"), std::string::npos);
  EXPECT_NE(table.find("fig11 received  " + std::string(64, 'b') + "  DIFFERENT\n"),
            std::string::npos);
  EXPECT_NE(table.find("fig11 FAILED"), std::string::npos);
  EXPECT_NE(table.find("fig11 failed: bytes differ at 77\n"), std::string::npos);
}

TEST(Table, ARunThatWasNotDoneShowsWhatArrivedAndWhy) {
  RunSummary late = sample_run("fig3");
  late.ok = late.complete = false;
  late.failure = "stream.time_limit = 1 ms was over";
  late.received_bytes = 77;
  late.sha256_received = "";
  late.goodput_bps = late.completion_s = late.hold_s = kNotMeasured;
  const std::string table = summary_table({late});
  EXPECT_NE(table.find("fig3 FAILED        -        -   3.000   1.206       -"), std::string::npos)
      << table;
  EXPECT_NE(table.find("fig3 received  77 of 16777216 B  INCOMPLETE\n"), std::string::npos)
      << table;
  EXPECT_NE(table.find("\nfig3 failed: stream.time_limit = 1 ms was over\n"), std::string::npos);
}

TEST(Table, ARunThatBrokeOffHasARowOfDashes) {
  RunSummary broken;
  broken.scheme = "fig12";
  broken.finished = false;
  broken.failure = "a monitor fired";
  const auto lines = lines_of(summary_table({sample_run("fig8"), broken}));
  ASSERT_GE(lines.size(), 5u);
  EXPECT_EQ(lines[4].substr(0, 12), "fig12 FAILED");
  EXPECT_EQ(lines[4].find_first_not_of(" -", 12), std::string::npos) << lines[4];
  EXPECT_EQ(std::count(lines[4].begin(), lines[4].end(), '-'), 15) << lines[4];
}

TEST(Table, ADigestThatWasNotTakenIsNotADifference) {
  RunSummary unchecked = sample_run("fig8");
  unchecked.sha256_received = "";
  const std::string table = summary_table({unchecked});
  EXPECT_NE(table.find("fig8 received  all bytes, not compared\n"), std::string::npos) << table;
}

TEST(Table, AFigureHasTheUnitThatSuitsIt) {
  EXPECT_EQ(quantity_text(9.412e9, "bit/s"), "9.412 Gb/s");
  EXPECT_EQ(quantity_text(0.0123456, "s"), "12.35 ms");
  EXPECT_EQ(quantity_text(-65536, "B"), "-64.00 KiB");
  EXPECT_EQ(quantity_text(2e-9, "s"), "2e-09 s");
  EXPECT_EQ(quantity_text(0, "B"), "0 B");
  EXPECT_EQ(quantity_text(0.25, "1"), "0.25");
  EXPECT_EQ(quantity_text(kNotMeasured, "s"), "-");
}

TEST(Table, NothingToShowIsNothing) {
  EXPECT_EQ(summary_table({}), "");
  RunSummary broken;
  broken.finished = false;
  EXPECT_EQ(summary_table({broken}), "");
}

}  // namespace
}  // namespace vctoe::outputs
