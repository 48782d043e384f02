// Small tools of the modelled software: threads from functions, and a lock.
#pragma once

#include <functional>
#include <memory>
#include <systemc>
#include <utility>

#include "models/sim/kernel.h"

namespace vctoe::driver {

/// An SC_THREAD that runs a function.
class Thread : public sc_core::sc_module {
 public:
  Thread(const sc_core::sc_module_name& name, std::function<void()> body)
      : sc_module(name), body_(std::move(body)) {
    SC_HAS_PROCESS(Thread);
    SC_THREAD(run);
  }

 private:
  void run() { body_(); }
  std::function<void()> body_;
};

/// One holder at a time. Between threads only.
class Lock {
 public:
  void acquire() {
    while (held_) {
      if (!freed_) freed_ = std::make_unique<sc_core::sc_event>();
      sim::wait(*freed_);
    }
    held_ = true;
  }
  void release() {
    held_ = false;
    if (freed_) sim::notify(*freed_);
  }
  bool held() const { return held_; }

 private:
  bool held_ = false;
  /// Made by the first thread that has to wait: there are locks by the thousand, and SystemC names
  /// and registers every event.
  std::unique_ptr<sc_core::sc_event> freed_;
};

class LockGuard {
 public:
  explicit LockGuard(Lock& lock) : lock_(lock) { lock_.acquire(); }
  ~LockGuard() { lock_.release(); }
  LockGuard(const LockGuard&) = delete;
  LockGuard& operator=(const LockGuard&) = delete;

 private:
  Lock& lock_;
};

}  // namespace vctoe::driver
