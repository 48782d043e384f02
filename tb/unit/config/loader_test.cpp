#include <gtest/gtest.h>

#include "models/sim/error.h"
#include "sw/scenario/config.h"
#include "tb/unit/config/sample_params.h"

namespace vctoe::config {
namespace {

/// The report of loading this text, "" when it is accepted.
std::string report_of(Sample& sample, const std::string& text) {
  const TempDir dir;
  Loader loader(sample.list);
  const std::string path = dir.write("bad.toml", text);
  loader.load_file(path);
  try {
    loader.finish();
  } catch (const sim::Error& e) {
    EXPECT_EQ(e.kind(), sim::FailureKind::kUser);
    std::string report = e.what();
    for (std::size_t at; (at = report.find(path)) != std::string::npos;) {
      report.replace(at, path.size(), "bad.toml");
    }
    return report;
  }
  return "";
}

std::string report_of(const std::string& text) {
  Sample sample;
  return report_of(sample, text);
}

std::string report_of_set(const std::string& assignment) {
  Sample sample;
  Loader loader(sample.list);
  loader.set(assignment);
  try {
    loader.finish();
  } catch (const sim::Error& e) {
    return e.what();
  }
  return "";
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Loader, SetsEveryType) {
  Sample s;
  EXPECT_EQ(report_of(s, R"(
seed = 18
file = "a b"
[link]
lanes = 4
delay = "80 us"
mps = "512 B"
rate = "25 Gb/s"
mode = "safe"
swap.readahead = "64 KiB"
[host]
loss = 1
trace = true
)"),
            "");
  EXPECT_EQ(s.params.seed, 18u);
  EXPECT_EQ(s.params.file, "a b");
  EXPECT_EQ(s.params.link.lanes, 4u);
  EXPECT_EQ(s.params.link.delay, sim::Time::from_us(80));
  EXPECT_EQ(s.params.link.mps.n, 512u);
  EXPECT_EQ(s.params.link.rate.bps, 25e9);
  EXPECT_EQ(s.params.link.mode, Mode::kSafe);
  EXPECT_EQ(s.params.link.swap.readahead, sim::Bytes::kib(64));
  EXPECT_EQ(s.params.loss, 1.0);
  EXPECT_TRUE(s.params.trace);
}

TEST(Loader, ReportsEverythingAtOnceInTheOrderOfTheLines) {
  EXPECT_EQ(report_of(R"([link]
rate  = "16 GTs"
lanse = 3
mps   = 256
mode  = "fats"
delay = "4 KiB"
loss  = 0.1
[link.swp]
x = 1
[host]
loss = 2
trace = "yes"
link = { a = 1 }
)"),
            R"(bad.toml:2:9: error: link.rate: unknown unit "GTs"
    2 | rate  = "16 GTs"
      |         ^^^^^^^^
      = units of a rate: Tb/s Gb/s Mb/s kb/s b/s
bad.toml:3:1: error: unknown key "lanse" in [link]
    3 | lanse = 3
      | ^^^^^
      = did you mean "lanes"?
bad.toml:4:9: error: link.mps is a bare number: the unit is missing
    4 | mps   = 256
      |         ^^^
      = write a size such as "4 KiB"
bad.toml:5:9: error: link.mode: unknown value "fats"
    5 | mode  = "fats"
      |         ^^^^^^
      = did you mean "fast"? legal: fast, slow, safe
bad.toml:6:9: error: link.delay: "4 KiB" is a size, but this key wants a time such as "10 us"
    6 | delay = "4 KiB"
      |         ^^^^^^^
bad.toml:7:1: error: unknown key "loss" in [link]
    7 | loss  = 0.1
      | ^^^^
      = "loss" exists as host.loss
bad.toml:8:7: error: unknown table [link.swp]
    8 | [link.swp]
      |       ^^^
      = did you mean [link.swap]?
bad.toml:11:8: error: host.loss = 2.0 is out of range
   11 | loss = 2
      |        ^
      = legal: 0.0 to 1.0
bad.toml:12:9: error: host.trace is text, but this key wants true or false
   12 | trace = "yes"
      |         ^^^^^
bad.toml:13:1: error: unknown table [host.link]
   13 | link = { a = 1 }
      | ^^^^
10 errors; nothing was run)");
}

TEST(Loader, RangesAreGivenWithTheirUnits) {
  EXPECT_TRUE(has(report_of("link.delay = \"11 s\""), "= legal: 1 ns to 10 s"));
  EXPECT_TRUE(has(report_of("link.mps = \"64 B\""), "= legal: 128 B to 4 KiB"));
  EXPECT_TRUE(has(report_of("link.rate = \"2 Tb/s\""), "= legal: 1 Mb/s to 1 Tb/s"));
  EXPECT_TRUE(has(report_of("link.lanes = 32"), "link.lanes = 32 is out of range"));
  EXPECT_TRUE(has(report_of("seed = -1"), "= legal: at least 0"));
  EXPECT_EQ(report_of("link.lanes = 16\nlink.delay = \"10 s\""), "");
}

TEST(Loader, WrongTypesAreRefused) {
  EXPECT_TRUE(has(report_of("seed = 1.0"), "seed is a number, but this key wants a whole number"));
  EXPECT_TRUE(has(report_of("seed = \"7\""), "seed is text, but this key wants a whole number"));
  EXPECT_TRUE(has(report_of("link.lanes = [1]"), "link.lanes is a list"));
  EXPECT_TRUE(has(report_of("file = 3"), "wants text in quotes"));
  EXPECT_TRUE(has(report_of("link.mode = 1"), "wants one of: fast, slow, safe"));
  EXPECT_TRUE(has(report_of("link.delay = true"), "wants a time such as"));
  EXPECT_TRUE(has(report_of("link = 3"), "link is a table, not a value"));
  EXPECT_TRUE(has(report_of("host.loss = nan"), "host.loss = nan is out of range"));
  EXPECT_TRUE(has(report_of("link.delay = 2020-01-01"), "is a date or time of day"));
}

TEST(Loader, BrokenTomlIsPointedAt) {
  const std::string report = report_of("seed = 1\nlink.lanes = = 3\n");
  EXPECT_TRUE(has(report, "bad.toml:2:")) << report;
  EXPECT_TRUE(has(report, "    2 | link.lanes = = 3")) << report;
}

TEST(Loader, AMissingFileIsAProblemOfTheReport) {
  Sample s;
  Loader loader(s.list);
  loader.load_file("/no/such.toml");
  EXPECT_THROW(
      try { loader.finish(); } catch (const sim::Error& e) {
        EXPECT_STREQ(e.what(),
                     "/no/such.toml: error: cannot read /no/such.toml: No such file or directory\n"
                     "1 error; nothing was run");
        throw;
      },
      sim::Error);
}

TEST(Loader, IncludedFilesComeFirstAndRelative) {
  const TempDir dir;
  dir.write("sub/base.toml", "seed = 5\nlink.lanes = 2\n");
  const std::string main = dir.write("main.toml", "include = [\"sub/base.toml\"]\nseed = 6\n");
  Sample s;
  Loader loader(s.list);
  loader.load_file(main);
  loader.finish();
  EXPECT_EQ(s.params.seed, 6u);
  EXPECT_EQ(s.params.link.lanes, 2u);
  EXPECT_EQ(loader.directory_of("seed") + "/", dir / "");
  EXPECT_EQ(loader.directory_of("link.lanes"), dir / "sub");
  EXPECT_EQ(loader.directory_of("file"), "");
}

/// "safe" brings 2 lanes and a delay along.
Preset safe_preset() {
  return {"link.mode", "safe", {{"link.lanes", "2"}, {"link.delay", "3 us"}}};
}

TEST(LoaderPreset, SetsWhatIsNotSet) {
  Sample s;
  Loader loader(s.list);
  loader.add_preset(safe_preset());
  loader.set("link.mode=safe");
  loader.finish();
  EXPECT_EQ(s.params.link.lanes, 2u);
  EXPECT_EQ(s.params.link.delay, sim::Time::from_us(3));
}

TEST(LoaderPreset, IsIgnoredWhenAnotherValueIsChosen) {
  Sample s;
  Loader loader(s.list);
  loader.add_preset(safe_preset());
  loader.set("link.mode=fast");
  loader.finish();
  EXPECT_EQ(s.params.link.lanes, 8u);
}

TEST(LoaderPreset, KeysOfTheSameFileStay) {
  const TempDir dir;
  const std::string file = dir.write("a.toml", "[link]\nlanes = 4\nmode = \"safe\"\n");
  Sample s;
  Loader loader(s.list);
  loader.add_preset(safe_preset());
  loader.load_file(file);
  loader.finish();
  EXPECT_EQ(s.params.link.lanes, 4u);
  EXPECT_EQ(s.params.link.delay, sim::Time::from_us(3));
}

TEST(LoaderPreset, ChosenOnTheCommandLineItGoesOverFilesButNotOverOptions) {
  const TempDir dir;
  const std::string file = dir.write("a.toml", "[link]\nlanes = 4\ndelay = \"9 us\"\n");
  Sample s;
  Loader loader(s.list);
  loader.add_preset(safe_preset());
  loader.load_file(file);
  loader.set("link.delay=5 us");
  loader.set("link.mode=safe");
  loader.finish();
  EXPECT_EQ(s.params.link.lanes, 2u);
  EXPECT_EQ(s.params.link.delay, sim::Time::from_us(5));
}

TEST(Loader, IncludingOneselfIsAnErrorAndNoLoop) {
  const TempDir dir;
  dir.write("b.toml", "include = [\"a.toml\"]\n");
  const std::string a = dir.write("a.toml", "include = [\"b.toml\"]\n");
  Sample s;
  Loader loader(s.list);
  loader.load_file(a);
  EXPECT_THROW(
      try { loader.finish(); } catch (const sim::Error& e) {
        EXPECT_TRUE(has(e.what(), "b.toml:1:12: error: ")) << e.what();
        EXPECT_TRUE(has(e.what(), "includes itself")) << e.what();
        throw;
      },
      sim::Error);
}

TEST(Loader, CommandLineUsesTheSameChecks) {
  Sample s;
  Loader loader(s.list);
  loader.set("link.delay=5 us");
  loader.set("link.lanes=2");
  loader.set("host.loss=0.25");
  loader.set("host.trace=true");
  loader.set("link.mode=fast");
  loader.set("file=123");
  loader.set("seed=18446744073709551615");
  loader.finish();
  EXPECT_EQ(s.params.link.delay, sim::Time::from_us(5));
  EXPECT_EQ(s.params.link.lanes, 2u);
  EXPECT_EQ(s.params.loss, 0.25);
  EXPECT_TRUE(s.params.trace);
  EXPECT_EQ(s.params.link.mode, Mode::kFast);
  EXPECT_EQ(s.params.file, "123");
  EXPECT_EQ(s.params.seed, ~std::uint64_t{0});

  EXPECT_EQ(report_of_set("link.delay=10"),
            "--set 1: error: link.delay is a bare number: the unit is missing\n"
            "      | link.delay=10\n"
            "      |            ^^\n"
            "      = write a time such as \"10 us\"\n"
            "1 error; nothing was run");
  EXPECT_TRUE(has(report_of_set("link.lanse=1"), "unknown parameter link.lanse"));
  EXPECT_TRUE(has(report_of_set("link.lanse=1"), "did you mean \"lanes\"?"));
  EXPECT_TRUE(has(report_of_set("lnk.lanes=1"), "\"lanes\" exists as link.lanes"));
  EXPECT_TRUE(has(report_of_set("link.lanes"), "is no assignment"));
  EXPECT_TRUE(has(report_of_set("link=1"), "link is a table"));
  EXPECT_TRUE(has(report_of_set("link.lanes=99"), "legal: 1 to 16"));
  EXPECT_TRUE(has(report_of_set("seed=99999999999999999999"), "wants a whole number"));
}

TEST(Loader, InconsistentPairsPointAtTheLineThatSetOne) {
  const TempDir dir;
  const std::string path = dir.write("pair.toml", "seed = 3\nlink.mps = \"1 KiB\"\n");
  Sample s;
  Loader loader(s.list);
  loader.add_validator([&s](std::vector<std::string>& problems) {
    if (s.params.link.mps.n > s.params.partner_mps.n) {
      problems.push_back("link.mps 1024 B is above the partner's host.mps 512 B");
    }
  });
  loader.load_file(path);
  EXPECT_THROW(
      try { loader.finish(); } catch (const sim::Error& e) {
        EXPECT_TRUE(has(e.what(), path + ":2:12: error: link.mps 1024 B is above")) << e.what();
        throw;
      },
      sim::Error);
}

TEST(Loader, ValidatorsSeeOnlyValuesThatAreRight) {
  Sample s;
  Loader loader(s.list);
  loader.add_validator([](std::vector<std::string>& problems) { problems.push_back("called"); });
  loader.set("link.lanes=99");
  EXPECT_THROW(
      try { loader.finish(); } catch (const sim::Error& e) {
        EXPECT_FALSE(has(e.what(), "called"));
        throw;
      },
      sim::Error);
}

struct TwiceParams {
  std::uint64_t a = 1, b = 2;
  void declare(sim::ParamList& list) {
    list.add("a", a, {}, "", "");
    list.add("a", b, {}, "", "");
  }
};
struct BadDefaultParams {
  std::uint64_t a = 9;
  void declare(sim::ParamList& list) { list.add("a", a, {1, 4}, "", ""); }
};

TEST(Loader, DeclarationsAreCheckedToo) {
  TwiceParams twice;
  sim::ParamList list;
  twice.declare(list);
  EXPECT_THROW(Loader{list}, sim::Error);

  BadDefaultParams bad;
  sim::ParamList bad_list;
  bad.declare(bad_list);
  EXPECT_THROW(Loader{bad_list}, sim::Error);
}

}  // namespace
}  // namespace vctoe::config
