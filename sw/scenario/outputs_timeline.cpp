#include "sw/scenario/outputs_timeline.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <array>
#include <iterator>

namespace vctoe::outputs {

namespace {

using sim::TraceKind;

constexpr std::size_t kFlushAt = 1 << 16;
constexpr std::string_view kBlock = "block";

constexpr std::array<std::string_view, 9> kLanes{"application",   "host",     "disk",
                                                 "walker",        "requests", "pcie and dma",
                                                 "packet buffer", "wire",     "tcp"};
enum Lane { kApplication, kHost, kDisk, kWalker, kRequests, kDma, kBuffer, kWire, kTcp };

Lane lane_of(TraceKind kind) {
  switch (kind) {
    case TraceKind::kPost:
    case TraceKind::kStreamSent:
    case TraceKind::kStreamAcked:
    case TraceKind::kDeliver:
      return kApplication;
    case TraceKind::kSwapIn:
    case TraceKind::kSwapOut:
      return kDisk;
    case TraceKind::kWalk:
    case TraceKind::kNodeRequest:
    case TraceKind::kWalkFault:
      return kWalker;
    case TraceKind::kBlockRequest:
    case TraceKind::kBlockRetrieved:
    case TraceKind::kBlockSent:
      return kRequests;
    case TraceKind::kDmaRead:
    case TraceKind::kDmaWrite:
      return kDma;
    case TraceKind::kBufferWrite:
    case TraceKind::kBufferRead:
      return kBuffer;
    case TraceKind::kTxFirst:
    case TraceKind::kTxRetransmit:
    case TraceKind::kTxControl:
    case TraceKind::kFrameDrop:
      return kWire;
    case TraceKind::kRxData:
    case TraceKind::kRxAck:
    case TraceKind::kRtoExpired:
    case TraceKind::kConnState:
      return kTcp;
    default:  // replies, pins, page faults
      return kHost;
  }
}

}  // namespace

TimelineWriter::TimelineWriter(const std::string& path, sim::TraceBus& bus) : file_(path) {
  buffer_.reserve(kFlushAt + 1024);
  buffer_ = "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n";
  name_lanes();
  bus.subscribe(sim::kAllKinds, [this](const sim::TraceEvent& event) { record(event); });
}

void TimelineWriter::name_lanes() {
  const auto name = [this](const char* what, int host, std::size_t lane, std::string_view text) {
    fmt::format_to(
        std::back_inserter(buffer_),
        "{}{{\"ph\":\"M\",\"name\":\"{}\",\"pid\":{},\"tid\":{},\"args\":{{\"name\":\"{}\"}}}}",
        first_ ? "" : ",\n", what, host, lane, text);
    first_ = false;
  };
  for (int host = 0; host < 2; ++host) {
    name("process_name", host, 0, host == 0 ? "sender" : "receiver");
    for (std::size_t i = 0; i < kLanes.size(); ++i) name("thread_name", host, i, kLanes[i]);
  }
}

void TimelineWriter::begin(char phase, std::string_view name, std::string_view category,
                           const sim::TraceEvent& e, int lane) {
  fmt::format_to(std::back_inserter(buffer_),
                 FMT_COMPILE(",\n{{\"ph\":\"{}\",\"name\":\"{}\",\"cat\":\"{}\",\"pid\":{},\"tid\":"
                             "{},\"ts\":{}.{:06}"),
                 phase, name, category, e.node, lane, e.at.ps / 1'000'000, e.at.ps % 1'000'000);
}

void TimelineWriter::record(const sim::TraceEvent& e) {
  if (!listening_) return;
  slice(e);
  span(e);
  arrow(e);
  if (buffer_.size() >= kFlushAt) flush();
}

void TimelineWriter::slice(const sim::TraceEvent& e) {
  begin('X', sim::enum_name(e.kind), "event", e, lane_of(e.kind));
  fmt::format_to(std::back_inserter(buffer_),
                 FMT_COMPILE(",\"dur\":0,\"args\":{{\"connection\":{},\"txn\":{},\"asid\":{},"
                             "\"address\":\"{:#x}\",\"length\":{},\"seq\":{},\"detail\":{}}}}}"),
                 e.connection, e.txn, e.asid, e.address, e.length, e.seq, e.detail);
}

/// From the request of a block until its last byte has left, or the host could not identify it.
void TimelineWriter::span(const sim::TraceEvent& e) {
  const bool begins = e.kind == TraceKind::kBlockRequest;
  const bool ends = e.kind == TraceKind::kBlockSent || e.kind == TraceKind::kReplyError;
  if (begins ? !open_.insert(e.txn).second : !ends || open_.erase(e.txn) == 0) return;
  begin(begins ? 'b' : 'e', kBlock, kBlock, e, kRequests);
  fmt::format_to(std::back_inserter(buffer_), ",\"id\":{}}}", e.txn);
}

/// From the request to the packets that carry its bytes.
void TimelineWriter::arrow(const sim::TraceEvent& e) {
  const bool from = e.kind == TraceKind::kBlockRequest;
  const bool to = e.kind == TraceKind::kTxFirst || e.kind == TraceKind::kTxRetransmit;
  if (e.txn == 0 || (!from && !to)) return;
  begin(from ? 's' : 't', kBlock, "packets", e, lane_of(e.kind));
  fmt::format_to(std::back_inserter(buffer_), ",\"id\":{}}}", e.txn);
}

void TimelineWriter::flush() {
  file_.write(buffer_);
  buffer_.clear();
}

void TimelineWriter::close() {
  buffer_ += "\n]}\n";
  flush();
  file_.commit();
  listening_ = false;
}

}  // namespace vctoe::outputs
