#include "sw/cli/wave_request.h"

#include <charconv>

#include "models/sim/error.h"
#include "sw/scenario/config_names.h"
#include "sw/scenario/config_quantity.h"

namespace vctoe::cli {

namespace {

constexpr std::uint64_t kLeastLimit = 1 << 16;  ///< header and initial values fit into it
constexpr std::uint32_t kMostConnections = 256;

template <class T>
T value_of(const std::string& option, const config::QuantityResult<T>& result) {
  if (result.value) return *result.value;
  const std::string& hint = result.error.hint;
  sim::user_error(option + " " + result.error.message + (hint.empty() ? "" : "; " + hint));
}

void set_time(const char* option, const std::optional<std::string>& text, sim::Time& to) {
  if (text) to = value_of(option, config::parse_time(*text));
}

sim::TraceKind kind_of(const std::string& name) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < static_cast<std::size_t>(sim::TraceKind::kCount); ++i) {
    const auto kind = static_cast<sim::TraceKind>(i);
    if (kind == sim::TraceKind::kState) continue;
    names.emplace_back(sim::enum_name(kind));
    if (names.back() == name) return kind;
  }
  const std::string near = config::nearest(name, names);
  sim::user_error("--vcd-trigger: unknown kind of event \"" + name + "\"" +
                  (near.empty() ? "; docs/sim.md lists them" : "; did you mean " + near + "?"));
}

bool parse_id(std::string_view text, std::uint32_t& id) {
  const auto end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, id);
  return result.ec == std::errc{} && result.ptr == end && !text.empty();
}

/// "3" or "0-3".
void add_range(const std::string& text, std::vector<std::uint32_t>& ids) {
  const std::size_t dash = text.find('-');
  std::uint32_t first = 0, last = 0;
  const std::string_view all = text;
  const bool ok = parse_id(all.substr(0, dash), first) &&
                  parse_id(dash == std::string::npos ? all : all.substr(dash + 1), last);
  if (!ok || last < first || last - first >= kMostConnections) {
    sim::user_error("--vcd-connections: \"" + text + "\" is neither a number nor a range as 0-3");
  }
  for (std::uint32_t id = first; id <= last; ++id) ids.push_back(id);
}

}  // namespace

waves::Options parse_waves(const WaveRequest& request) {
  waves::Options o;
  o.on = request.on;
  set_time("--vcd-from", request.from, o.from);
  set_time("--vcd-to", request.to, o.to);
  set_time("--vcd-before", request.before, o.before);
  set_time("--vcd-length", request.length, o.length);
  if (o.to < o.from) sim::user_error("--vcd-to is before --vcd-from");
  if (request.limit) o.limit = value_of("--vcd-limit", config::parse_size(*request.limit)).n;
  if (o.limit < kLeastLimit) sim::user_error("--vcd-limit is below 64 KiB");
  if (request.trigger) o.trigger = kind_of(*request.trigger);
  if (request.before && !request.trigger) sim::user_error("--vcd-before needs --vcd-trigger");
  o.scopes = request.scopes;
  if (!request.connections.empty()) o.connections.clear();
  for (const std::string& text : request.connections) add_range(text, o.connections);
  return o;
}

}  // namespace vctoe::cli
