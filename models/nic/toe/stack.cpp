#include "models/nic/toe/stack.h"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "models/nic/toe/connection.h"
#include "models/nic/toe/initial_sequence.h"
#include "models/nic/toe/ready_queue.h"
#include "models/nic/toe/timer_heap.h"
#include "models/sim/error.h"
#include "models/sim/random.h"

namespace vctoe::toe {

namespace {
constexpr ConnectionId kNoConnection = ~0u;
constexpr ConnectionId kMostIds = 1u << 20;

struct TupleHash {
  std::size_t operator()(const FourTuple& t) const { return mix_tuple(t); }
};

SipKey secret_of(std::uint64_t seed) {
  sim::Rng rng(seed, "toe.secret");
  const std::uint64_t first = rng.next();
  return {first, rng.next()};
}

bool unicast(std::uint32_t ip) {
  return ip != 0 && (ip >> 28) < 0xe;
}
}  // namespace

class Stack::Impl {
 public:
  Impl(const TcpParams& params, std::uint32_t local_ip, std::uint64_t seed, StackListener& listener)
      : params_(params), local_ip_(local_ip), env_{params_, listener, secret_of(seed)} {}

  bool connect(ConnectionId id, const FourTuple& tuple, sim::Time now);
  bool listen(std::uint16_t port, ConnectionId first_id, std::uint32_t count);
  void unlisten(std::uint16_t port);
  void input(const Segment& s, sim::Time now);
  void icmp_error(const IcmpError& error, sim::Time now);
  std::optional<TxPlan> next(sim::Time now);
  bool reset_due() const { return env_.resets.size() > resets_out_; }
  bool has_work() const { return reset_due() || !control_.empty() || !data_.empty(); }
  std::optional<Segment> emit(const TxPlan& plan, sim::Time now);
  void drop(const TxPlan& plan, sim::Time now);
  sim::Time next_timer() const { return timers_.earliest(); }
  void on_timer(sim::Time now);

  Connection* find(ConnectionId id) const {
    return id < slots_.size() ? slots_[id].connection.get() : nullptr;
  }
  /// Runs a command on a connection that exists; nothing happens otherwise.
  template <class Command>
  void with(ConnectionId id, sim::Time now, Command&& command) {
    Connection* c = find(id);
    if (c == nullptr || c->gone()) return;
    enter(*c, now, [&] { command(*c); });
  }
  sim::Time latest() const { return latest_; }
  std::uint32_t local_ip() const { return local_ip_; }

 private:
  struct Slot {
    std::unique_ptr<Connection> connection;
    std::uint64_t first_plan = 0;  ///< plans with a lower number were for a predecessor
  };
  struct Port {
    std::uint16_t number;
    ConnectionId first_id;
    ConnectionId end_id;
  };

  template <class Work>
  void enter(Connection& c, sim::Time now, Work&& work) {
    latest_ = sim::max(latest_, now);
    ++c.busy;
    work();
    if (--c.busy == 0) settle(c, now);
  }
  void settle(Connection& c, sim::Time now);
  void remove(Connection& c);
  Connection& create(ConnectionId id, const FourTuple& tuple, sim::Time now);
  void reserve(ConnectionId id);
  Connection* lookup(const FourTuple& tuple);
  void input_listen(const Segment& s, sim::Time now);
  Connection* owner(const TxPlan& plan) const;
  std::optional<Segment> take_reset();
  static Sender::Range range_of(const TxPlan& plan);

  // Low bits of a plan's id.
  enum Kind : std::uint8_t { kFirst, kAgain, kControl, kReset };
  static constexpr unsigned kKindBits = 2;
  std::uint64_t new_id(Kind kind) { return (++plans_ << kKindBits) | kind; }
  static Kind kind_of(const TxPlan& plan) { return static_cast<Kind>(plan.id & 3); }

  TcpParams params_;
  std::uint32_t local_ip_;
  Environment env_;
  std::vector<Slot> slots_;
  std::vector<Port> ports_;
  std::unordered_map<FourTuple, Connection*, TupleHash> by_tuple_;  ///< looked up, never walked
  Connection* last_ = nullptr;  ///< of the last lookup: segments come in runs
  ReadyQueue control_;
  ReadyQueue data_;
  TimerHeap timers_;
  std::uint64_t plans_ = 0;
  std::size_t resets_out_ = 0;  ///< plans for resets that are out
  sim::Time latest_;
};

// ---- connections --------------------------------------------------------------------------------

void Stack::Impl::reserve(ConnectionId id) {
  if (id < slots_.size()) return;
  sim::ensure(id < kMostIds, "TCP: connection id beyond the table");
  const std::size_t size = std::max<std::size_t>(id + 1ull, slots_.size() * 2);
  slots_.resize(size);
  control_.resize(size);
  data_.resize(size);
  timers_.resize(size);
}

Connection& Stack::Impl::create(ConnectionId id, const FourTuple& tuple, sim::Time now) {
  reserve(id);
  slots_[id].connection = std::make_unique<Connection>(env_, id, tuple, now);
  slots_[id].first_plan = plans_ + 1;
  Connection& c = *slots_[id].connection;
  by_tuple_[tuple] = &c;
  return c;
}

Connection* Stack::Impl::lookup(const FourTuple& tuple) {
  if (last_ != nullptr && last_->tuple() == tuple) return last_;
  const auto found = by_tuple_.find(tuple);
  if (found == by_tuple_.end()) return nullptr;
  last_ = found->second;
  return last_;
}

/// After every event: what the connection has to send and when it wants to wake up.
void Stack::Impl::settle(Connection& c, sim::Time now) {
  if (c.gone()) return remove(c);
  c.settle(now);
  timers_.set(c.id(), c.deadline());
  control_.set(c.id(), c.control_due());
  data_.set(c.id(), c.data_due());
}

void Stack::Impl::remove(Connection& c) {
  const ConnectionId id = c.id();
  timers_.set(id, sim::Time::never());
  control_.set(id, false);
  data_.set(id, false);
  by_tuple_.erase(c.tuple());
  last_ = nullptr;
  const std::unique_ptr<Connection> gone = std::move(slots_[id].connection);
  env_.listener.closed(id, gone->reason());
}

bool Stack::Impl::connect(ConnectionId id, const FourTuple& tuple, sim::Time now) {
  if (id >= kMostIds || find(id) != nullptr || by_tuple_.count(tuple) != 0) return false;
  if (!unicast(tuple.remote_ip)) return false;  // MUST-46
  Connection& c = create(id, tuple, now);
  enter(c, now, [&] { c.connect(); });
  return true;
}

bool Stack::Impl::listen(std::uint16_t port, ConnectionId first_id, std::uint32_t count) {
  const auto same = [port](const Port& p) { return p.number == port; };
  if (std::any_of(ports_.begin(), ports_.end(), same)) return false;
  if (first_id >= kMostIds || count == 0) return false;
  ports_.push_back({port, first_id, first_id + std::min(count, kMostIds - first_id)});
  return true;
}

void Stack::Impl::unlisten(std::uint16_t port) {
  const auto same = [port](const Port& p) { return p.number == port; };
  ports_.erase(std::remove_if(ports_.begin(), ports_.end(), same), ports_.end());
}

// ---- wire ---------------------------------------------------------------------------------------

void Stack::Impl::input(const Segment& s, sim::Time now) {
  if (s.tuple.local_ip != local_ip_ || !unicast(s.tuple.remote_ip)) return;  // MUST-57, MUST-63
  Connection* c = lookup(s.tuple);
  if (c != nullptr && c->may_reopen(s)) {
    enter(*c, now, [c] { c->finish(CloseReason::kOrderly); });
    c = nullptr;
  }
  if (c == nullptr) return input_listen(s, now);
  enter(*c, now, [&] { c->input(s, now); });
}

void Stack::Impl::icmp_error(const IcmpError& error, sim::Time now) {
  Connection* c = lookup(error.tuple);
  if (c != nullptr) enter(*c, now, [&] { c->icmp_error(error, now); });
}

/// RFC 9293 3.10.7.1 and 3.10.7.2.
void Stack::Impl::input_listen(const Segment& s, sim::Time now) {
  const auto same = [&](const Port& p) { return p.number == s.tuple.local_port; };
  const auto port = std::find_if(ports_.begin(), ports_.end(), same);
  if (port == ports_.end() || s.has(kAck)) {
    return env_.resets.answer(s, static_cast<std::uint8_t>(params_.ttl),
                              static_cast<std::uint8_t>(params_.diffserv));
  }
  if (s.has(kRst) || !s.has(kSyn)) return;
  if (by_tuple_.size() >= params_.max_connections) return;
  ConnectionId id = port->first_id;
  const auto taken = [this](ConnectionId i) {
    return find(i) != nullptr || !env_.listener.may_accept(i);
  };
  while (id != port->end_id && taken(id)) ++id;
  if (id == port->end_id) return;
  Connection& c = create(id, s.tuple, now);
  enter(c, now, [&] { c.accept(s); });
}

std::optional<TxPlan> Stack::Impl::next(sim::Time now) {
  if (reset_due()) {
    ++resets_out_;
    // The segment travels in the queue; a plan only says that there is one.
    return TxPlan{kNoConnection, 0, 0, false, new_id(kReset)};
  }
  if (!control_.empty()) {
    Connection& c = *find(control_.take());
    c.plan_control();
    control_.set(c.id(), c.control_due());
    return TxPlan{c.id(), 0, 0, false, new_id(kControl)};
  }
  while (!data_.empty()) {
    Connection& c = *find(data_.take());
    const auto range = c.plan_data(plans_ + 1, now);
    settle(c, now);
    if (!range) continue;
    return TxPlan{c.id(), range->begin - kFirstByte,
                  static_cast<std::uint32_t>(range->end - range->begin), range->retransmit,
                  new_id(range->retransmit ? kAgain : kFirst)};
  }
  return std::nullopt;
}

/// The connection that a plan was made for; nullptr if it is gone.
Connection* Stack::Impl::owner(const TxPlan& plan) const {
  Connection* c = find(plan.connection);
  if (c == nullptr || c->gone()) return nullptr;
  return (plan.id >> kKindBits) >= slots_[plan.connection].first_plan ? c : nullptr;
}

Sender::Range Stack::Impl::range_of(const TxPlan& plan) {
  const Pos begin = plan.offset + kFirstByte;
  return {begin, begin + plan.length, plan.retransmit, false, plan.id >> kKindBits};
}

std::optional<Segment> Stack::Impl::take_reset() {
  resets_out_ -= resets_out_ > 0 ? 1 : 0;
  return env_.resets.pop();
}

std::optional<Segment> Stack::Impl::emit(const TxPlan& plan, sim::Time now) {
  if (kind_of(plan) == kReset) return take_reset();
  Connection* c = owner(plan);
  if (c == nullptr) return std::nullopt;
  std::optional<Segment> segment;
  enter(*c, now, [&] {
    segment = kind_of(plan) == kControl ? c->emit_control(now) : c->emit_data(range_of(plan), now);
  });
  return segment;
}

void Stack::Impl::drop(const TxPlan& plan, sim::Time now) {
  if (kind_of(plan) == kReset) {
    take_reset();
    return;
  }
  Connection* c = owner(plan);
  if (c == nullptr) return;
  enter(*c, now,
        [&] { kind_of(plan) == kControl ? c->drop_control() : c->drop_data(range_of(plan)); });
}

void Stack::Impl::on_timer(sim::Time now) {
  while (timers_.earliest() <= now) {
    Connection& c = *find(timers_.first());
    enter(c, now, [&] { c.on_timer(now); });
  }
}

// ---- the interface ------------------------------------------------------------------------------

Stack::Stack(const TcpParams& params, std::uint32_t local_ip, std::uint64_t seed,
             StackListener& listener)
    : impl_(std::make_unique<Impl>(params, local_ip, seed, listener)) {}
Stack::~Stack() = default;

bool Stack::connect(ConnectionId id, std::uint16_t local_port, std::uint32_t remote_ip,
                    std::uint16_t remote_port, sim::Time now) {
  return impl_->connect(id, {impl_->local_ip(), remote_ip, local_port, remote_port}, now);
}
bool Stack::listen(std::uint16_t local_port, ConnectionId first_id, std::uint32_t count) {
  return impl_->listen(local_port, first_id, count);
}
void Stack::unlisten(std::uint16_t local_port) {
  impl_->unlisten(local_port);
}
void Stack::set_receive_space(ConnectionId id, std::uint64_t offset, sim::Time now) {
  impl_->with(id, now, [&](Connection& c) { c.set_receive_space(offset); });
}
void Stack::post(ConnectionId id, std::uint64_t bytes, sim::Time now) {
  impl_->with(id, now, [&](Connection& c) { c.post(bytes); });
}
void Stack::set_available(ConnectionId id, std::uint64_t offset, bool flush) {
  impl_->with(id, impl_->latest(), [&](Connection& c) { c.set_available(offset, flush); });
}
void Stack::cut_at(ConnectionId id, std::uint64_t offset) {
  impl_->with(id, impl_->latest(), [&](Connection& c) { c.cut_at(offset); });
}
void Stack::close(ConnectionId id, sim::Time now) {
  impl_->with(id, now, [&](Connection& c) { c.close(); });
}
void Stack::release(ConnectionId id, std::uint64_t unread, sim::Time now) {
  impl_->with(id, now, [&](Connection& c) { c.release(unread); });
}
void Stack::set_nagle(ConnectionId id, bool on, sim::Time now) {
  impl_->with(id, now, [&](Connection& c) { c.set_nagle(on); });
}
void Stack::set_keepalive(ConnectionId id, bool on, sim::Time now) {
  impl_->with(id, now, [&](Connection& c) { c.set_keepalive(on, now); });
}
void Stack::set_max_segment(ConnectionId id, std::uint32_t bytes, sim::Time now) {
  impl_->with(id, now, [&](Connection& c) { c.set_max_segment(bytes); });
}
void Stack::set_diffserv(ConnectionId id, std::uint8_t code_point, sim::Time now) {
  impl_->with(id, now, [&](Connection& c) { c.set_diffserv(code_point); });
}
void Stack::set_retries(ConnectionId id, std::uint64_t retries, sim::Time now) {
  impl_->with(id, now, [&](Connection& c) { c.set_retries(retries); });
}
void Stack::set_urgent(ConnectionId id, sim::Time now) {
  impl_->with(id, now, [](Connection& c) { c.set_urgent(); });
}
void Stack::owe_ack(ConnectionId id, sim::Time now) {
  impl_->with(id, now, [](Connection& c) { c.owe_ack(); });
}
void Stack::abort(ConnectionId id, sim::Time now) {
  impl_->with(id, now, [&](Connection& c) { c.abort(now); });
}

void Stack::input(const Segment& segment, sim::Time now) {
  impl_->input(segment, now);
}
void Stack::icmp_error(const IcmpError& error, sim::Time now) {
  impl_->icmp_error(error, now);
}
std::optional<TxPlan> Stack::next(sim::Time now) {
  return impl_->next(now);
}
bool Stack::has_work(sim::Time /*now*/) const {
  return impl_->has_work();
}
std::optional<Segment> Stack::emit(const TxPlan& plan, sim::Time now) {
  return impl_->emit(plan, now);
}
void Stack::drop(const TxPlan& plan, sim::Time now) {
  impl_->drop(plan, now);
}
sim::Time Stack::next_timer() const {
  return impl_->next_timer();
}
void Stack::on_timer(sim::Time now) {
  impl_->on_timer(now);
}

std::uint64_t Stack::window_end(ConnectionId id) const {
  const Connection* c = impl_->find(id);
  return c == nullptr ? 0 : std::max(c->sender().window_end(), kFirstByte) - kFirstByte;
}
std::uint64_t Stack::send_limit(ConnectionId id) const {
  const Connection* c = impl_->find(id);
  return c == nullptr ? 0 : std::max(c->sender().send_limit(), kFirstByte) - kFirstByte;
}
std::optional<ConnectionView> Stack::view(ConnectionId id) const {
  const Connection* c = impl_->find(id);
  if (c == nullptr || c->gone()) return std::nullopt;
  return c->view();
}
Seq Stack::sequence_of(ConnectionId id, std::uint64_t offset) const {
  const Connection* c = impl_->find(id);
  return c == nullptr ? Seq{} : wrap(c->sender().iss(), offset + kFirstByte);
}

}  // namespace vctoe::toe
