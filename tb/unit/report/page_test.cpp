#include "sw/report/page.h"

#include <gtest/gtest.h>

#include "sw/app/digest.h"
#include "sw/report/assets.h"

namespace vctoe::report {
namespace {

// RFC 4648 section 10, by the bytes in hexadecimal.
TEST(Page, Base64IsThatOfTheRfc) {
  EXPECT_EQ(base64_of_hex(""), "");
  EXPECT_EQ(base64_of_hex("66"), "Zg==");
  EXPECT_EQ(base64_of_hex("666f"), "Zm8=");
  EXPECT_EQ(base64_of_hex("666f6f"), "Zm9v");
  EXPECT_EQ(base64_of_hex("666f6f6261"), "Zm9vYmE=");
}

TEST(Page, DataCannotEndItsScript) {
  const std::string html = page("t", "{\"x\":\"</script><script>alert\"}");
  EXPECT_EQ(html.find("</script><script>alert"), std::string::npos);
  EXPECT_NE(html.find("{\"x\":\"\\u003c/script>\\u003cscript>alert\"}"), std::string::npos);
}

TEST(Page, ATitleIsText) {
  EXPECT_NE(page("<b>&", "{}").find("<title>&lt;b>&amp;</title>"), std::string::npos);
}

TEST(Page, WhatIsPutInIsNotTakenForAPlace) {
  const std::string html = page("@document@", "{\"a\":\"@style@\"}");
  EXPECT_NE(html.find("<title>@document@</title>"), std::string::npos);
  EXPECT_NE(html.find("{\"a\":\"@style@\"}"), std::string::npos);
}

TEST(Page, IsTheSameForTheSame) {
  EXPECT_EQ(page("t", "{}"), page("t", "{}"));
}

TEST(Page, HasRoomForDataBelowTwoMegabytes) {
  EXPECT_LT(page("t", "{}").size(), 1'300'000U);
}

// The policy names the very bytes between <style> and </style>.
TEST(Page, ThePolicyKnowsTheStyle) {
  const std::string html = page("t", "{}");
  const std::size_t from = html.find("<style>") + 7;
  app::Digest digest;
  digest.add(html.data() + from, html.find("</style>") - from);
  EXPECT_NE(html.find("style-src 'sha256-" + base64_of_hex(digest.hex()) + "'"), std::string::npos);
  EXPECT_EQ(html.substr(0, from).find("unsafe"), std::string::npos);
}

TEST(Page, HoldsTheWholeLibraryWithItsLicence) {
  EXPECT_GT(echarts().size(), 1'000'000U);
  EXPECT_NE(page("t", "{}").find("Licensed to the Apache Software Foundation"), std::string::npos);
}

}  // namespace
}  // namespace vctoe::report
