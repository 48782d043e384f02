#include "tb/judge/rules.h"

#include <array>

namespace vctoe::judge {
namespace {

constexpr std::size_t kRules = static_cast<std::size_t>(Rule::kCount);

// In the order of the enumeration.
constexpr std::array<RuleText, kRules> kTexts{{
    {"malformed", "a header is shorter or longer than its frame", "RFC 791, RFC 9293 3.1"},
    {"ip-checksum", "the checksum of the IP header is wrong", "RFC 791 3.1"},
    {"tcp-checksum", "the TCP checksum is wrong", "RFC 9293 MUST-2"},
    {"option-length", "an option has an impossible length or comes twice", "RFC 9293 3.2"},
    {"option-place", "MSS, window scale or SACK-permitted on a segment that is no SYN",
     "RFC 9293 MUST-65, RFC 7323 2.2, RFC 2018 2"},
    {"scale-unasked", "a SYN-ACK has a window scale that the SYN did not offer", "RFC 7323 2.2"},
    {"scale-large", "a window scale above 14", "RFC 7323 2.3"},
    {"above-mss", "payload and options are above the MSS that the peer asked for",
     "RFC 9293 MUST-16"},
    {"beyond-window", "payload lies beyond the window that the peer ever offered",
     "RFC 9293 3.8.6"},
    {"window-shrunk", "the right edge of the offered window moves back", "RFC 9293 SHLD-14"},
    {"ack-backwards", "an acknowledgement goes back", "RFC 9293 3.4"},
    {"ack-unsent", "an acknowledgement of what the peer has not sent", "RFC 9293 3.10.7.4"},
    {"ack-missing", "an acknowledgement covers bytes that have not been seen", "RFC 9293 3.8"},
    {"ack-repeated", "the same acknowledgement twice with nothing received between them",
     "RFC 5681 4.2"},
    {"other-bytes", "a retransmission has other bytes than the first transmission",
     "RFC 9293 3.8.1"},
    {"data-after-fin", "payload behind the FIN, or a FIN in another place", "RFC 9293 3.6"},
    {"no-ack-flag", "no ACK on a segment behind the handshake", "RFC 9293 3.10.7.4"},
    {"sack-not-agreed", "SACK blocks though both did not permit them", "RFC 2018 2"},
    {"sack-unsent", "a SACK block of bytes that have not been seen", "RFC 2018 4"},
    {"sack-order", "a SACK block that is empty, or below the acknowledgement and no D-SACK",
     "RFC 2018 3, RFC 2883 4"},
    {"ts-missing", "no timestamps though both agreed on them", "RFC 7323 3.2"},
    {"ts-not-agreed", "timestamps though both did not agree on them", "RFC 7323 3.2"},
    {"ts-backwards", "a timestamp is older than the one before", "RFC 7323 5.4"},
    {"ts-echo", "an echo of a timestamp that the peer has not sent", "RFC 7323 3.2"},
    {"reset", "a connection is reset", "as expected of the capture"},
    {"incomplete", "a stream has a gap, or lacks its SYN or FIN", "as expected of the capture"},
    {"no-such-stream", "no stream has the bytes that one should have",
     "as expected of the capture"},
}};

}  // namespace

const RuleText& text_of(Rule rule) {
  return kTexts[static_cast<std::size_t>(rule)];
}

Rule rule_named(std::string_view name) {
  for (std::size_t i = 0; i < kRules; ++i) {
    if (kTexts[i].name == name) return static_cast<Rule>(i);
  }
  return Rule::kCount;
}

std::string to_string(const Finding& finding) {
  const RuleText& text = text_of(finding.rule);
  std::string line;
  if (finding.frame != 0) line += "frame " + std::to_string(finding.frame) + ": ";
  line.append(text.name).append(": ");
  if (!finding.host.empty()) line += finding.host + ": ";
  line.append(text.sentence).append(" (").append(text.source).append(")");
  if (!finding.detail.empty()) line += ": " + finding.detail;
  return line;
}

}  // namespace vctoe::judge
