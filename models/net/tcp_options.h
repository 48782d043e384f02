// TCP options <-> the option fields of toe::Segment.
#pragma once

#include <cstdint>

#include "models/nic/toe/segment.h"

namespace vctoe::net {

/// Bytes of the options of `segment` with their padding, a multiple of 4, at most 40.
/// Layout of RFC 7323 appendix A: timestamps take 12 bytes (two NOPs in front, or SACK-permitted in
/// their place), window scale 4, MSS 4, SACK 4 + 8 a block. SACK blocks that do not fit into the 40
/// bytes are left out from the end (RFC 2018 section 3: the first one is the most recent).
std::uint32_t options_length(const toe::Segment& segment);

/// Writes options_length() bytes.
void encode_options(const toe::Segment& segment, std::uint8_t* out);

/// Fills in the option fields of `segment`. Unknown options and known ones of a wrong length are
/// passed over by their length; of a repeated option the last one counts. False when a length is
/// impossible (below 2, or beyond the end): the options before it have been taken, the rest is not
/// looked at (RFC 9293 section 3.1, MUST-7: be prepared for an illegal option length).
bool parse_options(const std::uint8_t* data, std::uint32_t length, toe::Segment& segment);

}  // namespace vctoe::net
