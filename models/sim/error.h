// Three kinds of failure, kept apart: the user's (configuration, files), a check that the run
// failed (a monitor fired, bytes differ), and a broken invariant of the model itself.
#pragma once

#include <stdexcept>
#include <string>

namespace vctoe::sim {

/// Exit codes of the program. A process that throws inside the kernel loses its C++ type on the way
/// through sc_start(); last_failure() keeps it.
enum class FailureKind { kNone = 0, kCheck = 1, kUser = 2, kInternal = 3 };

struct Failure {
  FailureKind kind = FailureKind::kNone;
  std::string text;
};

/// The first failure raised since clear_failure().
const Failure& last_failure();
void clear_failure();

class Error : public std::runtime_error {
 public:
  Error(FailureKind kind, const std::string& text);
  FailureKind kind() const { return kind_; }

 private:
  FailureKind kind_;
};

/// The user's fault: one line that says what, where and what is legal. Exit code 2.
[[noreturn]] void user_error(const std::string& text);
/// A monitor or an end-to-end check failed. Exit code 1.
[[noreturn]] void check_failed(const std::string& text);
/// An invariant of the model is broken; the text carries transaction id and state. Exit code 3.
[[noreturn]] void model_error(const std::string& text);

/// Invariant that stays on in every build. `text` is a literal: nothing is formatted while it
/// holds.
inline void ensure(bool holds, const char* text) {
  if (!holds) model_error(text);
}

}  // namespace vctoe::sim
