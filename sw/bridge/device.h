// A device of this machine that Ethernet frames are read from and written to: a TAP, or any socket
// that keeps messages apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace vctoe::bridge {

/// Owns a file descriptor and makes it non-blocking.
class Device {
 public:
  explicit Device(int fd);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  int fd() const { return fd_; }
  /// Bytes of the next frame, without FCS; 0: there is none. Throws std::system_error.
  std::size_t read(void* to, std::size_t room);
  /// False: not taken, as on a wire whose receiver is not there (the interface is down, its queue
  /// is full). Throws std::system_error for other failures.
  bool write(const void* frame, std::size_t n);

 private:
  int fd_;
};

/// A descriptor for TAP interface `name` (Linux, IFF_TAP | IFF_NO_PI), made if it does not exist.
/// Throws std::system_error: no /dev/net/tun, no right to (CAP_NET_ADMIN), in use.
int open_tap(const std::string& name);

/// Brings an interface of the current network namespace up, with an IPv4 address (host order) and
/// prefix length; address 0: leaves addresses alone. Throws std::system_error.
void set_up_interface(const std::string& name, std::uint32_t address, unsigned prefix);

}  // namespace vctoe::bridge
