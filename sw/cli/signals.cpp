#include "sw/cli/signals.h"

namespace vctoe::cli {

namespace {

volatile std::sig_atomic_t g_signal = 0;
void note_signal(int number) {
  g_signal = number;
}

}  // namespace

SignalCatcher::SignalCatcher() {
  g_signal = 0;
  struct sigaction action {};
  action.sa_handler = &note_signal;
  sigaction(SIGINT, &action, &old_int_);
  sigaction(SIGTERM, &action, &old_term_);
}

SignalCatcher::~SignalCatcher() {
  sigaction(SIGINT, &old_int_, nullptr);
  sigaction(SIGTERM, &old_term_, nullptr);
}

int SignalCatcher::caught() {
  return g_signal;
}

}  // namespace vctoe::cli
