#include "sw/toe_tb/bench.h"

#include <algorithm>
#include <utility>

namespace vctoe::toe_tb {

using sim::Time;

namespace {
constexpr std::uint64_t kNever = ~std::uint64_t{0};
constexpr std::uint64_t kPsInNs = 1000;
}  // namespace

Bench::Bench(BenchConfig config) : config_(std::move(config)) {
  const scenario::ScenarioParams& params = config_.params;
  context_.seed = params.seed;
  if (!config_.pcap.empty()) {
    capture_ = std::make_unique<net::PcapngWriter>(config_.pcap);
    tap_ = std::make_unique<net::PcapTap>(*capture_, "toe");
  }
  host_ =
      std::make_unique<system::Host>("host", context_, 0, params.system, system::Place::kAdaptor);
  software_ = std::make_unique<scenario::Software>("host", context_, *host_, params);
  scenario::CardSoftware& card = *software_->cards[0];
  wire_ = std::make_unique<Wire>(host_->card(0).mac());
  if (tap_) host_->card(0).mac().add_tap(*tap_);
  if (!config_.vcd.empty()) {
    waves::Options options;
    options.on = true;
    waves_ = std::make_unique<waves::Waves>(
        config_.vcd, options, context_.trace,
        std::vector<waves::Waves::Watched>{
            {"host", *host_, software_->kernel,
             static_cast<std::uint32_t>(params.driver.connections)}});
  }
  program_ = std::make_unique<Program>(
      Platform{card.port, software_->kernel, card.transport, host_->nic.stack()},
      config_.send_buffer, params.system.nic.toe.nagle, params.system.nic.toe.keepalive);
  wire_->hold_while([this] { return program_->opening_ports(); });
  program_->on_port_open([this] { wire_->release(); });
}

Bench::~Bench() = default;

std::uint64_t Bench::now_ns() const {
  return sim::now().ps / kPsInNs;
}

Time Bench::next_event() {
  if (!started_) return sim::now();
  if (!sc_core::sc_pending_activity()) return Time::never();
  return sim::now() + sim::from_sc(sc_core::sc_time_to_pending_activity());
}

std::uint64_t Bench::next_event_ns() {
  const Time next = next_event();
  return next == Time::never() ? kNever : (next.ps + kPsInNs - 1) / kPsInNs;
}

/// Everything of the present time: processes that are ready, and what they make ready.
void Bench::settle() {
  while (!started_ || sc_core::sc_pending_activity_at_current_time()) {
    started_ = true;
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
  }
}

void Bench::run_until(std::uint64_t t_ns, bool stop_on_tx) {
  const Time end = Time::from_ns(std::min(t_ns, Time::never().ps / kPsInNs / 2));
  const std::uint64_t sent = wire_->sent();
  settle();
  if (!stop_on_tx) {
    if (end > sim::now()) sim::run(end - sim::now());
    return settle();
  }
  // From one time to the next, so that the kernel's clock stands where the frame left.
  while (wire_->sent() == sent && sim::now() < end) {
    sim::run(sim::min(next_event(), end) - sim::now());
    settle();
  }
}

void Bench::flush() {
  if (capture_) capture_->flush();
  if (waves_) waves_->close();
}

}  // namespace vctoe::toe_tb
