#include "sw/scenario/monitors_failure.h"

#include <cinttypes>
#include <cstdio>

#include "models/sim/error.h"

namespace vctoe::scenario {

std::string seconds_text(sim::Time time) {
  constexpr std::uint64_t kSecond = 1'000'000'000'000;
  char text[48];
  std::snprintf(text, sizeof text, "%" PRIu64 ".%012" PRIu64 " s", time.ps / kSecond,
                time.ps % kSecond);
  return text;
}

std::string hex_text(std::uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%" PRIx64, value);
  return text;
}

std::string event_text(const sim::TraceEvent& event) {
  return std::string(sim::enum_name(event.kind)) + " at " + seconds_text(event.at) + ", node " +
         std::to_string(event.node) + ", txn " + std::to_string(event.txn) + ", connection " +
         std::to_string(event.connection) + ", asid " + std::to_string(event.asid) + ", address " +
         hex_text(event.address) + ", length " + std::to_string(event.length) + ", seq " +
         std::to_string(event.seq);
}

void monitor_failed(const char* monitor, const std::string& what, const sim::TraceEvent& event) {
  sim::check_failed(std::string("monitor ") + monitor + ": " + what + " (" + event_text(event) +
                    ")");
}

}  // namespace vctoe::scenario
