#include "tb/peers/tap/kernel_peer.h"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "sw/bridge/bridge.h"
#include "sw/bridge/namespace.h"
#include "tb/peers/tap/streams.h"

namespace vctoe::peers {

namespace {

using Clock = std::chrono::steady_clock;

/// What the model's own TCP is compared with; everything else as the kernel has it.
void set_kernel() {
  bridge::set_sysctl("net/ipv4/tcp_congestion_control", "reno");
  bridge::set_sysctl("net/ipv4/tcp_early_retrans", "0");  // no tail loss probes
  for (const char* name : {"tcp_sack", "tcp_timestamps", "tcp_window_scaling"}) {
    bridge::set_sysctl(std::string("net/ipv4/") + name, "1");
  }
  bridge::set_sysctl("net/ipv6/conf/all/disable_ipv6", "1");
}

std::string configuration(const Exchange& e) {
  std::string cfg = "ip=10.0.0.1,nic.neighbours.resolve=true";
  if (!e.pcap.empty()) cfg += ",pcap=" + e.pcap;
  return e.cfg.empty() ? cfg : cfg + "," + e.cfg;
}

/// The exchange, in this process.
Outcome talk(const Exchange& e) {
  Outcome o;
  for (std::size_t k = 0; k < e.toe_opens + e.kernel_opens; ++k) {
    o.sent.push_back(to_kernel(e, k).sha256());
    o.sent.push_back(to_toe(e, k).sha256());
  }
  bridge::enter_fresh_network();
  bridge::Device device(bridge::open_tap("vctoe0"));
  set_kernel();
  bridge::set_up_interface("vctoe0", kKernelIp, 24);
  char err[256] = "";
  toe_tb* host = toe_tb_new(configuration(e).c_str(), err, sizeof err);
  if (host == nullptr) throw std::runtime_error(err);
  bridge::Bridge between(host, device, e.wire, e.seed);
  KernelEnds kernel(e);
  ToeEnds toe(host, e);
  between.add(toe);
  kernel.start();
  bridge::hurry();
  const Clock::time_point begin = Clock::now();
  const auto elapsed = [begin] {
    return std::chrono::duration<double>(Clock::now() - begin).count();
  };
  const auto failed = [&] { return !toe.error().empty() || !kernel.error().empty(); };
  between.run(
      [&] { return (toe.over() && kernel.over()) || failed() || elapsed() > e.time_limit_s; });
  o.seconds = elapsed();
  // The last acknowledgements, for the capture.
  const double end = o.seconds + 0.1;
  if (!failed()) between.run([&] { return elapsed() > end; });
  o.error = toe.error() + kernel.error();
  if (o.error.empty() && !(toe.over() && kernel.over())) o.error = "time ran out";
  const auto at_kernel = kernel.received(), at_toe = toe.received();
  for (std::size_t k = 0; k < at_kernel.size() && o.error.empty(); ++k) {
    o.received.push_back(at_kernel[k]);
    o.received.push_back(at_toe[k]);
  }
  const bridge::Bridge::Stats s = between.stats();
  o.lag_ms = static_cast<double>(s.max_lag_ns) * 1e-6;
  o.lost = s.to_host.lost + s.to_device.lost;
  o.late = s.to_host.reordered + s.to_device.reordered;
  o.rexmits = toe.rexmits();
  o.counters = bridge::network_counters();
  toe_tb_free(host);
  return o;
}

std::string to_text(const Outcome& o) {
  return nlohmann::json{{"error", o.error},   {"sent", o.sent},       {"received", o.received},
                        {"lag_ms", o.lag_ms}, {"seconds", o.seconds}, {"lost", o.lost},
                        {"late", o.late},     {"rexmits", o.rexmits}, {"counters", o.counters}}
      .dump();
}

Outcome from_text(const std::string& text) {
  Outcome o;
  const auto j = nlohmann::json::parse(text, nullptr, false);
  if (j.is_discarded()) {
    o.error = "the process of the exchange ended without a word";
    return o;
  }
  o.error = j["error"];
  o.sent = j["sent"].get<std::vector<std::string>>();
  o.received = j["received"].get<std::vector<std::string>>();
  o.lag_ms = j["lag_ms"];
  o.seconds = j["seconds"];
  o.lost = j["lost"];
  o.late = j["late"];
  o.rexmits = j["rexmits"];
  o.counters = j["counters"].get<std::map<std::string, std::uint64_t>>();
  return o;
}

[[noreturn]] void run_in_child(const Exchange& exchange, int to) {
  Outcome o;
  try {
    o = talk(exchange);
  } catch (const std::exception& e) {
    o.error = e.what();
  }
  const std::string text = to_text(o);
  const char* at = text.data();
  for (std::size_t left = text.size(); left > 0;) {
    const ssize_t n = ::write(to, at, left);
    if (n <= 0) _exit(1);
    at += n;
    left -= static_cast<std::size_t>(n);
  }
  _exit(0);  // threads that still wait go with it
}

}  // namespace

Outcome run(const Exchange& exchange) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no process");
  if (child == 0) run_in_child(exchange, ends[1]);
  ::close(ends[1]);
  std::string text;
  char piece[4096];
  for (ssize_t n = 0; (n = ::read(ends[0], piece, sizeof piece)) > 0;) {
    text.append(piece, static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  waitpid(child, nullptr, 0);
  return from_text(text);
}

}  // namespace vctoe::peers
