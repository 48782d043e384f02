// Which bits of which signals of a Verilated model change, read from the VCD that it writes: with
// Verilator's own counters of toggles a model is a hundred times as slow.
#pragma once

#include <verilated_vcd_c.h>

#include <map>
#include <string>
#include <vector>

namespace vctoe::cosim {

/// Names of signals, "module/instance/.. signal", with a 1 for each bit that has changed, the
/// highest first.
using ToggleBook = std::map<std::string, std::string>;

/// Takes the place of the file that a VerilatedVcdC writes to. What a signal begins with is no
/// change.
class Toggles : public VerilatedVcdFile {
 public:
  bool open(const std::string& /*name*/) override { return true; }
  void close() override {}
  ssize_t write(const char* text, ssize_t length) override;

  /// A bit that has changed here or there has changed.
  void merge_into(ToggleBook& book) const;

 private:
  struct Signal {
    std::vector<std::string> names;  ///< several when it is connected
    std::string value, changed;
  };
  void line(const char* begin, const char* end);
  void declare(const std::string& text);
  void change(const char* code, const char* end, const char* value, std::size_t width);
  Signal& signal(const char* code, const char* end);

  std::string rest_;  ///< a line that is not complete yet
  bool declaring_ = true;
  std::vector<std::string> scopes_;  ///< each with what comes behind it
  std::vector<Signal> signals_;      ///< by code
};

/// A line for each signal; replaces the file.
void write_toggles(const ToggleBook& book, const std::string& path);

}  // namespace vctoe::cosim
