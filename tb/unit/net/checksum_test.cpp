#include "models/net/checksum.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <vector>

namespace vctoe::net {
namespace {

using ByteVector = std::vector<std::uint8_t>;

/// Straight from RFC 1071 section 4.1, on big-endian words, one carry at a time.
std::uint16_t naive_sum(const ByteVector& bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    const std::uint32_t low = i + 1 < bytes.size() ? bytes[i + 1] : 0;
    sum += std::uint32_t{bytes[i]} << 8 | low;
    if (sum > 0xffff) sum = (sum & 0xffff) + 1;
  }
  return static_cast<std::uint16_t>(sum);
}

/// One bit at a time, from the polynomial of IEEE 802.3.
std::uint32_t naive_crc(const ByteVector& bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320u : 0u);
  }
  return ~crc;
}

// req: I-F06-152, I-P0004c
TEST(InternetChecksum, ExampleOfRfc1071) {
  const ByteVector bytes = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
  EXPECT_EQ(fold_sum(ones_sum(bytes.data(), bytes.size())), 0xddf2);
}

// req: I-F06-152
TEST(InternetChecksum, EqualsTheNaiveSumForAnyBytesAndAlignment) {
  EXPECT_TRUE(rc::check("fold(ones_sum) == naive", [] {
    const auto length = *rc::gen::inRange<std::size_t>(0, 2000);
    const auto bytes = *rc::gen::container<ByteVector>(length, rc::gen::arbitrary<std::uint8_t>());
    const auto skip = *rc::gen::inRange<std::size_t>(0, 9);
    ByteVector shifted(skip + length);
    std::copy(bytes.begin(), bytes.end(), shifted.begin() + static_cast<std::ptrdiff_t>(skip));
    const std::uint16_t got = fold_sum(ones_sum(shifted.data() + skip, length));
    RC_ASSERT(got == naive_sum(bytes));
  }));
}

TEST(InternetChecksum, CarriesOfFullWordsAreKept) {
  for (const std::size_t length : {2u, 4u, 1448u, 9000u, 65534u}) {
    const ByteVector ones(length, 0xff);
    EXPECT_EQ(fold_sum(ones_sum(ones.data(), length)), 0xffff) << length;
  }
}

TEST(InternetChecksum, SumsOfEvenPartsMayBeAdded) {
  EXPECT_TRUE(rc::check("split anywhere even", [] {
    const auto bytes = *rc::gen::arbitrary<ByteVector>();
    const std::size_t cut = *rc::gen::inRange<std::size_t>(0, bytes.size() / 2 + 1) * 2;
    const std::uint64_t parts =
        ones_sum(bytes.data(), cut) + ones_sum(bytes.data() + cut, bytes.size() - cut);
    RC_ASSERT(fold_sum(parts) == naive_sum(bytes));
  }));
}

// req: I-F06-150
TEST(Crc32, KnownValues) {
  const ByteVector digits = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  EXPECT_EQ(crc32(digits.data(), digits.size()), 0xcbf43926u);
  const ByteVector zeros(60, 0);
  EXPECT_EQ(crc32(zeros.data(), zeros.size()), 0x04128908u) << "FCS of sixty zero bytes";
}

// req: I-F06-150
TEST(Crc32, EqualsTheNaiveCrcForAnyBytes) {
  EXPECT_TRUE(rc::check("crc32 == naive", [] {
    const auto length = *rc::gen::inRange<std::size_t>(0, 2000);
    const auto bytes = *rc::gen::container<ByteVector>(length, rc::gen::arbitrary<std::uint8_t>());
    RC_ASSERT(crc32(bytes.data(), bytes.size()) == naive_crc(bytes));
  }));
}

}  // namespace
}  // namespace vctoe::net
