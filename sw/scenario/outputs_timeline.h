// A run as a timeline: Chrome's trace-event format, which Perfetto opens.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "sw/scenario/outputs_files.h"
#include "sw/scenario/outputs_spans.h"

namespace vctoe::outputs {

/// A process for each host, lanes as its threads. What lasts is a slice of its true length: a post
/// until it is acknowledged, a block from its request until its last byte has left and in it the
/// wait for the host, the driver's service of it, a page read from swap, a walk, a DMA read, a
/// frame on the line, TLPs on the link. Slices of a lane that overlap lie in rows of their own.
/// Other events of the trace bus are instants. An arrow leads from a request to each frame that
/// carries its bytes. Times are simulated; nothing is rounded.
class TimelineWriter {
 public:
  struct Slice {
    std::uint8_t node = 0;
    Lane lane{};
    std::string_view name;
    sim::Time from, to;
    sim::TxnId txn = 0;
    std::string_view text;  ///< more about it; may be empty
    std::uint64_t row = 0;  ///< network card
  };

  /// Starts to listen at once. The bus calls this object as long as it lives: keep it as long as
  /// the simulation runs. Throws sim::Error(kUser) when the file cannot be written.
  TimelineWriter(const std::string& path, sim::TraceBus& bus);
  TimelineWriter(const TimelineWriter&) = delete;
  TimelineWriter& operator=(const TimelineWriter&) = delete;

  /// Slices of one row must not overlap; they may be told late.
  void add(const Slice& slice);
  /// An arrow from the request of the slice's transaction, if there is one, to the slice.
  void add_arrow(const Slice& to);

  /// Ends what has not ended, writes what is buffered and gives the file its name; without it the
  /// file disappears.
  void close();

 private:
  /// A span that has begun: number of its kind, node, and what its end has in common with it.
  using Key = std::tuple<std::size_t, std::uint8_t, std::uint64_t>;
  struct Open {
    sim::TraceEvent begin;
    std::uint64_t row = 0;
  };

  void record(const sim::TraceEvent& event);
  void begin_span(std::size_t kind, const sim::TraceEvent& event);
  void end_span(std::size_t kind, const sim::TraceEvent& event, sim::Time at);
  void write_span(std::size_t kind, const Open& span, sim::Time to, bool ended);
  void instant(const sim::TraceEvent& event);
  std::uint64_t take_row(std::uint8_t node, Lane lane);
  void name_host(std::uint8_t node);
  void name_row(std::uint8_t node, Lane lane, std::uint64_t row);
  /// Begins an event: its end is the caller's.
  void begin(char phase, std::string_view name, std::uint8_t node, std::uint64_t thread,
             sim::Time at);
  void arguments(const sim::TraceEvent& event);
  void flush_if_full();

  AsideFile file_;
  std::string buffer_;
  std::map<Key, Open> open_;
  /// Rows in use, by node and lane.
  std::array<std::array<std::vector<bool>, static_cast<std::size_t>(Lane::kCount)>, 2> rows_;
  std::map<sim::TxnId, std::tuple<std::uint8_t, std::uint64_t, sim::Time>> requests_;
  std::uint64_t arrows_ = 0;
  bool listening_ = true;
};

}  // namespace vctoe::outputs
