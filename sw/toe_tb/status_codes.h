// Outcomes of the socket layer as the error numbers of POSIX.
#pragma once

#include <cerrno>

#include "sw/socket/transport.h"

namespace vctoe::toe_tb {

/// Negative errno; 0 for what is no error.
constexpr int error_of(socket::Status status) {
  switch (status) {
    case socket::Status::kOk:
    case socket::Status::kEndOfStream:
      return 0;
    case socket::Status::kReset:
      return -ECONNRESET;
    case socket::Status::kRefused:
      return -ECONNREFUSED;
    case socket::Status::kTimedOut:
      return -ETIMEDOUT;
    case socket::Status::kUnreachable:
      return -EHOSTUNREACH;
    case socket::Status::kTooLarge:
      return -ENOMEM;
    default:
      return -EIO;
  }
}

}  // namespace vctoe::toe_tb
