#include "tb/judge/stream.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace vctoe::judge {

bool Stream::add(Place at, const std::uint8_t* bytes, std::uint32_t known, std::uint32_t size) {
  if (at < 1) {  // garbage below the first byte, such as a keep-alive
    const auto below = static_cast<std::uint32_t>(std::min<Place>(1 - at, size));
    bytes += std::min(below, known);
    known -= std::min(below, known);
    size -= below;
    at = 1;
  }
  if (size == 0) return true;
  const bool same = compare(at, bytes, at + known);
  const auto needed = static_cast<std::size_t>(at - 1 + size);
  if (bytes_.size() < needed) {
    if (bytes_.capacity() < needed) bytes_.reserve(std::max(needed, 2 * bytes_.capacity()));
    bytes_.resize(needed);
  }
  // What was there first stays: the hash is that of the first transmissions.
  Place from = at;
  for (const auto& [begin, end] : seen_) {
    if (end <= from) continue;
    if (begin >= at + known) break;
    if (begin > from) std::memcpy(&bytes_[from - 1], bytes + (from - at), begin - from);
    from = end;
  }
  if (from < at + known) std::memcpy(&bytes_[from - 1], bytes + (from - at), at + known - from);
  cover(at, at + size);
  return same;
}

void Stream::add_mark(Place at) {
  if (at > 0) fin_ = at;
  cover(at, at + 1);
}

bool Stream::compare(Place at, const std::uint8_t* bytes, Place end) const {
  auto run = seen_.upper_bound(at);
  if (run != seen_.begin()) --run;
  for (; run != seen_.end() && run->first < end; ++run) {
    const Place from = std::max({at, run->first, Place{1}});
    Place to = std::min(end, run->second);
    if (fin_ >= 0) to = std::min(to, fin_);
    if (from < to && std::memcmp(&bytes_[from - 1], bytes + (from - at), to - from) != 0) {
      return false;
    }
  }
  return true;
}

void Stream::cover(Place begin, Place end) {
  highest_ = std::max(highest_, end);
  auto next = seen_.upper_bound(begin);
  if (next != seen_.begin() && std::prev(next)->second >= begin) {
    --next;
    begin = next->first;
  }
  while (next != seen_.end() && next->first <= end) {
    end = std::max(end, next->second);
    next = seen_.erase(next);
  }
  seen_[begin] = end;
}

bool Stream::covers(Place begin, Place end) const {
  auto run = seen_.upper_bound(begin);
  if (run == seen_.begin()) return false;
  --run;
  return run->first <= begin && end <= run->second;
}

std::uint64_t Stream::bytes() const {
  if (seen_.empty() || seen_.begin()->first > 1) return 0;
  Place end = contiguous();
  if (fin_ >= 0) end = std::min(end, fin_);
  return end > 1 ? static_cast<std::uint64_t>(end - 1) : 0;
}

std::string Stream::sha256() const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(bytes_.data(), bytes(), digest.data(), &size, EVP_sha256(), nullptr);
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += kHex[digest[i] >> 4];
    text += kHex[digest[i] & 15];
  }
  return text;
}

}  // namespace vctoe::judge
