// The Linux kernel as TCP peer of the modelled NIC, over a TAP device in a network namespace of its
// own: docs/bridge.md. One exchange runs in a child process, because SystemC elaborates once in
// one.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sw/bridge/wire.h"

namespace vctoe::peers {

/// Connections that all carry bytes both ways at the same time.
struct Exchange {
  unsigned toe_opens = 0;       ///< connections that the modelled host opens
  unsigned kernel_opens = 0;    ///< that the kernel opens
  std::uint64_t to_kernel = 0;  ///< bytes of each connection
  std::uint64_t to_toe = 0;
  net::LinkParams wire = bridge::plain_line();
  std::uint64_t seed = 1;    ///< of the wire
  std::string cfg;           ///< of the model, docs/toe_tb.md
  std::string pcap;          ///< capture at the MAC
  double time_limit_s = 30;  ///< of real time
};

struct Outcome {
  std::string error;                  ///< empty: every stream arrived and ended in order
  std::vector<std::string> sent;      ///< sha256 in hex, in the order of the streams
  std::vector<std::string> received;  ///< likewise
  double lag_ms = 0;                  ///< simulated time behind real time, at most
  double seconds = 0;                 ///< from the first SYN to the last FIN
  std::uint64_t lost = 0, late = 0;   ///< by the wire, both ways
  std::uint64_t rexmits = 0;          ///< of the TOE
  std::map<std::string, std::uint64_t> counters;  ///< of the namespace, as nstat names them
};

/// A run with more is void: its times mean nothing.
constexpr double kMostLagMs = 20;

/// Runs it in a child process.
Outcome run(const Exchange& exchange);

}  // namespace vctoe::peers
