// The text that configures a test bench: "key=value" pairs, and what they mean for the model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/net/ethernet.h"
#include "sw/scenario/params.h"

namespace vctoe::toe_tb {

struct BenchConfig {
  scenario::ScenarioParams params;  ///< of the host; ready to be built, scheme included
  std::uint32_t ip = 0;             ///< IPv4 addresses in host order
  std::uint32_t mask = 0;
  std::uint32_t gateway = 0;  ///< 0: none
  net::MacAddress mac{};
  std::optional<net::MacAddress> gateway_mac;  ///< known without asking
  std::uint64_t send_buffer = 0;               ///< of a connection, B
  std::string pcap;                            ///< file; empty: none
  std::string vcd;                             ///< folder for waves; empty: none
};

/// Defaults, then the pairs of `text` from left to right. A user error that names the key.
BenchConfig parse_cfg(std::string_view text);

}  // namespace vctoe::toe_tb
