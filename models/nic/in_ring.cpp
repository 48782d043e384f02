#include "models/nic/in_ring.h"

namespace vctoe::nic {

namespace {
/// A list longer than this cannot describe 2^31 bytes in 4 KiB pages: the entry is damaged.
constexpr std::uint32_t kMaxElements = std::uint32_t{1} << 19;
}  // namespace

template <>
void InRing<SubmitEntry>::start_list(Waiting& w, std::uint64_t cookie) {
  const SubmitEntry& e = w.entry;
  if (e.count == 0 || e.count > kMaxElements) {
    w.ready = true;
    return;
  }
  w.sg.resize(e.count);
  read({e.sg_address, static_cast<std::uint32_t>(e.count * sizeof(SgElement)), 0},
       reinterpret_cast<std::uint8_t*>(w.sg.data()), cookie);
}

template <>
void InRing<ReplyEntry>::start_list(Waiting& w, std::uint64_t cookie) {
  const ReplyEntry& e = w.entry;
  if (e.count <= kInlineSg || e.count > kMaxElements) {
    if (e.count <= kInlineSg) w.sg.assign(e.inline_sg, e.inline_sg + e.count);
    w.ready = true;
    return;
  }
  w.sg.resize(e.count);
  read({e.sg_address, static_cast<std::uint32_t>(e.count * sizeof(SgElement)), 0},
       reinterpret_cast<std::uint8_t*>(w.sg.data()), cookie);
}

}  // namespace vctoe::nic
