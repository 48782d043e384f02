// Ctrl-C and kill, for loops that have something to clear up.
#pragma once

#include <csignal>

namespace vctoe::cli {

/// Catches SIGINT and SIGTERM while it lives. One at a time.
class SignalCatcher {
 public:
  SignalCatcher();
  ~SignalCatcher();
  SignalCatcher(const SignalCatcher&) = delete;
  SignalCatcher& operator=(const SignalCatcher&) = delete;

  /// The last that came since it was made; 0: none.
  static int caught();

 private:
  struct sigaction old_int_ {
  }, old_term_{};
};

}  // namespace vctoe::cli
