#include "sw/app/sender.h"

#include <utility>

namespace vctoe::app {

using socket::Status;

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
  if (job.start > sim::now()) sim::wait(job.start - sim::now());
  result.status = send(job, result);
  result.done = true;
  ++(result.status == Status::kOk ? stats_.streams : stats_.streams_failed);
  if (--left_ == 0 && finished_) finished_();
}

/// Connects and posts; again and again while nobody listens yet, as a client does that is started
/// together with its server.
socket::PostOutcome Sender::post(const SendJob& job, SendResult& result,
                                 socket::SocketObject*& socket) {
  for (;;) {
    socket = transport_.connect(job.process, job.remote);
    if (socket == nullptr) return {Status::kTooLarge, 0};
    result.local_port = socket->local_port;
    result.posted = sim::now();
    const socket::PostOutcome post =
        socket::so_sendmsg(transport_, job.process, *socket, job.ranges);
    const bool refused = post.status == Status::kReset && socket->sent == 0;
    if (!refused || ++result.refused == job.attempts) return post;
    transport_.shutdown(job.process, *socket);
    sim::wait(job.retry);
  }
}

Status Sender::send(const SendJob& job, SendResult& result) {
  socket::SocketObject* socket = nullptr;
  const socket::PostOutcome post = this->post(job, result, socket);
  if (socket == nullptr) return post.status;
  result.handed_over = sim::now();
  result.bytes = socket->sent;
  stats_.bytes += socket->sent;
  if (post.status != Status::kOk) return post.status;
  const Status status =
      transport_.wait(job.process, *socket, post.id, socket::Until::kBufferReusable);
  if (status != Status::kOk) return status;
  result.reusable = sim::now();
  const sim::Time hold = result.reusable - result.posted;
  stats_.hold_ps.record(hold.ps);
  stats_.held_byte_seconds += hold.seconds() * static_cast<double>(result.bytes);
  return transport_.shutdown(job.process, *socket);
}

std::string Sender::describe() const {
  return "sender: " + std::to_string(left_) + " of " + std::to_string(jobs_.size()) +
         " streams not finished";
}

}  // namespace vctoe::app
