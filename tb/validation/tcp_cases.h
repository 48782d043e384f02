// Validation of the TCP core against published laws: each case is a run and what theory says of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tb/validation/tcp_wire.h"

namespace vctoe::validation {

/// One row of the table.
struct Row {
  std::string what;  ///< law and its parameters; names the row
  std::string unit;
  double theory = 0;
  double measured = 0;
  double tolerance = 0;  ///< share of theory, or units where `absolute`
  bool absolute = false;
  bool is_long = false;  ///< takes more than some seconds

  double deviation() const;
  bool holds() const;
};

/// Parameters of the core in all runs: nothing limits but the congestion window; every segment is
/// acknowledged.
toe::TcpParams core_params();
/// Payload that arrives in a round trip, in segments: the mean over so many losses, after others.
double mean_rate(const toe::TcpParams& params, const WireParams& wire, std::uint64_t warm_up,
                 std::uint64_t losses);

/// Runs the cases; without the long ones unless asked.
std::vector<Row> run_tcp_cases(bool with_long, const std::string& data_folder);

}  // namespace vctoe::validation
