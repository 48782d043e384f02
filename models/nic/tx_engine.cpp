#include "models/nic/tx_engine.h"

#include <algorithm>
#include <utility>

#include "models/nic/esp.h"

namespace vctoe::nic {

using sim::TraceKind;

namespace {
std::uint64_t cookie_of(TxJob& job) {
  return reinterpret_cast<std::uintptr_t>(&job);
}
TxJob& job_of(std::uint64_t cookie) {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): a cookie is whatever its client wants back
  return *reinterpret_cast<TxJob*>(static_cast<std::uintptr_t>(cookie));
}
}  // namespace

TxEngine::TxEngine(sim::Context& context, std::uint8_t node, const CoreParams& params,
                   ConnectionTable& connections, toe::Stack& stack, DmaPort& dma,
                   PacketBuffer& buffer, FramePort& mac, Neighbours& neighbours,
                   RequestEngine& requests, OutRing<CompletionEntry>& completions)
    : context_(context),
      node_(node),
      params_(params),
      connections_(connections),
      stack_(stack),
      dma_(dma),
      buffer_(buffer),
      mac_(mac),
      neighbours_(neighbours),
      requests_(requests),
      completions_(completions),
      source_(params, buffer) {}

void TxEngine::pump() {
  if (pumping_) return;
  pumping_ = true;
  if (std::exchange(room_freed_, false)) {  // what others may have waited for
    stage_waiting();
    requests_.room();
  }
  send_ready();
  take_plans();
  ask_for_retransmissions();
  send_ready();
  pumping_ = false;
}

void TxEngine::take_plans() {
  const sim::Time now = sim::now();
  while (in_pipeline_ < params_.transmit_pipeline && waiting_for_buffer_.empty() &&
         control_.size() < params_.transmit_pipeline) {
    if (unit_ != nullptr && unit_->free_at() > now) return wait_for_unit();
    const auto plan = stack_.next(now);
    if (!plan) return;
    if (unit_ != nullptr) unit_->take(now);
    start(*plan);
  }
}

void TxEngine::wait_for_unit() {
  unit_free_.set(unit_->free_at());
  context_.trace.emit({{}, TraceKind::kUnitWait, node_, 0, 0, 0, 0, unit_->free_at().ps, 0, 0});
}

void TxEngine::start(const toe::TxPlan& plan) {
  TxJob& job = jobs_.get();
  job.reset(plan);
  if (plan.length == 0) {
    control_.push_back(&job);
    return;
  }
  Connection& c = connections_.at(plan.connection);
  job.generation = c.generation;
  if (!plan.retransmit) {
    c.first_jobs.push_back(&job);
  } else if (params_.retransmit != Source::kPosted && !retained(c, job) && !kept(c, job)) {
    to_ask_.push_back(&job);
    c.asked_jobs.push_back(&job);
    return;
  }
  ++in_pipeline_;
  fetch(job);
}

/// Neighbouring segments of one connection are asked for together.
void TxEngine::ask_for_retransmissions() {
  for (std::size_t i = 0; i < to_ask_.size();) {
    TxJob& head = *to_ask_[i];
    std::uint64_t end = head.end();
    const std::uint64_t ask = next_ask_++;
    head.ask = ask;
    std::size_t k = i + 1;
    for (; k < to_ask_.size(); ++k) {
      TxJob& job = *to_ask_[k];
      if (job.plan.connection != head.plan.connection || job.plan.offset != end) break;
      if (params_.alternate) break;  // each has a past of its own
      end = job.end();
      job.ask = ask;
    }
    i = k;
    Connection& c = connections_.at(head.plan.connection);
    if (head.generation == c.generation) requests_.ask_again(c, head.plan.offset, end, ask);
  }
  to_ask_.clear();
}

void TxEngine::block_ready(Connection& c, Extent& extent) {
  for (std::size_t i = 0; i < c.asked_jobs.size();) {
    TxJob& job = *c.asked_jobs[i];
    if (job.ask != extent.ask || !source_.resolve(c, job)) {
      ++i;
      continue;
    }
    c.asked_jobs.erase(c.asked_jobs.begin() + static_cast<std::ptrdiff_t>(i));
    ++in_pipeline_;
    fetch(job);
  }
}

bool TxEngine::retained(Connection& c, TxJob& job) {
  if (!source_.take_retained(c, job)) return false;
  ++stats_.from_retained;
  return true;
}

bool TxEngine::kept(Connection& c, TxJob& job) {
  if (!PayloadSource::resolve_kept(c, job)) return false;
  for (const TxJob::Piece& piece : job.pieces) requests_.reading(*piece.extent);
  ++stats_.from_kept;
  return true;
}

void TxEngine::let_go(TxJob& job) {
  for (const TxJob::Piece& piece : job.pieces) requests_.retrieved(*piece.extent, piece.bytes);
  if (job.kept) job.forget_pieces();
}

void TxEngine::fetch(TxJob& job) {
  if (job.ready) {
    became_ready(job);
    return;
  }
  Connection& c = connections_.at(job.plan.connection);
  sim::ensure(source_.resolve(c, job),
              "transmit engine: plan for bytes that nobody has identified");
  const auto gone = [](const TxJob::Piece& piece) { return piece.extent->acknowledged; };
  // TCP plans anew what of such a segment is not acknowledged yet.
  job.failed = std::any_of(job.pieces.begin(), job.pieces.end(), gone);
  const bool pushed = !job.pieces.empty() && job.pieces[0].extent->source == Source::kPushed;
  if (job.failed || pushed || job.end() <= c.acked) {
    became_ready(job);
  } else if (!waiting_for_buffer_.empty() || !stage(job)) {
    ++stats_.waits_for_buffer;
    trace_buffer(TraceKind::kBufferWait, job);
    waiting_for_buffer_.push_back(&job);
  }
}

void TxEngine::stage_waiting() {
  while (!waiting_for_buffer_.empty()) {
    TxJob& job = *waiting_for_buffer_.front();
    // A retransmission whose post was acknowledged meanwhile: nothing says any more where it lies.
    const bool gone = job.pieces.empty() &&
                      connections_.at(job.plan.connection).post_at(job.plan.offset) == nullptr;
    if (!gone && !stage(job)) return;
    waiting_for_buffer_.pop_front();
    if (!gone) continue;
    job.failed = true;
    became_ready(job);
  }
}

/// Gives the job packet buffer and starts the DMA read; false without room.
bool TxEngine::stage(TxJob& job) {
  Connection& c = connections_.at(job.plan.connection);
  bool found = source_.give_buffer(c, job);
  // Nobody waits for what others have retained: their acknowledgments could wait for this job.
  for (std::uint32_t id = 0; params_.retain_unacked && !found && id < connections_.size(); ++id) {
    if (connections_.used(id)) found = source_.give_buffer(connections_.at(id), job);
  }
  if (!found) return false;
  DmaRequest request = source_.read_of(c, job);
  request.client = this;
  request.cookie = cookie_of(job);
  if (!job.kept) {
    for (const TxJob::Piece& piece : job.pieces) requests_.reading(*piece.extent);
  }
  c.notices.read_begins(job.plan.offset);
  trace_buffer(TraceKind::kDmaBegin, job);
  dma_.submit(request);
  return true;
}

void TxEngine::dma_done(std::uint64_t cookie, bool ok) {
  TxJob& job = job_of(cookie);
  trace_buffer(TraceKind::kBufferWrite, job);
  // Also of a void job: until now its pages had to stay where they are.
  let_go(job);
  Connection& c = connections_.at(job.plan.connection);
  c.notices.read_ends(job.plan.offset, completions_);
  if (!is_void(job) && !job.plan.retransmit && job.pieces.empty()) account_retrieved(c, job);
  // Where the host says that the bytes are nobody can read: asking once more would not help.
  if (!ok && !is_void(job)) requests_.unreadable(c);
  if (is_void(job)) {
    end(job, false);
  } else {
    became_ready(job);
  }
  pump();
}

void TxEngine::became_ready(TxJob& job) {
  job.ready = true;
  if (job.plan.retransmit) {
    ready_.push_back(&job);
    return;
  }
  // First transmissions of a connection leave in order, whatever order the reads came back in.
  auto& jobs = connections_.at(job.plan.connection).first_jobs;
  while (!jobs.empty() && jobs.front()->ready) {
    ready_.push_back(jobs.front());
    jobs.pop_front();
  }
}

void TxEngine::send_ready() {
  for (;;) {
    neighbours_.send_ready();
    if (!mac_.can_send()) return;
    auto& queue = !control_.empty() ? control_ : ready_;
    if (queue.empty()) return;
    TxJob& job = *queue.front();
    queue.pop_front();
    if (!send(job)) end(job, false);
  }
}

/// False when nothing was sent: the plan is void.
bool TxEngine::send(TxJob& job) {
  if (is_void(job)) return false;
  if (job.failed) {
    stack_.drop(job.plan, sim::now());
    return false;
  }
  const auto header = stack_.emit(job.plan, sim::now());
  if (!header) {
    ++stats_.void_plans;
    return false;
  }
  job.sequence = header->seq.v;
  job.flags = header->flags;
  const std::uint32_t to = header->tuple.remote_ip;
  const auto where = neighbours_.find(to);
  destination_ = where.value_or(net::MacAddress{});
  net::FramePtr frame = esp_ != nullptr ? sealed(job, *header) : encoded(job, *header, ip_id_++);
  frame->txn = transaction(job);
  frame->again = job.plan.retransmit;
  if (where) {
    mac_.send(std::move(frame), cookie_of(job));
  } else {
    neighbours_.hold(to, std::move(frame), cookie_of(job));
  }
  return true;
}

/// Of the request or, when nobody had to be asked, of the post.
sim::TxnId TxEngine::transaction(const TxJob& job) {
  if (job.plan.length == 0 || !job.pieces.empty()) return job.txn();
  const Post* post = connections_.at(job.plan.connection).post_at(job.plan.offset);
  return post == nullptr ? 0 : post->txn;
}

void TxEngine::copy_payload(const TxJob& job, std::uint8_t* to) {
  source_.copy(job, to);
  trace_buffer(TraceKind::kBufferRead, job);
}

void TxEngine::trace_buffer(TraceKind kind, const TxJob& job) {
  if (!context_.trace.wanted(kind)) return;
  const std::uint32_t first = connections_.at(job.plan.connection).first_sequence;
  context_.trace.emit({{},
                       kind,
                       node_,
                       0,
                       job.plan.connection,
                       job.txn(),
                       job.buffer,
                       job.plan.length,
                       first + static_cast<std::uint32_t>(job.plan.offset),
                       job.plan.retransmit ? 1U : 0U});
}

void TxEngine::frame_sent(std::uint64_t cookie) {
  TxJob& job = job_of(cookie);
  end(job, true);
  pump();
}

void TxEngine::frame_dropped(std::uint64_t cookie) {
  end(job_of(cookie), false);
}

/// The job has left the MAC (`sent`) or is void; gives back what it holds.
void TxEngine::end(TxJob& job, bool sent) {
  if (job.plan.length == 0) {
    if (sent) account_control(job);
  } else {
    end_payload(job, sent);
    --in_pipeline_;
  }
  jobs_.put(job);
  stage_waiting();
  requests_.room();
}

void TxEngine::end_payload(TxJob& job, bool sent) {
  if (job.kept) let_go(job);  // it was never read
  Connection& c = connections_.at(job.plan.connection);
  const bool live = !is_void(job);
  if (sent) {
    ++stats_.segments;
    stats_.payload_bytes += job.plan.length;
  }
  if (sent && live) account(c, job);
  if (params_.retain_unacked && sent && live && job.staged && c.acked < job.end()) {
    buffer_.set_use(job.buffer, BufferUse::kRetained);
    c.retained.push_back({job.plan.offset, job.end(), job.buffer});
  } else if (job.staged) {
    buffer_.free(job.buffer);
  }
  if (!live) return;
  for (const TxJob::Piece& piece : job.pieces) requests_.sent(*piece.extent, piece.bytes);
}

void TxEngine::acknowledged(Connection& c, std::uint64_t offset) {
  c.acked = offset;
  const auto gone = [&](const Retained& r) {
    if (r.end > offset) return false;
    buffer_.free(r.buffer);
    room_freed_ = true;
    return true;
  };
  c.retained.erase(std::remove_if(c.retained.begin(), c.retained.end(), gone), c.retained.end());
}

void TxEngine::abandon(Connection& c) {
  ++c.generation;  // every job of the connection is void from here on
  for (const Retained& r : c.retained) buffer_.free(r.buffer);
  c.retained.clear();
  room_freed_ = true;
  to_ask_.erase(std::remove_if(to_ask_.begin(), to_ask_.end(),
                               [&](const TxJob* j) { return j->plan.connection == c.id; }),
                to_ask_.end());
  for (TxJob* job : c.asked_jobs) jobs_.put(*job);
  c.asked_jobs.clear();
  const std::deque<TxJob*> jobs = std::move(c.first_jobs);
  c.first_jobs.clear();
  std::deque<TxJob*> waiting;
  waiting.swap(waiting_for_buffer_);
  std::vector<TxJob*> over;
  for (TxJob* job : waiting) {
    if (is_void(*job)) {
      over.push_back(job);
    } else {
      waiting_for_buffer_.push_back(job);
    }
  }
  for (TxJob* job : jobs) {
    if (job->ready) over.push_back(job);  // not yet handed to ready_; a DMA read ends the others
  }
  for (TxJob* job : over) end(*job, false);
}

bool TxEngine::is_void(const TxJob& job) {
  return job.plan.length != 0 && job.generation != connections_.at(job.plan.connection).generation;
}

}  // namespace vctoe::nic
