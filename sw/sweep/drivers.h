// Which processes are at work on a sweep: a file of each in DIR/running.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace vctoe::sweep {

/// Says so while it lives. Best effort: a disk that is full does not stop a sweep here.
class DriverMark {
 public:
  DriverMark(const std::string& folder, unsigned jobs, std::size_t points);
  ~DriverMark();
  DriverMark(const DriverMark&) = delete;
  DriverMark& operator=(const DriverMark&) = delete;

 private:
  std::string path_;
};

struct Driver {
  std::string name;  ///< machine and process
  unsigned jobs = 0;
  std::size_t points = 0;  ///< that it set out to run
  bool here = true;        ///< on this machine, where it is known to live
};

/// Those of this machine that live, and those of others that have not said that they ended.
std::vector<Driver> drivers(const std::string& folder);

}  // namespace vctoe::sweep
