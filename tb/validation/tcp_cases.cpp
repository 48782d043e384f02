#include "tb/validation/tcp_cases.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>

#include "models/sim/error.h"
#include "models/sim/random.h"
#include "sw/twin/tcp_laws.h"
#include "tb/validation/tcp_wire.h"

namespace vctoe::validation {

using twin::cubic_window;
using twin::mathis_window;
using twin::pftk_window;

double Row::deviation() const {
  return absolute ? measured - theory : measured / theory - 1;
}
bool Row::holds() const {
  return std::abs(deviation()) <= tolerance;
}

toe::TcpParams core_params() {
  toe::TcpParams p;
  p.receive_buffer = sim::Bytes::gib(1);  // the window of the receiver never limits
  p.reassembly_intervals = 65536;
  p.delayed_ack_count = 1;
  return p;
}

double mean_rate(const toe::TcpParams& params, const WireParams& wire, std::uint64_t warm_up,
                 std::uint64_t losses) {
  TcpWire run(params, wire);
  run.begin(std::uint64_t{1} << 45);
  run.run_until_lost(warm_up);
  const sim::Time begin = run.now();
  const std::uint64_t before = run.received();
  run.run_until_lost(warm_up + losses);
  const double segments = static_cast<double>(run.received() - before) / run.sender().mss;
  return segments * wire.round_trip.seconds() / (run.now() - begin).seconds();
}

namespace {

/// Mean congestion window outside recovery, in segments.
double mean_window(const toe::TcpParams& params, const WireParams& wire, std::uint64_t warm_up,
                   std::uint64_t losses) {
  TcpWire run(params, wire);
  run.begin(std::uint64_t{1} << 45);
  run.run_until_lost(warm_up);
  const double integral = run.window_integral(), time = run.window_time();
  run.run_until_lost(warm_up + losses);
  return (run.window_integral() - integral) / (run.window_time() - time) / run.sender().mss;
}

std::function<bool(std::uint64_t)> every(std::uint64_t period) {
  return [period](std::uint64_t n) { return n % period == 0; };
}

std::string text(const char* format, double a) {
  char buffer[160];
  std::snprintf(buffer, sizeof buffer, format, a);
  return buffer;
}

void reno_periodic(std::vector<Row>& rows) {
  for (const std::uint64_t count : {1, 2}) {
    for (const std::uint64_t period : {10000, 3000, 1000, 300, 100}) {
      toe::TcpParams p = core_params();
      p.delayed_ack_count = count;
      WireParams wire;
      wire.lost = every(period);
      wire.recovery_apart = true;
      const double share = 1.0 / static_cast<double>(period);
      Row row;
      row.unit = "segments";
      row.measured = mean_window(p, wire, 20, period >= 3000 ? 40 : 400);
      row.what = text("Reno, periodic loss %.2g", share);
      if (count == 2) row.what += ", every second acknowledged";
      row.theory = mathis_window(share);
      row.tolerance = 0.03;
      rows.push_back(row);
    }
  }
}

void reno_random(std::vector<Row>& rows) {
  constexpr double kLoss = 1e-4;
  toe::TcpParams p = core_params();
  sim::Rng rng(1, "validation.loss");
  WireParams wire;
  wire.lost = [&rng](std::uint64_t) { return rng.chance(kLoss); };
  Row row;
  row.what = text("Reno, random loss %.2g, full formula of PFTK, RTO 200 ms", kLoss);
  row.unit = "segments";
  row.theory = pftk_window(kLoss, 1, 0.2 / wire.round_trip.seconds());
  row.measured = mean_rate(p, wire, 50, 2000);
  row.tolerance = 0.1;
  row.is_long = true;
  rows.push_back(row);
}

void cubic_periodic(std::vector<Row>& rows) {
  constexpr std::uint64_t kPeriod = 10000;
  toe::TcpParams p = core_params();
  p.congestion = toe::CongestionKind::kCubic;
  WireParams wire;
  wire.round_trip = sim::Time::from_ms(100);
  wire.lost = every(kPeriod);
  Row row;
  row.what = "CUBIC, periodic loss 0.0001, round trip 100 ms";
  row.unit = "segments";
  row.theory = cubic_window(1.0 / kPeriod, wire.round_trip.seconds());
  // Fast convergence (section 4.7) lets the window settle over some hundred losses only.
  row.measured = mean_rate(p, wire, 200, 60);
  row.tolerance = 0.08;
  rows.push_back(row);
}

/// From the first segment to the last byte's arrival, in microseconds.
double completion_us(double gbps, double rtt_s, std::uint64_t bytes) {
  toe::TcpParams p = core_params();  // every segment acknowledged: the reference doubles exactly
  p.initial_window = 10;
  WireParams wire;
  wire.gbps = gbps;
  wire.round_trip = sim::Time::from_ps(static_cast<std::uint64_t>(rtt_s * 1e12 + 0.5));
  TcpWire run(p, wire);
  run.begin(bytes);
  run.run_until_received(bytes);
  return static_cast<double>((run.now() - run.first_sent()).ps) / 1e6;
}

/// Worst of all sizes and round trips at a rate, in round trips.
void slow_start(std::vector<Row>& rows, const std::string& data_folder) {
  std::ifstream file(data_folder + "/ref_slow_start.csv");
  std::string line;
  std::map<double, double> worst;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream in(line);
    double gbps = 0, rtt = 0, bdp = 0, rounds = 0, segments = 0, full = 0, ideal_us = 0;
    std::uint64_t window = 0, bytes = 0;
    in >> gbps >> rtt >> window >> bdp >> rounds >> bytes >> segments >> full >> ideal_us;
    if (!in || window != 10) continue;
    const double late = (completion_us(gbps, rtt, bytes) - ideal_us) / (rtt * 1e6);
    double& w = worst[gbps];
    if (std::abs(late) >= std::abs(w)) w = late;
  }
  if (worst.empty()) sim::user_error("cannot read " + data_folder + "/ref_slow_start.csv");
  for (const auto& [gbps, late] : worst) {
    Row row;
    row.what =
        text("slow start from 10 segments, %.0f Gb/s, worst of all sizes and round trips", gbps);
    row.unit = "round trips";
    row.measured = late;
    row.tolerance = 1;
    row.absolute = true;
    rows.push_back(row);
  }
}

}  // namespace

std::vector<Row> run_tcp_cases(bool with_long, const std::string& data_folder) {
  std::vector<Row> rows;
  reno_periodic(rows);
  if (with_long) reno_random(rows);
  cubic_periodic(rows);
  slow_start(rows, data_folder);
  return rows;
}

}  // namespace vctoe::validation
