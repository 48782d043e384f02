#include "sw/scenario/outputs_files.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "models/sim/error.h"

namespace vctoe::outputs {

void prepare_directory(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error && !std::filesystem::is_directory(path, error) && !error) {
    error = std::make_error_code(std::errc::not_a_directory);
  }
  if (!error && access(path.c_str(), W_OK | X_OK) != 0) error = {errno, std::generic_category()};
  if (error) sim::user_error("cannot write to output directory " + path + ": " + error.message());
}

AsideFile::AsideFile(std::string path)
    : path_(std::move(path)),
      aside_(path_ + ".part" + std::to_string(getpid())),
      file_(std::fopen(aside_.c_str(), "wb")) {
  if (file_ == nullptr) fail();
}

AsideFile::~AsideFile() {
  if (file_ == nullptr) return;
  std::fclose(file_);
  std::remove(aside_.c_str());
}

void AsideFile::fail() const {
  sim::user_error("cannot write " + path_ + ": " + std::strerror(errno));
}

void AsideFile::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) fail();
}

void AsideFile::commit() {
  const bool closed = std::fclose(std::exchange(file_, nullptr)) == 0;
  if (!closed || std::rename(aside_.c_str(), path_.c_str()) != 0) {
    const int reason = errno;
    std::remove(aside_.c_str());
    errno = reason;
    fail();
  }
}

void write_file(const std::string& path, std::string_view bytes) {
  AsideFile file(path);
  file.write(bytes);
  file.commit();
}

}  // namespace vctoe::outputs
