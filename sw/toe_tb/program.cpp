// What the threads of the program do; the calls themselves are in program_calls.cpp.
#include "sw/toe_tb/program.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "sw/toe_tb/status_codes.h"

namespace vctoe::toe_tb {

using socket::Readiness;
using socket::Status;
using socket::VirtualRange;

namespace {
constexpr unsigned kWorkers = 16;
constexpr std::size_t kMostPosts = 64;  ///< of a connection, not acknowledged
constexpr std::uint32_t kIdsOfListener = 512;
constexpr int kReuseFrom = 4096;  ///< handles before the first one is used again
}  // namespace

Program::Program(const Platform& platform, std::uint64_t send_buffer, bool nagle, bool keepalive)
    : platform_(platform),
      send_buffer_(send_buffer),
      nagle_(nagle),
      keepalive_(keepalive),
      process_(platform.kernel.create_address_space()) {
  for (unsigned i = 0; i < kWorkers; ++i) {
    workers_.push_back(std::make_unique<Worker>());
    Worker& worker = *workers_.back();
    worker.thread = std::make_unique<driver::Thread>(("program" + std::to_string(i)).c_str(),
                                                     [this, &worker] { work(worker); });
  }
}

int Program::add(Handle::Kind kind) {
  int number = static_cast<int>(handles_.size());
  if (!free_.empty() && number >= kReuseFrom) {
    number = free_.front();
    free_.pop_front();
    *handles_[static_cast<std::size_t>(number)] = Handle{};
  } else {
    handles_.push_back(std::make_unique<Handle>());
  }
  Handle& h = *handles_[static_cast<std::size_t>(number)];
  h.kind = kind;
  h.number = number;
  h.nagle = nagle_ ? 1 : 0;
  h.keepalive = keepalive_ ? 1 : 0;
  h.capacity = send_buffer_;
  return number;
}

// ---- threads ------------------------------------------------------------------------------------

/// Something is to be done for the handle. From anywhere.
void Program::want(Handle& h) {
  if (h.serving) h.again = true;
  if (h.serving || h.queued || h.over) return;
  h.queued = true;
  todo_.push_back(&h);
  for (const auto& worker : workers_) {
    if (!worker->idle) continue;
    worker->idle = false;
    return sim::notify(worker->event);
  }
}

void Program::work(Worker& worker) {
  for (;;) {
    while (todo_.empty()) {
      worker.idle = true;
      sim::wait(worker.event);
    }
    worker.idle = false;
    Handle& h = *todo_.front();
    todo_.pop_front();
    h.queued = false;
    h.serving = true;
    h.again = false;
    serve(h);
    h.serving = false;
    if (h.again) want(h);
  }
}

void Program::serve(Handle& h) {
  if (h.kind == Handle::Kind::kListener) return serve_listener(h);
  if (h.object == nullptr && h.error == 0) open(h);
  if (h.object == nullptr) {
    if (h.closed) let_go(h);
    return;
  }
  while (!h.options.empty() && !h.abort_wanted) {
    const auto [option, value] = h.options.front();
    h.options.pop_front();
    platform_.transport.set_option(process_, *h.object, option, value);
  }
  if (h.abort_wanted && !h.abort_done) {
    h.abort_done = true;
    h.staged.clear();
    platform_.transport.abort(process_, *h.object);
  }
  tell(h);
  retire(h);
  push(h);
  finish(h);
}

void Program::serve_listener(Handle& h) {
  if (h.closed) {
    if (h.listening) platform_.transport.unlisten(process_, h.port);
    return let_go(h);
  }
  if (h.listening) {
    platform_.transport.refill(process_, h.port);
    return;
  }
  if (h.error != 0) return;
  socket::SelectTransport::ListenOptions options;
  options.backlog = h.backlog;
  options.at_once = std::max(kIdsOfListener, h.backlog);
  options.buffer = h.receive_buffer;
  const Status status = platform_.transport.listen(process_, h.port, options);
  h.listening = status == Status::kOk;
  if (!h.listening) h.error = -ENOMEM;
  --opening_ports_;
  if (port_open_) port_open_();
}

// ---- a connection -------------------------------------------------------------------------------

void Program::open(Handle& h) {
  if (h.abort_wanted || h.closed) {
    h.error = -ECONNABORTED;
    return;
  }
  socket::SelectTransport::OpenOptions options;
  options.local_port = h.port;
  options.buffer = h.receive_buffer;
  options.max_segment = h.max_segment;
  h.object = platform_.transport.open(process_, h.remote, options);
  if (h.object == nullptr) {
    h.error = h.port != 0 ? -EADDRINUSE : -ENOMEM;
    return;
  }
  h.port = h.object->local_port;
  platform_.transport.on_change(process_, *h.object, [this, &h] { want(h); });
}

/// Received bytes that the owner has read: copied out of the buffer, which may be used again.
void Program::tell(Handle& h) {
  const std::uint64_t n = h.read - h.told;
  if (n == 0) return;
  h.told += n;
  const driver::HostPort& port = platform_.port;
  platform_.port.run(port.costs().syscall + port.costs().copy_rate.time_for(n),
                     host::Priority::kApp, host::Work::kApp);
  platform_.transport.consumed(process_, *h.object, n);
}

/// Room that acknowledged posts have left.
void Program::retire(Handle& h) {
  while (!h.posts.empty() && platform_.transport.done(process_, *h.object, h.posts.front().id)) {
    h.acknowledged = h.posts.front().end;
    h.posts.pop_front();
  }
}

void Program::push(Handle& h) {
  for (;;) {
    const Readiness ready = platform_.transport.ready(process_, *h.object);
    const bool room = h.written - h.acknowledged < h.capacity && h.posts.size() < kMostPosts;
    if (!ready.open || ready.gone || h.staged.empty() || !room || h.fin_done || h.abort_wanted) {
      return;
    }
    post_piece(h);
    retire(h);
  }
}

/// As much as fits, at most a quarter of the buffer: what is posted together is acknowledged
/// together, and the rest of the buffer has to keep the line busy.
void Program::post_piece(Handle& h) {
  if (h.circle == 0 && !spare_circles_.empty()) {
    h.circle = spare_circles_.back();
    spare_circles_.pop_back();
  } else if (h.circle == 0) {
    h.circle = platform_.port.map(process_, h.capacity);
  }
  const std::uint64_t at = h.written % h.capacity;
  const std::uint64_t room = h.capacity - (h.written - h.acknowledged);
  const std::uint64_t piece = std::max<std::uint64_t>(h.capacity / 4, 1);
  const std::uint64_t n = std::min({std::uint64_t{h.staged.size()}, room, piece, h.capacity - at});
  const auto end = h.staged.begin() + static_cast<std::ptrdiff_t>(n);
  const std::vector<std::uint8_t> bytes(h.staged.begin(), end);
  const VirtualRange range{h.circle + at, n};
  const bool stored = platform_.kernel.write(process_, range.address, bytes.data(), n);
  sim::ensure(stored, "test bench: the send buffer of a connection is not mapped");
  const socket::PostOutcome post = platform_.transport.post(process_, *h.object, {range});
  if (post.status != Status::kOk) {
    if (h.error == 0) h.error = error_of(post.status);
    h.staged.clear();
    return;
  }
  h.staged.erase(h.staged.begin(), h.staged.begin() + static_cast<std::ptrdiff_t>(n));
  h.written += n;
  h.posts.push_back({post.id, h.written});
}

/// The end of the stream, and of the handle.
void Program::finish(Handle& h) {
  const Readiness ready = platform_.transport.ready(process_, *h.object);
  if (ready.gone && ready.end != Status::kOk && h.error == 0) h.error = error_of(ready.end);
  if (ready.gone) {
    if (h.closed) let_go(h);
    return;
  }
  const bool sent = h.staged.empty() && (ready.open || (h.closed && h.written == 0));
  if (!h.fin_wanted || !sent || h.abort_wanted) return;
  if (h.closed) {
    if (!h.reader_gone) platform_.transport.close(process_, *h.object);
    h.reader_gone = h.fin_done = true;
  } else if (!h.fin_done) {
    platform_.transport.shutdown(process_, *h.object);
    h.fin_done = true;
  }
}

/// The transport need not keep the object any more, and the handle can be used again.
void Program::let_go(Handle& h) {
  if (h.over) return;
  h.over = true;
  h.closed = true;
  if (h.object != nullptr) platform_.transport.forget(process_, *h.object);
  h.object = nullptr;
  if (h.circle != 0) spare_circles_.push_back(std::exchange(h.circle, 0));
  h.staged.clear();
  free_.push_back(h.number);
}

}  // namespace vctoe::toe_tb
