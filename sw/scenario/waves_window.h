// Which part of the time a dump covers: from .. to, or around an event.
#pragma once

#include "sw/scenario/waves_options.h"

namespace vctoe::waves {

class Window {
 public:
  explicit Window(const Options& options) : options_(options) {
    if (!options.trigger) start_at(options.from);
  }

  /// An event of the kind of the trigger.
  void triggered(sim::Time at) {
    if (open() || at < options_.from) return;
    start_at(at - sim::min(at - options_.from, options_.before));
    end_ = sim::min(end_of(at), options_.to);
  }
  /// The start is known.
  bool open() const { return start_ != sim::Time::never(); }
  /// First and last time of the dump; never() while not open().
  sim::Time start() const { return start_; }
  sim::Time end() const { return end_; }
  /// What comes before this time is not dumped, whatever happens from `now` on.
  sim::Time surely_before(sim::Time now) const {
    return open() ? start_ : now - sim::min(now, options_.before);
  }

 private:
  void start_at(sim::Time at) {
    start_ = at;
    end_ = sim::min(end_of(at), options_.to);
  }
  sim::Time end_of(sim::Time from) const {
    const bool endless = options_.length == sim::Time::never();
    return endless ? sim::Time::never() : from + options_.length;
  }

  Options options_;
  sim::Time start_ = sim::Time::never();
  sim::Time end_ = sim::Time::never();
};

}  // namespace vctoe::waves
