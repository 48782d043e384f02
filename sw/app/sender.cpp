#include "sw/app/sender.h"

#include <utility>

namespace vctoe::app {

using socket::Status;

namespace {

/// What an attempt to connect can end with.
bool never_opened(Status s) {
  return s == Status::kReset || s == Status::kRefused || s == Status::kTimedOut ||
         s == Status::kUnreachable;
}

}  // namespace

void Sender::Stats::declare(sim::StatList& list) const {
  list.add("streams", streams, "1", "streams sent and acknowledged");
  list.add("streams_failed", streams_failed, "1", "streams that ended otherwise");
  list.add("bytes", bytes, "B", "bytes posted");
  list.add("hold_ps", hold_ps, "ps", "from the post until the application may change its buffer");
  list.add("held_byte_seconds", held_byte_seconds, "B.s", "the same, times the buffer's bytes");
}

Sender::Sender(const sc_core::sc_module_name& name, socket::Transport& transport,
               std::vector<SendJob> jobs, std::function<void()> finished)
    : sc_module(name),
      transport_(transport),
      jobs_(std::move(jobs)),
      results_(jobs_.size()),
      finished_(std::move(finished)),
      left_(jobs_.size()) {
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    threads_.push_back(std::make_unique<driver::Thread>(("stream" + std::to_string(i)).c_str(),
                                                        [this, i] { run(i); }));
  }
}

void Sender::run(std::size_t i) {
  const SendJob& job = jobs_[i];
  SendResult& result = results_[i];
  result.status = listen(job);
  if (job.start > sim::now()) sim::wait(job.start - sim::now());
  if (result.status == Status::kOk) result.status = send(i, job, result);
  result.done = true;
  ++(result.status == Status::kOk ? stats_.streams : stats_.streams_failed);
  if (--left_ == 0 && finished_) finished_();
}

Status Sender::listen(const SendJob& job) {
  return job.listen == 0 ? Status::kOk : of(job).listen(job.process, job.listen, 1);
}

socket::SocketObject* Sender::open(const SendJob& job) {
  return job.listen == 0 ? of(job).connect(job.process, job.remote)
                         : of(job).accept(job.process, job.listen);
}

/// Connects and posts; again and again while nobody listens yet, as a client does that is started
/// together with its server.
socket::PostOutcome Sender::start(std::size_t i, const SendJob& job, SendResult& result,
                                  socket::SocketObject*& socket) {
  for (;;) {
    socket = open(job);
    if (socket == nullptr) return {Status::kTooLarge, 0};
    result.local_port = socket->local_port;
    const socket::PostOutcome post = this->post(i, job, result, *socket);
    const bool refused = never_opened(post.status) && socket->sent == 0 && job.listen == 0;
    if (!refused || ++result.refused == job.attempts) return post;
    of(job).shutdown(job.process, *socket);
    sim::wait(job.retry);
  }
}

/// The hold begins with the first post.
socket::PostOutcome Sender::post(std::size_t i, const SendJob& job, SendResult& result,
                                 socket::SocketObject& socket) {
  result.posted = sim::now();
  if (!serve_) return socket::so_sendmsg(of(job), job.process, socket, job.ranges);
  bool first = true;
  const Status status = serve_(i, job, socket, [&] {
    if (std::exchange(first, false)) result.posted = sim::now();
  });
  return {status, 0};
}

Status Sender::send(std::size_t i, const SendJob& job, SendResult& result) {
  socket::SocketObject* socket = nullptr;
  const socket::PostOutcome post = start(i, job, result, socket);
  if (socket == nullptr) return post.status;
  result.handed_over = sim::now();
  result.bytes = socket->sent;
  stats_.bytes += socket->sent;
  if (post.status != Status::kOk) return post.status;
  if (post.id != 0) {
    const Status status =
        of(job).wait(job.process, *socket, post.id, socket::Until::kBufferReusable);
    if (status != Status::kOk) return status;
  }
  result.reusable = sim::now();
  const sim::Time hold = result.reusable - result.posted;
  stats_.hold_ps.record(hold.ps);
  stats_.held_byte_seconds += hold.seconds() * static_cast<double>(result.bytes);
  return of(job).shutdown(job.process, *socket);
}

std::string Sender::describe() const {
  return "sender: " + std::to_string(left_) + " of " + std::to_string(jobs_.size()) +
         " streams not finished";
}

}  // namespace vctoe::app
