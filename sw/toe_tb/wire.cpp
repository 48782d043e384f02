#include "sw/toe_tb/wire.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "models/net/ethernet.h"
#include "models/net/headers.h"

namespace vctoe::toe_tb {

Wire::Wire(nic::Mac& mac)
    : mac_(mac), arriving_([this](net::FramePtr& frame) {
        waiting_.push_back(std::move(frame));
        release();
      }) {
  mac_.connect(*this);
}

int Wire::in(const void* frame, std::size_t n) {
  if (n + net::kFcsBytes > net::Frame::kCapacity) return -EMSGSIZE;
  if (frame == nullptr || n < net::kEthernetHeaderBytes) return -EINVAL;
  net::FramePtr f = pool_.get();
  std::memcpy(f->bytes.data(), frame, n);
  const std::size_t least = net::kMinFrameBytes - net::kFcsBytes;
  if (n < least) std::memset(f->bytes.data() + n, 0, least - n);
  f->size = static_cast<std::uint32_t>(std::max(n, least)) + net::kFcsBytes;
  net::set_fcs(*f);
  arriving_.push(sim::now(), std::move(f));
  return 0;
}

void Wire::release() {
  while (!waiting_.empty() && !(held_ && held_())) {
    net::FramePtr frame = std::move(waiting_.front());
    waiting_.pop_front();
    mac_.receive(std::move(frame));
  }
}

void Wire::receive(net::FramePtr frame) {
  out_.push_back({std::move(frame), sim::now()});
  ++sent_;
}

int Wire::out(void* buffer, std::size_t cap, std::uint64_t* t_ns) {
  if (out_.empty()) return 0;
  const Out& first = out_.front();
  const std::uint32_t n = first.frame->size - net::kFcsBytes;
  if (n > cap || buffer == nullptr) return -EMSGSIZE;
  std::memcpy(buffer, first.frame->bytes.data(), n);
  if (t_ns != nullptr) *t_ns = first.at.ps / 1000;
  out_.pop_front();
  return static_cast<int>(n);
}

}  // namespace vctoe::toe_tb
