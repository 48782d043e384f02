// Streams from nothing to many windows; the one above DRAM is in huge_transfer_test.cpp.
#include "tb/system/transfer.h"

#include <gtest/gtest.h>

namespace vctoe::scenario {
namespace {

class Transfer : public testing::TestWithParam<TransferCase> {};

// req: I-G01d, I-C01, I-F07-list, I-P0053a, I-P0026c
TEST_P(Transfer, ArrivesIntact) {
  expect_transfer(GetParam());
}

// Nothing, one byte, one segment, one byte more than a page.
INSTANTIATE_TEST_SUITE_P(Small, Transfer,
                         testing::Combine(all_schemes(), testing::Values(0, 1, 1460, 4097),
                                          all_losses(), all_memories()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Large, Transfer,
                         testing::Combine(all_schemes(), testing::Values(16 << 20), all_losses(),
                                          all_memories()),
                         name_of);

}  // namespace
}  // namespace vctoe::scenario
