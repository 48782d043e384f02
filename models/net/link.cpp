#include "models/net/link.h"

#include <utility>

#include "models/net/ethernet.h"
#include "models/net/frame_drop.h"
#include "models/net/headers.h"
#include "models/sim/error.h"

namespace vctoe::net {

std::optional<sim::Time> Bottleneck::admit(std::uint32_t bytes, sim::Time now) {
  if (rate_.bps <= 0) return now;
  settle(now);
  const sim::Time span = rate_.time_for(wire_bytes(bytes));
  if (free_at_ > now) {
    if (waiting_.value() + bytes > room_) return std::nullopt;
    queue_.push_back({free_at_, bytes});
    waiting_.add(bytes, now);
  } else {
    free_at_ = now;
  }
  free_at_ += span;
  busy_ += span;
  return free_at_;
}

void Bottleneck::settle(sim::Time now) {
  while (head_ < queue_.size() && queue_[head_].start <= now) {
    waiting_.sub(queue_[head_].bytes, queue_[head_].start);
    ++head_;
  }
  // The tail moves down when more than half is behind us: constant cost a frame.
  if (head_ * 2 > queue_.size()) {
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
}

LinkDirection::LinkDirection(const sc_core::sc_module_name& name, sim::Context& context,
                             std::uint8_t node, const LinkParams& params, bool impaired)
    : sc_module(name),
      context_(context),
      node_(node),
      delay_(params.delay),
      bottleneck_(params.rate, params.queue.n),
      arrivals_([this](FramePtr& frame) {
        ++stats_.delivered;
        sink_->receive(std::move(frame));
      }) {
  if (impaired && Impairment::wanted(params)) {
    impairment_ = std::make_unique<Impairment>(params, context.seed, this->name());
  }
}

void LinkDirection::receive(FramePtr frame) {
  sim::ensure(sink_ != nullptr, "link: nobody is attached on the receiving side");
  ++stats_.frames;
  stats_.bytes += frame->size;
  const auto departed = bottleneck_.admit(frame->size, sim::now());
  if (!departed) return drop(*frame, DropReason::kQueueFull);
  const Fate fate = impairment_ ? impairment_->next(*frame) : Fate{};
  forward(std::move(frame), *departed, fate);
}

void LinkDirection::forward(FramePtr frame, sim::Time departed, const Fate& fate) {
  if (fate.lost) return drop(*frame, DropReason::kLost);
  if (fate.corrupted) {
    frame = impairment_->corrupt(*frame);
    ++stats_.corrupted;
  }
  sim::Time at = departed + delay_ + fate.extra;
  if (fate.reordered) {
    ++stats_.reordered;
  } else {
    at = last_in_order_ = sim::max(at, last_in_order_);
  }
  if (fate.duplicated) {
    ++stats_.duplicated;
    arrivals_.push(at, frame);
  }
  arrivals_.push(at, std::move(frame));
}

void LinkDirection::drop(const Frame& frame, DropReason reason) {
  ++(reason == DropReason::kLost ? stats_.lost : stats_.queue_drops);
  trace_drop(context_.trace, node_, frame, reason);
}

void LinkDirection::settle_stats() {
  const sim::Time now = sim::now();
  bottleneck_.settle(now);
  bottleneck_.waiting().settle(now);
  stats_.queue = bottleneck_.waiting();
  stats_.busy = bottleneck_.busy();
}

void LinkDirection::Stats::declare(sim::StatList& list) const {
  list.add("frames", frames, "1", "frames put in by the station");
  list.add("bytes", bytes, "B", "bytes of these frames, address to FCS");
  list.add("delivered", delivered, "1", "frames handed to the other station, with duplicates");
  list.add("lost", lost, "1", "frames lost by the network");
  list.add("queue_drops", queue_drops, "1", "frames that found the queue full");
  list.add("reordered", reordered, "1", "frames held back so that others overtake");
  list.add("duplicated", duplicated, "1", "frames delivered twice");
  list.add("corrupted", corrupted, "1", "frames with a flipped bit");
  list.add("queue", queue, "B", "bytes waiting in front of the bottleneck");
  list.add("busy", busy, "s", "time the bottleneck needs for what it accepted");
}

Link::Link(const sc_core::sc_module_name& name, sim::Context& context, const LinkParams& params)
    : sc_module(name),
      forward_("forward", context, 0, params, params.impair != Impaired::kBackward),
      backward_("backward", context, 1, params, params.impair != Impaired::kForward) {}

void Link::settle_stats() {
  forward_.settle_stats();
  backward_.settle_stats();
}

void Link::Stats::declare(sim::StatList& list) const {
  list.group("forward", forward);
  list.group("backward", backward);
}

}  // namespace vctoe::net
