#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <nlohmann/json.hpp>

#include "sw/scenario/config.h"
#include "sw/scenario/config_print.h"
#include "tb/unit/config/sample_params.h"

namespace vctoe::config {
namespace {

TEST(FinalConfiguration, HasEveryParameterInDeclaredOrderWithTablesTogether) {
  Sample s;
  EXPECT_EQ(final_configuration(s.list, "one\ntwo"),
            R"(# one
# two

seed = 1
file = ""

[link]
lanes = 8
delay = "10 us"
mps   = "256 B"
rate  = "10 Gb/s"
mode  = "slow"

[link.swap]
readahead = "32 KiB"

[host]
loss  = 0.5
trace = false
mps   = "512 B"
)");
}

/// In [0, 1], with all the digits that a double can have.
double share() {
  return static_cast<double>(*rc::gen::arbitrary<std::uint64_t>()) / 0x1.0p64;
}

void fill(SampleParams& p) {
  p.seed = *rc::gen::arbitrary<std::uint64_t>();
  p.link.lanes = *rc::gen::inRange<std::uint64_t>(1, 17);
  p.link.delay = {*rc::gen::inRange<std::uint64_t>(1000, 10'000'000'000'001)};
  p.link.mps = {*rc::gen::inRange<std::uint64_t>(128, 4097)};
  p.link.rate = {1e6 + 999e9 * share()};
  p.link.mode = static_cast<Mode>(*rc::gen::inRange(0, 3));
  p.link.swap.readahead = {*rc::gen::inRange<std::uint64_t>(0, (1 << 20) + 1)};
  p.loss = share();
  p.trace = *rc::gen::arbitrary<bool>();
  // Any ASCII, control characters, quotes and backslashes included.
  p.file = *rc::gen::container<std::string>(
      rc::gen::map(rc::gen::inRange(1, 128), [](int c) { return static_cast<char>(c); }));
}

TEST(FinalConfiguration, ReadsBackAsExactlyTheSameValues) {
  const TempDir dir;
  EXPECT_TRUE(rc::check("round trip", [&dir] {
    Sample written, read;
    fill(written.params);
    const std::string text = final_configuration(written.list, "heading");
    Loader loader(read.list);
    loader.load_file(dir.write("final.toml", text));
    loader.finish();
    RC_ASSERT(final_configuration(read.list, "heading") == text);
    RC_ASSERT(read.params.seed == written.params.seed);
    RC_ASSERT(read.params.file == written.params.file);
    RC_ASSERT(read.params.link.delay == written.params.link.delay);
    RC_ASSERT(read.params.link.mps == written.params.link.mps);
    RC_ASSERT(read.params.link.rate == written.params.link.rate);
    RC_ASSERT(read.params.link.mode == written.params.link.mode);
    RC_ASSERT(read.params.loss == written.params.loss);
    RC_ASSERT(read.params.trace == written.params.trace);
    RC_ASSERT(read.params.link.swap.readahead == written.params.link.swap.readahead);
  }));
}

TEST(ParamTables, TextSaysTypeDefaultRangeSentenceAndSource) {
  Sample s;
  const std::string text = params_text(s.list, "link.delay");
  EXPECT_EQ(text,
            "link.delay = 10 us                              time: 1 ns to 10 s\n"
            "    one way [calibration]\n");
  EXPECT_EQ(params_text(s.list, "link.d"), "");  // a prefix ends at a dot
  EXPECT_NE(params_text(s.list, "link").find("link.swap.readahead"), std::string::npos);
  EXPECT_EQ(params_text(s.list, "link").find("host."), std::string::npos);
}

TEST(ParamTables, JsonHasOneObjectForEachParameter) {
  Sample s;
  const auto rows = nlohmann::json::parse(params_json(s.list, ""));
  ASSERT_EQ(rows.size(), s.list.fields().size());
  for (const auto& row : rows) {
    if (row["path"] != "link.mode") continue;
    EXPECT_EQ(row["type"], "name");
    EXPECT_EQ(row["default"], "slow");
    EXPECT_EQ(row["range"], "fast, slow, safe");
  }
}

TEST(ParamTables, MarkdownEscapesBars) {
  Sample s;
  const std::string page = params_markdown(s.list, "");
  EXPECT_NE(
      page.find("| `rate` | rate | 10 Gb/s | 1 Mb/s to 1 Tb/s | line \\| rate | IEEE 802.3 |"),
      std::string::npos);
  EXPECT_NE(page.find("## `link.swap`"), std::string::npos);
}

}  // namespace
}  // namespace vctoe::config
