// The traffic of a walker, written and read again. Text:
//   vctoe-walker 1 engines=4 walks=20 ...     the configuration inputs, all of them, decimal
//   # anything                                a remark
//   120 walk 1 0 7 f000 ...                   cycle (decimal), port, fields (hexadecimal)
// A line stands for a beat that has passed, in the cycle in which it did, and lines are in order
// of their cycles. Fields are those of models/nic/walker_beats.h, in that order; the file names
// them in remarks at its beginning. Inputs of one cycle stand before its outputs.
//
//   nic::WalkerRecorder to("walker.rec", config);
//   to.write(cycle, nic::WalkBeat{...});
//   to.write(cycle, nic::OutBeat{...});
//
//   nic::WalkerRecording from("walker.rec");
//   nic::WalkerEvent event;
//   while (from.next(event)) { ... }
#pragma once

#include <fstream>
#include <string>
#include <variant>

#include "models/nic/walker_beats.h"

namespace vctoe::nic {

using WalkerBeat = std::variant<WalkBeat, FillBeat, InvalidateBeat, CancelBeat, FetchBeat,
                                CompletionBeat, OutBeat>;

/// Names of the ports, in the order of WalkerBeat.
const char* port_name(std::size_t port);
/// "txn=5 connection=1 ...", numbers in hexadecimal.
std::string text_of(const WalkerBeat& beat);

struct WalkerEvent {
  std::uint64_t cycle = 0;  ///< of the walker's clock, from its reset
  WalkerBeat beat;
};

/// Writes a recording. It is complete when this object is gone, or after close().
class WalkerRecorder {
 public:
  /// Throws std::runtime_error when the file cannot be written.
  WalkerRecorder(const std::string& path, const WalkerConfig& config);
  /// `cycle` must not be below that of the beat before.
  void write(std::uint64_t cycle, const WalkerBeat& beat);
  /// Throws std::runtime_error when not all of it could be written.
  void close();

 private:
  std::string path_;
  std::ofstream file_;
  std::string line_;
};

/// Reads a recording. Everything throws std::runtime_error, with file and line, for what is wrong
/// with the file.
class WalkerRecording {
 public:
  explicit WalkerRecording(const std::string& path);
  const WalkerConfig& config() const { return config_; }
  /// False at the end.
  bool next(WalkerEvent& event);
  /// Of the event that next() gave last.
  std::uint64_t line() const { return line_; }

 private:
  [[noreturn]] void fail(const std::string& why) const;
  void read_header(const std::string& text);

  std::string path_;
  std::ifstream file_;
  WalkerConfig config_;
  std::uint64_t line_ = 0;
  std::uint64_t cycle_ = 0;
};

}  // namespace vctoe::nic
