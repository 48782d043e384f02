// One connection of the stream as the trace bus shows it: how far its next byte has got.
#pragma once

#include <cstdint>
#include <deque>

#include "models/sim/trace.h"

namespace vctoe::scenario {

/// Where the next byte in order is, that is the first that the MAC has not been given, or what the
/// bytes behind the last one wait for. Nearest to the wire first: of several connections the first
/// of these is the run's.
enum class Stage : std::uint8_t {
  kOnLine,       ///< the MAC has payload that leaves for the first time
  kAgainOnLine,  ///< the MAC has payload that leaves again
  kReady,        ///< in the packet buffer, in front of the MAC
  kReading,      ///< its DMA read is under way
  kPageRequest,  ///< the same, but the host must bring the page first (ATS)
  kNoBuffer,     ///< its segment waits for packet buffer
  kHeldByLoss,   ///< found, but TCP does not send it: something is lost
  kHeld,         ///< likewise, by the congestion window
  kHeldByPeer,   ///< likewise, by the receive window
  kNoRoom,       ///< its block is to be pushed and waits for packet buffer
  kSwapIn,       ///< a page of it is read from swap
  kPinning,      ///< its pages are being pinned
  kServed,       ///< the driver is at work on it
  kAsked,        ///< the host was asked for its block
  kWalking,      ///< a walk is to find it
  kLimited,      ///< nobody looks for it yet: too far ahead of the window
  kUntaken,      ///< posted, but the NIC has not read the post
  kCopyRing,     ///< not posted: the ring of copies is full of bytes that are not acknowledged
  kFlightLoss,   ///< all of it has left, something of it is lost
  kFlight,       ///< all of it has left
  kQuiet,        ///< all of it is acknowledged
  kCount
};

/// A range that the host pins, copies or pushes, for a request of the NIC or for a post.
struct HostWork {
  std::uint64_t begin = 0, end = 0;  ///< of the stream
  bool served = false;               ///< the driver has it
  bool pinning = false;
  bool pinned = false;         ///< once at least
  std::uint64_t unpinned = 0;  ///< pages that are still to be pinned
  std::uint64_t missing = 0;   ///< pages that were not in DRAM

  Stage stage() const;
  void pin_begins(const sim::TraceEvent& event);
  void pin_ends();
};

/// Events of one connection at the sender change it; all offsets are of the stream.
class StreamState {
 public:
  // Host side.
  void posting(const sim::TraceEvent& event);
  void post_waits(sim::PostWait why) { post_wait_ = why; }
  void posted(const sim::TraceEvent& event);
  void taken(const sim::TraceEvent& event, bool readable);
  void walking(bool on) { walking_ = on; }
  void found(const sim::TraceEvent& event);
  void room_wait(const sim::TraceEvent& event) { room_end_ = offset(event.seq) + event.length; }
  void asked(const sim::TraceEvent& event);
  void answered(sim::TxnId txn);
  /// Work under this name, or null.
  HostWork* work(sim::TxnId txn);
  // NIC side; of first transmissions.
  void buffer_wait(const sim::TraceEvent& event) { wait_end_ = offset(event.seq) + event.length; }
  void read_begins(const sim::TraceEvent& event);
  void read_ends(const sim::TraceEvent& event);
  void page_requests(int more) { page_requests_ += more; }
  void handed_over(const sim::TraceEvent& event);
  void left(const sim::TraceEvent& event);
  void acknowledged(const sim::TraceEvent& event);
  /// The segment with this sequence number did not arrive.
  void lost(std::uint32_t seq);
  /// TCP takes what is not acknowledged for lost, or sends it again.
  void resends();

  Stage stage() const;
  bool waits_for_buffer() const { return wait_end_ > read_end_; }
  bool in_flight(std::uint32_t seq) const;
  std::uint64_t sent() const { return sent_; }
  /// Largest receive window that the peer has offered, in bytes.
  std::uint64_t widest_window() const { return widest_; }

 private:
  struct Read {
    std::uint64_t begin = 0, end = 0;
    bool over = false;
  };
  struct Work {
    sim::TxnId txn = 0;
    HostWork work;
    bool answered = false;
  };

  std::uint64_t offset(std::uint32_t seq) const;
  Stage held() const;
  Stage supply(std::uint64_t at) const;
  Stage next_post() const;

  bool based_ = false;
  std::uint32_t base_ = 0;  ///< sequence number of offset 0
  std::uint64_t posted_ = 0, taken_ = 0;
  std::uint64_t found_ = 0;  ///< what lies before can be sent as far as the host is concerned
  std::uint64_t sent_ = 0;   ///< given to the MAC
  std::uint64_t una_ = 0, edge_ = 0, widest_ = 0;
  std::uint64_t hole_ = 0;     ///< what TCP repairs begins here
  std::uint64_t recover_ = 0;  ///< and is over when all before this is acknowledged
  std::uint64_t wait_end_ = 0, read_end_ = 0, room_end_ = 0;
  std::uint64_t segment_ = 1;  ///< longest so far
  int on_line_ = 0, again_on_line_ = 0, page_requests_ = 0;
  bool walking_ = false;
  sim::PostWait post_wait_{};
  std::deque<Read> reads_;   ///< not given to the MAC yet, in order
  std::deque<Work> blocks_;  ///< asked for and not answered, in order
  std::deque<Work> posts_;   ///< not read by the NIC, in order
  bool posting_ = false;
};

}  // namespace vctoe::scenario
