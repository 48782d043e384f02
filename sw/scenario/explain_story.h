// The text that explain() writes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/sim/trace.h"

namespace vctoe::outputs {

/// "1058.123 us", "2.252 us", "connection 1 of the sender".
std::string point(sim::Time t);
std::string span(sim::Time t);
std::string of_host(const sim::TraceEvent& e);

/// Steps one below the other, by time, each with the time since the one before and what took it.
class Story {
 public:
  /// In any order between two calls of line().
  void step(sim::Time at, const std::string& what, const std::string& waited = "");
  /// Nothing for null.
  void event(const sim::TraceEvent* e, const std::string& what, const std::string& waited = "") {
    if (e != nullptr) step(e->at, what, waited);
  }
  void line(const std::string& text);
  /// What was waited for, the longest first.
  void sum_up();
  const std::string& text();

 private:
  struct Step {
    sim::Time at;
    std::string what, waited;
  };
  /// Writes the steps that are not written.
  void flush();

  std::vector<Step> steps_;
  std::string text_;
  std::map<std::string, sim::Time> spent_;
  sim::Time last_;
  bool begun_ = false;
};

}  // namespace vctoe::outputs
