// The calls of toe_tb.h. They look at the model and note what is wanted; they take no time.
#include <algorithm>
#include <cerrno>
#include <climits>

#include "sw/toe_tb/program.h"
#include "sw/toe_tb/status_codes.h"

namespace vctoe::toe_tb {

using socket::Readiness;
using socket::SelectTransport;
using socket::VirtualRange;
using toe::ConnectionView;

namespace {
constexpr int kMostBacklog = 512;
constexpr long kLeastSegment = 48;
constexpr long kMostSegment = 65495;

long number(std::uint64_t n) {
  return n > static_cast<std::uint64_t>(LONG_MAX) ? LONG_MAX : static_cast<long>(n);
}
long microseconds(sim::Time t) {
  return number(t.ps / 1'000'000);
}

/// What can be read of a connection, beside its options.
struct Field {
  std::string_view key;
  long (*get)(const ConnectionView&);
};
constexpr Field kFields[] = {
    {"snd_una", [](const ConnectionView& v) { return number(v.snd_una.v); }},
    {"snd_nxt", [](const ConnectionView& v) { return number(v.snd_nxt.v); }},
    {"snd_wnd", [](const ConnectionView& v) { return number(v.snd_wnd); }},
    {"iss", [](const ConnectionView& v) { return number(v.iss.v); }},
    {"rcv_nxt", [](const ConnectionView& v) { return number(v.rcv_nxt.v); }},
    {"rcv_wnd", [](const ConnectionView& v) { return number(v.rcv_wnd); }},
    {"cwnd", [](const ConnectionView& v) { return number(v.cwnd); }},
    {"ssthresh", [](const ConnectionView& v) { return number(v.ssthresh); }},
    {"srtt_us", [](const ConnectionView& v) { return microseconds(v.srtt); }},
    {"rttvar_us", [](const ConnectionView& v) { return microseconds(v.rttvar); }},
    {"rto_us", [](const ConnectionView& v) { return microseconds(v.rto); }},
    {"mss", [](const ConnectionView& v) { return number(v.mss); }},
    {"rexmits", [](const ConnectionView& v) { return number(v.retransmits); }},
    {"dupacks", [](const ConnectionView& v) { return number(v.duplicate_acks); }},
    {"timeouts", [](const ConnectionView& v) { return number(v.timeouts); }},
    {"fast_rexmits", [](const ConnectionView& v) { return number(v.fast_retransmits); }},
};
}  // namespace

Handle* Program::find(int h) const {
  if (h < 0 || static_cast<std::size_t>(h) >= handles_.size()) return nullptr;
  Handle* handle = handles_[static_cast<std::size_t>(h)].get();
  return handle->kind == Handle::Kind::kFree ? nullptr : handle;
}

/// Of an owner who has not closed it; otherwise null, and `error` says why.
Handle* Program::connection(int h, int& error) const {
  Handle* handle = find(h);
  error = handle == nullptr || handle->closed ? -EBADF : -EOPNOTSUPP;
  if (handle == nullptr || handle->closed) return nullptr;
  return handle->kind == Handle::Kind::kConnection ? handle : nullptr;
}

std::optional<ConnectionView> Program::view(const Handle& h) const {
  if (h.object == nullptr || platform_.transport.ready(process_, *h.object).gone) return {};
  return platform_.stack.view(platform_.transport.connection_of(*h.object));
}

/// Negative errno of a connection that is not there any more; 0 while it is, or ended in order.
int Program::ended(const Handle& h) const {
  if (h.error != 0 || h.object == nullptr) return h.error;
  const Readiness ready = platform_.transport.ready(process_, *h.object);
  return ready.gone ? error_of(ready.end) : 0;
}

// ---- opening ------------------------------------------------------------------------------------

int Program::listen(std::uint16_t port, int backlog) {
  if (port == 0) return -EINVAL;
  for (const auto& other : handles_) {
    const bool listens = other->kind == Handle::Kind::kListener && !other->over;
    if (listens && other->port == port) return -EADDRINUSE;
  }
  const int number = add(Handle::Kind::kListener);
  Handle& h = *find(number);
  h.port = port;
  h.backlog = static_cast<std::uint32_t>(std::clamp(backlog, 1, kMostBacklog));
  ++opening_ports_;
  want(h);
  return number;
}

int Program::accept(int lh, std::uint32_t* ip, std::uint16_t* port) {
  Handle* listener = find(lh);
  if (listener == nullptr || listener->closed) return -EBADF;
  if (listener->kind != Handle::Kind::kListener) return -EINVAL;
  if (listener->error != 0) return listener->error;
  socket::SocketObject* object = platform_.transport.take(process_, listener->port);
  if (object == nullptr) return -EAGAIN;
  const int number = add(Handle::Kind::kConnection);
  Handle& h = *find(number);
  h.object = object;
  h.port = object->local_port;
  h.remote = {object->remote_ip, object->remote_port};
  platform_.transport.on_change(process_, *object, [this, &h] { want(h); });
  if (ip != nullptr) *ip = object->remote_ip;
  if (port != nullptr) *port = object->remote_port;
  want(*find(lh));
  return number;
}

int Program::connect(const socket::Endpoint& remote, std::uint16_t local_port) {
  if (remote.ip == 0 || remote.port == 0 || (remote.ip >> 28) >= 0xe) return -EINVAL;
  const int number = add(Handle::Kind::kConnection);
  Handle& h = *find(number);
  h.remote = remote;
  h.port = local_port;
  want(h);
  return number;
}

// ---- state --------------------------------------------------------------------------------------

int Program::status(int number) {
  Handle* h = find(number);
  if (h == nullptr) return -EBADF;
  if (h->over) return 0;
  if (h->kind == Handle::Kind::kListener) return h->error != 0 ? h->error : (h->closed ? 0 : 1);
  if (const auto v = view(*h)) {
    h->last_state = v->state;
    return static_cast<int>(v->state);
  }
  if (const int error = ended(*h)) return error;
  const bool gone = h->object != nullptr && platform_.transport.ready(process_, *h->object).gone;
  // The NIC has not seen the command yet, or the host has not heard of the end.
  return gone ? 0 : static_cast<int>(h->last_state);
}

// ---- bytes --------------------------------------------------------------------------------------

long Program::send(int number, const void* data, std::size_t n) {
  int error = 0;
  Handle* h = connection(number, error);
  if (h == nullptr) return error;
  if ((error = ended(*h)) != 0) return error;
  const bool gone = h->object != nullptr && platform_.transport.ready(process_, *h->object).gone;
  if (h->fin_wanted || gone) return -EPIPE;
  if (n == 0) return 0;
  if (h->object != nullptr) retire(*h);
  const std::uint64_t used = h->staged.size() + (h->written - h->acknowledged);
  if (used >= h->capacity) return -EAGAIN;
  const std::uint64_t taken = std::min<std::uint64_t>(n, h->capacity - used);
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  h->staged.insert(h->staged.end(), bytes, bytes + taken);
  want(*h);
  return static_cast<long>(taken);
}

long Program::recv(int number, void* to, std::size_t n, bool peek) {
  int error = 0;
  Handle* h = connection(number, error);
  if (h == nullptr) return error;
  std::size_t got = 0;
  while (h->object != nullptr && got < n) {
    const std::uint64_t from = h->read + got;
    const VirtualRange piece = platform_.transport.readable(process_, *h->object, from);
    if (piece.length == 0) break;
    const std::size_t k = std::min<std::size_t>(n - got, piece.length);
    const bool there =
        platform_.kernel.peek(process_, piece.address, static_cast<std::uint8_t*>(to) + got, k);
    sim::ensure(there, "test bench: receive memory is not mapped");
    got += k;
  }
  if (got > 0 && !peek) {
    h->read += got;
    want(*h);
  }
  if (got > 0 || n == 0) return static_cast<long>(got);
  if (h->object != nullptr && platform_.transport.ready(process_, *h->object).end_of_stream) {
    return 0;
  }
  if ((error = ended(*h)) != 0) return error;
  const bool gone = h->object != nullptr && platform_.transport.ready(process_, *h->object).gone;
  return gone ? 0 : -EAGAIN;
}

// ---- ending -------------------------------------------------------------------------------------

int Program::shutdown(int number) {
  int error = 0;
  Handle* h = connection(number, error);
  if (h == nullptr) return error;
  if ((error = ended(*h)) != 0) return error;
  h->fin_wanted = true;
  want(*h);
  return 0;
}

int Program::close(int number) {
  Handle* h = find(number);
  if (h == nullptr || h->closed) return -EBADF;
  h->closed = h->fin_wanted = true;
  want(*h);
  return 0;
}

int Program::abort(int number) {
  Handle* h = find(number);
  if (h == nullptr || h->over) return -EBADF;
  h->closed = h->abort_wanted = true;
  want(*h);
  return 0;
}

// ---- options ------------------------------------------------------------------------------------

int Program::set_option(int number, std::string_view key, long value) {
  Handle* h = find(number);
  if (h == nullptr || h->closed) return -EBADF;
  const bool listener = h->kind == Handle::Kind::kListener;
  if (key == "rcvbuf") {
    const bool started = h->object != nullptr || h->listening;
    if (value < 4096 || value > (1L << 30)) return -EINVAL;
    if (started) return -EISCONN;
    h->receive_buffer = static_cast<std::uint64_t>(value);
    return 0;
  }
  if (listener) return -EOPNOTSUPP;
  if (key == "sndbuf") {
    if (value < 4096 || value > (1L << 30)) return -EINVAL;
    if (h->written != 0 || h->circle != 0) return -EISCONN;
    h->capacity = static_cast<std::uint64_t>(value);
    return 0;
  }
  const bool on = value != 0;
  if (key == "nodelay") {
    h->nagle = on ? 0 : 1;
    h->options.emplace_back(SelectTransport::Option::kNagle, on ? 0 : 1);
  } else if (key == "keepalive") {
    h->keepalive = on ? 1 : 0;
    h->options.emplace_back(SelectTransport::Option::kKeepalive, on ? 1 : 0);
  } else if (key == "maxseg") {
    if (value < kLeastSegment || value > kMostSegment) return -EINVAL;
    const auto bytes = static_cast<std::uint64_t>(value);
    h->max_segment = bytes;
    if (h->object != nullptr) h->options.emplace_back(SelectTransport::Option::kMaxSegment, bytes);
  } else if (key == "dscp" || key == "retries") {
    const bool dscp = key == "dscp";
    if (value < 0 || value > (dscp ? 63 : 255)) return -EINVAL;
    h->options.emplace_back(
        dscp ? SelectTransport::Option::kDiffserv : SelectTransport::Option::kRetries,
        static_cast<std::uint64_t>(value));
  } else {
    return -ENOPROTOOPT;
  }
  want(*h);
  return 0;
}

int Program::get_option(int number, std::string_view key, long* value) {
  const Handle* h = find(number);
  if (h == nullptr || value == nullptr) return h == nullptr ? -EBADF : -EINVAL;
  if (key == "nodelay") {
    *value = 1 - h->nagle;
  } else if (key == "keepalive") {
    *value = h->keepalive;
  } else if (key == "sndbuf") {
    *value = static_cast<long>(h->capacity);
  } else if (key == "error") {
    *value = -ended(*h);
  } else if (key == "urgent") {
    if (h->object == nullptr) return -ENOTCONN;
    *value = static_cast<long>(platform_.transport.ready(process_, *h->object).urgent);
  } else {
    const auto* field = std::find_if(std::begin(kFields), std::end(kFields), [key](const Field& f) {
      return f.key == key || (key == "maxseg" && f.key == "mss");
    });
    if (field == std::end(kFields)) return -ENOPROTOOPT;
    const auto v = view(*h);
    if (!v) return -ENOTCONN;
    *value = field->get(*v);
  }
  return 0;
}

}  // namespace vctoe::toe_tb
