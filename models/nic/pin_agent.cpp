#include "models/nic/pin_agent.h"

#include <utility>

#include "models/host/address_map.h"
#include "models/sim/error.h"

namespace vctoe::nic {

using sim::TraceKind;

namespace {

constexpr std::uint64_t kEntry = 8;  // bytes of a count

std::vector<std::uint64_t> frames_of(const std::vector<SgElement>& sg) {
  std::vector<std::uint64_t> frames;
  for (const SgElement& e : sg) {
    for (std::uint64_t at = e.address / host::kPageSize * host::kPageSize;
         at < e.address + e.length; at += host::kPageSize) {
      frames.push_back(at);
    }
  }
  return frames;
}

}  // namespace

PinAgent::PinAgent(sim::Context& context, std::uint8_t node, const CoreParams& params, DmaPort& dma,
                   OutRing<CompletionEntry>& completions)
    : context_(context), node_(node), params_(params), dma_(dma), completions_(completions) {
  if (lowers()) completions_.set_gate([this](const CompletionEntry& e) { return may_leave(e); });
}

void PinAgent::Stats::declare(sim::StatList& list) const {
  list.add("raised", raised, "1", "pin counts of frames that the NIC has raised");
  list.add("lowered", lowered, "1", "pin counts of frames that the NIC has lowered");
}

void PinAgent::hold(const Owner& owner, const std::vector<SgElement>& sg,
                    std::function<void()> done) {
  std::vector<std::uint64_t> frames = frames_of(sg);
  if (lowers()) {
    Held& held = held_[owner.txn];
    held.owner = owner;
    held.frames.insert(held.frames.end(), frames.begin(), frames.end());
  }
  if (raises()) {
    trace(TraceKind::kPinBegin, owner, 0, frames.size());
    start({owner, std::move(frames), true, 0, 0, std::move(done)});
  } else if (done) {
    done();
  }
}

/// By its completion the host takes the pages for unpinned.
bool PinAgent::ends(const CompletionEntry& entry, const Held& held) const {
  switch (entry.kind) {
    case CompletionKind::kBlockRetrieved:
    case CompletionKind::kBlockSent:
    case CompletionKind::kBlockAcked:
    case CompletionKind::kStreamAcked:
      return entry.txn == held.owner.txn;
    case CompletionKind::kStreamRetrieved:
    case CompletionKind::kStreamSent: {
      const auto point =
          entry.kind == CompletionKind::kStreamSent ? UnpinAt::kSent : UnpinAt::kRetrieved;
      return entry.txn == held.owner.txn && params_.retransmit != Source::kPosted &&
             params_.unpin_at == point;
    }
    case CompletionKind::kClosed:
    case CompletionKind::kReset:
    case CompletionKind::kFault:
      return held.owner.post && entry.connection == held.owner.connection;
    default:
      return false;
  }
}

/// False while counts that the entry tells the end of are not lowered.
bool PinAgent::may_leave(const CompletionEntry& entry) {
  bool free = true;
  for (auto& [txn, held] : held_) {
    if (!ends(entry, held)) continue;
    free = false;
    if (held.lowering) continue;
    held.lowering = true;
    const sim::TxnId id = txn;
    start({held.owner, held.frames, false, 0, 0, [this, id] {
             held_.erase(id);
             completions_.resume();
           }});
  }
  return free;
}

void PinAgent::trace(TraceKind kind, const Owner& owner, std::uint64_t frame, std::size_t frames) {
  sim::TraceEvent event;
  event.kind = kind;
  event.node = node_;
  event.asid = owner.asid;
  event.connection = owner.connection;
  event.txn = owner.txn;
  event.address = frame;
  event.length = frames * host::kPageSize;
  event.seq = 1;
  context_.trace.emit(event);
}

void PinAgent::start(Job job) {
  jobs_.push_back(std::move(job));
  if (jobs_.size() == 1) issue();
}

void PinAgent::issue() {
  Job& job = jobs_.front();
  while (job.issued < job.frames.size() && job.issued - job.done_frames < kAtOnce) {
    const std::uint64_t frame = job.frames[job.issued];
    const SgElement at{table_ + frame / host::kPageSize * kEntry, kEntry, 0};
    DmaRequest request;
    request.sg = &at;
    request.count = 1;
    request.data = reinterpret_cast<std::uint8_t*>(&old_[job.issued % kAtOnce]);
    request.purpose = pcie::Purpose::kDescriptor;
    request.connection = job.owner.connection;
    request.asid = job.owner.asid;
    request.txn = job.owner.txn;
    request.fetch_add = job.raise ? 1 : ~std::uint64_t{0};
    request.client = this;
    request.cookie = job.issued++;
    dma_.submit(request);
  }
}

void PinAgent::dma_done(std::uint64_t cookie, bool ok) {
  sim::ensure(ok, "pin agent: the table of pin counts cannot be reached");
  Job& job = jobs_.front();
  ++(job.raise ? stats_.raised : stats_.lowered);
  trace(job.raise ? TraceKind::kPin : TraceKind::kUnpin, job.owner, job.frames[cookie], 1);
  if (++job.done_frames < job.frames.size()) return issue();
  if (job.raise) trace(TraceKind::kPinDone, job.owner, 0, job.frames.size());
  const auto done = std::move(job.done);
  jobs_.pop_front();
  if (done) done();
  if (!jobs_.empty() && jobs_.front().issued == 0) issue();
}

}  // namespace vctoe::nic
