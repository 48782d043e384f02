#include "sw/twin/transfer.h"

#include <algorithm>
#include <cmath>

namespace vctoe::twin {

namespace {

constexpr double kRandomOverPeriodic = 1.2247 / 1.31;

class Sender {
 public:
  explicit Sender(const Path& path)
      : path_(path),
        window_(path.initial_window),
        turn_s_(path.round_trip_s + path.window_turn_s),
        full_(std::min(path.round_trip_s / path.segment_s, path.window)) {}

  /// Up to `segments` in all.
  void slow_start(double segments) {
    double left_over = 0;
    while (window_ < full_ && sent_ + window_ < segments) {
      grow(window_, path_.round_trip_s);
      const double answered = std::floor((window_ + left_over) / path_.per_ack);
      left_over = window_ + left_over - answered * path_.per_ack;
      window_ += answered;
    }
    // The last flight, if it is one, goes as fast as the path takes it.
    flow(segments - sent_, window_ < full_ ? path_.segment_s : steady_s());
  }

  /// A loss, then `segments` until the next one.
  void saw_tooth(double segments) {
    const double from = std::max(2.0, std::min(window_, full_) / 2);
    const double to = std::min(full_, std::sqrt(from * from + 2 * segments));
    const double here = std::min(segments, (to * to - from * from) / 2);
    grow(here, (to - from + 1) * path_.round_trip_s * (path_.random ? kRandomOverPeriodic : 1));
    flow(segments - here, steady_s());
    window_ = to;
  }

  const Transfer& result() const { return result_; }

 private:
  double steady_s() const { return std::max(path_.segment_s, turn_s_ / path_.window); }
  void grow(double segments, double seconds) {
    sent_ += segments;
    result_.seconds += seconds;
    result_.growing += segments;
    result_.growing_s += seconds;
  }
  void flow(double segments, double each_s) {
    sent_ += segments;
    result_.seconds += segments * each_s;
  }

  const Path& path_;
  double window_;
  double turn_s_;
  double full_;
  double sent_ = 0;
  Transfer result_;
};

}  // namespace

Transfer transfer(const Path& path) {
  Sender sender(path);
  const double between = path.segments / (path.losses + 1);
  sender.slow_start(between);
  for (double i = 0; i < path.losses; ++i) sender.saw_tooth(between);
  return sender.result();
}

}  // namespace vctoe::twin
