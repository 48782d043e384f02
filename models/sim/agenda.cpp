#include "models/sim/agenda.h"

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
  if (row_.empty() || row_.back().at >= armed_) return;
  armed_ = row_.back().at;
  // notify() keeps the earlier of two pending times, which is what is wanted here.
  event_.notify(to_sc(armed_ - min(armed_, now())));
}

void Agenda::on_event() {
  armed_ = Time::never();
  running_ = true;
  const Time at = now();
  while (!row_.empty() && row_.back().at <= at) {
    Appointment& entry = *row_.back().entry;
    row_.pop_back();
    entry.at_ = Time::never();
    ++g_activations;
    entry.wake();
  }
  running_ = false;
  arm();
}

}  // namespace vctoe::sim
