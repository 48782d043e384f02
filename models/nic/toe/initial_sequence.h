// Initial sequence numbers (RFC 9293 3.4.1, RFC 6528 section 3: a clock plus a keyed hash of the
// tuple) and timestamp offsets.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "models/nic/toe/segment.h"
#include "models/nic/toe/tcp_params.h"

namespace vctoe::toe {

struct SipKey {
  std::uint64_t k0 = 0, k1 = 0;
};

/// SipHash-2-4 of whole 64-bit words (Aumasson and Bernstein, 2012); a pseudo-random function as
/// RFC 6528 asks for: without the key its values cannot be foretold.
template <std::size_t N>
constexpr std::uint64_t sip_hash(const std::array<std::uint64_t, N>& words, SipKey key) {
  std::uint64_t a = key.k0 ^ 0x736f6d6570736575, b = key.k1 ^ 0x646f72616e646f6d;
  std::uint64_t c = key.k0 ^ 0x6c7967656e657261, d = key.k1 ^ 0x7465646279746573;
  const auto rotl = [](std::uint64_t x, unsigned n) { return (x << n) | (x >> (64 - n)); };
  const auto rounds = [&](int count) {
    for (int i = 0; i < count; ++i) {
      a += b, c += d;
      b = rotl(b, 13) ^ a, d = rotl(d, 16) ^ c;
      a = rotl(a, 32);
      c += b, a += d;
      b = rotl(b, 17) ^ c, d = rotl(d, 21) ^ a;
      c = rotl(c, 32);
    }
  };
  for (const std::uint64_t word : words) {
    d ^= word;
    rounds(2);
    a ^= word;
  }
  const std::uint64_t last = std::uint64_t{N * 8 & 0xff} << 56;  // the length, no bytes over
  d ^= last;
  rounds(2);
  a ^= last;
  c ^= 0xff;
  rounds(4);
  return a ^ b ^ c ^ d;
}

constexpr std::uint64_t hash_tuple(const FourTuple& t, SipKey key) {
  const std::uint64_t ips = (std::uint64_t{t.local_ip} << 32) | t.remote_ip;
  const std::uint64_t ports = (std::uint64_t{t.local_port} << 16) | t.remote_port;
  return sip_hash(std::array<std::uint64_t, 2>{ips, ports}, key);
}

/// For tables: quick, without a key.
constexpr std::uint64_t mix_tuple(const FourTuple& t) {
  const auto mix = [](std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
  };
  const std::uint64_t ips = (std::uint64_t{t.local_ip} << 32) | t.remote_ip;
  const std::uint64_t ports = (std::uint64_t{t.local_port} << 16) | t.remote_port;
  return mix(mix(ips) ^ ports);
}

inline Seq initial_sequence(const TcpParams& params, const FourTuple& tuple, SipKey key,
                            sim::Time now) {
  if (params.isn_fixed) return {static_cast<std::uint32_t>(params.isn)};
  const std::uint64_t clock = now.ps / sim::Time::from_us(4).ps;
  return {static_cast<std::uint32_t>(clock + hash_tuple(tuple, key))};
}

inline std::uint32_t timestamp_offset(const FourTuple& tuple, SipKey key) {
  return static_cast<std::uint32_t>(hash_tuple(tuple, {~key.k0, ~key.k1}));
}

}  // namespace vctoe::toe
