#include "models/net/checksum.h"

#include <isa-l/crc.h>

#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace vctoe::net {
namespace {

// 32-bit words into a 64-bit sum: carries gather in the upper half and are folded once. The
// compiler vectorises this form at -O3, which this file is always built with; adding with carry by
// 64 bits, which looks faster, takes three times as long.
[[gnu::always_inline]] inline std::uint64_t sum_words(const std::uint8_t* data,
                                                      std::size_t length) {
  std::uint64_t sum = 0;
  const std::size_t whole = length / 4;
  for (std::size_t i = 0; i < whole; ++i) {
    std::uint32_t word;
    std::memcpy(&word, data + i * 4, 4);
    sum += word;
  }
  if (length % 4 != 0) {
    std::uint32_t word = 0;
    std::memcpy(&word, data + whole * 4, length % 4);
    sum += word;
  }
  return sum;
}

#if defined(__x86_64__)
const bool g_has_avx2 = __builtin_cpu_supports("avx2") != 0;

[[gnu::target("avx2")]] std::uint64_t sum_words_avx2(const std::uint8_t* data, std::size_t length) {
  return sum_words(data, length);
}

// ISA-L's AVX-512 code returns with the upper halves of the vector registers in use, after which
// every SSE instruction of the program carries a false dependence: a checksum then takes 180 ns
// instead of 32 (measured). One instruction cleans up.
[[gnu::target("avx2")]] void clean_vector_state() {
  _mm256_zeroupper();
}
#endif

constexpr std::size_t kWorthDispatch = 128;

}  // namespace

std::uint64_t ones_sum(const std::uint8_t* data, std::size_t length) {
#if defined(__x86_64__)
  if (length >= kWorthDispatch && g_has_avx2) return sum_words_avx2(data, length);
#endif
  return sum_words(data, length);
}

std::uint32_t crc32(const std::uint8_t* data, std::size_t length) {
  const std::uint32_t crc = crc32_gzip_refl(0, data, length);
#if defined(__x86_64__)
  if (g_has_avx2) clean_vector_state();
#endif
  return crc;
}

}  // namespace vctoe::net
