// Functions that run as modelled programs.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <systemc>
#include <utility>
#include <vector>

#include "models/sim/kernel.h"

namespace vctoe::support {

/// Runs a function as a modelled program.
class Program : public sc_core::sc_module {
 public:
  Program(const sc_core::sc_module_name& name, std::function<void()> body)
      : sc_module(name), body_(std::move(body)) {
    SC_HAS_PROCESS(Program);
    SC_THREAD(run);
    set_stack_size(1 << 20);  // rapidcheck and gtest run on it
  }
  bool finished() const { return finished_; }

 private:
  void run() {
    body_();
    finished_ = true;
  }
  std::function<void()> body_;
  bool finished_ = false;
};

/// The programs of a rig.
struct Programs {
  /// `limit`: until when all of them have to be at their end, unless run() is told otherwise.
  explicit Programs(sim::Time limit) : limit(limit) {}

  void program(std::function<void()> body) {
    programs.push_back(std::make_unique<Program>(
        ("program" + std::to_string(programs.size())).c_str(), std::move(body)));
  }
  void run() { run(limit); }
  /// Runs the programs to their end; all of them must get there before `until`.
  void run(sim::Time until) {
    sc_core::sc_start(sim::to_sc(until));
    for (const auto& p : programs) EXPECT_TRUE(p->finished()) << p->name() << " hangs";
  }

  sim::Time limit;
  std::vector<std::unique_ptr<Program>> programs;
};

}  // namespace vctoe::support
