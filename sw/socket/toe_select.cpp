// The TOE transport for programs that wait for none of their connections (select.h).
#include <algorithm>

#include "sw/socket/toe_transport.h"

namespace vctoe::socket {

namespace {
constexpr std::uint16_t kFirstDynamicPort = 49152;  // RFC 6335 section 6
}

// ---- listening ----------------------------------------------------------------------------------

ToeTransport::Listener* ToeTransport::listener(Asid process, std::uint16_t port) {
  for (const auto& l : listeners_) {
    if (l->process == process && l->port == port && !l->ended) return l.get();
  }
  return nullptr;
}

Status ToeTransport::listen(Asid process, std::uint16_t port, const ListenOptions& options) {
  syscall();
  clean_up();
  auto made = std::make_unique<Listener>();
  Listener& l = *made;
  l.process = process;
  l.port = port;
  l.options = options;
  l.options.at_once = std::max(options.at_once, options.backlog);
  if (l.options.buffer == 0) l.options.buffer = params_.receive_buffer.n;
  l.first =
      driver_.reserve(process, std::vector<driver::ConnectionClient*>(l.options.at_once, nullptr));
  listeners_.push_back(std::move(made));
  const Status status = refill(process, port);
  if (status == Status::kOk) {
    driver_.listen(port, l.first, l.options.at_once);
    driver_.wait_taken();  // who connects from now on is heard
    return status;
  }
  l.ended = true;
  for (const auto& s : sockets_) {
    const bool own = s->listens && s->id >= l.first && s->id - l.first < l.options.at_once;
    if (own) s->accepted = s->shut = s->released = s->forgotten = true;
  }
  clean_up();  // the ids go back, and their memory with them
  return status;
}

/// An id of the listener's that no socket has any more.
std::optional<driver::ConnectionId> ToeTransport::idle_id(const Listener& l) const {
  std::vector<bool> taken(l.options.at_once);
  for (const auto& s : sockets_) {
    const bool own = s->listens && !s->released && s->id >= l.first;
    if (own && s->id - l.first < taken.size()) taken[s->id - l.first] = true;
  }
  const auto free = std::find(taken.begin(), taken.end(), false);
  if (free == taken.end()) return std::nullopt;
  return l.first + static_cast<driver::ConnectionId>(free - taken.begin());
}

Status ToeTransport::refill(Asid process, std::uint16_t port) {
  release_ended();
  clean_up();
  for (;;) {
    // Looked up anew each time: the calls below may wait, and the listener may have ended.
    Listener* l = listener(process, port);
    if (l == nullptr) return Status::kWrongObject;
    const auto waiting = std::count_if(sockets_.begin(), sockets_.end(), [&](const auto& s) {
      return s->listens && !s->accepted && s->object.local_port == port;
    });
    if (waiting >= static_cast<std::ptrdiff_t>(l->options.backlog)) return Status::kOk;
    const auto id = idle_id(*l);
    if (!id) return Status::kOk;  // a connection that ends makes room
    ToeSocket& s = make(process, port);
    s.listens = true;
    s.id = *id;
    s.on_change = l->options.changed;
    driver_.renew(s.id, s);
    const Status status = give_memory(s, l->options.buffer);
    if (status == Status::kOk) continue;
    s.accepted = s.shut = s.released = s.forgotten = true;
    return status;
  }
}

SocketObject* ToeTransport::take(Asid process, std::uint16_t port) {
  for (const auto& s : sockets_) {
    const bool here = s->process() == process && s->object.local_port == port && s->listens;
    if (!here || s->accepted || s->object.remote_port == 0) continue;
    s->accepted = true;
    s->on_change = nullptr;
    return &s->object;
  }
  return nullptr;
}

Status ToeTransport::unlisten(Asid process, std::uint16_t port) {
  syscall();
  Listener* l = listener(process, port);
  if (l == nullptr) return Status::kWrongObject;
  l->ended = true;
  std::vector<driver::ConnectionId> unwanted;
  for (const auto& s : sockets_) {
    if (!s->listens || s->accepted || s->object.local_port != port) continue;
    s->accepted = s->shut = s->forgotten = true;
    s->on_change = nullptr;
    if (s->object.remote_port != 0) unwanted.push_back(s->id);
  }
  driver_.unlisten(port, l->first, l->options.at_once);
  for (const driver::ConnectionId id : unwanted) driver_.abort(id);
  return Status::kOk;
}

// ---- opening ------------------------------------------------------------------------------------

bool ToeTransport::port_taken(std::uint16_t port, const Endpoint& remote) const {
  return std::any_of(sockets_.begin(), sockets_.end(), [&](const auto& s) {
    return s->object.local_port == port && s->object.remote_ip == remote.ip &&
           s->object.remote_port == remote.port && s->state() != ToeSocket::State::kGone;
  });
}

std::uint16_t ToeTransport::free_port(const Endpoint& remote) {
  std::uint16_t port = 0;
  do {
    port = next_port_;
    next_port_ = next_port_ == 0xffff ? kFirstDynamicPort : next_port_ + 1;
  } while (port_taken(port, remote));
  return port;
}

/// Receive memory of the process that an earlier connection had, or fresh.
VirtualRange ToeTransport::take_buffer(Asid process, std::uint64_t bytes) {
  const auto spare = spare_buffers_.find({process, bytes});
  if (spare == spare_buffers_.end()) return {port_.map(process, bytes), bytes};
  const VirtualRange buffer = spare->second;
  spare_buffers_.erase(spare);
  return buffer;
}

// ---- looking ------------------------------------------------------------------------------------

void ToeTransport::on_change(Asid process, SocketObject& object, Changed changed) {
  if (ToeSocket* s = find(process, object)) s->on_change = std::move(changed);
}

Readiness ToeTransport::ready(Asid process, const SocketObject& object) const {
  const ToeSocket* s = find(process, object);
  if (s == nullptr) return {false, true, true, Status::kWrongObject, 0, 0, 0, {}};
  return {s->state() == ToeSocket::State::kOpen,
          s->state() == ToeSocket::State::kGone,
          s->peer_closed(),
          s->end(),
          s->received(),
          s->urgent(),
          s->advices(),
          s->advice()};
}

VirtualRange ToeTransport::readable(Asid process, const SocketObject& object,
                                    std::uint64_t from) const {
  const ToeSocket* s = find(process, object);
  if (s == nullptr || s->received() <= from) return {};
  const std::uint64_t at = from % s->buffer.length;
  return {s->buffer.address + at, std::min(s->received() - from, s->buffer.length - at)};
}

bool ToeTransport::done(Asid process, const SocketObject& object, PostId post) const {
  const ToeSocket* s = find(process, object);
  return s == nullptr || s->acknowledged(post);
}

driver::ConnectionId ToeTransport::connection_of(const SocketObject& object) const {
  for (const auto& s : sockets_) {
    if (&s->object == &object) return s->id;
  }
  return ~driver::ConnectionId{0};
}

// ---- ending -------------------------------------------------------------------------------------

Status ToeTransport::set_option(Asid process, SocketObject& object, Option option,
                                std::uint64_t value) {
  constexpr nic::Option kOptions[] = {nic::Option::kNagle,      nic::Option::kKeepalive,
                                      nic::Option::kMaxSegment, nic::Option::kDiffserv,
                                      nic::Option::kRetries,    nic::Option::kUrgent};
  ToeSocket* s = enter(process, object);
  if (s == nullptr) return Status::kWrongObject;
  if (!s->released) driver_.set_option(s->id, kOptions[static_cast<std::size_t>(option)], value);
  return Status::kOk;
}

Status ToeTransport::close(Asid process, SocketObject& object) {
  ToeSocket* s = enter(process, object);
  if (s == nullptr) return Status::kWrongObject;
  s->shut = true;
  if (!s->released) driver_.release_reader(s->id, s->consumed());
  return Status::kOk;
}

Status ToeTransport::abort(Asid process, SocketObject& object) {
  ToeSocket* s = enter(process, object);
  if (s == nullptr) return Status::kWrongObject;
  s->shut = true;
  if (s->state() != ToeSocket::State::kGone) driver_.abort(s->id);
  return Status::kOk;
}

void ToeTransport::forget(Asid process, SocketObject& object) {
  ToeSocket* s = enter(process, object);
  if (s == nullptr) return;
  s->shut = s->forgotten = true;
  s->on_change = nullptr;
  release_ended();
  clean_up();
}

/// Sockets that neither an application nor the driver knows any more.
void ToeTransport::clean_up() {
  const auto over = [this](const std::unique_ptr<ToeSocket>& s) {
    if (!s->released || !s->forgotten || s->posting.held()) return false;
    spare_buffers_.emplace(std::make_pair(s->process(), s->buffer.length), s->buffer);
    return true;
  };
  sockets_.erase(std::remove_if(sockets_.begin(), sockets_.end(), over), sockets_.end());
  drop_listeners();
}

/// Listeners that have ended, when the last of their connections has.
void ToeTransport::drop_listeners() {
  const auto in_use = [this](const std::unique_ptr<Listener>& l) {
    return !l->ended || std::any_of(sockets_.begin(), sockets_.end(), [&](const auto& s) {
      return s->listens && s->id >= l->first && s->id - l->first < l->options.at_once;
    });
  };
  const auto over = std::stable_partition(listeners_.begin(), listeners_.end(), in_use);
  std::vector<std::pair<driver::ConnectionId, std::uint32_t>> ids;
  for (auto l = over; l != listeners_.end(); ++l) {
    ids.emplace_back((*l)->first, (*l)->options.at_once);
  }
  listeners_.erase(over, listeners_.end());
  for (const auto& [first, count] : ids) {  // may wait
    for (std::uint32_t i = 0; i < count; ++i) driver_.release(first + i);
  }
}

}  // namespace vctoe::socket
