// Divides the elapsed time of a run's stream among what it was spent on. An observer of the trace
// bus: at each instant exactly one part is to blame, so the parts add up; docs/attribution.md.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <unordered_set>
#include <vector>

#include "models/sim/trace.h"
#include "sw/scenario/attribution_stream.h"
#include "sw/scenario/time_parts.h"

namespace vctoe::scenario {

/// Picoseconds by part.
using PartTimes = std::array<sim::Time, outputs::kTimeParts>;

/// What the trace does not tell.
struct AttributionSetup {
  std::uint8_t sender = 0;    ///< node of the sending application
  std::uint8_t receiver = 1;  ///< node of the receiving one; may be the same
  std::uint16_t receiver_asid = 0;
  bool readable_when_posted = false;  ///< the NIC needs no walk and no answer for first bytes
  bool sender_copies = false;         ///< TCP in the driver: a core copies, no DMA
  bool receiver_copies = false;
  double read_ps_per_byte = 0;  ///< what a byte read costs the PCIe link, headers included
};

class Attribution {
 public:
  explicit Attribution(const AttributionSetup& setup) : setup_(setup) {}
  /// Listens from now on; must outlive whoever emits.
  Attribution(sim::TraceBus& bus, const AttributionSetup& setup);
  Attribution(const Attribution&) = delete;
  Attribution& operator=(const Attribution&) = delete;

  /// What the bus tells, in the order of time; a recorded trace does as well.
  void see(const sim::TraceEvent& event);

  /// With TCP in the driver a frame is long under way before the line has it: says that one has
  /// left, and how long the line took for it.
  void line_took(sim::Time now, sim::Time span);

  /// The division of [first, last): first post to last byte delivered. The parts add up to
  /// last - first exactly; a model_error if that cannot be.
  PartTimes divide(sim::Time first, sim::Time last) const;

 private:
  using TraceEvent = sim::TraceEvent;
  static constexpr std::size_t kStages = static_cast<std::size_t>(Stage::kCount);

  struct Stream {
    StreamState state;
    Stage stage = Stage::kQuiet;
    std::uint32_t connection = 0;
    bool waits = false;  ///< for packet buffer
    bool walking = false;
  };
  struct Span {
    sim::Time from, to;
    outputs::TimePart part;
  };

  void stream_event(const TraceEvent& event, StreamState& state);
  void supply_event(const TraceEvent& event, StreamState& state);
  void walks(const TraceEvent& event, bool on);
  void host_event(const TraceEvent& event);
  void receiver_event(const TraceEvent& event);
  Stream* find(std::uint32_t connection);
  void restage(Stream& stream);
  void open(const TraceEvent& event);
  void connection_state(const TraceEvent& event);
  void forget(std::uint32_t connection);
  void serve(const TraceEvent& event);
  void pin(const TraceEvent& event);
  void pin(const TraceEvent& event, HostWork& work);
  void frame_dropped(const TraceEvent& event);

  void settle(sim::Time now);
  sim::Time host_just_now() const;
  void blame(outputs::TimePart part, sim::Time from, sim::Time to);
  Stage nearest() const;
  outputs::TimePart part_of(Stage stage) const;
  outputs::TimePart walk_part() const;
  outputs::TimePart reading_part() const;
  outputs::TimePart peer_part() const;
  outputs::TimePart tail_part(outputs::TimePart on_the_way, outputs::TimePart delivered) const;
  outputs::TimePart nobody_part() const;

  const AttributionSetup setup_;
  std::vector<Stream> streams_;
  std::vector<std::uint32_t> index_;  ///< by connection: place in streams_ + 1, 0: none
  std::array<std::uint32_t, kStages> count_{};
  std::map<std::uint32_t, TraceEvent> offers_;  ///< to connections without a post yet
  std::vector<sim::TxnId> pinning_;             ///< of what is being pinned
  std::map<sim::TxnId, std::uint32_t> served_;  ///< connection of requests and posts at the host
  std::map<sim::TxnId, HostWork> nodes_;        ///< pages of records that the host pins
  std::unordered_set<std::uint64_t> reading_;   ///< frames into which pages of streams are read
  std::vector<std::uint16_t> asids_;            ///< of streams
  std::vector<std::uint32_t> opening_;          ///< connections that shake hands
  std::uint32_t walks_ = 0, nodes_asked_ = 0, limits_ = 0, buffer_waits_ = 0;
  sim::Time link_free_, unit_free_;
  // Bytes on the receiving host, of all streams.
  std::uint64_t sent_ = 0, windows_ = 0;  ///< given to the MAC; widest windows, all together
  std::uint64_t received_ = 0, written_ = 0, read_ = 0, consumed_ = 0;

  sim::Time now_;
  bool flowing_ = false;  ///< payload has left: the first post is past
  std::vector<Span> before_;
  PartTimes spent_{};  ///< since flowing
  PartTimes settled_{};
  sim::Time under_way_;  ///< the host's with frames, of which the line's share is not known yet
  sim::Time settled_at_;
};

}  // namespace vctoe::scenario
