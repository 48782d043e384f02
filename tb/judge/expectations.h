// What is known of a capture beforehand.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tb/judge/rules.h"

namespace vctoe::judge {

/// As they stand, nothing is asked but the rules of TCP, on a wire that keeps the order.
struct Expectations {
  bool is_local(std::uint32_t ip) const { return local.count(ip) != 0; }

  /// Addresses of the host at which was captured, in front of the loss of what it sends and behind
  /// the loss of what it receives: the order of its own segments is the one in which it sent them,
  /// and what it had received is known.
  std::set<std::uint32_t> local;
  bool reorders = false;   ///< the order of the other host's segments means nothing
  bool corrupts = false;   ///< the wire does: bad checksums of the other host are no findings
  bool no_resets = false;  ///< a RST is a finding
  bool complete = false;   ///< every connection has SYN, all bytes and FIN in both directions
  std::optional<std::uint32_t> only;  ///< findings about segments of this host alone
  std::set<Rule> allowed;             ///< no findings of these rules
  std::vector<std::string> streams;   ///< hashes, in hex: for each a stream that has it
};

}  // namespace vctoe::judge
