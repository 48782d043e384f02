#include "sw/sweep/claim.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace vctoe::sweep {

Claim::Claim(const std::string& folder, std::size_t index)
    : fd_(open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  if (fd_ < 0) return;
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = static_cast<off_t>(index);
  lock.l_len = 1;
  // Of the open file and not of the process: another Claim of this process is another holder.
  if (fcntl(fd_, F_OFD_SETLK, &lock) == 0) return;
  held_ = errno != EAGAIN && errno != EACCES;
}

Claim::~Claim() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace vctoe::sweep
