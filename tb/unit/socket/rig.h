// The transport over a driver whose machine and NIC are pretended.
#pragma once

#include "sw/socket/toe_transport.h"
#include "tb/unit/driver/rig.h"

namespace vctoe::socket::test {

using nic::CompletionKind;
using nic::SubmitOp;

constexpr std::uint64_t kData = driver::test::Rig::kData;
constexpr Asid kProcess = 1;
constexpr Endpoint kRemote = {0x0a000002, 80};

inline SocketParams small_buffers() {
  SocketParams p;
  p.receive_buffer = sim::Bytes::kib(16);
  p.connect_buffer = sim::Bytes::kib(8);
  return p;
}

struct SocketRig : driver::test::Rig {
  explicit SocketRig(const driver::DriverParams& p = driver::test::small_params())
      : Rig(p), transport(host, driver, 0x0a000001, small_buffers()) {}

  SocketObject& connected() {
    SocketObject* s = transport.connect(kProcess, kRemote);
    EXPECT_NE(s, nullptr);
    nic.complete(CompletionKind::kEstablished, connection(), 0, 1000);
    settle();
    return *s;
  }
  std::uint32_t connection() const { return nic.submitted(SubmitOp::kConnect)->connection; }
  void acknowledge_all() {
    for (const auto& e : nic.submissions) {
      if (e.op == SubmitOp::kPost) nic.complete(CompletionKind::kStreamAcked, e.connection, e.txn);
    }
    settle();
  }
  std::size_t posts() const {
    return static_cast<std::size_t>(
        std::count_if(nic.submissions.begin(), nic.submissions.end(),
                      [](const auto& e) { return e.op == SubmitOp::kPost; }));
  }
  ToeTransport transport;
};

}  // namespace vctoe::socket::test
