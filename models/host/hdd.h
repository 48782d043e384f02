// A hard disk: seek curve, a platter that keeps turning, one access at a time.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "models/host/disk_model.h"

namespace vctoe::host {

/// Seek time by distance, linear between measured points.
class SeekCurve {
 public:
  /// Reads "distance, ms" lines (DiskSim's .seek format). A user error names file and line.
  SeekCurve(const std::string& path, double scale, std::uint64_t cylinders);
  /// Time to move over `cylinders`; zero for none.
  sim::Time operator()(std::uint64_t cylinders) const { return by_distance_[cylinders]; }

 private:
  std::vector<sim::Time> by_distance_;
};

class Hdd : public DiskModel {
 public:
  static constexpr std::uint64_t kSector = 512;

  explicit Hdd(const HddParams& params);

  std::size_t depth() const override { return 1; }
  std::uint64_t capacity() const override;
  std::size_t pick(const std::deque<DiskAccess>& waiting) override;
  sim::Time serve(const DiskAccess& access, sim::Time at) override;

  const SeekCurve& seek() const { return seek_; }

 private:
  struct Position {
    std::uint64_t cylinder;
    std::uint64_t surface;
    std::uint64_t sector;  ///< logical, before skew
  };
  Position position(std::uint64_t sector) const;
  sim::Time rotate_to(const Position& p, sim::Time at) const;
  sim::Time sector_time(std::uint64_t sectors) const;

  HddParams params_;
  SeekCurve seek_;
  std::uint64_t track_skew_;
  std::uint64_t cylinder_skew_;
  std::uint64_t cylinder_ = 0;
  std::uint64_t surface_ = 0;
  bool upwards_ = true;
};

/// `file` as given if it can be opened, otherwise in the project's data folder.
std::string data_path(const std::string& file);

}  // namespace vctoe::host
