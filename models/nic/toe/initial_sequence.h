// Initial sequence numbers (RFC 9293 3.4.1: a clock plus a keyed hash) and timestamp offsets.
#pragma once

#include <cstdint>

#include "models/nic/toe/segment.h"
#include "models/nic/toe/tcp_params.h"

namespace vctoe::toe {

/// Mixes a tuple with a key; not cryptographic, the model has no attacker.
constexpr std::uint64_t hash_tuple(const FourTuple& t, std::uint64_t key) {
  const auto mix = [](std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
  };
  const std::uint64_t ips = (std::uint64_t{t.local_ip} << 32) | t.remote_ip;
  const std::uint64_t ports = (std::uint64_t{t.local_port} << 16) | t.remote_port;
  return mix(mix(ips + key) ^ ports);
}

inline Seq initial_sequence(const TcpParams& params, const FourTuple& tuple, std::uint64_t key,
                            sim::Time now) {
  if (params.isn_fixed) return {static_cast<std::uint32_t>(params.isn)};
  const std::uint64_t clock = now.ps / sim::Time::from_us(4).ps;
  return {static_cast<std::uint32_t>(clock + hash_tuple(tuple, key))};
}

inline std::uint32_t timestamp_offset(const FourTuple& tuple, std::uint64_t key) {
  return static_cast<std::uint32_t>(hash_tuple(tuple, ~key));
}

}  // namespace vctoe::toe
