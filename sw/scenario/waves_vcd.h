// Value change dump (IEEE 1364-2005, clause 18) with what GTKWave adds to it: strings.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sw/scenario/outputs_files.h"
#include "sw/scenario/waves_signals.h"
#include "sw/scenario/waves_window.h"

namespace vctoe::waves {

/// Only changes are written. They may be told out of order by up to kLateness, because some blocks
/// know late what they did: the writer keeps that much and sorts it in. Resolution 1 ps. Nothing in
/// the file depends on the machine or the date.
class VcdWriter {
 public:
  static constexpr sim::Time kLateness = sim::Time::from_ms(1);

  /// The list is complete and outlives the writer. Throws sim::Error(kUser) when the file cannot be
  /// written.
  VcdWriter(const std::string& path, const SignalList& signals, const Options& options);

  /// Texts are empty and numbers 0 until they are set. Of one signal, times do not go back: an
  /// earlier one counts as the latest.
  void set(SignalId id, sim::Time at, std::uint64_t value) {
    if (id == kNoSignal || states_[id].value == value) return;
    states_[id].value = value;
    put(id, at, value);
  }
  void set_text(SignalId id, sim::Time at, std::string_view text);
  /// The event that the options name as trigger.
  void trigger(sim::Time at) { window_.triggered(at); }
  /// Nothing more will be written.
  bool stopped() const { return stopped_; }
  /// Writes what is left, up to `end`, and gives the file its name; without it the file disappears.
  void close(sim::Time end);
  /// Why it ended before its time or is empty, for the user; empty if neither.
  const std::string& note() const { return note_; }
  /// First and last time in the file.
  sim::Time first() const { return window_.start(); }
  sim::Time last() const { return written_until_; }

 private:
  struct State {
    std::uint64_t value = 0;    ///< as told last; of a text the place in texts_
    std::uint64_t written = 0;  ///< as in the file
    std::string text, written_text;
    sim::Time last;    ///< of the last change told
    std::string code;  ///< its identifier in the file
  };
  struct Change {
    sim::Time at;
    SignalId id;
    std::uint64_t value;
  };

  void put(SignalId id, sim::Time at, std::uint64_t value);
  std::uint64_t keep(std::string_view text);
  void drain(sim::Time before);
  void apply(const Change& change);
  void begin_dump();
  void begin_time(sim::Time at);
  bool end_time();
  void stop(const std::string& why);
  void write_header();
  void write_scopes();
  void write_value(SignalId id);
  void flush();
  bool is_text(SignalId id) const { return signals_.all()[id].radix == Radix::kText; }

  const SignalList& signals_;
  Window window_;
  std::uint64_t limit_;
  outputs::AsideFile file_;
  std::vector<State> states_;
  std::vector<Change> changes_;  ///< by time, from head_ on
  std::size_t head_ = 0;
  std::size_t drain_at_ = 1 << 14;  ///< changes held at which those that are old are written
  std::vector<std::string> texts_;
  std::vector<std::uint64_t> free_texts_;
  std::string out_;
  std::size_t group_ = 0;  ///< where in out_ the present time begins
  std::uint64_t flushed_ = 0;
  sim::Time written_until_ = sim::Time::zero();
  bool dumping_ = false;  ///< the initial values are in the file
  bool stopped_ = false;
  std::string note_;
};

}  // namespace vctoe::waves
