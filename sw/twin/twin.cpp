#include "sw/twin/twin.h"

#include <algorithm>
#include <cmath>

#include "sw/twin/host_laws.h"
#include "sw/twin/link_laws.h"
#include "sw/twin/pins.h"
#include "sw/twin/transfer.h"

namespace vctoe::twin {

namespace {

using scenario::ScenarioParams;
using scenario::Scheme;

constexpr double kFewPages = 16;
constexpr double kCoreOverLine = 1.5;
constexpr double kStoresOverLine = 2.5;  // below it the CPU stalls on its stores

double of(std::uint64_t n) {
  return static_cast<double>(n);
}

/// Why the forms do not hold for a network.
std::string network_problem(const net::LinkParams& net, double mac_bps) {
  using net::LossKind;
  if (net.rate.bps > 0 && net.rate.bps < mac_bps) return "a bottleneck with a queue";
  if (net.jitter.ps > 0) return "jitter";
  if (net.reorder.probability > 0 || net.duplicate.probability > 0 || net.corrupt.probability > 0) {
    return "frames reordered, duplicated or corrupted";
  }
  if (net.loss.kind == LossKind::kGilbertElliott || net.loss.kind == LossKind::kList) {
    return "loss in bursts, or of listed frames";
  }
  return "";
}

/// Why they do not hold for the machine.
std::string machine_problem(const ScenarioParams& p, const Scheme& scheme) {
  if (p.system.transport.sending != system::Place::kAdaptor ||
      p.system.transport.receiving != system::Place::kAdaptor) {
    return "TCP in the driver";
  }
  if (p.stream.connections > 1) return "several connections";
  if (p.stream.framing != scenario::Framing::kPlain) return "iSCSI";
  if (p.stream.destination != scenario::Destination::kPeer) return "the receiver is on this host";
  if (p.system.nic.esp.enabled) return "encryption";
  if (p.system.host.iommu.enabled) return "an IOMMU";
  if (p.system.root_complex().numa != host::NumaPlacement::kLocal) return "two sockets";
  if (p.system.nic.core.units != nic::Units::kParallel) return "one processor for all units";
  if (p.driver.gather != driver::Gather::kScatter || scheme.circular) return "copies";
  if (p.driver.notify != driver::Notify::kInterrupt) return "polling";
  if (p.receiver.limit.bps > 0 || p.receiver.read_rate.bps < p.system.nic.mac.rate.bps) {
    return "a slow reader";
  }
  if (p.system.host.swap_through_card()) return "swap through a network card";
  if (p.stream.contexts_swapped) return "context records on swap";
  if (p.driver.context_order != driver::ContextOrder::kSequential) return "shuffled records";
  if (p.kernel.huge_pages) return "large pages";
  return "";
}

/// Why they do not hold for what happened.
std::string run_problem(const ScenarioParams& p, const Scheme& scheme, double stream,
                        const Pages& pages, const Measured& m) {
  if (stream <= 0) return "an empty stream";
  if (m.lists > 1) return "a stream posted in parts";
  if (m.timeouts > 0) return "retransmission timeouts";
  if (m.losses > 0 && p.system.net.loss.kind == net::LossKind::kNone) {
    return "segments sent again that the network did not lose";
  }
  if (m.losses > 0 && p.system.nic.toe.congestion != toe::CongestionKind::kReno) {
    return "CUBIC under loss";
  }
  if (m.losses > 0 && of(m.losses) > 0.01 * stream / framing(p.system).payload) {
    return "loss above 1 %";
  }
  if (pages.swapped > 0 && pages.swapped < pages.all && pages.all < kFewPages) {
    return "so few pages that their draw decides";
  }
  if (scheme.first != nic::Source::kPushed) return "";
  if (pages.swapped > 0) return "pushed data from swap: read-ahead of faults";
  const double core = 1 / (8 / p.system.host.cpu.copy_rate.bps + 8 / p.driver.push_store_rate.bps);
  const double line = framing(p.system).payload_rate();
  if (core < kCoreOverLine * line) return "pushed data as fast as a core copies";
  if (pcie_store_rate(p.system.link()) < kStoresOverLine * line) {
    return "pushed data over a link that is not much faster than the line";
  }
  return "";
}

/// More is wanted than there is: evictions and the victims' faults are in no form.
bool overcommitted(const ScenarioParams& p, const Pages& pages) {
  const double wanted =
      of(p.victims * p.pressure.working_set.n) + pages.all * 4096 + of(p.socket.receive_buffer.n);
  return wanted > 0.95 * of(p.system.host.dram.size.n);
}

BlockPipeline block_pipeline(const ScenarioParams& p, const Scheme& scheme, const Pages& pages,
                             double line_rate) {
  const nic::CoreParams& core = p.system.nic.core;
  const bool pushed = scheme.first == nic::Source::kPushed;
  BlockPipeline b;
  b.block = std::min(of(p.driver.block_size.n), of(p.system.nic.walker.granularity.n));
  b.ahead = of(std::min(core.request_ahead, core.blocks_outstanding));
  const double buffer = of(p.system.nic.packet_buffer.size.n);
  if (pushed) {
    b.block = std::min(b.block, of(core.push_chunk.n));
    const double room = buffer - of(core.retransmit_reserve.n);
    b.ahead = std::max(1.0, std::min(b.ahead, std::floor(room / b.block)));
  }
  const double each = std::max(1.0, b.block / 4096);
  b.pinned = pinned_by(b.block);
  b.reply_s = reply_s(p);
  b.answer_s = answer_s(p, pushed ? 0 : each);
  if (pushed) {
    const double store =
        std::min(p.driver.push_store_rate.bps / 8, pcie_store_rate(p.system.link()));
    b.answer_s += b.block / store + p.system.host.cpu.copy_rate.time_for(1).seconds() * b.block;
  }
  b.swapped = 1 - std::pow(1 - pages.swapped_share(), each);
  const double reads = b.swapped > 0 ? each * pages.swapped_share() / b.swapped : 0;
  b.swapped_s = b.answer_s + swap_read_s(p, reads) + fault_cpu_s(p, reads);
  b.fetch_s = pushed ? 0 : read_latency_s(p.system) + 0.3e-6;
  b.segment_s = framing(p.system).segment_s();
  b.line_rate = line_rate;
  b.spans = core.span_blocks;
  b.unacknowledged = of(core.blocks_outstanding);
  b.round_trip_s = round_trip_s(p.system);
  return b;
}

/// Reading a context record and following its link.
double record_s(const ScenarioParams& p) {
  const nic::WalkerParams& w = p.system.nic.walker;
  const std::uint64_t cycles =
      w.lookup_cycles + w.translate_cycles + w.check_cycles + w.block_cycles;
  const pcie::LinkParams link = p.system.link();
  const double bytes = static_cast<double>(link.overhead(pcie::TlpKind::kMemoryRead) +
                                           link.overhead(pcie::TlpKind::kCompletion)) +
                       static_cast<double>(sizeof(nic::ContextRecord));
  return read_latency_s(p.system) + kMemoryAndIssue + bytes * 8 / link.link_rate().bps +
         (w.clock * cycles).seconds();
}

struct Rate {
  double value;
  const char* limit;
};

/// The slowest of what every byte has to go through, B/s.
Rate steady_rate(const ScenarioParams& p, const Scheme& scheme, const BlockPipeline& blocks,
                 const Pages& pages) {
  const Framing f = framing(p.system);
  Rate rate{f.payload_rate(), "wire"};
  const auto at_most = [&](double value, const char* limit) {
    if (value < rate.value) rate = {value, limit};
  };
  const bool pushed = scheme.first == nic::Source::kPushed;
  const pcie::LinkParams link = p.system.link();
  at_most(pushed ? pcie_store_rate(link) : pcie_read_rate(link, f.payload), "pcie");
  if (!pushed && link.tags > 0) {
    const double requests = std::ceil(f.payload / of(link.mrrs.n));
    const double piece = f.payload / requests;
    const double latency =
        read_latency_s(p.system) + kMemoryAndIssue + piece * 8 / link.link_rate().bps;
    at_most(of(link.tags) * piece / latency, "tags");
  }
  at_most(posted_write_rate(p.system, f.payload), "credits");
  if (scheme.pin_at_post) return rate;
  at_most(blocks.rate(), "blocks");
  at_most(blocks.block / record_s(p), "walker");
  if (pages.swapped > 0) {
    const double many = swap_read_s(p, 64 * pages.swapped) - swap_read_s(p, 32 * pages.swapped);
    at_most(32 * pages.all * 4096 / many, "swap");
  }
  return rate;
}

Path path_of(const ScenarioParams& p, double stream, double rate, const Measured& m) {
  const Framing f = framing(p.system);
  Path path;
  path.segments = std::ceil(stream / f.payload);
  path.segment_s = f.payload / rate;
  path.round_trip_s = round_trip_s(p.system);
  path.initial_window = of(p.system.nic.toe.initial_window);
  path.per_ack = of(p.system.nic.toe.delayed_ack_count);
  path.window = window_bytes(p) / f.payload;
  // The receiver's window opens when its application has read what the NIC gathered.
  path.window_turn_s = p.system.nic.rings.receive_interval.seconds() +
                       p.receiver.read_rate.time_for(p.receiver.piece.n).seconds();
  path.losses = of(m.losses);
  path.random = p.system.net.loss.kind == net::LossKind::kBernoulli;
  return path;
}

/// Handshake, which a post waits for; then the way of the last byte to its application.
double ends_s(const ScenarioParams& p) {
  const host::CpuParams& cpu = p.system.host.cpu;
  const double wake =
      (cpu.msi_delivery + cpu.isr + cpu.deferred_work + cpu.context_switch).seconds();
  const double crossing = read_latency_s(p.system);
  return 3 * p.system.net.delay.seconds() + 2 * wake + cpu.syscall.seconds() + 3 * crossing +
         p.system.nic.rings.receive_interval.seconds();
}

/// Shares of the completion time by which the forms may be off (docs/twin.md, "Gaps").
double gap_bound(const Forms& forms, const Scheme& scheme, const Path& path, const Pages& pages,
                 bool pressed) {
  double bound = 0.02;
  if (path.losses > 0) bound += 0.08 + 0.3 / std::sqrt(path.losses);
  if (pages.swapped > 0) {
    bound += scheme.pin_at_post ? 0.02 : 0.12;
    bound += 1.5 * std::sqrt((1 - pages.swapped_share()) / pages.swapped);
  }
  if (forms.limit != "wire" && forms.limit != "pcie") bound += 0.08;
  if (pages.swapped > 0 && pressed) bound += 0.35;
  return bound + (1.5 * path.round_trip_s + 10e-6) / forms.completion_s;
}

}  // namespace

Forms closed_forms(const ScenarioParams& p, const Scheme& scheme, double stream,
                   const Measured& measured) {
  Forms forms;
  const Pages on = pages(p, stream);
  forms.invalid = network_problem(p.system.net, p.system.nic.mac.rate.bps);
  if (forms.invalid.empty()) forms.invalid = machine_problem(p, scheme);
  if (forms.invalid.empty()) forms.invalid = run_problem(p, scheme, stream, on, measured);
  if (!forms.invalid.empty()) return forms;

  PinInputs in;
  in.stream = stream;
  in.pages = on;
  in.blocks = block_pipeline(p, scheme, on, framing(p.system).payload_rate());
  const Rate rate = steady_rate(p, scheme, in.blocks, on);
  const Path path = path_of(p, stream, rate.value, measured);
  in.sending = transfer(path);
  in.growing = in.sending.growing * framing(p.system).payload;
  in.round_trip_s = path.round_trip_s;
  forms.limit = rate.limit;
  in.walker_limits = forms.limit == "walker";
  in.window = window_bytes(p);
  in.window_limits = path.window * path.segment_s < path.round_trip_s;
  if (in.window_limits) forms.limit = "window";
  if (in.sending.growing_s > 0.5 * in.sending.seconds) {
    forms.limit = measured.losses > 0 ? "loss" : "window";
  }
  if (scheme.pin_at_post) {
    in.read_s = swap_read_s(p, on.swapped);
    in.cpu_s = fault_cpu_s(p, on.swapped) + on.all * p.system.host.cpu.pin_page.seconds();
  }
  const double first = scheme.pin_at_post ? in.read_s + in.cpu_s
                                          : in.blocks.swapped * in.blocks.swapped_s +
                                                (1 - in.blocks.swapped) * in.blocks.answer_s;
  forms.completion_s = ends_s(p) + first + in.sending.seconds;
  forms.goodput_bps = stream * 8 / forms.completion_s;
  // How long bytes lie in the receiving card decides when its window shuts.
  const bool by_block = !scheme.pin_at_post && scheme.first != nic::Source::kPushed;
  if (!(by_block && forms.limit == "credits")) forms.pinned_byte_s = pinned_integral(p, scheme, in);
  forms.bound = gap_bound(forms, scheme, path, on, overcommitted(p, on));
  forms.pinned_bound = scheme.pin_at_post ? forms.bound + 0.02 : 0.1 + 1.5 * forms.bound;
  return forms;
}

}  // namespace vctoe::twin
