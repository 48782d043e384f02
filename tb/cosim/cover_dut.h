// A Verilated walker that counts which lines are run and sees which bits change.
#pragma once

#include <verilated_cov.h>

#include "tb/cosim/toggles.h"
#include "tb/cosim/verilated_dut.h"

namespace vctoe::cosim {

/// It writes no waves: what would go there is watched instead.
template <class V>
class CoverDut : public VerilatedDut<V> {
 public:
  explicit CoverDut(std::uint64_t seed) : VerilatedDut<V>(seed) { this->dump_to(&toggles_, ""); }
  ~CoverDut() override { this->stop_wave(); }
  void start_wave(const std::string& /*path*/) override {}

  void write_coverage(const std::string& lines, const std::string& toggles) override {
    this->context_.coveragep()->write(lines.c_str());
    this->stop_wave();
    static ToggleBook all;  // of all runs with this model
    toggles_.merge_into(all);
    write_toggles(all, toggles);
  }

 private:
  Toggles toggles_;
};

}  // namespace vctoe::cosim
