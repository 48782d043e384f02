// Frames and TLPs in words, for waves and timelines.
#pragma once

#include <fmt/format.h>

#include <string_view>

#include "models/net/frame.h"
#include "models/pcie/tlp_tap.h"

namespace vctoe::outputs {

/// Without an allocation for a text of usual length.
using WireText = fmt::basic_memory_buffer<char, 128>;

inline std::string_view view(const WireText& text) {
  return {text.data(), text.size()};
}

/// "DATA seq=7041 len=1448 txn=12", "RETX ..", "SYN+ACK seq=.. ack=..", "ACK ack=.. win=..",
/// "ESP number=.. len=.." for one that is encrypted, "BAD bad_fcs len=.." for one that its receiver
/// will refuse.
void describe(const net::Frame& frame, WireText& text);

/// "MRd x2 0x1a000 payload txn=12", "CplD x6 1448B 0x1a000 payload txn=12".
void describe(const pcie::TlpSlice& slice, WireText& text);

}  // namespace vctoe::outputs
