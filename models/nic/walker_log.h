// The inputs of an RTL walker, kept so that what it did can be seen again.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "models/nic/walker_core.h"
#include "models/nic/walker_recording.h"

namespace vctoe::nic {

/// Every input beat with the cycle in which its pins showed it first, in a temporary file. The RTL
/// is deterministic: with them a fresh one goes through the same states cycle by cycle.
class WalkerLog : public WalkerTap {
 public:
  WalkerLog() = default;
  ~WalkerLog() override;
  WalkerLog(const WalkerLog&) = delete;
  WalkerLog& operator=(const WalkerLog&) = delete;

  void cycle(std::uint64_t cycle, const WalkerPins& pins) override;
  std::uint64_t last_cycle() const { return last_; }
  /// Goes through all again and dumps every signal of the RTL in the last `cycles` cycles.
  void replay(const WalkerSet& set, const WalkerConfig& config, sim::Time clock,
              std::uint64_t cycles, const std::string& vcd);

 private:
  struct Entry {
    std::uint64_t cycle;
    WalkerBeat beat;
  };
  template <class Beat>
  void see(std::uint64_t cycle, const WalkerPins::Stream<Beat>& stream, bool& shown);
  bool next(Entry& entry);

  std::FILE* file_ = nullptr;
  std::uint64_t last_ = 0;
  bool walk_ = false, fill_ = false, invalidate_ = false, cancel_ = false, completion_ = false;
};

/// --record-walker: every beat that passes, in a file for the bench of the RTL.
class WalkerRecordingTap : public WalkerTap {
 public:
  WalkerRecordingTap(const std::string& path, const WalkerConfig& config) : to_(path, config) {}
  void cycle(std::uint64_t cycle, const WalkerPins& pins) override;
  void close() { to_.close(); }

 private:
  template <class Beat>
  void put(std::uint64_t cycle, const WalkerPins::Stream<Beat>& stream) {
    if (stream.passes()) to_.write(cycle, stream.beat);
  }
  WalkerRecorder to_;
};

}  // namespace vctoe::nic
