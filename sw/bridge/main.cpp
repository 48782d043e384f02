// vctoe bridge: the modelled NIC on a TAP device, with programs on the modelled host.
#include <arpa/inet.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

#include "sw/bridge/bridge.h"
#include "sw/bridge/namespace.h"
#include "sw/bridge/services.h"

namespace {

using namespace vctoe::bridge;

struct Options {
  std::string tap = "vctoe0";
  std::string address = "10.0.0.1/24", own = "10.0.0.2", mac, gateway;
  std::uint16_t http = 80, echo = 7;
  std::vector<std::string> sets;
  std::string pcap, vcd, run;
  double loss = 0, reorder = 0, delay_ms = 0, late_ms = 0, speed = 1, seconds = 0;
  std::uint64_t seed = 1;
};

volatile std::sig_atomic_t g_stop = 0;
void stop(int /*signal*/) {
  g_stop = 1;
}

struct Network {
  std::uint32_t address = 0;  ///< host order
  unsigned prefix = 24;
};

Network parse(const std::string& text) {
  Network n;
  const std::size_t slash = std::min(text.find('/'), text.size());
  in_addr in{};
  if (inet_pton(AF_INET, text.substr(0, slash).c_str(), &in) != 1) {
    throw std::runtime_error("\"" + text + "\" is no address such as 10.0.0.1/24");
  }
  n.address = ntohl(in.s_addr);
  if (slash < text.size()) n.prefix = static_cast<unsigned>(std::stoul(text.substr(slash + 1)));
  if (n.prefix > 32) throw std::runtime_error("a prefix length is at most 32");
  return n;
}

std::string dotted(std::uint32_t ip) {
  char text[16];
  std::snprintf(text, sizeof text, "%u.%u.%u.%u", ip >> 24, ip >> 16 & 255, ip >> 8 & 255,
                ip & 255);
  return text;
}

/// docs/toe_tb.md. What the user sets comes last and wins.
std::string configuration(const Options& o, const Network& nic) {
  const std::uint32_t mask = nic.prefix == 0 ? 0 : ~std::uint32_t{0} << (32 - nic.prefix);
  std::string cfg = "ip=" + dotted(nic.address) + ",mask=" + dotted(mask) +
                    ",nic.neighbours.resolve=true,seed=" + std::to_string(o.seed);
  if (!o.mac.empty()) cfg += ",mac=" + o.mac;
  if (!o.gateway.empty()) cfg += ",gw=" + o.gateway;
  if (!o.pcap.empty()) cfg += ",pcap=" + o.pcap;
  if (!o.vcd.empty()) cfg += ",vcd=" + o.vcd;
  for (const std::string& set : o.sets) cfg += "," + set;
  return cfg;
}

void declare(CLI::App& app, Options& o) {
  app.name("vctoe bridge");
  app.add_option("--tap", o.tap, "TAP interface; made if it is not there")->capture_default_str();
  app.add_option("--run", o.run,
                 "run this command in a network namespace of its own, with the TAP device in it, "
                 "and stop when it ends; needs no root");
  app.add_option("--address", o.address, "of the modelled NIC, with prefix length")
      ->capture_default_str();
  app.add_option("--own-address", o.own, "given to the TAP interface; none: it is set up already")
      ->capture_default_str();
  app.add_option("--mac", o.mac, "of the modelled NIC; otherwise 02:00 and its address");
  app.add_option("--gateway", o.gateway, "of the modelled host, for other networks");
  app.add_option("--http", o.http, "port of the HTTP answerer, 0: none")->capture_default_str();
  app.add_option("--echo", o.echo, "port of the echo, 0: none")->capture_default_str();
  app.add_option("--set", o.sets, "a parameter, or a key of docs/toe_tb.md: nic.mac.rate=1 Gb/s");
  app.add_option("--pcap", o.pcap, "capture at the MAC into this file (pcapng)");
  app.add_option("--vcd", o.vcd, "waves for GTKWave into this folder");
  app.add_option("--loss", o.loss, "of the wire, both ways: 0.01")->check(CLI::Range(0., 1.));
  app.add_option("--delay-ms", o.delay_ms, "of the wire, one way")->check(CLI::Range(0., 1e4));
  app.add_option("--reorder", o.reorder, "share of frames that are late")
      ->check(CLI::Range(0., 1.));
  app.add_option("--late-ms", o.late_ms, "by how much")->check(CLI::Range(0., 1e4));
  app.add_option("--seed", o.seed, "of model and wire")->capture_default_str();
  app.add_option("--speed", o.speed, "simulated seconds in a real one")
      ->check(CLI::Range(1e-4, 10.))
      ->capture_default_str();
  app.add_option("--seconds", o.seconds, "stop after so many; 0: with Ctrl-C");
  app.footer(
      "Examples:\n"
      "  vctoe bridge --run 'ping -c 3 10.0.0.1; curl -s http://10.0.0.1/'\n"
      "  sudo vctoe bridge --tap vctoe0        then: curl http://10.0.0.1/ or a browser\n"
      "docs/bridge.md has more.");
}

/// Starts the command; it inherits the network namespace.
pid_t start(const std::string& command) {
  const pid_t child = fork();
  if (child != 0) return child;
  execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char*>(nullptr));
  _exit(127);
}

/// Ends when told to, or with the command, whose exit code it is then.
class End {
 public:
  End(const Options& options, pid_t child, toe_tb* host)
      : child_(child), host_(host), seconds_(options.seconds) {}
  bool operator()() {
    if (child_ > 0 && waitpid(child_, &status_, WNOHANG) == child_) return true;
    const double elapsed = static_cast<double>(toe_tb_now(host_)) * 1e-9;
    return g_stop != 0 || (seconds_ > 0 && elapsed >= seconds_);
  }
  int exit_code() const {
    if (child_ <= 0) return 0;
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : 1;
  }

 private:
  pid_t child_;
  toe_tb* host_;
  double seconds_;
  int status_ = 0;
};

void report(const Bridge::Stats& s, std::uint64_t connections, std::size_t at_once) {
  std::fprintf(stderr,
               "bridge: %llu frames from the device, %llu to it, %llu lost on the wire, %llu late; "
               "%llu connections, %zu at once; simulated time was at most %.3f ms behind\n",
               static_cast<unsigned long long>(s.frames_in),
               static_cast<unsigned long long>(s.frames_out),
               static_cast<unsigned long long>(s.to_host.lost) + s.to_device.lost,
               static_cast<unsigned long long>(s.to_host.reordered + s.to_device.reordered),
               static_cast<unsigned long long>(connections), at_once,
               static_cast<double>(s.max_lag_ns) * 1e-6);
}

vctoe::net::LinkParams wire_of(const Options& o) {
  vctoe::net::LinkParams w = plain_line();
  if (o.loss > 0) w.loss.kind = vctoe::net::LossKind::kBernoulli;
  w.loss.probability = o.loss;
  w.reorder.probability = o.reorder;
  w.reorder.delay = vctoe::sim::Time::from_ns_f(o.late_ms * 1e6);
  w.delay = vctoe::sim::Time::from_ns_f(o.delay_ms * 1e6);
  return w;
}

int serve(const Options& o, toe_tb* host, Device& device) {
  Bridge bridge(host, device, wire_of(o), o.seed, o.speed);
  std::unique_ptr<HttpServer> http;
  std::unique_ptr<EchoServer> echo;
  if (o.http != 0) http = std::make_unique<HttpServer>(host, o.http);
  if (o.echo != 0) echo = std::make_unique<EchoServer>(host, o.echo);
  if (http) bridge.add(*http);
  if (echo) bridge.add(*echo);
  if (o.run.empty()) {
    std::fprintf(stderr, "bridge: %s is on %s; Ctrl-C ends it\n", o.address.c_str(), o.tap.c_str());
  }
  End end(o, o.run.empty() ? 0 : start(o.run), host);
  hurry();
  bridge.run([&end] { return end(); });
  report(bridge.stats(), (http ? http->accepted() : 0) + (echo ? echo->accepted() : 0),
         (http ? http->most_open() : 0) + (echo ? echo->most_open() : 0));
  return end.exit_code();
}

int bridge(const Options& o) {
  const Network nic = parse(o.address);
  if (!o.run.empty()) {
    enter_fresh_network();
    try {  // ping without rights of its own
      set_sysctl("net/ipv4/ping_group_range", "0 0");
    } catch (const std::exception&) {
    }
  }
  Device device(open_tap(o.tap));
  if (o.own != "none") set_up_interface(o.tap, parse(o.own).address, nic.prefix);
  struct sigaction action {};
  action.sa_handler = stop;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  char err[512] = "";
  toe_tb* host = toe_tb_new(configuration(o, nic).c_str(), err, sizeof err);
  if (host == nullptr) throw std::runtime_error(err);
  const int code = serve(o, host, device);
  toe_tb_free(host);
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("The modelled NIC answers on a TAP device: ARP, ping, HTTP and echo over TCP");
  declare(app, options);
  try {
    app.parse(argc, argv);
    return bridge(options);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bridge: %s\n", e.what());
    return 2;
  }
}
