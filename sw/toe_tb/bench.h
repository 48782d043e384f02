// The test bench: one modelled host with its NIC, its program, and the outside of its MAC.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "models/net/pcapng.h"
#include "sw/scenario/software.h"
#include "sw/scenario/waves.h"
#include "sw/toe_tb/cfg.h"
#include "sw/toe_tb/program.h"
#include "sw/toe_tb/wire.h"

namespace vctoe::toe_tb {

class Bench {
 public:
  explicit Bench(BenchConfig config);
  ~Bench();

  /// Simulated time, rounded down to nanoseconds.
  std::uint64_t now_ns() const;
  /// When something is due next, rounded up; ~0: never.
  std::uint64_t next_event_ns();
  /// Runs up to and with `t_ns`; with `stop_on_tx` no further than a time at which a frame's last
  /// bit has left the MAC. In both cases nothing is left to be done at the time that has been
  /// reached.
  void run_until(std::uint64_t t_ns, bool stop_on_tx);
  /// Writes capture and waves so far to their files; nothing runs after it.
  void flush();

  Program& program() { return *program_; }
  Wire& wire() { return *wire_; }

 private:
  void settle();
  sim::Time next_event();

  BenchConfig config_;
  sim::Context context_;
  std::unique_ptr<system::Host> host_;
  std::unique_ptr<scenario::Software> software_;
  std::unique_ptr<Wire> wire_;
  std::unique_ptr<Program> program_;
  std::unique_ptr<net::PcapngWriter> capture_;
  std::unique_ptr<net::PcapTap> tap_;
  std::unique_ptr<waves::Waves> waves_;
  bool started_ = false;
};

}  // namespace vctoe::toe_tb
