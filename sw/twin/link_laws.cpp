#include "sw/twin/link_laws.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vctoe::twin {

namespace {

constexpr double kEthernet = 38;     // preamble 8, header 14, FCS 4, gap 12
constexpr double kIpAndTcp = 40;     // without options
constexpr double kTimestamps = 12;   // option, padded (RFC 7323)
constexpr double kLeastFrame = 84;   // 64 B, preamble and gap
constexpr double kUnscaled = 65535;  // largest window without RFC 7323
constexpr double kStoreLine = 64;    // write-combining buffer
constexpr double kCredit = 16;       // bytes of a data credit
constexpr double kDramBits = 64;     // of a transfer

double of(std::uint64_t n) {
  return static_cast<double>(n);
}

}  // namespace

Framing framing(const system::SystemParams& params) {
  Framing f;
  const double options = params.nic.toe.timestamps ? kTimestamps : 0;
  f.payload = of(params.nic.toe.mss) - options;
  f.on_wire = f.payload + options + kIpAndTcp + kEthernet;
  f.bps = params.nic.mac.rate.bps;
  if (params.net.rate.bps > 0) f.bps = std::min(f.bps, params.net.rate.bps);
  return f;
}

double round_trip_s(const system::SystemParams& params) {
  const Framing f = framing(params);
  return 2 * params.net.delay.seconds() + 2 * f.segment_s() + kLeastFrame * 8 / f.bps;
}

double pcie_rate(const pcie::LinkParams& link) {
  const double overhead = of(link.overhead(pcie::TlpKind::kCompletion));
  return link.link_rate().bps / 8 * of(link.mps.n) / (of(link.mps.n) + overhead);
}

double pcie_read_rate(const pcie::LinkParams& link, double segment) {
  if (link.fabric_rate.bps > 0) return link.link_rate().bps / 8;
  const double requests = std::ceil(segment / of(link.mrrs.n));
  // A request that does not begin at a multiple of mps needs one completion more.
  const double completions = std::ceil(segment / of(link.mps.n)) + requests / 2;
  const double wire = segment + completions * of(link.overhead(pcie::TlpKind::kCompletion));
  return link.link_rate().bps / 8 * segment / wire;
}

double pcie_store_rate(const pcie::LinkParams& link) {
  const double overhead = of(link.overhead(pcie::TlpKind::kMemoryWrite));
  return link.link_rate().bps / 8 * kStoreLine / (kStoreLine + overhead);
}

double posted_write_rate(const system::SystemParams& params, double segment) {
  const pcie::LinkParams link = params.link();
  double tlps = std::numeric_limits<double>::infinity();
  if (link.host_credits.ph > 0) tlps = of(link.host_credits.ph);
  if (link.host_credits.pd > 0) {
    tlps = std::min(tlps, std::floor(of(link.host_credits.pd) * kCredit / of(link.mps.n)));
  }
  if (link.fabric_rate.bps > 0 || std::isinf(tlps)) return std::numeric_limits<double>::infinity();
  // A buffer is drained when memory has the bytes; its DRAM takes one segment after the other.
  const double memory = segment * 8 / (params.host.dram.data_rate_mts * 1e6 * kDramBits);
  const double turn = (link.up_latency + link.down_latency + link.propagation * 2 + link.update_fc +
                       params.root_complex().write_latency)
                          .seconds();
  const double tlp = (of(link.mps.n) + of(link.overhead(pcie::TlpKind::kMemoryWrite))) * 8;
  return tlps * of(link.mps.n) / (turn + kMemoryAndIssue + memory + tlp / link.link_rate().bps);
}

double read_latency_s(const system::SystemParams& params) {
  const pcie::LinkParams link = params.link();
  return (link.up_latency + link.down_latency + link.propagation * 2 +
          params.root_complex().read_latency)
      .seconds();
}

double tag_rate(const system::SystemParams& params) {
  const pcie::LinkParams link = params.link();
  if (link.tags == 0) return std::numeric_limits<double>::infinity();
  return of(link.tags) * of(link.mrrs.n) / read_latency_s(params);
}

double window_bytes(const scenario::ScenarioParams& params) {
  const toe::TcpParams& tcp = params.system.nic.toe;
  // With iSCSI it is the receiver of the data who connects.
  const bool connects = params.stream.framing == scenario::Framing::kIscsi;
  const double memory =
      of(connects ? params.socket.connect_buffer.n : params.socket.receive_buffer.n);
  double window = std::min({of(tcp.receive_buffer.n), of(tcp.send_buffer.n), memory});
  if (!tcp.window_scaling) window = std::min(window, kUnscaled);
  return window;
}

}  // namespace vctoe::twin
