#include "models/sim/agenda.h"

#include "models/sim/error.h"

namespace vctoe::sim {

Appointment::Appointment() : agenda_(Agenda::instance()) {}

Appointment::~Appointment() {
  agenda_.set(*this, Time::never());
}

void Appointment::set_time(Time at) {
  if (at != at_) agenda_.set(*this, at);
}

// Never taken down: the kernel, whose event it holds, is not either.
Agenda& Agenda::instance() {
  static Agenda& one = *new Agenda("agenda");
  return one;
}

Agenda::Agenda(const sc_core::sc_module_name& name) : sc_module(name) {
  SC_METHOD(on_event);
  sensitive << event_;
  dont_initialize();
}

void Agenda::set(Appointment& entry, Time at) {
  if (entry.at_ != Time::never()) {
    auto place = row_.end();
    while ((--place)->entry != &entry) continue;
    row_.erase(place);
  }
  entry.at_ = at;
  if (at == Time::never()) return;
  std::size_t place = row_.size();
  row_.push_back({at, &entry});
  for (; place > 0 && row_[place - 1].at <= at; --place) row_[place] = row_[place - 1];
  row_[place] = {at, &entry};
  if (!running_) arm();
}

void Agenda::arm() {
  const Time next = !deferred_.empty() ? g_ahead : row_.empty() ? Time::never() : row_.back().at;
  if (next >= armed_) return;
  armed_ = next;
  // notify() keeps the earlier of two pending times, which is what is wanted here.
  event_.notify(to_sc(armed_ - min(armed_, kernel_time())));
}

void Agenda::on_event() {
  armed_ = Time::never();
  running_ = true;
  for (const Notification& n : deferred_) {
    if (n.immediately) {
      notify_immediately(*n.event);
    } else {
      notify(*n.event, n.delay);
    }
  }
  deferred_.clear();
  run_due(now());
  run_ahead();
  running_ = false;
  arm();
}

void Agenda::run_due(Time at) {
  while (!row_.empty() && row_.back().at <= at) {
    Appointment& entry = *row_.back().entry;
    row_.pop_back();
    entry.at_ = Time::never();
    ++g_activations;
    entry.wake();
  }
}

void Agenda::run_ahead() {
  const auto due_before = [this](Time end) { return !row_.empty() && row_.back().at < end; };
  if (!due_before(ahead_until_)) return;
  // Entries cannot change this: what they notify is deferred.
  const Time end =
      min(ahead_until_, kernel_time() + from_sc(sc_core::sc_time_to_pending_activity()));
  while (deferred_.empty() && due_before(end)) {
    g_ahead = row_.back().at;
    run_due(g_ahead);
  }
  ensure(g_ahead <= kernel_time() || !sc_core::sc_pending_activity_at_current_time(),
         "agenda: an entry notified an event at a time that has passed; use sim::notify()");
}

void notify(sc_core::sc_event& event, Time delay) {
  if (g_ahead > kernel_time()) return Agenda::instance().defer({&event, false, delay});
  event.notify(to_sc(delay));
}

void notify_immediately(sc_core::sc_event& event) {
  if (g_ahead > kernel_time()) return Agenda::instance().defer({&event, true, Time::zero()});
  event.notify();
}

void run(Time span) {
  Agenda& agenda = Agenda::instance();
  agenda.allow_ahead(now() + span);
  sc_core::sc_start(to_sc(span));
  agenda.allow_ahead(Time::zero());
}

}  // namespace vctoe::sim
