// Writes reports of sweeps that never were: report_maker KIND FILE. Kinds: mixed (240 points, some
// of them failed, everything that a report can show), many (5,000 points), one (a single point),
// none (nothing has run), hostile (names that would break out of a page).
#include <cmath>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sw/report/document.h"
#include "sw/report/kept.h"
#include "sw/report/lanes.h"
#include "sw/report/page.h"

namespace {

using namespace vctoe;
using sweep::State;

constexpr char kHostile[] =
    "</script><script>alert(1)</script> \"it's\" {a|b} & <img src=x onerror=alert(1)>";

struct Kind {
  std::size_t delays = 5, blocks = 4, losses = 3;
  std::vector<std::string> schemes{"fig3", "fig8+fig9", "fig8+fig10", "fig11+fig9"};
};

/// Between 0 and 1, the same in every run.
double draw(std::size_t i, std::uint64_t salt) {
  std::uint64_t x = (i + 1) * 0x9e3779b97f4a7c15ULL + salt * 0xbf58476d1ce4e5b9ULL;
  x ^= x >> 31U;
  x *= 0x94d049bb133111ebULL;
  x ^= x >> 29U;
  return static_cast<double>(x >> 11U) / 9007199254740992.0;
}

void add(sweep::Row& row, const char* name, const char* unit, const char* better, double v) {
  row.metrics.push_back(
      {{name, unit, better, std::string("the ") + name + " of a made-up run"}, v});
}

void measure(sweep::Row& row, double delay, double block, double loss, std::size_t scheme) {
  const std::size_t i = row.point.index;
  const double completion = 1e-3 + 12 * delay + loss * 3 + 2e-7 * block / 1024 + 1e-4 * draw(i, 1);
  add(row, "goodput", "bit/s", "max", 8 * 1048576 / completion);
  add(row, "completion", "s", "min", completion);
  add(row, "pinned_peak", "B", "min", scheme == 0 ? 1048576 : 2 * block);
  add(row, "pinned_integral", "B.s", "min",
      completion *
          (scheme == 0   ? 1048576
           : scheme == 3 ? 0
                         : block) *
          (0.5 + 0.1 * draw(i, 2)));
  add(row, "host_cpu", "s", "min", 1e-4 * (1 + draw(i, 3)));
  const std::vector<std::pair<const char*, double>> parts{
      {"time.walker", 0.02},        {"time.host", 0.1},
      {"time.swap_in", 0.18},       {"time.pinning", 0.05},
      {"time.pcie", 0.05},          {"time.dma_tags", 0.03},
      {"time.packet_buffer", 0.02}, {"time.window", 0.1 + 500 * delay},
      {"time.wire", 0.35},          {"time.loss_recovery", 100 * loss},
      {"time.application", 0.05}};
  double sum = 0;
  for (const auto& part : parts) sum += part.second;
  for (const auto& [name, share] : parts) add(row, name, "s", "", completion * share / sum);
  const double gap = i % 17 == 0 ? 0.6 : 0.1 * (draw(i, 4) - 0.5);
  add(row, "twin.completion", "s", "", completion / (1 + gap));
  add(row, "gap.completion", "1", "", gap);
  add(row, "twin.bound", "1", "", i == 1 ? 0.01 : 0.3);
}

std::string micro(double seconds) {
  return std::to_string(std::lround(seconds * 1e6)) + " us";
}

void add_point(sweep::Table& table, const Kind& kind, std::size_t s, std::size_t d, std::size_t b,
               std::size_t l) {
  sweep::Row row;
  const double delay = 10e-6 * static_cast<double>(1 + d),
               block = 4096.0 * std::pow(2, static_cast<double>(b));
  const double loss = l == 0 ? 0 : std::pow(10, static_cast<double>(l) - 5);
  const std::string size = std::to_string(4U << b) + " KiB", probability = l == 0   ? "0.0"
                                                                           : l == 1 ? "0.0001"
                                                                                    : "0.001";
  const std::size_t index = table.rows.size();
  row.point = {index, kind.schemes[s], "1", "0123456789abcdef", {}};
  row.point.set = {{"net.delay", micro(delay)},
                   {"driver.block_size", size},
                   {"net.loss.probability", probability}};
  row.parameters = {{micro(delay), delay}, {size, block}, {probability, loss}};
  row.state = State::kOk;
  if (index % 40 == 7) {
    row.state = State::kFailed;
    row.reason = "the bytes that arrived differ";
  } else if (index % 40 == 13) {
    row.state = State::kCrashed;
    row.reason = "crashed (Segmentation fault)";
  }
  if (row.state != State::kCrashed) measure(row, delay, block, loss, s);
  table.rows.push_back(std::move(row));
}

sweep::Table table_of(const Kind& kind) {
  sweep::Table table;
  table.head.program = "vctoe 0.1.0";
  table.head.title = "block size, delay and loss, made up";
  table.head.question = "which block size is enough?";
  sweep::Objective pinned, goodput;
  pinned.metric = "pinned_integral";
  pinned.maximise = false;
  goodput.metric = "goodput";
  goodput.at_least = 1e9;
  table.head.objectives = {pinned, goodput};
  table.plan = std::string(64, 'a');
  table.parameters = {{"net.delay", "parameter", {"net.delay", "s", "", ""}},
                      {"driver.block_size", "parameter", {"driver.block_size", "B", "", ""}},
                      {"net.loss.probability", "parameter", {"net.loss.probability", "1", "", ""}}};
  for (std::size_t s = 0; s < kind.schemes.size(); ++s) {
    for (std::size_t d = 0; d < kind.delays; ++d) {
      for (std::size_t b = 0; b < kind.blocks; ++b) {
        for (std::size_t l = 0; l < kind.losses; ++l) add_point(table, kind, s, d, b, l);
      }
    }
  }
  for (const sweep::Metric& m : table.rows[0].metrics) table.metrics.push_back(m.def);
  for (sweep::Row& row : table.rows) {
    if (row.state == State::kOk) row.pass = row.metrics[0].value >= 1e9 ? "1" : "0";
  }
  return table;
}

std::string made_timeline() {
  auto events = nlohmann::json::array();
  const std::vector<std::string> lanes{"application", "host",     "disk",    "walker",
                                       "requests",    "dma",      "PCIe up", "PCIe down",
                                       "sent",        "received", "tcp"};
  for (int host = 0; host < 2; ++host) {
    events.push_back({{"ph", "M"},
                      {"name", "process_name"},
                      {"pid", host},
                      {"tid", 0},
                      {"args", {{"name", host == 0 ? "sender" : "receiver"}}}});
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
      events.push_back({{"ph", "M"},
                        {"name", "thread_name"},
                        {"pid", host},
                        {"tid", lane * 1000},
                        {"args", {{"name", lanes[lane]}}}});
    }
  }
  const auto slice = [&](const char* name, int host, int thread, double at, double length) {
    events.push_back({{"ph", "X"},
                      {"name", name},
                      {"pid", host},
                      {"tid", thread},
                      {"ts", at},
                      {"dur", length},
                      {"args", {{"txn", 7}}}});
  };
  slice("post", 0, 0, 20000, 900);
  for (int k = 0; k < 40; ++k) {
    const double at = 20000 + 22.0 * k;
    slice("serve block", 0, 1000, at, 3);
    slice("swap in", 0, 2000 + k % 4, at + 1, 60);
    slice("walk", 0, 3000, at + 4, 2);
    slice("MRd", 0, 6000, at + 6, 0.5);
    slice("CplD", 0, 7000, at + 7, 1.5);
    slice("dma read", 0, 5000, at + 6, 3);
    slice(k == 20 ? "RETX" : "DATA", 0, 8000, at + 10, 1.2);
    slice("DATA", 1, 9000, at + 15, 1.2);
  }
  events.push_back(
      {{"ph", "i"}, {"name", "frame_drop"}, {"pid", 0}, {"tid", 10000}, {"ts", 20430}});
  return nlohmann::json{{"traceEvents", events}}.dump();
}

std::string made_series(std::size_t point) {
  auto pinned = nlohmann::json::array();
  auto sorted = nlohmann::json::array();
  for (int k = 0; k < 200; ++k) {
    pinned.push_back(
        {0.02 + 5e-6 * k, 65536.0 *
                              (1 + static_cast<int>(6 * draw(static_cast<std::size_t>(k), point))) *
                              (k < 195)});
    sorted.push_back(20e-6 + 1e-6 * k + 2e-9 * k * k);
  }
  return nlohmann::json{{"schema", "vctoe-series"},
                        {"version", 1},
                        {"index", point},
                        {"scheme", "fig3"},
                        {"pinned", pinned},
                        {"latency",
                         {{"what", "request of a block until its last byte has left"},
                          {"unit", "s"},
                          {"sorted", sorted}}}}
      .dump();
}

report::Source source_of(const Kind& kind) {
  report::Source source;
  source.kind = "sweep";
  source.table = table_of(kind);
  source.settings = {{"net.delay", "50 us", "50 us", "one-way delay", false},
                     {"driver.block_size", "64 KiB", "64 KiB", "bytes of a block", false},
                     {"net.loss.probability", "0.0", "0.0", "of a frame", false},
                     {"stream.size", "1 MiB", "16 MiB", "bytes to send", false},
                     {"pcie.lanes", "8", "8", "lanes of the link", false}};
  source.command = {"./vctoe", "run", "/dev/null"};
  for (const std::size_t point : {std::size_t{0}, std::size_t{3}}) {
    if (point >= source.table.rows.size()) continue;
    source.kept.push_back({point, report::lanes(made_timeline(), "timeline.json", 12000),
                           report::series(made_series(point), "series.json")});
  }
  return source;
}

void make_hostile(report::Source& source) {
  source.table.head.title = kHostile;
  source.table.parameters[0].name = kHostile;
  source.settings[0].text = kHostile;
  source.settings[0].doc = kHostile;
  for (sweep::Row& row : source.table.rows) {
    row.parameters[0].text += kHostile;
    row.parameters[0].number = outputs::kNotMeasured;
    row.point.set[1].second += kHostile;
    if (row.state != State::kOk) row.reason = kHostile;
  }
}

report::Source made(const std::string& kind) {
  Kind shape;
  if (kind == "many") {
    shape.delays = 50;
    shape.blocks = 5;
    shape.losses = 5;
  }
  if (kind == "one") {
    shape.delays = shape.blocks = shape.losses = 1;
    shape.schemes.resize(1);
  }
  report::Source source = source_of(shape);
  if (kind == "hostile") make_hostile(source);
  if (kind == "none") {
    source.kept.clear();
    source.table.metrics.clear();
    for (sweep::Row& row : source.table.rows) {
      row.state = State::kMissing;
      row.reason.clear();
      row.metrics.clear();
    }
  }
  if (kind == "mixed") {
    source.next_unit =
        R"([{"point":12,"limit":"wire","parameter":"net.rate","from":"10 Gb/s","to":"25 Gb/s","metric":"goodput","before":4.1e9,"after":5.3e9}])";
  }
  return source;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const report::Source source = made(argv[1]);
  std::ofstream(argv[2]) << report::page(source.table.head.title, report::document(source));
  return 0;
}
