#include "models/sim/error.h"

namespace vctoe::sim {

namespace {
Failure g_failure;
}  // namespace

const Failure& last_failure() {
  return g_failure;
}
void clear_failure() {
  g_failure = {};
}

Error::Error(FailureKind kind, const std::string& text) : std::runtime_error(text), kind_(kind) {
  if (g_failure.kind == FailureKind::kNone) g_failure = {kind, text};
}

void user_error(const std::string& text) {
  throw Error(FailureKind::kUser, text);
}
void check_failed(const std::string& text) {
  throw Error(FailureKind::kCheck, text);
}
void model_error(const std::string& text) {
  throw Error(FailureKind::kInternal, text);
}

}  // namespace vctoe::sim
