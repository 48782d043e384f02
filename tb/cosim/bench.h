// One run of a scenario against a walker: drives its pins, answers it, and compares what it does
// with what it must do.
#pragma once

#include <deque>
#include <optional>

#include "tb/cosim/coverage.h"
#include "tb/cosim/neighbours.h"
#include "tb/cosim/scoreboard.h"

namespace vctoe::cosim {

struct RunOptions {
  Coverage* coverage = nullptr;
  nic::WalkerRecorder* recorder = nullptr;
  std::string wave;                                          ///< file; empty: none
  std::uint64_t wave_from = 0, wave_to = ~std::uint64_t{0};  ///< cycles
};

struct Outcome {
  bool ok = true;
  std::string what, expected, got;  ///< of the first thing that was wrong
  std::uint64_t cycles = 0;         ///< until then, or all
  std::size_t walks = 0;            ///< accepted
  std::uint64_t fetches = 0;
  std::vector<std::string> last_events;  ///< not more than ten
};

class Bench {
 public:
  Bench(Dut& dut, const Scenario& scenario, const RunOptions& options);
  Outcome run();

 private:
  void cycle();
  void drive();
  void observe();
  void observe_inputs();
  void observe_outputs();
  void check_streams();
  void check_status();
  void on_walk();
  void on_fill();
  void on_completion();
  void on_invalidate();
  void on_cancel();
  const std::uint32_t* leaving() const;
  bool invalidating(const PageName& page) const;
  void on_fetch();
  void on_out();
  void watch_progress();
  std::uint64_t patience() const;

  void play();
  bool may_go(const Op& op);
  bool moment(const Op& op) const;
  void issue(const Op& op);
  void hold_reset(unsigned cycles);
  void after_reset();
  bool idle() const;
  bool connection_idle(std::uint32_t connection) const;
  void finish();
  void check_counters();
  std::uint32_t counter(std::uint32_t index);

  template <class Beat>
  void log(const Beat& beat);
  void cover(const std::string& bin) {
    if (options_.coverage != nullptr) options_.coverage->hit(bin);
  }
  void cover_walk(const Walk& walk, const OutBeat& last);
  void cover_accepted(const Walk& walk);
  void cover_cancel(std::uint32_t connection);
  void cover_cycle();
  void cover_setup();
  void cover_reset();
  std::string phase_of(std::uint32_t connection) const;

  Dut& dut_;
  const Scenario& s_;
  RunOptions options_;
  Inputs in_;
  Outputs out_;
  HostMemory memory_;
  PageBook pages_;
  Scoreboard board_;
  MemorySide reads_;
  HostSide host_;
  Source<WalkBeat> walk_;
  Source<FillBeat> fill_;
  Source<InvalidateBeat> invalidate_;
  Source<CancelBeat> cancel_;
  Source<CompletionBeat> completion_;
  Drain<FetchBeat> fetch_;
  Drain<OutBeat> output_;
  std::deque<const Op*> rewrites_;  ///< of the cancels and invalidations that wait, null: none

  std::uint64_t now_ = 0;
  std::uint64_t last_progress_ = 0;
  std::size_t next_op_ = 0;
  std::uint64_t op_since_ = 0;
  bool was_quiet_ = false;
  bool fetch_pending_ = false;  ///< offered before the last cancel, and still
  bool waving_ = false;
  bool was_cancel_ = false;
  std::uint32_t last_busy_ = 0, last_active_ = ~0u;
  std::size_t walks_ = 0, fetches_ = 0;
  std::array<std::uint64_t, kPerfCount> seen_{};  ///< what the counters must say, since reset
  std::deque<nic::WalkerEvent> events_;
  // For coverage.
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::uint32_t> next_sequence_;
  std::set<std::uint32_t> faulted_, rewritten_;  ///< connections
};

/// With a fresh walker.
Outcome run(DutFactory factory, const Scenario& scenario, const RunOptions& options);

}  // namespace vctoe::cosim
