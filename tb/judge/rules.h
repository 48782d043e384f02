// What the judge looks for in a capture, each rule with its name and where it stands.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vctoe::judge {

enum class Rule : std::uint8_t {
  kMalformed,
  kIpChecksum,
  kTcpChecksum,
  kOptionLength,
  kOptionPlace,
  kScaleUnasked,
  kScaleLarge,
  kAboveMss,
  kBeyondWindow,
  kWindowShrunk,
  kAckBackwards,
  kAckUnsent,
  kAckMissing,
  kAckRepeated,
  kOtherBytes,
  kDataAfterFin,
  kNoAckFlag,
  kSackNotAgreed,
  kSackUnsent,
  kSackOrder,
  kTimestampMissing,
  kTimestampNotAgreed,
  kTimestampBackwards,
  kTimestampEcho,
  kReset,
  kIncomplete,
  kNoSuchStream,
  kCount
};

struct RuleText {
  std::string_view name;      ///< on the command line and in reports
  std::string_view sentence;  ///< what a finding says
  std::string_view source;
};

/// Name, sentence and source of a rule.
const RuleText& text_of(Rule rule);

/// The rule of that name; kCount if there is none.
Rule rule_named(std::string_view name);

/// One breach.
struct Finding {
  Rule rule{};
  std::uint64_t frame = 0;  ///< counted from 1 as in Wireshark; 0: the capture as a whole
  std::string host;         ///< who sent the segment, "address:port"
  std::string detail;       ///< the numbers
};

/// "frame 12: ack-backwards: 10.0.0.1:5000: an acknowledgement goes back (RFC ...): 5 after 7".
std::string to_string(const Finding& finding);

}  // namespace vctoe::judge
