#include "sw/scenario/wire_text.h"

#include <fmt/compile.h>

#include <iterator>

#include "models/net/byte_order.h"
#include "models/net/headers.h"
#include "models/pcie/link_stats.h"

namespace vctoe::outputs {

namespace {
constexpr std::string_view kTlpNames[] = {"MWr", "MRd", "CplD"};
// In a frame without IP options: the protocol, and where ESP has its number (RFC 4303 section 2).
constexpr std::size_t kIpProtocol = 23, kEspNumber = 38;
constexpr std::uint8_t kEsp = 50;
}  // namespace

void describe(const net::Frame& frame, WireText& text) {
  const auto parsed = net::parse_tcp_frame(frame);
  const auto out = std::back_inserter(text);
  if (parsed.error == net::DropReason::kNotTcp && frame.bytes[kIpProtocol] == kEsp) {
    fmt::format_to(out, FMT_COMPILE("ESP{} number={} len={} txn={}"), frame.again ? "+RETX" : "",
                   net::load_be32(frame.bytes.data() + kEspNumber), frame.size, frame.txn);
    return;
  }
  if (!parsed.ok()) {
    fmt::format_to(out, "BAD {} len={}", sim::enum_name(parsed.error), frame.size);
    return;
  }
  const toe::Segment& s = parsed.segment;
  if (s.length != 0) {
    fmt::format_to(out, FMT_COMPILE("{}{} seq={} len={} txn={}"), frame.again ? "RETX" : "DATA",
                   s.has(toe::kFin) ? "+FIN" : "", s.seq.v, s.length, frame.txn);
    return;
  }
  const bool bare = (s.flags & (toe::kSyn | toe::kFin | toe::kRst)) == 0;
  if (bare) {
    fmt::format_to(out, FMT_COMPILE("ACK ack={} win={}{}"), s.ack.v, s.window,
                   s.sack_count != 0 ? " sack" : "");
    return;
  }
  const char* const name = s.has(toe::kRst) ? "RST" : s.has(toe::kSyn) ? "SYN" : "FIN";
  fmt::format_to(out, FMT_COMPILE("{}{} seq={} ack={}"), name, s.has(toe::kAck) ? "+ACK" : "",
                 s.seq.v, s.ack.v);
}

void describe(const pcie::TlpSlice& slice, WireText& text) {
  const auto out = std::back_inserter(text);
  const bool request = slice.kind == pcie::TlpKind::kMemoryRead;
  if (request && slice.purpose == pcie::Purpose::kConfiguration) {
    fmt::format_to(out, FMT_COMPILE("{}"), slice.payload > 0 ? "CfgWr0" : "CfgRd0");
  } else {
    fmt::format_to(out, FMT_COMPILE("{}"), kTlpNames[static_cast<std::size_t>(slice.kind)]);
  }
  if (slice.count > 1) fmt::format_to(out, FMT_COMPILE(" x{}"), slice.count);
  if (slice.payload > 0) fmt::format_to(out, FMT_COMPILE(" {}B"), slice.payload);
  fmt::format_to(out, FMT_COMPILE(" {:#x} {}"), slice.address, sim::enum_name(slice.purpose));
  if (slice.txn != 0) fmt::format_to(out, FMT_COMPILE(" txn={}"), slice.txn);
}

}  // namespace vctoe::outputs
