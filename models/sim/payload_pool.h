// Generic payloads for TLM-2.0 without allocation in steady state.
#pragma once

#include <memory>
#include <tlm>
#include <vector>

namespace vctoe::sim {

/// Owns payloads of one initiator. get() returns one with a reference held; release() gives it
/// back. Extensions stay on the payload between uses: initiators overwrite every field they set.
class PayloadPool : public tlm::tlm_mm_interface {
 public:
  PayloadPool() = default;
  PayloadPool(const PayloadPool&) = delete;
  PayloadPool& operator=(const PayloadPool&) = delete;

  tlm::tlm_generic_payload& get() {
    if (free_.empty()) {
      all_.push_back(std::make_unique<tlm::tlm_generic_payload>(this));
      free_.push_back(all_.back().get());
    }
    tlm::tlm_generic_payload& gp = *free_.back();
    free_.pop_back();
    gp.acquire();
    gp.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    gp.set_byte_enable_ptr(nullptr);
    gp.set_dmi_allowed(false);
    return gp;
  }

  /// Payloads handed out and not yet returned.
  std::size_t in_use() const { return all_.size() - free_.size(); }

 private:
  void free(tlm::tlm_generic_payload* gp) override { free_.push_back(gp); }

  std::vector<std::unique_ptr<tlm::tlm_generic_payload>> all_;
  std::vector<tlm::tlm_generic_payload*> free_;
};

/// Fills in a read or write of `length` bytes at `address`.
inline void set_access(tlm::tlm_generic_payload& gp, tlm::tlm_command command,
                       std::uint64_t address, void* data, std::uint64_t length) {
  gp.set_command(command);
  gp.set_address(address);
  gp.set_data_ptr(static_cast<unsigned char*>(data));
  gp.set_data_length(static_cast<unsigned>(length));
  gp.set_streaming_width(static_cast<unsigned>(length));
  gp.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
}

}  // namespace vctoe::sim
