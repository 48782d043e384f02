#include "models/host/hdd.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>

#include "models/sim/error.h"

namespace vctoe::host {
namespace {

using Point = std::pair<std::uint64_t, double>;  // cylinders, ms

[[noreturn]] void bad_line(const std::string& path, unsigned line, const char* what) {
  sim::user_error(path + ":" + std::to_string(line) + ": " + what +
                  " (a seek curve has lines 'cylinders, milliseconds', distances rising)");
}

std::vector<Point> read_points(const std::string& path) {
  std::ifstream in(path);
  if (!in) sim::user_error("cannot read the seek curve '" + path + "'");
  std::vector<Point> points{{0, 0.0}};
  std::string text;
  for (unsigned line = 1; std::getline(in, text); ++line) {
    if (text.empty() || (line == 1 && text.find(',') == std::string::npos)) continue;
    char* end = nullptr;
    const std::uint64_t distance = std::strtoull(text.c_str(), &end, 10);
    if (end == text.c_str() || *end != ',') bad_line(path, line, "no distance");
    const char* number = end + 1;
    const double ms = std::strtod(number, &end);
    if (end == number || !(ms >= 0)) bad_line(path, line, "no time");
    if (distance <= points.back().first) bad_line(path, line, "distance does not rise");
    points.emplace_back(distance, ms);
  }
  if (points.size() < 2) sim::user_error("the seek curve '" + path + "' has no points");
  return points;
}

}  // namespace

std::string data_path(const std::string& file) {
  if (std::ifstream(file).good()) return file;
  return std::string(VCTOE_DATA_DIR) + "/" + file;
}

SeekCurve::SeekCurve(const std::string& path, double scale, std::uint64_t cylinders) {
  const std::vector<Point> points = read_points(path);
  by_distance_.reserve(cylinders);
  std::size_t next = 1;
  for (std::uint64_t d = 0; d < cylinders; ++d) {
    while (next + 1 < points.size() && points[next].first < d) ++next;
    const auto& [d0, t0] = points[next - 1];
    const auto& [d1, t1] = points[next];
    // Beyond the last point the last slope goes on.
    const double part =
        (static_cast<double>(d) - static_cast<double>(d0)) / static_cast<double>(d1 - d0);
    // From no movement to the first point there is no slope: one cylinder costs what it costs.
    const double ms = d == 0 ? 0 : (d0 == 0 ? t1 : t0 + (t1 - t0) * part);
    by_distance_.push_back(sim::Time::from_ns_f(ms * scale * 1e6));
  }
}

Hdd::Hdd(const HddParams& params)
    : params_(params),
      seek_(data_path(params.seek_file), params.seek_scale, params.cylinders),
      track_skew_(0),
      cylinder_skew_(0) {
  // Skewed so that the next track's first sector comes by just after the heads have moved there.
  const sim::Time sector = sector_time(1);
  track_skew_ = (params.head_switch.ps + sector.ps - 1) / sector.ps;
  if (params.cylinders > 1) cylinder_skew_ = (seek_(1).ps + sector.ps - 1) / sector.ps;
}

std::uint64_t Hdd::capacity() const {
  return params_.cylinders * params_.surfaces * params_.sectors_per_track * kSector;
}

sim::Time Hdd::sector_time(std::uint64_t sectors) const {
  return params_.rotation * sectors / params_.sectors_per_track;
}

Hdd::Position Hdd::position(std::uint64_t sector) const {
  const std::uint64_t track = sector / params_.sectors_per_track;
  return {track / params_.surfaces, track % params_.surfaces, sector % params_.sectors_per_track};
}

// Time until the first sector's edge is under the head: the platter's angle follows from the time.
sim::Time Hdd::rotate_to(const Position& p, sim::Time at) const {
  const std::uint64_t skew =
      (p.cylinder * (params_.surfaces - 1) + p.surface) * track_skew_ + p.cylinder * cylinder_skew_;
  const sim::Time target = sector_time((p.sector + skew) % params_.sectors_per_track);
  const sim::Time angle{at.ps % params_.rotation.ps};
  return target >= angle ? target - angle : target + params_.rotation - angle;
}

sim::Time Hdd::serve(const DiskAccess& access, sim::Time at) {
  sim::Time t = at + params_.overhead;
  std::uint64_t sector = access.offset / kSector;
  const std::uint64_t end = (access.offset + access.length + kSector - 1) / kSector;
  while (sector < end) {
    const Position p = position(sector);
    const std::uint64_t distance =
        p.cylinder > cylinder_ ? p.cylinder - cylinder_ : cylinder_ - p.cylinder;
    if (distance > 0) {
      t += seek_(distance);
      upwards_ = p.cylinder > cylinder_;
    } else if (p.surface != surface_) {
      t += params_.head_switch;
    }
    cylinder_ = p.cylinder;
    surface_ = p.surface;
    const std::uint64_t here = std::min(end - sector, params_.sectors_per_track - p.sector);
    t += rotate_to(p, t) + sector_time(here);
    sector += here;
  }
  return t;
}

std::size_t Hdd::pick(const std::deque<DiskAccess>& waiting) {
  if (params_.schedule == HddSchedule::kFcfs) return 0;
  std::size_t best = 0;
  std::uint64_t best_cost = ~std::uint64_t{0};
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    const std::uint64_t c = position(waiting[i].offset / kSector).cylinder;
    const bool up = c >= cylinder_;
    std::uint64_t cost = up ? c - cylinder_ : cylinder_ - c;
    // The elevator serves what lies ahead first; what lies behind only when it turns.
    if (params_.schedule == HddSchedule::kScan && cost > 0 && up != upwards_) {
      cost += params_.cylinders;
    }
    if (cost >= best_cost) continue;
    best = i;
    best_cost = cost;
  }
  return best;
}

}  // namespace vctoe::host
