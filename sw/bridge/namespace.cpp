#include "sw/bridge/namespace.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <system_error>

#include "sw/bridge/device.h"

namespace vctoe::bridge {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void write_file(const std::string& path, const std::string& text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) fail(path);
  const bool ok = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int why = errno;
  ::close(fd);
  errno = why;
  if (!ok) fail(path);
}

/// What the child says to its parent: the reason, through a pipe.
[[noreturn]] void try_in_child(int to) {
  std::string why;
  try {
    enter_fresh_network();
    const Device tap(open_tap("vctoe0"));
    set_up_interface("vctoe0", 0x0a000002, 24);
  } catch (const std::exception& e) {
    why = e.what();
  }
  const ssize_t n = ::write(to, why.data(), why.size());
  _exit(n < 0 ? 1 : 0);
}

}  // namespace

std::string why_no_tap() {
  int ends[2];
  if (pipe(ends) != 0) return "no pipe";
  const pid_t child = fork();
  if (child < 0) return "no process";
  if (child == 0) try_in_child(ends[1]);
  ::close(ends[1]);
  std::string why;
  char piece[256];
  for (ssize_t n = 0; (n = ::read(ends[0], piece, sizeof piece)) > 0;) {
    why.append(piece, static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  return why.empty() && status != 0 ? "the attempt crashed" : why;
}

void enter_fresh_network() {
  const uid_t uid = geteuid();
  const gid_t gid = getegid();
  if (uid == 0 && unshare(CLONE_NEWNET) == 0) return set_up_interface("lo", 0, 0);
  if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) fail("user and network namespace");
  write_file("/proc/self/setgroups", "deny");
  write_file("/proc/self/uid_map", "0 " + std::to_string(uid) + " 1");
  write_file("/proc/self/gid_map", "0 " + std::to_string(gid) + " 1");
  set_up_interface("lo", 0, 0);
}

void set_sysctl(const std::string& name, const std::string& value) {
  write_file("/proc/sys/" + name, value);
}

/// /proc/net/snmp and netstat: a line of names, then one of numbers, each behind its group.
std::map<std::string, std::uint64_t> network_counters() {
  std::map<std::string, std::uint64_t> counters;
  for (const char* path : {"/proc/self/net/snmp", "/proc/self/net/netstat"}) {
    std::ifstream file(path);
    std::string names, numbers;
    while (std::getline(file, names) && std::getline(file, numbers)) {
      std::istringstream n(names), v(numbers);
      std::string group, name, value;
      n >> group;
      v >> value;
      group.pop_back();
      while (n >> name && v >> value) {
        counters[group + name] = std::strtoull(value.c_str(), nullptr, 10);
      }
    }
  }
  return counters;
}

}  // namespace vctoe::bridge
