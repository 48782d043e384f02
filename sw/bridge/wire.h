// The wire between the modelled MAC and the device: loss, delay and reordering from a seed.
#pragma once

#include <cstdint>
#include <optional>
#include <queue>
#include <vector>

namespace vctoe::bridge {

/// Of each direction alike. Times in ns.
struct WireOptions {
  double loss = 0;              ///< probability that a frame is lost, 0..1
  std::uint64_t delay = 0;      ///< of every frame
  double rate = 10;             ///< bits in a ns: frames follow one another
  double reorder = 0;           ///< probability that a frame is late, so that others overtake it
  std::uint64_t late = 0;       ///< by how much: at most, evenly spread from 0
  std::uint64_t queue = 65536;  ///< frames under way at most: what is more is lost
  std::uint64_t seed = 1;
};

/// One direction. What happens to the n-th frame follows from the seed alone, not from its time.
class Wire {
 public:
  struct Frame {
    std::uint64_t due = 0;  ///< when its last bit arrives
    std::vector<std::uint8_t> bytes;
  };
  struct Stats {
    std::uint64_t frames = 0;  ///< put in
    std::uint64_t lost = 0;
    std::uint64_t late = 0;
    std::uint64_t overflowed = 0;
  };

  /// `direction`: its draws are other ones than those of the other direction.
  Wire(const WireOptions& options, unsigned direction);

  void put(const std::uint8_t* frame, std::size_t n, std::uint64_t now);
  /// When the next one arrives; ~0: none is under way.
  std::uint64_t next() const { return under_way_.empty() ? ~std::uint64_t{0} : top().due; }
  /// The next one that has arrived by `now`. Frames of one time keep their order.
  std::optional<Frame> take(std::uint64_t now);
  const Stats& stats() const { return stats_; }

 private:
  struct Entry {
    Frame frame;
    std::uint64_t order;
    bool operator<(const Entry& o) const {  // the first is on top
      return frame.due != o.frame.due ? frame.due > o.frame.due : order > o.order;
    }
  };
  const Frame& top() const { return under_way_.top().frame; }
  /// Evenly in [0, 1).
  double draw();

  WireOptions options_;
  std::uint64_t state_;
  std::uint64_t free_ = 0;  ///< when the last bit put in has left
  std::priority_queue<Entry> under_way_;
  std::uint64_t order_ = 0;
  Stats stats_;
};

}  // namespace vctoe::bridge
