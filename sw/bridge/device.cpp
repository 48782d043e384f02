#include "sw/bridge/device.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace vctoe::bridge {
namespace {

/// Frames that wait for us: the windows of some hundred connections. A usual interface has 1000.
constexpr int kQueue = 20'000;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

ifreq request(const std::string& name) {
  ifreq r{};
  if (name.empty() || name.size() >= sizeof r.ifr_name) {
    errno = EINVAL;
    fail("interface name \"" + name + "\"");
  }
  std::memcpy(r.ifr_name, name.data(), name.size());
  return r;
}

void put_address(ifreq& r, std::uint32_t address) {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_addr.s_addr = htonl(address);
  std::memcpy(&r.ifr_addr, &in, sizeof in);
}

}  // namespace

Device::Device(int fd) : fd_(fd) {
  const int flags = fcntl(fd, F_GETFL);
  if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) fail("frame device");
}

Device::~Device() {
  ::close(fd_);
}

std::size_t Device::read(void* to, std::size_t room) {
  const ssize_t n = ::read(fd_, to, room);
  if (n >= 0) return static_cast<std::size_t>(n);
  // EBADFD, EIO: the interface is down.
  if (errno == EAGAIN || errno == EINTR || errno == EBADFD || errno == EIO) return 0;
  fail("reading a frame");
}

bool Device::write(const void* frame, std::size_t n) {
  if (::write(fd_, frame, n) == static_cast<ssize_t>(n)) return true;
  if (errno == EAGAIN || errno == EINTR || errno == EIO || errno == ENOBUFS) return false;
  fail("writing a frame");
}

int open_tap(const std::string& name) {
  ifreq r = request(name);
  const int fd = ::open("/dev/net/tun", O_RDWR | O_CLOEXEC);
  if (fd < 0) fail("/dev/net/tun");
  r.ifr_flags = IFF_TAP | IFF_NO_PI;
  if (ioctl(fd, TUNSETIFF, &r) == 0) return fd;
  const int why = errno;
  ::close(fd);
  errno = why;
  fail("TAP " + name);
}

void set_up_interface(const std::string& name, std::uint32_t address, unsigned prefix) {
  const int s = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (s < 0) fail("socket");
  const auto set = [s, &name](unsigned long what, ifreq& r) {
    if (ioctl(s, what, &r) == 0) return;
    const int why = errno;
    ::close(s);
    errno = why;
    fail("interface " + name);
  };
  ifreq r = request(name);
  if (address != 0) {
    put_address(r, address);
    set(SIOCSIFADDR, r);
    put_address(r, prefix == 0 ? 0 : ~std::uint32_t{0} << (32 - prefix));
    set(SIOCSIFNETMASK, r);
  }
  r = request(name);
  set(SIOCGIFFLAGS, r);
  r.ifr_flags = static_cast<short>(r.ifr_flags | IFF_UP | IFF_RUNNING);
  set(SIOCSIFFLAGS, r);
  // Only for the machine's own root: without, a crowd of connections may lose a frame now and then.
  r = request(name);
  r.ifr_qlen = kQueue;
  static_cast<void>(ioctl(s, SIOCSIFTXQLEN, &r));
  ::close(s);
}

}  // namespace vctoe::bridge
