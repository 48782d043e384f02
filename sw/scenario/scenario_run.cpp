// Running a scenario to its end.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>

#include "models/sim/error.h"
#include "sw/scenario/scenario.h"

namespace vctoe::scenario {

namespace {

constexpr sim::Time kSlice = sim::Time::from_us(500);  ///< between looks at progress and end
constexpr sim::Time kQuietLimit = sim::Time::from_s(5);

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
    if (finished()) {
      run_until_quiet();
      each_walker([](nic::WalkerBlock& walker, const std::string&) { walker.check_end(); });
    }
  } catch (...) {
    // What led to a failure is what a reader of the records is looking for; a run that its
    // parameters forbid leaves nothing, so that an earlier one's records stay.
    const bool refused = sim::last_failure().kind == sim::FailureKind::kUser;
    refused ? drop_records() : close_records();
    if (!refused) leave_evidence();
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
  for (auto& capture : captures_) {
    capture.writer->flush();
    std::filesystem::rename(capture.aside(), capture.path);
  }
  hardware_->host(kSender).card(0).nic.walker().close_record();
  if (trace_) trace_->close();
  if (timeline_) timeline_->close();
  if (!waves_) return;
  waves_->close();
  if (!waves_->note().empty()) std::fprintf(stderr, "%s\n", waves_->note().c_str());
}

/// Trace and timeline do so by themselves.
void Scenario::drop_records() {
  for (auto& capture : captures_) {
    std::error_code gone;
    std::filesystem::remove(capture.aside(), gone);
  }
}

/// f(walker, name for its files)
template <class F>
void Scenario::each_walker(F f) {
  for (unsigned i = 0; i < 2; ++i) {
    system::Host& host = hardware_->host(i);
    for (std::size_t k = 0; k < host.cards(); ++k) {
      const std::string number = k == 0 ? "" : std::to_string(k);
      f(host.card(k).nic.walker(), (i == kSender ? "sender_walker" : "receiver_walker") + number);
    }
  }
}

/// What a walker can show of what it did before a failure.
void Scenario::leave_evidence() {
  each_walker([this](nic::WalkerBlock& walker, const std::string& name) {
    const std::string note = walker.leave_evidence(options_.out_dir, name);
    if (!note.empty()) std::fprintf(stderr, "%s\n", note.c_str());
  });
}

void Scenario::run_applications() {
  const double total = static_cast<double>(stream_bytes_ * jobs_.size());
  auto shown = std::chrono::steady_clock::now();
  while (!finished() && sim::now() < params_.stream.time_limit) {
    sim::run(sim::min(kSlice, params_.stream.time_limit - sim::now()));
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
  while (busy() && sim::now() < limit && sc_core::sc_pending_activity()) sim::run(kSlice);
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
