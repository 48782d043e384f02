// A stream four times as large as the modelled DRAM.
#include <gtest/gtest.h>

#include "tb/system/transfer.h"

namespace vctoe::scenario {
namespace {

class HugeTransfer : public testing::TestWithParam<TransferCase> {};

// req: I-F02-50, I-P0010, I-G01d
TEST_P(HugeTransfer, ArrivesIntactThoughLargerThanMemory) {
  const auto s = expect_transfer(GetParam());
  const std::string& scheme = std::get<0>(GetParam());
  const bool pins_all = scheme.rfind("fig3", 0) == 0 || scheme.rfind("fig12", 0) == 0;
  if (pins_all) {
    EXPECT_GT(s.lists_posted, 1u) << "above the pin limit: several lists one after another";
  } else {
    EXPECT_EQ(s.lists_posted, 1u);
  }
}

INSTANTIATE_TEST_SUITE_P(All, HugeTransfer,
                         testing::Combine(all_schemes(), testing::Values(256 << 20), all_losses(),
                                          all_memories()),
                         name_of);

}  // namespace
}  // namespace vctoe::scenario
