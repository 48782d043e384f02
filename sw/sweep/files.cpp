#include "sw/sweep/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "models/sim/error.h"

namespace vctoe::sweep {

namespace {

namespace fs = std::filesystem;

std::string host_name() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

[[noreturn]] void cannot_write(const std::string& path, int reason) {
  sim::user_error("cannot write " + path + ": " + std::strerror(reason));
}

/// The number of an open file, closed when this goes.
struct Opened {
  int fd;
  ~Opened() { close(fd); }
};

int write_all(int fd, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t n = write(fd, text.data() + at, text.size() - at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    at += static_cast<std::size_t>(n);
  }
  return 0;
}

/// `meant`: what the file is going to be called.
void write_whole(const std::string& path, const std::string& text, bool synced,
                 const std::string& meant) {
  const Opened file{open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)};
  if (file.fd < 0) cannot_write(meant, errno);
  int problem = write_all(file.fd, text);
  if (problem == 0 && synced && fsync(file.fd) != 0) problem = errno;
  if (problem == 0) return;
  unlink(path.c_str());
  cannot_write(meant, problem);
}

void rename_or_fail(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) == 0) return;
  const int reason = errno;
  unlink(from.c_str());
  cannot_write(to, reason);
}

}  // namespace

std::string aside_name(const std::string& folder) {
  static int count = 0;
  return folder + "/parts/" + host_name() + "." + std::to_string(getpid()) + "." +
         std::to_string(count++);
}

void write_aside(const std::string& folder, const std::string& path, const std::string& text) {
  const std::string aside = aside_name(folder);
  write_whole(aside, text, false, path);
  rename_or_fail(aside, path);
}

void write_synced(const std::string& path, const std::string& text) {
  const std::string aside = path + ".part" + std::to_string(getpid());
  write_whole(aside, text, true, path);
  rename_synced(aside, path);
}

void rename_synced(const std::string& from, const std::string& to) {
  const Opened file{open(from.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0 || fsync(file.fd) != 0) cannot_write(from, errno);
  rename_or_fail(from, to);
  const std::string folder = fs::path(to).parent_path().string();
  const Opened parent{
      open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (parent.fd >= 0) fsync(parent.fd);  // not every file system can; the file itself is safe
}

bool lives(int pid) {
  if (kill(pid, 0) != 0 && errno == ESRCH) return false;
  char target = 0;
  const std::string exe = "/proc/" + std::to_string(pid) + "/exe";
  return readlink(exe.c_str(), &target, 1) >= 0 || errno != ENOENT;
}

void sweep_parts(const std::string& folder) {
  const std::string ours = host_name() + ".";
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder + "/parts", ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind(ours, 0) != 0) continue;
    const auto pid = static_cast<pid_t>(std::atol(name.c_str() + ours.size()));
    if (pid > 0 && !lives(pid)) fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace vctoe::sweep
