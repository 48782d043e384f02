// Reads back what outputs::TraceWriter has written.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "models/sim/trace.h"

namespace vctoe::outputs {

/// All events of a run in the order of the file.
class TraceFile {
 public:
  using Event = sim::TraceEvent;
  using Test = std::function<bool(const Event&)>;

  /// Throws sim::Error(kUser) with file and line for one that is no trace, or of another version.
  explicit TraceFile(const std::string& path);

  const std::vector<Event>& events() const { return events_; }
  /// The first event for which `test` holds, or the last one; null if there is none.
  const Event* first(const Test& test) const;
  const Event* last(const Test& test) const;
  std::vector<const Event*> all(const Test& test) const;

 private:
  std::vector<Event> events_;
};

}  // namespace vctoe::outputs
