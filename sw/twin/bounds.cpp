#include "sw/twin/bounds.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sw/twin/host_laws.h"
#include "sw/twin/link_laws.h"

namespace vctoe::twin {

namespace {

using outputs::RunSummary;
using scenario::ScenarioParams;
using scenario::Scheme;

constexpr double kRounding = 1e-6;
constexpr double kPage = 4096;

double of(std::uint64_t n) {
  return static_cast<double>(n);
}

class Bounds {
 public:
  Bounds(const ScenarioParams& params, const Scheme& scheme, const RunSummary& run)
      : p_(params),
        scheme_(scheme),
        run_(run),
        cards_(of(std::min(params.stream.connections, params.system.host.data_cards()))),
        bytes_(of(run.received_bytes)) {}

  std::vector<Bound> all() {
    if (p_.stream.destination != scenario::Destination::kPeer || bytes_ <= 0) return out_;
    wire();
    pcie();
    window();
    disk();
    pins();
    return out_;
  }

 private:
  void goodput(double bytes_per_s, const char* what) {
    if (std::isfinite(bytes_per_s))
      out_.push_back({"goodput", "bit/s", true, 8 * bytes_per_s, what});
  }
  void completion(double seconds, const char* what) {
    if (std::isfinite(seconds)) out_.push_back({"completion", "s", false, seconds, what});
  }
  double wire_rate() const { return cards_ * framing(p_.system).payload_rate(); }
  bool on_adaptor() const { return p_.system.transport.sending == system::Place::kAdaptor; }

  void wire() {
    goodput(wire_rate(), "payload on the line with its framing");
    completion(bytes_ / wire_rate() + p_.system.net.delay.seconds(),
               "serialization and propagation");
  }

  void pcie() {
    const pcie::LinkParams link = p_.system.link();
    goodput(cards_ * pcie_rate(link), "payload on PCIe with its TLP headers");
    const bool reads = scheme_.first != nic::Source::kPushed;
    if (reads && on_adaptor()) {
      goodput(cards_ * tag_rate(p_.system), "read requests on PCIe over their latency");
    }
  }

  /// Byte k W cannot leave before k round trips have acknowledged what lies before it.
  void window() {
    const double window = window_bytes(p_);
    const double each = of(run_.stream_bytes);
    const double turns = std::floor((each - 1) / window);
    const double delay = p_.system.net.delay.seconds();
    completion(turns * 2 * delay + delay, "the receiver's window over the round trip");
  }

  /// Every page that was on swap is read once; how many those are the seed has drawn: six standard
  /// deviations are left for it.
  void disk() {
    if (p_.kernel.huge_pages || p_.system.host.disk.kind == host::DiskKind::kNone) return;
    const double all = of(p_.stream.connections) * std::ceil(of(run_.stream_bytes) / kPage);
    const double s = p_.stream.swapped;
    const double least = all * s - 6 * std::sqrt(all * s * (1 - s));
    completion(std::max(0.0, least) * kPage / swap_rate_bound(p_.system.host.disk),
               "what lies on swap over the rate of the swap device");
  }

  void pins() {
    const double memory = of(p_.system.host.dram.size.n) * run_.simulated_s;
    out_.push_back({"pinned_integral", "B.s", true, memory, "all of DRAM, all of the time"});
    const bool plain = on_adaptor() && p_.driver.gather == driver::Gather::kScatter &&
                       p_.stream.framing == scenario::Framing::kPlain && !scheme_.circular &&
                       p_.system.nic.core.pin_by == nic::Actor::kHost &&
                       p_.system.nic.core.unpin_by == nic::Actor::kHost;
    if (!plain) return;
    const auto at_least = [&](double value, const char* what) {
      out_.push_back({"pinned_integral", "B.s", false, value, what});
    };
    if (scheme_.pin_at_post && scheme_.unpin_acknowledged && run_.lists_posted > 0) {
      at_least(bytes_ * bytes_ / (wire_rate() * of(run_.lists_posted)),
               "each list pinned while its bytes take the line");
    } else if (scheme_.first == nic::Source::kPhysical) {
      at_least(bytes_ * read_latency_s(p_.system), "each byte pinned while it is read");
    }
  }

  const ScenarioParams& p_;
  const Scheme& scheme_;
  const RunSummary& run_;
  double cards_;
  double bytes_;
  std::vector<Bound> out_;
};

double figure(const RunSummary& run, const std::string& metric) {
  if (metric == "goodput") return run.goodput_bps;
  return metric == "completion" ? run.completion_s : run.pinned_byte_s;
}

}  // namespace

std::vector<Bound> physical_bounds(const ScenarioParams& params, const Scheme& scheme,
                                   const RunSummary& run) {
  return Bounds(params, scheme, run).all();
}

std::string beaten(const RunSummary& run, const std::vector<Bound>& bounds) {
  for (const Bound& b : bounds) {
    const double value = figure(run, b.metric);
    const bool beats =
        b.at_most ? value > b.value * (1 + kRounding) : value < b.value * (1 - kRounding);
    if (!beats) continue;  // also where nothing was measured
    return fmt::format("{} {:.7g} {} beats its physical bound, {} {:.7g} {}: {} (docs/twin.md)",
                       b.metric, value, b.unit, b.at_most ? "at most" : "at least", b.value, b.unit,
                       b.what);
  }
  return "";
}

}  // namespace vctoe::twin
