// The NIC as the PCIe link sees it: registers and the window onto the packet buffer.
#include <cstring>

#include "models/host/address_map.h"
#include "models/nic/nic.h"
#include "models/nic/registers.h"

namespace vctoe::nic {

void Nic::b_transport(tlm::tlm_generic_payload& gp, sc_core::sc_time&) {
  const std::uint64_t offset = host::offset_in_device(gp.get_address());
  const std::uint64_t window = host::nic_bar2(0) - host::nic_bar0(0);
  const std::uint32_t length = gp.get_data_length();
  bool ok = false;
  if (offset >= window) {
    const std::uint64_t at = offset - window;
    ok = gp.is_write() && at + length <= buffer_.size();
    if (ok) {
      std::memcpy(buffer_.data(static_cast<std::uint32_t>(at)), gp.get_data_ptr(), length);
      stats_.pushed_bytes += length;
    }
  } else if (length == 8 && gp.is_write()) {
    std::uint64_t value = 0;
    std::memcpy(&value, gp.get_data_ptr(), 8);
    ok = write_register(offset, value);
  } else if (length == 8) {
    std::uint64_t value = 0;
    ok = read_register(offset, value);
    std::memcpy(gp.get_data_ptr(), &value, 8);
  }
  if (!ok) ++stats_.bad_accesses;
  gp.set_response_status(ok ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE);
}

bool Nic::write_register(std::uint64_t offset, std::uint64_t value) {
  ++stats_.register_writes;
  switch (static_cast<Register>(offset)) {
    case Register::kSubmitBase:
      return submit_ring_.set_base(value);
    case Register::kSubmitSize:
      return submit_ring_.set_size(value);
    case Register::kSubmitTail:
      return submit_ring_.doorbell(value);
    case Register::kRequestBase:
      return request_ring_.set_base(value);
    case Register::kRequestSize:
      return request_ring_.set_size(value);
    case Register::kRequestHead:
      return request_ring_.doorbell(value);
    case Register::kReplyBase:
      return reply_ring_.set_base(value);
    case Register::kReplySize:
      return reply_ring_.set_size(value);
    case Register::kReplyTail:
      return reply_ring_.doorbell(value);
    case Register::kCompletionBase:
      return completion_ring_.set_base(value);
    case Register::kCompletionSize:
      return completion_ring_.set_size(value);
    case Register::kCompletionHead:
      return completion_ring_.doorbell(value);
    case Register::kPinTable:
      pins_.set_table(value);
      return true;
    case Register::kReceiveConsumed:
      consumed(value);
      return true;
    case Register::kControl:
      request_interrupt_.mask((value & kControlNoInterrupts) != 0);
      completion_interrupt_.mask((value & kControlNoInterrupts) != 0);
      return true;
    default:
      return false;
  }
}

bool Nic::read_register(std::uint64_t offset, std::uint64_t& value) const {
  constexpr auto kFirstCounter = static_cast<std::uint64_t>(Register::kWalkerCounters);
  if (offset >= kFirstCounter && offset < static_cast<std::uint64_t>(Register::kEnd)) {
    value = walker_->counter(static_cast<WalkerCounter>((offset - kFirstCounter) / 8));
    return offset % 8 == 0;
  }
  switch (static_cast<Register>(offset)) {
    case Register::kSubmitHead:
      value = submit_ring_.taken();
      return true;
    case Register::kReplyHead:
      value = reply_ring_.taken();
      return true;
    case Register::kIdentity:
      value = kIdentityValue;
      return true;
    case Register::kFramesDropped:
      value =
          mac_ ? mac_->stats().rx_refused[static_cast<std::size_t>(net::DropReason::kNoRoom)] : 0;
      return true;
    default:
      return false;
  }
}

/// Whoever watches the rings is told when one has changed.
void Nic::announce_rings() {
  const auto say = [this] { context_.trace.changed(node_, sim::Watched::kRings); };
  request_ring_.on_change(say);
  completion_ring_.on_change(say);
  submit_ring_.on_change(say);
  reply_ring_.on_change(say);
}

}  // namespace vctoe::nic
