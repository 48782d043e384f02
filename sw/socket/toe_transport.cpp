#include "sw/socket/toe_transport.h"

#include <algorithm>

#include "sw/driver/range_cursor.h"

namespace vctoe::socket {

using kernel::PinStatus;

namespace {
constexpr std::uint64_t kPage = host::kPageSize;

Status status_of(PinStatus status) {
  switch (status) {
    case PinStatus::kOk:
      return Status::kOk;
    case PinStatus::kTooLarge:
      return Status::kTooLarge;
    case PinStatus::kShutDown:
      return Status::kReset;
    default:
      return Status::kUnmapped;
  }
}

/// Why a socket without a connection cannot be used.
Status end_of(const ToeSocket& socket) {
  return socket.end() == Status::kOk ? Status::kReset : socket.end();
}
}  // namespace

void SocketParams::declare(sim::ParamList& list) {
  const sim::Range buffer = sim::bytes_range({4096}, sim::Bytes::mib(1024));
  list.add("receive_buffer", receive_buffer, buffer,
           "pinned memory for received bytes of a connection that a listener accepts",
           "assumption: several bandwidth-delay products of 10 Gb/s and 100 us");
  list.add("connect_buffer", connect_buffer, buffer, "the same of an active open", "assumption");
}

void Transport::Stats::declare(sim::StatList& list) const {
  list.add("posts", posts, "1", "calls that post");
  list.add("lists", lists, "1", "lists that they were split into");
  list.add("bytes_posted", bytes_posted, "B", "bytes posted");
  list.add("bytes_consumed", bytes_consumed, "B", "received bytes consumed");
  list.add("refused", refused, "1", "calls with a wrong object");
}

ToeTransport::ToeTransport(driver::HostPort& port, driver::NicDriver& driver,
                           std::uint32_t local_ip, const SocketParams& params)
    : port_(port), driver_(driver), local_ip_(local_ip), params_(params) {}

// ---- opening ------------------------------------------------------------------------------------

ToeSocket& ToeTransport::make(Asid process, std::uint16_t local_port) {
  sockets_.push_back(std::make_unique<ToeSocket>(process));
  ToeSocket& s = *sockets_.back();
  s.object.local_ip = local_ip_;
  s.object.local_port = local_port;
  return s;
}

Status ToeTransport::give_memory(ToeSocket& socket, std::uint64_t bytes) {
  socket.buffer = take_buffer(socket.process(), bytes);
  return status_of(driver_.give_receive_memory(socket.id, socket.buffer));
}

Status ToeTransport::listen(Asid process, std::uint16_t port, std::uint32_t backlog) {
  syscall();
  std::vector<ToeSocket*> waiting;
  for (std::uint32_t i = 0; i < backlog; ++i) waiting.push_back(&make(process, port));
  std::vector<driver::ConnectionClient*> clients(waiting.begin(), waiting.end());
  const driver::ConnectionId first = driver_.reserve(process, clients);
  for (std::uint32_t i = 0; i < backlog; ++i) waiting[i]->id = first + i;
  for (ToeSocket* s : waiting) {
    const Status status = give_memory(*s, params_.receive_buffer.n);
    if (status != Status::kOk) return status;
  }
  driver_.listen(port, first, backlog);
  return Status::kOk;
}

SocketObject* ToeTransport::accept(Asid process, std::uint16_t port) {
  syscall();
  for (;;) {
    sc_core::sc_event_or_list changes;
    bool any = false;
    for (const auto& s : sockets_) {
      if (s->process() != process || s->object.local_port != port || s->accepted) continue;
      if (s->object.remote_port != 0) {
        s->accepted = true;
        return &s->object;
      }
      changes |= s->changed;
      any = true;
    }
    if (!any) return nullptr;
    sc_core::wait(changes);
    ++sim::g_activations;
  }
}

/// Connection ids whose connection and whose application are both through with them.
void ToeTransport::release_ended() {
  for (const auto& s : sockets_) {
    if (s->released || !s->shut || s->state() != ToeSocket::State::kGone) continue;
    if (!s->listens) driver_.release(s->id);
    s->released = true;
  }
}

SocketObject* ToeTransport::connect(Asid process, const Endpoint& remote) {
  return open(process, remote, {});
}

SocketObject* ToeTransport::open(Asid process, const Endpoint& remote, const OpenOptions& options) {
  syscall();
  release_ended();
  clean_up();
  if (options.local_port != 0 && port_taken(options.local_port, remote)) return nullptr;
  ToeSocket& s = make(process, options.local_port != 0 ? options.local_port : free_port(remote));
  s.accepted = true;
  s.object.remote_ip = remote.ip;
  s.object.remote_port = remote.port;
  s.id = driver_.reserve(process, {&s});
  const std::uint64_t buffer = options.buffer != 0 ? options.buffer : params_.connect_buffer.n;
  if (give_memory(s, buffer) != Status::kOk) {
    driver_.release(s.id);
    s.shut = s.released = s.forgotten = true;
    return nullptr;
  }
  driver_.connect(s.id, s.object.local_port, remote.ip, remote.port, options.max_segment);
  return &s.object;
}

// ---- sending ------------------------------------------------------------------------------------

PostOutcome ToeTransport::post(Asid process, SocketObject& socket,
                               const std::vector<VirtualRange>& ranges) {
  ToeSocket* s = enter(process, socket);
  if (s == nullptr || s->shut) return {Status::kWrongObject, 0};
  const driver::LockGuard order(s->posting);
  while (s->state() == ToeSocket::State::kOpening) sim::wait(s->changed);
  if (s->state() == ToeSocket::State::kGone) return {end_of(*s), 0};
  ++stats_.posts;
  const PostId id = ++last_post_;
  return {post_lists(*s, id, ranges), id};
}

/// One list if it can be, else several, one behind the other. A list that is too large is halved.
Status ToeTransport::post_lists(ToeSocket& s, PostId id, const std::vector<VirtualRange>& ranges) {
  driver::RangeCursor left(ranges);
  while (left.remaining() > 0) {
    const std::uint64_t n = std::min(left.remaining(), s.list_limit);
    const driver::PostResult result = driver_.post(s.id, left.peek(n));
    if (result.status == PinStatus::kTooLarge && n > kPage) {
      s.list_limit = std::max(n / 2 / kPage * kPage, kPage);
      continue;
    }
    if (result.status != PinStatus::kOk) {
      return s.state() == ToeSocket::State::kGone ? end_of(s) : status_of(result.status);
    }
    s.add_list(id, result.txn);
    left.advance(n);
    s.object.sent += n;
    stats_.bytes_posted += n;
    ++stats_.lists;
  }
  return Status::kOk;
}

Status ToeTransport::wait(Asid process, SocketObject& socket, PostId post, Until what) {
  ToeSocket* s = enter(process, socket);
  if (s == nullptr || post > last_post_) return Status::kWrongObject;
  if (what == Until::kBufferReusable && driver_.copies_posts()) return Status::kOk;
  while (!s->acknowledged(post)) {
    if (s->state() == ToeSocket::State::kGone) return end_of(*s);
    sim::wait(s->changed);
  }
  return Status::kOk;
}

Status ToeTransport::shutdown(Asid process, SocketObject& socket) {
  ToeSocket* s = enter(process, socket);
  if (s == nullptr || s->shut) return Status::kWrongObject;
  s->shut = true;
  driver_.close(s->id);
  return Status::kOk;
}

// ---- receiving ----------------------------------------------------------------------------------

Received ToeTransport::recv(Asid process, SocketObject& socket) {
  ToeSocket* s = enter(process, socket);
  if (s == nullptr) return {Status::kWrongObject, {}};
  for (;;) {
    const VirtualRange bytes = s->readable();
    if (bytes.length > 0) return {Status::kOk, bytes};
    if (s->peer_closed()) return {Status::kEndOfStream, {}};
    if (s->state() == ToeSocket::State::kGone) return {end_of(*s), {}};
    sim::wait(s->changed);
  }
}

Status ToeTransport::consumed(Asid process, SocketObject& socket, std::uint64_t bytes) {
  ToeSocket* s = find(process, socket);
  if (s == nullptr) {
    ++stats_.refused;
    return Status::kWrongObject;
  }
  sim::ensure(bytes <= s->received() - s->consumed(), "socket: more consumed than received");
  s->object.received += bytes;
  stats_.bytes_consumed += bytes;
  // The NIC is told when it matters to the window: for a quarter of the buffer, or when all is
  // read.
  const bool tell =
      s->consumed() - s->told >= s->buffer.length / 4 || s->consumed() == s->received();
  if (tell && !s->released && s->consumed() != s->told) {
    s->told = s->consumed();
    driver_.consumed(s->id, s->told);
  }
  return Status::kOk;
}

// ---- looking ------------------------------------------------------------------------------------

ToeSocket* ToeTransport::find(Asid process, const SocketObject& object) const {
  for (const auto& s : sockets_) {
    if (&s->object == &object) return s->process() == process ? s.get() : nullptr;
  }
  return nullptr;
}

/// A system call on an object; null, and counted, if it is the wrong one.
ToeSocket* ToeTransport::enter(Asid process, const SocketObject& object) {
  syscall();
  ToeSocket* s = find(process, object);
  if (s == nullptr) ++stats_.refused;
  return s;
}

void ToeTransport::syscall() {
  port_.run(port_.costs().syscall, host::Priority::kApp, host::Work::kSocket);
}

bool ToeTransport::busy() const {
  return std::any_of(sockets_.begin(), sockets_.end(), [](const auto& s) {
    return s->has_pending() && s->state() != ToeSocket::State::kGone;
  });
}

std::string ToeTransport::describe() const {
  std::string text = "sockets:";
  for (const auto& s : sockets_) {
    if (!s->has_pending() || s->state() == ToeSocket::State::kGone) continue;
    text += " connection " + std::to_string(s->id) + " (port " +
            std::to_string(s->object.local_port) + ") waits for acknowledgment of posts, " +
            std::to_string(s->object.sent) + " B posted;";
  }
  return text;
}

}  // namespace vctoe::socket
