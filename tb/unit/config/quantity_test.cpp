#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>

#include "sw/scenario/config_names.h"
#include "sw/scenario/config_quantity.h"

namespace vctoe::config {
namespace {

std::uint64_t ps(const char* text) {
  return parse_time(text).value.value_or(sim::Time{77}).ps;
}
std::uint64_t bytes(const char* text) {
  return parse_size(text).value.value_or(sim::Bytes{77}).n;
}
double bps(const char* text) {
  return parse_rate(text).value.value_or(sim::BitRate{77}).bps;
}

TEST(Quantity, TimesAreExactPicoseconds) {
  EXPECT_EQ(ps("1 ps"), 1u);
  EXPECT_EQ(ps("16.7 ns"), 16'700u);
  EXPECT_EQ(ps("80us"), 80'000'000u);
  EXPECT_EQ(ps("80 \u00b5s"), 80'000'000u);  // micro sign
  EXPECT_EQ(ps("80 \u03bcs"), 80'000'000u);  // Greek mu
  EXPECT_EQ(ps("12.25 ms"), 12'250'000'000u);
  EXPECT_EQ(ps("0.000000000001 s"), 1u);
  EXPECT_EQ(ps("1.000 ps"), 1u);
  EXPECT_EQ(ps("18446744.073709551615 s"), ~std::uint64_t{0});
}

TEST(Quantity, SizesAreExactBytes) {
  EXPECT_EQ(bytes("1448 B"), 1448u);
  EXPECT_EQ(bytes("4 KiB"), 4096u);
  EXPECT_EQ(bytes("4 kB"), 4000u);
  EXPECT_EQ(bytes("1.5 KiB"), 1536u);
  EXPECT_EQ(bytes("16 MiB"), std::uint64_t{16} << 20);
  EXPECT_EQ(bytes("2 GB"), 2'000'000'000u);
  EXPECT_EQ(bytes("1 TiB"), std::uint64_t{1} << 40);
  EXPECT_EQ(bytes("0 B"), 0u);
}

TEST(Quantity, RatesAreRoundedOnce) {
  EXPECT_EQ(bps("10 Gb/s"), 1e10);
  EXPECT_EQ(bps("10.3125 Gb/s"), 10.3125e9);
  EXPECT_EQ(bps("0.1 Mb/s"), 1e5);
  EXPECT_EQ(bps("1.1 kb/s"), 1100.0);
  EXPECT_EQ(bps("0.0041 Gb/s"), 4100000.0);  // 0.0041 * 1e9 in doubles is 4100000.0000000005
  EXPECT_EQ(bps("1 Tb/s"), 1e12);
}

TEST(Quantity, MistakesAreNamed) {
  EXPECT_EQ(parse_time("10").error.message, "\"10\" has no unit");
  EXPECT_EQ(parse_time("10").error.hint, "write a time such as \"10 us\"");
  EXPECT_EQ(parse_time("4 KiB").error.message,
            "\"4 KiB\" is a size, but this key wants a time such as \"10 us\"");
  EXPECT_EQ(parse_rate("16 GTs").error.message, "unknown unit \"GTs\"");
  EXPECT_EQ(parse_rate("16 Gbs").error.hint, "did you mean \"16 Gb/s\"?");
  EXPECT_EQ(parse_time("3 fortnights").error.hint, "units of a time: s ms us ns ps");
  EXPECT_EQ(parse_time("0.5 ps").error.message, "\"0.5 ps\" is not a whole number of picoseconds");
  EXPECT_EQ(parse_size("0.1 KiB").error.message, "\"0.1 KiB\" is not a whole number of bytes");
  EXPECT_EQ(parse_size("99999999 TiB").error.message,
            "\"99999999 TiB\" is too large to be counted in bytes");
  for (const char* text : {"", "us", "-3 us", "1e3 us", ".5 us", "1. us", "1 us x", "+1 us"}) {
    EXPECT_FALSE(parse_time(text).value) << text;
  }
}

TEST(Quantity, PrintsTheUnitThatReadsBest) {
  EXPECT_EQ(to_text(sim::Time{0}), "0 s");
  EXPECT_EQ(to_text(sim::Time::from_us(10)), "10 us");
  EXPECT_EQ(to_text(sim::Time::from_ps(16'700)), "16.7 ns");
  EXPECT_EQ(to_text(sim::Time::from_s(3)), "3 s");
  EXPECT_EQ(to_text(sim::Bytes{1448}), "1448 B");
  EXPECT_EQ(to_text(sim::Bytes::mib(16)), "16 MiB");
  EXPECT_EQ(to_text(sim::Bytes{0}), "0 B");
  EXPECT_EQ(to_text(sim::BitRate{10.3125e9}), "10.3125 Gb/s");
  EXPECT_EQ(to_text(sim::BitRate{0.25}), "0.25 b/s");
  EXPECT_EQ(to_text(sim::BitRate{4e14}), "400 Tb/s");
}

TEST(Quantity, EveryTimeReadsBackAsItself) {
  EXPECT_TRUE(rc::check("times", [](std::uint64_t n) {
    n *= *rc::gen::element<std::uint64_t>(1, 1000, 123457, 0x9e3779b97f4a7c15);
    RC_ASSERT(parse_time(to_text(sim::Time{n})).value == sim::Time{n});
  }));
}

TEST(Quantity, EverySizeReadsBackAsItself) {
  EXPECT_TRUE(rc::check("sizes", [](std::uint64_t n) {
    const std::uint64_t size = (n * 0x9e3779b97f4a7c15) << *rc::gen::inRange(0, 50);
    RC_ASSERT(parse_size(to_text(sim::Bytes{size})).value == sim::Bytes{size});
  }));
}

TEST(Quantity, EveryRateReadsBackAsItself) {
  EXPECT_TRUE(rc::check("rates", [](std::uint64_t n) {
    // Any positive double, not only pretty ones: the product spreads n over the whole mantissa.
    const double mantissa = static_cast<double>((n | 1) * 0x9e3779b97f4a7c15);
    const double bps = std::ldexp(mantissa, *rc::gen::inRange(-900, 300));
    RC_ASSERT(parse_rate(to_text(sim::BitRate{bps})).value == sim::BitRate{bps});
  }));
}

TEST(Names, DistanceCountsEditsAndSwaps) {
  EXPECT_EQ(edit_distance("lanes", "lanes"), 0u);
  EXPECT_EQ(edit_distance("lanse", "lanes"), 1u);
  EXPECT_EQ(edit_distance("lane", "lanes"), 1u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
}

TEST(Names, OffersOnlyWhatIsClose) {
  EXPECT_EQ(nearest("lanse", {"rate", "lanes"}), "lanes");
  EXPECT_EQ(nearest("colour", {"rate", "lanes"}), "");
}

}  // namespace
}  // namespace vctoe::config
