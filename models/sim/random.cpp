#include "models/sim/random.h"

namespace vctoe::sim {

namespace {
/// FNV-1a, 64 bit: names only have to fall apart, not to be hard to invert.
std::uint64_t hash_name(std::string_view name) {
  std::uint64_t h = 0xcbf29ce484222325;
  for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return h;
}
}  // namespace

Rng::Rng(std::uint64_t seed, std::string_view name)
    : engine_(seed * 0x9e3779b97f4a7c15 ^ hash_name(name)) {}

}  // namespace vctoe::sim
