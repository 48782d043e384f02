// One direction of the wire between a modelled MAC and what answers it, in simulated time and
// without a SystemC kernel: delay, loss, reordering, duplication and corruption from a seed. Frames
// arrive one behind the other, as a line brings them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "models/net/frame_pool.h"
#include "models/net/impairment.h"

namespace vctoe::bridge {

/// A line without delay that loses nothing.
inline net::LinkParams plain_line() {
  net::LinkParams params;
  params.delay = sim::Time::zero();
  return params;
}

/// Times in ns. What happens to the n-th frame follows from the seed alone, not from its time.
class Wire {
 public:
  /// Without FCS; short ones are padded to 60 B.
  struct Frame {
    std::uint64_t due = 0;  ///< when its last bit arrives
    net::FramePtr frame;
    const std::uint8_t* data() const { return frame->bytes.data(); }
    std::size_t size() const;
  };
  struct Stats {
    std::uint64_t frames = 0;  ///< put in
    std::uint64_t lost = 0, reordered = 0, duplicated = 0, corrupted = 0;
    std::uint64_t overflowed = 0;  ///< lost because too many were under way
  };
  /// Far more than what the windows of a thousand connections allow.
  static constexpr std::size_t kMostFrames = 65536;

  /// Of `params`: rate (0: 10 Gb/s), delay, jitter and impairments; the queue is `most` frames.
  /// `name`: of the streams of random numbers, one a direction.
  Wire(const net::LinkParams& params, std::uint64_t seed, const std::string& name,
       std::size_t most = kMostFrames);

  /// A frame of `n` bytes without FCS, whose last bit leaves at `at`.
  void put(const std::uint8_t* frame, std::size_t n, std::uint64_t at);
  /// When the next one arrives; ~0: none is under way.
  std::uint64_t next() const { return line_.empty() ? ~std::uint64_t{0} : line_.begin()->first; }
  /// The next one that has arrived by `now`. Frames of one time keep their order.
  std::optional<Frame> take(std::uint64_t now);
  const Stats& stats() const { return stats_; }

 private:
  struct Flight {
    net::FramePtr frame;
    std::uint64_t begins = 0;  ///< its first bit arrives
  };
  std::uint64_t fly(net::FramePtr frame, std::uint64_t at);

  net::LinkParams params_;
  std::size_t most_;
  net::FramePool pool_;
  net::Impairment impairment_;
  std::uint64_t last_ = 0;                     ///< arrival of the latest frame in order
  std::multimap<std::uint64_t, Flight> line_;  ///< by arrival
  Stats stats_;
};

}  // namespace vctoe::bridge
