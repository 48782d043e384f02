#include "sw/scenario/outputs_timeline.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "models/sim/kernel.h"

namespace vctoe::outputs {

namespace {

using sim::TraceEvent;
using sim::TraceKind;

constexpr std::size_t kFlushAt = 1 << 16;
constexpr std::uint64_t kRows = 1000;  ///< a thread's number is lane x kRows + row

constexpr std::array<std::string_view, static_cast<std::size_t>(Lane::kCount)> kLanes{
    "application", "host",      "disk", "walker",   "requests", "dma",
    "PCIe up",     "PCIe down", "sent", "received", "tcp"};

std::uint64_t thread_of(Lane lane, std::uint64_t row) {
  return static_cast<std::uint64_t>(lane) * kRows + row;
}

Lane lane_of(TraceKind kind) {
  switch (kind) {
    case TraceKind::kStreamSent:
    case TraceKind::kDeliver:
    case TraceKind::kPosting:
    case TraceKind::kPostWait:
    case TraceKind::kTake:
    case TraceKind::kStreamData:
      return Lane::kApplication;
    case TraceKind::kSwapOut:
      return Lane::kDisk;
    case TraceKind::kNodeRequest:
    case TraceKind::kWalkFault:
      return Lane::kWalker;
    case TraceKind::kReplyPhysical:
    case TraceKind::kReplyPushed:
    case TraceKind::kReplyError:
    case TraceKind::kBlockRetrieved:
    case TraceKind::kBlockSent:
    case TraceKind::kPostTaken:
    case TraceKind::kBlockFound:
    case TraceKind::kRoomWait:
      return Lane::kRequests;
    case TraceKind::kDmaRead:
    case TraceKind::kDmaWrite:
    case TraceKind::kBufferWrite:
    case TraceKind::kBufferRead:
    case TraceKind::kBufferWait:
    case TraceKind::kDmaLimit:
    case TraceKind::kPageRequest:
    case TraceKind::kPageResponse:
      return Lane::kDma;
    case TraceKind::kTxFirst:
    case TraceKind::kTxRetransmit:
    case TraceKind::kTxControl:
    case TraceKind::kFrameDrop:
    case TraceKind::kRxData:
    case TraceKind::kRxAck:
    case TraceKind::kRtoExpired:
    case TraceKind::kConnState:
    case TraceKind::kUnitWait:
      return Lane::kTcp;
    default:  // pins, page faults
      return Lane::kHost;
  }
}

}  // namespace

TimelineWriter::TimelineWriter(const std::string& path, sim::TraceBus& bus) : file_(path) {
  buffer_.reserve(kFlushAt + 4096);
  buffer_ = "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n";
  name_host(0);
  buffer_ += ",\n";
  name_host(1);
  for (std::uint8_t node = 0; node < 2; ++node) {
    for (std::size_t lane = 0; lane < kLanes.size(); ++lane) {
      name_row(node, static_cast<Lane>(lane), 0);
    }
  }
  bus.subscribe(sim::kAllKinds, [this](const TraceEvent& event) { record(event); });
}

void TimelineWriter::name_host(std::uint8_t node) {
  fmt::format_to(std::back_inserter(buffer_),
                 "{{\"ph\":\"M\",\"name\":\"process_name\",\"pid\":{},\"tid\":0,\"args\":{{"
                 "\"name\":\"{}\"}}}}",
                 node, node == 0 ? "sender" : "receiver");
}

void TimelineWriter::name_row(std::uint8_t node, Lane lane, std::uint64_t row) {
  auto& rows = rows_[node][static_cast<std::size_t>(lane)];
  if (row < rows.size()) return;
  if (row > rows.size()) name_row(node, lane, row - 1);
  rows.push_back(false);
  const std::uint64_t thread = thread_of(lane, row);
  const std::string_view name = kLanes[static_cast<std::size_t>(lane)];
  const auto out = std::back_inserter(buffer_);
  fmt::format_to(out,
                 ",\n{{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":{},\"tid\":{},\"args\":{{"
                 "\"name\":\"{}{}\"}}}}",
                 node, thread, name, row == 0 ? "" : fmt::format(" {}", row + 1));
  fmt::format_to(out,
                 ",\n{{\"ph\":\"M\",\"name\":\"thread_sort_index\",\"pid\":{},\"tid\":{},"
                 "\"args\":{{\"sort_index\":{}}}}}",
                 node, thread, thread);
}

std::uint64_t TimelineWriter::take_row(std::uint8_t node, Lane lane) {
  auto& rows = rows_[node][static_cast<std::size_t>(lane)];
  const auto free = std::find(rows.begin(), rows.end(), false);
  const auto row = static_cast<std::uint64_t>(free - rows.begin());
  name_row(node, lane, row);
  rows[row] = true;
  return row;
}

void TimelineWriter::begin(char phase, std::string_view name, std::uint8_t node,
                           std::uint64_t thread, sim::Time at) {
  fmt::format_to(std::back_inserter(buffer_),
                 FMT_COMPILE(",\n{{\"ph\":\"{}\",\"name\":\"{}\",\"cat\":\"vctoe\",\"pid\":{},"
                             "\"tid\":{},\"ts\":{}.{:06}"),
                 phase, name, node, thread, at.ps / 1'000'000, at.ps % 1'000'000);
}

void TimelineWriter::arguments(const TraceEvent& e) {
  fmt::format_to(std::back_inserter(buffer_),
                 FMT_COMPILE(",\"args\":{{\"connection\":{},\"txn\":{},\"asid\":{},"
                             "\"address\":\"{:#x}\",\"length\":{},\"seq\":{},\"detail\":{}"),
                 e.connection, e.txn, e.asid, e.address, e.length, e.seq, e.detail);
}

void TimelineWriter::record(const TraceEvent& e) {
  if (!listening_ || e.node >= rows_.size()) return;
  bool told = false;
  const auto& kinds = span_kinds();
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (kinds[i].ended_by(e)) end_span(i, e, e.at);
    if (!kinds[i].begun_by(e)) continue;
    begin_span(i, e);
    told = true;
  }
  if (!told) instant(e);
  flush_if_full();
}

void TimelineWriter::begin_span(std::size_t kind, const TraceEvent& e) {
  const SpanKind& k = span_kinds()[kind];
  // A wait lies in the row of its block.
  const auto outer =
      k.name == "wait for host" ? open_.find({kind - 1, e.node, k.key(e)}) : open_.end();
  const std::uint64_t row = outer != open_.end() ? outer->second.row : take_row(e.node, k.lane);
  const bool fresh = open_.emplace(Key{kind, e.node, k.key(e)}, Open{e, row}).second;
  if (!fresh) rows_[e.node][static_cast<std::size_t>(k.lane)][row] = false;
  if (k.name == "block") requests_[e.txn] = {e.node, thread_of(k.lane, row), e.at};
}

void TimelineWriter::end_span(std::size_t kind, const TraceEvent& e, sim::Time at) {
  const auto found = open_.find({kind, e.node, span_kinds()[kind].key(e)});
  if (found == open_.end()) return;
  write_span(kind, found->second, at, true);
  open_.erase(found);
  if (span_kinds()[kind].name == "block") requests_.erase(e.txn);  // its frames have all left
}

void TimelineWriter::write_span(std::size_t kind, const Open& span, sim::Time to, bool ended) {
  const SpanKind& k = span_kinds()[kind];
  const TraceEvent& e = span.begin;
  if (k.name != "wait for host") {
    rows_[e.node][static_cast<std::size_t>(k.lane)][span.row] = false;
  }
  begin('X', k.name, e.node, thread_of(k.lane, span.row), e.at);
  const sim::Time length = to - e.at;
  fmt::format_to(std::back_inserter(buffer_), FMT_COMPILE(",\"dur\":{}.{:06}"),
                 length.ps / 1'000'000, length.ps % 1'000'000);
  arguments(e);
  buffer_ += ended ? "}}" : ",\"unfinished\":true}}";
}

void TimelineWriter::instant(const TraceEvent& e) {
  begin('i', sim::enum_name(e.kind), e.node, thread_of(lane_of(e.kind), 0), e.at);
  buffer_ += ",\"s\":\"t\"";
  arguments(e);
  buffer_ += "}}";
}

void TimelineWriter::add(const Slice& s) {
  if (!listening_) return;
  name_row(s.node, s.lane, s.row);
  begin('X', s.name, s.node, thread_of(s.lane, s.row), s.from);
  const sim::Time length = s.to - s.from;
  fmt::format_to(std::back_inserter(buffer_),
                 FMT_COMPILE(",\"dur\":{}.{:06},\"args\":{{\"txn\":{},\"what\":\"{}\"}}}}"),
                 length.ps / 1'000'000, length.ps % 1'000'000, s.txn, s.text);
  flush_if_full();
}

void TimelineWriter::add_arrow(const Slice& to) {
  const auto found = requests_.find(to.txn);
  if (!listening_ || found == requests_.end()) return;
  const auto& [from_node, from_thread, from] = found->second;
  ++arrows_;
  const auto out = std::back_inserter(buffer_);
  begin('s', "bytes", from_node, from_thread, from);
  fmt::format_to(out, FMT_COMPILE(",\"id\":{}}}"), arrows_);
  begin('f', "bytes", to.node, thread_of(to.lane, to.row), to.from);
  fmt::format_to(out, FMT_COMPILE(",\"id\":{},\"bp\":\"e\"}}"), arrows_);
}

void TimelineWriter::flush_if_full() {
  if (buffer_.size() < kFlushAt) return;
  file_.write(buffer_);
  buffer_.clear();
}

void TimelineWriter::close() {
  for (const auto& [key, span] : open_) write_span(std::get<0>(key), span, sim::now(), false);
  open_.clear();
  buffer_ += "\n]}\n";
  file_.write(buffer_);
  buffer_.clear();
  file_.commit();
  listening_ = false;
}

}  // namespace vctoe::outputs
