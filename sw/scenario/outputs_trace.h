// The event trace: everything that passes over the trace bus, a line of text for each event.
#pragma once

#include <string>
#include <string_view>

#include "models/sim/trace.h"
#include "sw/scenario/outputs_files.h"

namespace vctoe::outputs {

/// Columns: time in ps, kind, node, asid, connection, transaction, address (hex), length, seq,
/// detail; the first line names them. The same run gives the same bytes.
class TraceWriter {
 public:
  /// The first line.
  static constexpr std::string_view kHeading =
      "# time_ps kind node asid connection txn address length seq detail";

  /// Starts to listen at once. The bus calls this object as long as it lives: keep it as long as
  /// the simulation runs. Throws sim::Error(kUser) when the file cannot be written.
  TraceWriter(const std::string& path, sim::TraceBus& bus, sim::TraceMask kinds = sim::kAllKinds);
  TraceWriter(const TraceWriter&) = delete;
  TraceWriter& operator=(const TraceWriter&) = delete;

  /// Writes what is buffered and gives the file its name; without it the file disappears.
  void close();
  std::uint64_t events() const { return events_; }

 private:
  void record(const sim::TraceEvent& event);
  void flush();

  AsideFile file_;
  std::string buffer_;
  std::uint64_t events_ = 0;
  bool open_ = true;
};

}  // namespace vctoe::outputs
