#include "sw/scenario/waves_signals.h"

#include <fnmatch.h>

#include "models/sim/error.h"

namespace vctoe::waves {

namespace {

bool matches(const std::string& scope, const std::string& path) {
  return fnmatch(scope.c_str(), path.c_str(), 0) == 0 ||
         fnmatch((scope + ".*").c_str(), path.c_str(), 0) == 0;
}

unsigned width_for(std::size_t values) {
  unsigned width = 1;
  while ((std::size_t{1} << width) < values) ++width;
  return width;
}

}  // namespace

SignalList::SignalList(std::vector<std::string> scopes)
    : scopes_(std::move(scopes)), matched_(scopes_.size()) {}

SignalId SignalList::add(Signal signal) {
  bool wanted = scopes_.empty();
  for (std::size_t i = 0; i < scopes_.size(); ++i) {
    if (!matches(scopes_[i], signal.path)) continue;
    wanted = matched_[i] = true;
  }
  if (!wanted) return kNoSignal;
  signals_.push_back(std::move(signal));
  return static_cast<SignalId>(signals_.size() - 1);
}

SignalId SignalList::add_names(std::string path, std::string enumeration,
                               std::vector<std::string_view> names) {
  const unsigned width = width_for(names.size());
  return add({std::move(path), Radix::kEnum, width, std::move(enumeration), std::move(names)});
}

void SignalList::check_scopes() const {
  for (std::size_t i = 0; i < scopes_.size(); ++i) {
    if (!matched_[i]) {
      sim::user_error("--vcd-scope: no signal is called " + scopes_[i] +
                      " or lies below it; docs/waves.md lists them");
    }
  }
}

}  // namespace vctoe::waves
