#include "models/net/tcp_options.h"

#include <algorithm>

#include "models/net/byte_order.h"

namespace vctoe::net {
namespace {

constexpr std::uint32_t kMaxOptionBytes = 40;  // data offset is 4 bits: 60 bytes less 20

// Kinds of the IANA registry "TCP option kind numbers".
constexpr std::uint8_t kEnd = 0;
constexpr std::uint8_t kNop = 1;
constexpr std::uint8_t kMss = 2;
constexpr std::uint8_t kWindowScale = 3;
constexpr std::uint8_t kSackPermitted = 4;
constexpr std::uint8_t kSack = 5;
constexpr std::uint8_t kTimestamps = 8;

std::uint32_t fixed_length(const toe::Segment& s) {
  std::uint32_t n = 0;
  if (s.has_timestamps) {
    n += 12;
  } else if (s.sack_permitted) {
    n += 4;
  }
  return n + (s.has_mss ? 4 : 0) + (s.has_window_scale ? 4 : 0);
}

std::uint32_t sack_blocks(const toe::Segment& s, std::uint32_t fixed) {
  return std::min<std::uint32_t>(s.sack_count, (kMaxOptionBytes - fixed - 4) / 8);
}

std::uint8_t* put_pair(std::uint8_t* p, std::uint8_t a, std::uint8_t b) {
  p[0] = a;
  p[1] = b;
  return p + 2;
}

std::uint8_t* put_timestamps(std::uint8_t* p, const toe::Segment& s) {
  // RFC 7323 appendix A; SYN segments commonly put SACK-permitted where the NOPs would be.
  p = s.sack_permitted ? put_pair(p, kSackPermitted, 2) : put_pair(p, kNop, kNop);
  p = put_pair(p, kTimestamps, 10);
  store_be32(p, s.ts_value);
  store_be32(p + 4, s.ts_echo);
  return p + 8;
}

std::uint8_t* put_sack(std::uint8_t* p, const toe::Segment& s, std::uint32_t blocks) {
  p = put_pair(p, kNop, kNop);
  p = put_pair(p, kSack, static_cast<std::uint8_t>(2 + 8 * blocks));
  for (std::uint32_t i = 0; i < blocks; ++i, p += 8) {
    store_be32(p, s.sack[i].left.v);
    store_be32(p + 4, s.sack[i].right.v);
  }
  return p;
}

void take_sack(const std::uint8_t* p, std::uint32_t length, toe::Segment& s) {
  const std::uint32_t blocks = length / 8;
  if (length % 8 != 0 || blocks > s.sack.size()) return;
  s.sack_count = static_cast<std::uint8_t>(blocks);
  for (std::uint32_t i = 0; i < blocks; ++i, p += 8) {
    s.sack[i] = {{load_be32(p)}, {load_be32(p + 4)}};
  }
}

/// One option of a kind with a length; `p` points behind the length, which was `length` + 2.
void take_option(std::uint8_t kind, const std::uint8_t* p, std::uint32_t length, toe::Segment& s) {
  if (kind == kTimestamps && length == 8) {
    s.has_timestamps = true;
    s.ts_value = load_be32(p);
    s.ts_echo = load_be32(p + 4);
  } else if (kind == kSack) {
    take_sack(p, length, s);
  } else if (kind == kMss && length == 2) {
    s.has_mss = true;
    s.mss = load_be16(p);
  } else if (kind == kWindowScale && length == 1) {
    s.has_window_scale = true;
    s.window_scale = *p;
  } else if (kind == kSackPermitted && length == 0) {
    s.sack_permitted = true;
  }
}

}  // namespace

std::uint32_t options_length(const toe::Segment& segment) {
  const std::uint32_t fixed = fixed_length(segment);
  const std::uint32_t blocks = sack_blocks(segment, fixed);
  return fixed + (blocks > 0 ? 4 + 8 * blocks : 0);
}

void encode_options(const toe::Segment& segment, std::uint8_t* out) {
  if (segment.has_mss) {
    out = put_pair(out, kMss, 4);
    store_be16(out, segment.mss);
    out += 2;
  }
  if (segment.has_timestamps) {
    out = put_timestamps(out, segment);
  } else if (segment.sack_permitted) {
    out = put_pair(put_pair(out, kNop, kNop), kSackPermitted, 2);
  }
  if (segment.has_window_scale) {
    out = put_pair(out, kNop, kWindowScale);
    out = put_pair(out, 3, segment.window_scale);
  }
  const std::uint32_t blocks = sack_blocks(segment, fixed_length(segment));
  if (blocks > 0) put_sack(out, segment, blocks);
}

bool parse_options(const std::uint8_t* data, std::uint32_t length, toe::Segment& segment) {
  std::uint32_t i = 0;
  while (i < length) {
    const std::uint8_t kind = data[i];
    if (kind == kEnd) return true;
    if (kind == kNop) {
      ++i;
      continue;
    }
    if (length - i < 2) return false;
    const std::uint32_t size = data[i + 1];
    if (size < 2 || size > length - i) return false;
    take_option(kind, data + i + 2, size - 2, segment);
    i += size;
  }
  return true;
}

}  // namespace vctoe::net
