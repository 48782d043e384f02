// The event trace as a timeline: Chrome's trace-event format, which Perfetto and chrome://tracing
// open.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "models/sim/trace.h"
#include "sw/scenario/outputs_files.h"

namespace vctoe::outputs {

/// A process for each host with a lane for application, host, disk, walker, requests, PCIe and DMA,
/// packet buffer, wire and TCP. Every event of the trace bus is a slice in its lane, with its
/// fields as arguments; a block is a span from the NIC's request until its last byte has left, and
/// an arrow leads from the request to each packet that carries its bytes. Times are simulated.
class TimelineWriter {
 public:
  /// Starts to listen at once. The bus calls this object as long as it lives: keep it as long as
  /// the simulation runs. Throws sim::Error(kUser) when the file cannot be written.
  TimelineWriter(const std::string& path, sim::TraceBus& bus);
  TimelineWriter(const TimelineWriter&) = delete;
  TimelineWriter& operator=(const TimelineWriter&) = delete;

  /// Writes what is buffered and gives the file its name; without it the file disappears.
  void close();

 private:
  void name_lanes();
  void record(const sim::TraceEvent& event);
  void slice(const sim::TraceEvent& event);
  void span(const sim::TraceEvent& event);
  void arrow(const sim::TraceEvent& event);
  /// Begins an event: phase, name, category, process, lane, time. Its end is the caller's.
  void begin(char phase, std::string_view name, std::string_view category,
             const sim::TraceEvent& event, int lane);
  void flush();

  AsideFile file_;
  std::string buffer_;
  std::set<sim::TxnId> open_;  ///< spans begun
  bool first_ = true;
  bool listening_ = true;
};

}  // namespace vctoe::outputs
