// Files of a run's output directory: written aside and renamed, so that a reader never meets half a
// file and a killed run leaves the old one.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace vctoe::outputs {

/// Creates the directory with its parents and proves that it can be written to.
/// Throws sim::Error(kUser) naming the directory and the reason.
void prepare_directory(const std::string& path);

/// A file under construction; without commit() it disappears again.
class AsideFile {
 public:
  /// Throws sim::Error(kUser) when the file cannot be created.
  explicit AsideFile(std::string path);
  ~AsideFile();
  AsideFile(const AsideFile&) = delete;
  AsideFile& operator=(const AsideFile&) = delete;

  /// Throws sim::Error(kUser) when the disk does not take it.
  void write(std::string_view bytes);
  /// Closes the file and gives it its name.
  void commit();

 private:
  [[noreturn]] void fail() const;

  std::string path_, aside_;
  std::FILE* file_;
};

/// A whole file at once.
void write_file(const std::string& path, std::string_view bytes);

}  // namespace vctoe::outputs
