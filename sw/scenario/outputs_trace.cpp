#include "sw/scenario/outputs_trace.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <iterator>

namespace vctoe::outputs {

namespace {
constexpr std::size_t kFlushAt = 1 << 16;
}  // namespace

TraceWriter::TraceWriter(const std::string& path, sim::TraceBus& bus, sim::TraceMask kinds)
    : file_(path) {
  buffer_.reserve(kFlushAt + 256);
  buffer_ = kHeading;
  buffer_ += '\n';
  bus.subscribe(kinds, [this](const sim::TraceEvent& event) { record(event); });
}

void TraceWriter::record(const sim::TraceEvent& e) {
  if (!open_) return;
  fmt::format_to(std::back_inserter(buffer_), FMT_COMPILE("{} {} {} {} {} {} {:#x} {} {} {}\n"),
                 e.at.ps, sim::enum_name(e.kind), e.node, e.asid, e.connection, e.txn, e.address,
                 e.length, e.seq, e.detail);
  ++events_;
  if (buffer_.size() >= kFlushAt) flush();
}

void TraceWriter::flush() {
  file_.write(buffer_);
  buffer_.clear();
}

void TraceWriter::close() {
  flush();
  file_.commit();
  open_ = false;
}

}  // namespace vctoe::outputs
