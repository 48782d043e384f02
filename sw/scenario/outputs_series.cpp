#include "sw/scenario/outputs_series.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "models/sim/kernel.h"
#include "sw/scenario/outputs_spans.h"

namespace vctoe::outputs {

namespace {

using Json = nlohmann::ordered_json;
using sim::TraceEvent;
using sim::TraceKind;

constexpr std::uint8_t kSender = 0;
constexpr double kPage = 4096;
/// Fields of a pin (trace_kinds.h): on whose account, and who did it.
constexpr std::uint32_t kAgent = 0;
constexpr std::uint32_t kByNic = 1, kHandedOver = 2;
/// Steps kept while the run lasts; twice as many are thinned to this.
constexpr std::size_t kKept = 1 << 18;

}  // namespace

Steps thinned(const Steps& steps, std::size_t most) {
  if (steps.size() <= most) return steps;
  const std::size_t runs = std::max<std::size_t>(most / 4, 1);
  Steps out;
  for (std::size_t r = 0; r < runs; ++r) {
    const std::size_t begin = r * steps.size() / runs, end = (r + 1) * steps.size() / runs;
    std::size_t low = begin, high = begin;
    for (std::size_t i = begin; i < end; ++i) {
      if (steps[i].second < steps[low].second) low = i;
      if (steps[i].second > steps[high].second) high = i;
    }
    std::size_t chosen[] = {begin, low, high, end - 1};
    std::sort(std::begin(chosen), std::end(chosen));
    const auto* last = std::unique(std::begin(chosen), std::end(chosen));
    for (const auto* i = chosen; i != last; ++i) out.push_back(steps[*i]);
  }
  return out;
}

std::vector<double> quantiles(const std::vector<double>& sorted, std::size_t most) {
  if (sorted.size() <= most) return sorted;
  std::vector<double> out;
  for (std::size_t i = 0; i < most; ++i) {
    out.push_back(sorted[i * (sorted.size() - 1) / (most - 1)]);
  }
  return out;
}

SeriesWriter::SeriesWriter(sim::TraceBus& bus) {
  const SpanKind &block = span_kind("block"), &read = span_kind("dma read");
  bus.subscribe(sim::mask_of(TraceKind::kPin, TraceKind::kUnpin) | sim::mask_of(block.begin) |
                    block.end | sim::mask_of(read.begin) | read.end,
                [this](const TraceEvent& event) { record(event); });
}

void SeriesWriter::record(const TraceEvent& e) {
  if (e.node != kSender) return;
  if (e.kind == TraceKind::kPin || e.kind == TraceKind::kUnpin) return pinned(e);
  const auto pair = [&](const SpanKind& kind, Latencies& latencies, bool counts) {
    const auto begun = latencies.open.find(kind.key(e));
    if (kind.ended_by(e) && begun != latencies.open.end()) {
      // An error is an end, but no answer.
      if (e.kind != TraceKind::kReplyError) {
        latencies.seconds.push_back((e.at - begun->second).seconds());
      }
      latencies.open.erase(begun);
    }
    if (counts && kind.begun_by(e)) latencies.open.emplace(kind.key(e), e.at);
  };
  pair(span_kind("block"), blocks_, e.detail == static_cast<std::uint32_t>(sim::Why::kFirst));
  pair(span_kind("dma read"), reads_, true);
}

/// The NIC's pin takes the place of the host's, which ends with the handing over: neither changes
/// what is pinned.
void SeriesWriter::pinned(const TraceEvent& e) {
  if (e.detail != kAgent || e.seq == kHandedOver) return;
  if (e.kind == TraceKind::kPin && e.seq == kByNic) return;
  bytes_ += e.kind == TraceKind::kPin ? kPage : -kPage;
  const double at = e.at.seconds();
  if (steps_.back().first == at) {
    steps_.back().second = bytes_;
    return;
  }
  steps_.emplace_back(at, bytes_);
  if (steps_.size() >= 2 * kKept) steps_ = thinned(steps_, kKept);
}

std::string SeriesWriter::document(std::size_t index, const std::string& scheme) const {
  Steps steps = thinned(steps_, kMost - 1);
  const double end = sim::now().seconds();
  if (steps.back().first < end) steps.emplace_back(end, steps.back().second);
  const bool requested = !blocks_.seconds.empty();
  std::vector<double> latencies = requested ? blocks_.seconds : reads_.seconds;
  std::sort(latencies.begin(), latencies.end());
  const Json json = {
      {"schema", "vctoe-series"},
      {"version", 1},
      {"index", index},
      {"scheme", scheme},
      {"pinned", steps},
      {"latency",
       {{"what", requested ? "block: from its request until its last byte has left the MAC"
                           : "read of a segment's payload by the NIC; no blocks are requested"},
        {"unit", "s"},
        {"sorted", quantiles(latencies, kMost)}}}};
  return json.dump() + "\n";
}

}  // namespace vctoe::outputs
