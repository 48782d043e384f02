// Running a scenario to its end, and the figures of the table.
#include <algorithm>
#include <chrono>
#include <ctime>

#include "sw/scenario/scenario.h"

namespace vctoe::scenario {

namespace {

constexpr sim::Time kSlice = sim::Time::from_us(500);  ///< between looks at progress and end
constexpr sim::Time kQuietLimit = sim::Time::from_s(5);

void advance(sim::Time span) {
  sc_core::sc_start(sim::to_sc(span));
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double cpu_seconds() {
  std::timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

}  // namespace

outputs::RunSummary Scenario::run() {
  const double cpu = cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  activations_before_ = sim::g_activations;
  try {
    run_applications();
    for (auto& victim : victims_) victim->stop();
    if (finished()) run_until_quiet();
  } catch (...) {
    // What led to a failure is what a reader of the records is looking for.
    close_records();
    throw;
  }
  close_records();
  outputs::RunSummary summary = summarise();
  summary.cpu_s = cpu_seconds() - cpu;
  summary.wall_s = seconds_since(start);
  return summary;
}

/// Everything recorded so far is on disk afterwards.
void Scenario::close_records() {
  for (auto& capture : captures_) capture->flush();
  if (trace_) trace_->close();
}

void Scenario::run_applications() {
  const double total = static_cast<double>(stream_bytes_ * jobs_.size());
  auto shown = std::chrono::steady_clock::now();
  while (!finished() && sim::now() < params_.stream.time_limit) {
    advance(kSlice);
    if (!sc_core::sc_pending_activity()) return;  // done, or nobody will ever move again
    if (sender_->done() && !all_sent()) return;   // the receiver would wait for what never comes
    if (!options_.progress || seconds_since(shown) < 0.1) continue;
    shown = std::chrono::steady_clock::now();
    options_.progress(total > 0 ? static_cast<double>(receiver_->delivered()) / total : 1,
                      sim::now().seconds());
  }
}

bool Scenario::all_sent() const {
  const auto& results = sender_->results();
  return std::all_of(results.begin(), results.end(),
                     [](const auto& r) { return r.status == socket::Status::kOk; });
}

/// The last acknowledgments and unpins are still on their way when the applications are done.
void Scenario::run_until_quiet() {
  const sim::Time limit = sim::now() + kQuietLimit;
  while (busy() && sim::now() < limit && sc_core::sc_pending_activity()) advance(kSlice);
}

outputs::RunSummary Scenario::summarise() {
  outputs::RunSummary s;
  s.scheme = std::string(scheme_.name);
  s.sha256_source = sha256_;
  s.stream_bytes = stream_bytes_;
  s.simulated_s = sim::now().seconds();
  s.kernel_activations = sim::g_activations - activations_before_;
  summarise_streams(s);
  if (s.ok) {
    const auto buffer = [&](unsigned i) {
      return hardware_->host(i).nic.packet_buffer().stats().used.value();
    };
    const auto nodes = [&](unsigned i) {
      return software_[i]->driver.outstanding().count(driver::OutstandingKind::kNode);
    };
    monitors_->finish({buffer(0), buffer(1)}, {nodes(0), nodes(1)});
  }
  summarise_costs(s);
  return s;
}

/// Who waits for whom.
std::string Scenario::describe() const {
  std::string text = sender_->describe() + "; " + receiver_->describe();
  for (unsigned i = 0; i < 2; ++i) {
    text += "; " + hardware_->host(i).nic.describe() + "; " + software_[i]->driver.describe() +
            "; " + software_[i]->transport.describe();
  }
  return text;
}

void Scenario::summarise_streams(outputs::RunSummary& s) const {
  sim::Time first = sim::Time::never();
  sim::Time last;
  double hold = 0;
  std::uint64_t failed = 0;
  s.ok = finished();
  if (!s.ok) {
    s.failure = "not done at " + std::to_string(sim::now().seconds()) + " s; " +
                sender_->describe() + "; " + receiver_->describe();
  }
  for (const app::SendResult& r : sender_->results()) {
    first = sim::min(first, r.posted);
    hold += (r.reusable - sim::min(r.posted, r.reusable)).seconds();
    if (r.status != socket::Status::kOk && failed++ == 0) {
      s.failure = "sender: " + std::string(sim::enum_name(r.status)) +
                  (s.failure.empty() ? "" : "; " + s.failure);
    }
  }
  std::uint64_t bytes = 0;
  for (const app::ReceiveResult& r : receiver_->results()) {
    last = sim::max(last, r.last);
    bytes += r.bytes;
    s.sha256_received = r.sha256;
    if (s.failure.empty() && params_.receiver.digest && r.sha256 != sha256_) {
      s.failure = "the bytes that arrived on connection from port " +
                  std::to_string(r.remote_port) + " differ from those sent";
    }
  }
  s.ok = s.failure.empty();
  s.hold_s = hold / static_cast<double>(sender_->results().size());
  if (first == sim::Time::never() || last <= first) return;
  s.completion_s = (last - first).seconds();
  s.goodput_bps = static_cast<double>(bytes) * 8 / s.completion_s;
}

void Scenario::summarise_costs(outputs::RunSummary& s) {
  hardware_->settle_stats();
  for (auto& software : software_) software->settle_stats();
  for (auto& victim : victims_) victim->settle_stats();
  system::Host& host = hardware_->host(kSender);
  const Software& software = *software_[kSender];
  s.lists_posted = software.transport.stats().lists;
  const auto& pins = software.kernel.ledger().stats();
  const sim::Level& agent = pins.by_owner[static_cast<std::size_t>(kernel::PinOwner::kAgent)];
  s.pinned_peak_bytes = agent.peak();
  s.pinned_byte_s = agent.settled();
  if (host.swap_device() != nullptr) {
    s.swap_in_bytes = host.swap_device()->disk().stats().bytes_read;
    s.swap_out_bytes = host.swap_device()->disk().stats().bytes_written;
  }
  s.pcie_up_bytes = host.pcie.stats().up.wire_bytes;
  s.pcie_down_bytes = host.pcie.stats().down.wire_bytes;
  const auto& busy = host.cpu.stats().busy;
  double cpu = 0;
  for (std::size_t w = 1; w < busy.size(); ++w) cpu += busy[w].seconds();  // all but applications
  s.host_cpu_s = cpu;
  s.retransmitted_segments = host.nic.tx().stats().retransmitted_segments;
  s.buffer_peak_bytes = host.nic.packet_buffer().stats().used.peak();
  s.segments =
      host.nic.tx().stats().segments + hardware_->host(kReceiver).nic.tx().stats().segments;
  if (!victims_.empty()) {
    double slowdown = 0;
    for (const auto& victim : victims_) slowdown += victim->stats().slowdown;
    s.victim_slowdown = slowdown / static_cast<double>(victims_.size());
  }
  sim::StatList list;
  hardware_->declare_stats(list);
  list.nested("sender", [&] { software_[kSender]->declare_stats(list); });
  list.nested("receiver", [&] { software_[kReceiver]->declare_stats(list); });
  list.nested("app", [&] {
    list.group("sender", sender_->stats());
    list.group("receiver", receiver_->stats());
    for (std::size_t i = 0; i < victims_.size(); ++i) {
      list.group("victim" + std::to_string(i), victims_[i]->stats());
    }
  });
  list.group("monitor", monitors_->checked());
  s.statistics = outputs::snapshot(list);
}

const std::vector<std::string>& known_schemes() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Scheme& s : schemes()) all.emplace_back(s.name);
    for (const char* alias : {"fig8", "fig11", "fig12"}) all.emplace_back(alias);
    return all;
  }();
  return names;
}

outputs::RunSummary run_one(const ScenarioParams& params, const RunOptions& options,
                            const std::string& scheme) {
  Scenario scenario("vctoe", params, options, find_scheme(scheme));
  return scenario.run();
}

}  // namespace vctoe::scenario
