// Monitors on a bus of forged events.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "models/nic/toe/stack.h"
#include "models/sim/error.h"
#include "sw/kernel/memory_service.h"
#include "sw/scenario/monitors.h"

namespace vctoe::scenario {

struct Rig {
  explicit Rig(sim::Time watchdog = sim::Time::from_s(30)) : monitors("monitors", ctx, {watchdog}) {
    sim::clear_failure();
  }

  sim::Context ctx;
  Monitors monitors;

  static sim::TraceEvent event(sim::TraceKind kind, std::uint64_t address, std::uint64_t length) {
    sim::TraceEvent e;
    e.kind = kind;
    e.connection = 4;
    e.asid = 3;
    e.txn = 77;
    e.address = address;
    e.length = length;
    return e;
  }
  static sim::TraceEvent pin_event(sim::TraceKind kind, std::uint64_t frame,
                                   kernel::PinOwner owner = kernel::PinOwner::kAgent,
                                   std::uint8_t node = 0) {
    sim::TraceEvent e = event(kind, frame * 4096, 4096);
    e.detail = static_cast<std::uint32_t>(owner);
    e.node = node;
    return e;
  }
  static sim::TraceEvent tcp(sim::TraceKind kind, std::uint32_t seq, std::uint64_t length) {
    sim::TraceEvent e = event(kind, 0, length);
    e.seq = seq;
    return e;
  }
  static sim::TraceEvent state(toe::State s) {
    sim::TraceEvent e = event(sim::TraceKind::kConnState, 0, 0);
    e.detail = static_cast<std::uint32_t>(s);
    return e;
  }

  /// Empty when nothing fires, else the text of the failure, which must be a failed check.
  std::string fires(const sim::TraceEvent& e) {
    return failure_of([&] { ctx.trace.emit(e); });
  }
  template <class Call>
  static std::string failure_of(Call call) {
    try {
      call();
    } catch (const sim::Error& error) {
      EXPECT_EQ(error.kind(), sim::FailureKind::kCheck);
      return error.what();
    }
    return "";
  }
};

inline ::testing::AssertionResult has(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "\"" << part << "\" is not in \"" << text << "\"";
}

}  // namespace vctoe::scenario
