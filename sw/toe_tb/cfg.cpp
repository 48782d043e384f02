#include "sw/toe_tb/cfg.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <vector>

#include "models/sim/error.h"
#include "sw/scenario/config_value.h"
#include "sw/scenario/schemes.h"

namespace vctoe::toe_tb {

namespace {

constexpr std::uint64_t kIpTcpHeaders = 40;
constexpr std::uint64_t kConnections = 2048;

/// How the value of a key becomes that of a parameter.
enum class As : std::uint8_t { kPlain, kMicroseconds, kFlag, kBytes };

struct Key {
  std::string_view name;
  std::string_view path;  ///< of the parameter, as in docs/parameters.md
  As as;
};

/// Keys that are parameters of the model. One line a key; a key may have several.
constexpr Key kKeys[] = {
    {"mss", "nic.toe.mss", As::kPlain},
    {"sack", "nic.toe.sack", As::kFlag},
    {"ts", "nic.toe.timestamps", As::kFlag},
    {"ecn", "nic.toe.ecn", As::kFlag},
    {"nagle", "nic.toe.nagle", As::kFlag},
    {"iw", "nic.toe.initial_window", As::kPlain},
    {"cc", "nic.toe.congestion", As::kPlain},
    {"rto_init_us", "nic.toe.rto_initial", As::kMicroseconds},
    {"rto_min_us", "nic.toe.rto_min", As::kMicroseconds},
    {"rto_max_us", "nic.toe.rto_max", As::kMicroseconds},
    {"syn_retries", "nic.toe.syn_retries", As::kPlain},
    {"data_retries", "nic.toe.data_retries", As::kPlain},
    {"delack_us", "nic.toe.delayed_ack_time", As::kMicroseconds},
    {"delack_segs", "nic.toe.delayed_ack_count", As::kPlain},
    {"msl_us", "nic.toe.msl", As::kMicroseconds},
    {"rcvbuf", "nic.toe.receive_buffer", As::kBytes},
    {"rcvbuf", "socket.receive_buffer", As::kBytes},
    {"rcvbuf", "socket.connect_buffer", As::kBytes},
    {"seed", "seed", As::kPlain},
    {"challenge_ack", "nic.toe.challenge_ack", As::kFlag},
    {"keepalive", "nic.toe.keepalive", As::kFlag},
};

[[noreturn]] void bad(std::string_view key, const std::string& why) {
  sim::user_error(std::string(key) + ": " + why);
}

std::uint64_t whole(std::string_view key, std::string_view text, std::uint64_t least,
                    std::uint64_t most) {
  std::uint64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || end != text.data() + text.size() || n < least || n > most) {
    bad(key, "\"" + std::string(text) + "\" is no whole number from " + std::to_string(least) +
                 " to " + std::to_string(most));
  }
  return n;
}

bool flag(std::string_view key, std::string_view text) {
  return whole(key, text, 0, 1) == 1;
}

std::uint32_t address(std::string_view key, std::string_view text) {
  std::uint32_t ip = 0;
  std::string_view rest = text;
  for (int i = 0; i < 4; ++i) {
    const std::size_t dot = i < 3 ? rest.find('.') : rest.size();
    if (dot == std::string_view::npos) bad(key, "an IPv4 address is written as 10.0.0.1");
    ip = ip << 8 | static_cast<std::uint32_t>(whole(key, rest.substr(0, dot), 0, 255));
    rest.remove_prefix(std::min(rest.size(), dot + 1));
  }
  return ip;
}

net::MacAddress station(std::string_view key, std::string_view text) {
  net::MacAddress mac{};
  bool ok = text.size() == 17;
  for (std::size_t i = 0; ok && i < mac.size(); ++i) {
    const char* at = text.data() + 3 * i;
    const auto [end, error] = std::from_chars(at, at + 2, mac[i], 16);
    ok = error == std::errc() && end == at + 2 && (i == 5 || at[2] == ':' || at[2] == '-');
  }
  if (!ok) bad(key, "an Ethernet address is written as 02:00:0a:00:00:01");
  return mac;
}

std::string as_text(As as, std::string_view key, std::string_view text) {
  switch (as) {
    case As::kMicroseconds:
      return std::string(text) + " us";
    case As::kBytes:
      return std::string(text) + " B";
    case As::kFlag:
      return flag(key, text) ? "true" : "false";
    default:
      return std::string(text);
  }
}

class Parser {
 public:
  Parser() {
    config_.params.declare(list_);
    for (const sim::ParamField& f : list_.fields()) by_path_[f.path] = &f;
    set_defaults();
  }

  void take(std::string_view pair);
  BenchConfig finish();

 private:
  void set_defaults();
  void set(std::string_view key, std::string_view path, std::string_view text);
  bool special(std::string_view key, std::string_view value);
  void window_scale(std::string_view value);

  BenchConfig config_;
  sim::ParamList list_;
  std::map<std::string, const sim::ParamField*, std::less<>> by_path_;
  std::string scheme_ = "fig8+fig9";
  std::uint64_t mtu_ = 1500;
  bool has_mac_ = false;
};

/// What a test bench has otherwise than the two hosts of a run.
void Parser::set_defaults() {
  scenario::ScenarioParams& p = config_.params;
  config_.ip = 0x0a000001;
  config_.mask = 0xffffff00;
  config_.send_buffer = 256 << 10;
  p.system.host.dram.size = sim::Bytes::mib(256);
  p.system.host.disk.kind = host::DiskKind::kNone;
  p.system.nic.neighbours.resolve = true;
  p.system.nic.core.connections = kConnections;
  p.system.nic.toe.max_connections = kConnections;
  p.driver.connections = kConnections;
  const sim::Bytes window = sim::Bytes::kib(256);
  p.system.nic.toe.receive_buffer = window;
  p.socket.receive_buffer = p.socket.connect_buffer = window;
}

void Parser::set(std::string_view key, std::string_view path, std::string_view text) {
  const auto found = by_path_.find(path);
  if (found == by_path_.end()) {
    bad(key, "there is no parameter " + std::string(path) + "; vctoe params lists them");
  }
  const sim::ParamField& field = *found->second;
  const auto error = config::assign(field, config::value_of_text(field, text));
  if (!error) return;
  bad(key, error->message + (error->hint.empty() ? "" : " (" + error->hint + ")"));
}

void Parser::window_scale(std::string_view value) {
  toe::TcpParams& tcp = config_.params.system.nic.toe;
  tcp.window_scaling = value != "-1";
  if (tcp.window_scaling) tcp.window_scale = whole("wscale", value, 0, 14);
}

/// Keys that are no parameter of the model, or more than one value.
bool Parser::special(std::string_view key, std::string_view value) {
  toe::TcpParams& tcp = config_.params.system.nic.toe;
  if (key == "mac") {
    config_.mac = station(key, value);
    has_mac_ = true;
  } else if (key == "ip") {
    config_.ip = address(key, value);
  } else if (key == "mask") {
    config_.mask = address(key, value);
  } else if (key == "gw") {
    config_.gateway = address(key, value);
  } else if (key == "gw_mac") {
    config_.gateway_mac = station(key, value);
  } else if (key == "mtu") {
    mtu_ = whole(key, value, 128, 9000);
  } else if (key == "wscale") {
    window_scale(value);
  } else if (key == "isn") {
    tcp.isn = whole(key, value, 0, 0xffffffff);
    tcp.isn_fixed = true;
  } else if (key == "sndbuf") {
    config_.send_buffer = whole(key, value, 4096, std::uint64_t{1} << 30);
  } else if (key == "rack" || key == "tlp") {
    if (flag(key, value)) bad(key, "this TCP has no " + std::string(key) + "; only 0 is possible");
  } else if (key == "scheme") {
    scheme_ = value;
  } else if (key == "pcap") {
    config_.pcap = value;
  } else if (key == "vcd") {
    config_.vcd = value;
  } else {
    return false;
  }
  return true;
}

void Parser::take(std::string_view pair) {
  const std::size_t equals = pair.find('=');
  if (equals == std::string_view::npos) {
    sim::user_error("\"" + std::string(pair) + "\" is no key=value");
  }
  const std::string_view key = pair.substr(0, equals);
  const std::string_view value = pair.substr(equals + 1);
  if (special(key, value)) return;
  bool known = false;
  for (const Key& k : kKeys) {
    if (k.name != key) continue;
    set(key, k.path, as_text(k.as, key, value));
    known = true;
  }
  if (known) return;
  if (key.find('.') == std::string_view::npos) bad(key, "unknown key (docs/toe_tb.md lists them)");
  set(key, key, value);
}

BenchConfig Parser::finish() {
  toe::TcpParams& tcp = config_.params.system.nic.toe;
  tcp.mss = std::min(tcp.mss, mtu_ - kIpTcpHeaders);
  if (mtu_ > 1500 && tcp.mss == toe::TcpParams{}.mss) tcp.mss = mtu_ - kIpTcpHeaders;
  if (!has_mac_) config_.mac = net::mac_address_of(config_.ip);
  config_.params.system.nic.station = {config_.mac, config_.mask, config_.gateway,
                                       config_.gateway_mac};
  config_.params.system.ip = config_.ip;
  config_.params = scenario::with_scheme(config_.params, scenario::find_scheme(scheme_));
  return config_;
}

}  // namespace

BenchConfig parse_cfg(std::string_view text) {
  Parser parser;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view pair = text.substr(0, comma);
    text.remove_prefix(std::min(text.size(), comma + 1));
    while (!pair.empty() && pair.front() == ' ') pair.remove_prefix(1);
    while (!pair.empty() && pair.back() == ' ') pair.remove_suffix(1);
    if (!pair.empty()) parser.take(pair);
  }
  return parser.finish();
}

}  // namespace vctoe::toe_tb
