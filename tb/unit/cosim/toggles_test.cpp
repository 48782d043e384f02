#include "tb/cosim/toggles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace vctoe::cosim {
namespace {

constexpr const char* kVcd =
    "$timescale 1ns $end\n\n"
    " $scope module TOP $end\n"
    "  $var wire  1 # clk_i $end\n"
    "  $scope module walker $end\n"
    "   $var wire  1 # clk_i $end\n"
    "   $scope module u_park $end\n"
    "    $var wire  4 $ kind_q[1] [3:0] $end\n"
    "    $scope struct place $end\n"
    "     $var wire  2 !! index [1:0] $end\n"
    "    $upscope $end\n"
    "   $upscope $end\n"
    "   $var wire  8 % still [7:0] $end\n"
    "  $upscope $end\n"
    " $upscope $end\n"
    "$enddefinitions $end\n\n\n"
    "#0\n0#\nb0100 $\nb00 !!\nb00000000 %\n"
    "#1\n1#\nb0110 $\n"
    "#2\nb10 !!\n";

ToggleBook book_of(const char* text, std::size_t chunk) {
  Toggles toggles;
  const std::size_t all = std::strlen(text);
  for (std::size_t at = 0; at < all; at += chunk) {
    toggles.write(text + at, static_cast<ssize_t>(std::min(chunk, all - at)));
  }
  ToggleBook book;
  toggles.merge_into(book);
  return book;
}

TEST(Toggles, EachBitThatHasLeftItsValueAndNoOther) {
  const ToggleBook expected{{"TOP clk_i", "1"},
                            {"TOP/walker clk_i", "1"},
                            {"TOP/walker/u_park kind_q[1]", "0110"},
                            {"TOP/walker/u_park place.index", "10"},
                            {"TOP/walker still", "00000000"}};
  EXPECT_EQ(book_of(kVcd, 100000), expected);
}

TEST(Toggles, LinesMayComeInPieces) {
  for (std::size_t chunk = 1; chunk < 40; ++chunk) {
    EXPECT_EQ(book_of(kVcd, chunk), book_of(kVcd, 100000)) << chunk;
  }
}

TEST(Toggles, ABitOfAnEarlierRunStaysChanged) {
  ToggleBook book = book_of(kVcd, 100000);
  std::string other = kVcd;
  other += "#3\nb11111111 %\n0#\n";
  Toggles second;
  second.write(other.data(), static_cast<ssize_t>(other.size()));
  second.merge_into(book);
  EXPECT_EQ(book["TOP/walker still"], "11111111");
  Toggles first;
  first.write(kVcd, static_cast<ssize_t>(std::strlen(kVcd)));
  first.merge_into(book);
  EXPECT_EQ(book["TOP/walker still"], "11111111");
}

}  // namespace
}  // namespace vctoe::cosim
