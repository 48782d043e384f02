#include "sw/twin/pins.h"

#include <algorithm>

#include "sw/scenario/outputs.h"

namespace vctoe::twin {

namespace {

/// Below it, entries and lists that are under way weigh as much as pages.
constexpr double kFewPages = 16;

/// All of the stream, from the post on.
double whole_stream(const PinInputs& in, double after_s) {
  const double swapped = in.stream * in.pages.swapped_share();
  const double reading = (in.stream - swapped) * in.read_s + swapped * in.read_s / 2;
  return reading + in.stream * (in.cpu_s + in.sending.seconds + after_s);
}

/// Until the notice of the block's end has reached the driver: notices are moderated.
double notice_s(const scenario::ScenarioParams& params) {
  const host::CpuParams& cpu = params.system.host.cpu;
  return params.system.nic.rings.completion_interval.seconds() / 2 +
         (cpu.msi_delivery + cpu.isr + cpu.deferred_work).seconds();
}

/// B.s of so many bytes that go in so many seconds: `places` are pinned all the time, less what is
/// still being answered, but each block at least while it is fetched and sent.
double held(const BlockPipeline& b, double places, double bytes, double seconds, double late_s) {
  const double least = bytes * (b.fetch_s + b.block / b.line_rate);
  return std::max(least, places * seconds - bytes * late_s);
}

double by_block(const scenario::ScenarioParams& params, const PinInputs& in) {
  const BlockPipeline& b = in.blocks;
  // At the end of a stream less and less is left to be asked for.
  const double most = std::min({b.ahead * b.block, in.window, in.stream});
  const double ending = 1 - most / (2 * in.stream);
  // Pages that are there are pinned while the others of their block are being read.
  const double late_s = b.answer_s + in.pages.swapped_share() * (b.swapped_s - b.answer_s);
  const double growing = std::min(in.growing, in.stream);
  const double flowing = in.stream - growing;
  const double flowing_s = in.sending.seconds - in.sending.growing_s;
  // Pages count whole.
  const double whole = b.pinned / b.block;
  if (in.walker_limits) {
    return whole * in.stream * (b.reply_s + b.fetch_s + b.block / b.line_rate + notice_s(params));
  }
  // What is not acknowledged takes places; a block may be asked for when its first byte is inside
  // the receiver's window, and the one that is being sent counts whole.
  const double unacknowledged = flowing_s > 0 ? flowing / flowing_s * in.round_trip_s : 0;
  const double open = std::min(in.window + b.block, b.unacknowledged * b.block) - unacknowledged;
  const double places = std::max(b.block, std::min({b.ahead * b.block, in.stream, open})) * ending;
  // A shut window leaves the block at its edge waiting.
  const double flow = in.window_limits ? std::min(b.block, in.stream) * flowing_s
                                       : held(b, places, flowing, flowing_s, late_s);
  // The first blocks are asked for together, before any is sent: what is there of them is pinned
  // until the rest has been read.
  const double first =
      most * (1 - in.pages.swapped_share()) * b.swapped * (b.swapped_s - b.answer_s);
  return whole * (first + held(b, most * ending, growing, in.sending.growing_s, late_s) + flow +
                  in.stream * notice_s(params));
}

}  // namespace

double single_block_integral(double stream, double block, double rate, double pin_to_use_s) {
  return stream * (block / rate + pin_to_use_s);
}

double pinned_integral(const scenario::ScenarioParams& params, const scenario::Scheme& scheme,
                       const PinInputs& in) {
  using nic::Source;
  const nic::UnpinAt until = params.system.nic.core.unpin_at;
  if (scheme.circular || until == nic::UnpinAt::kRetrieved || params.driver.lazy_unpins > 0) {
    return outputs::kNotMeasured;
  }
  const bool pins = scheme.pin_at_post || scheme.first == Source::kPhysical;
  if (pins && in.pages.all <= kFewPages) return outputs::kNotMeasured;
  const bool acknowledged = scheme.unpin_acknowledged || until == nic::UnpinAt::kAcknowledged;
  const double after_s = acknowledged ? in.round_trip_s : 0;
  if (scheme.pin_at_post) return whole_stream(in, after_s);
  if (scheme.first != Source::kPhysical) return 0;
  if (in.blocks.waits_for_acknowledgement()) return outputs::kNotMeasured;
  return by_block(params, in) + in.stream * after_s;
}

}  // namespace vctoe::twin
