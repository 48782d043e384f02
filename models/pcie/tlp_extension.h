// What a generic payload says on a PCIe socket beyond address, length and data.
#pragma once

#include <cstdint>
#include <tlm>

#include "models/sim/units.h"

namespace vctoe::pcie {

/// What the bytes are for; statistics are kept by purpose.
enum class Purpose : std::uint8_t {
  kPayload,       ///< bytes of a stream
  kDescriptor,    ///< ring entries, scatter lists
  kContext,       ///< virtual context records
  kInterrupt,     ///< MSI-X message
  kRegister,      ///< MMIO
  kFrame,         ///< whole Ethernet frames, of a plain MAC
  kVideo,         ///< a picture that is scanned out
  kConfiguration  ///< CfgRd0, CfgWr0: 4 bytes at the address of a register; not posted
};

/// Set by the initiator before BEGIN_REQ and changed by nobody after it.
struct TlpExtension : tlm::tlm_extension<TlpExtension> {
  /// Request that this belongs to; for traces. Default 0: none.
  sim::TxnId txn = 0;
  std::uint32_t connection = 0;
  /// Address space of the data, for the monitors. Default 0: kernel.
  std::uint16_t asid = 0;
  Purpose purpose = Purpose::kPayload;
  /// The largest payload of one TLP if smaller than MPS; 0 means MPS. CPU write-combining stores
  /// set 64.
  std::uint16_t max_payload = 0;
  /// Relaxed ordering attribute: a write, or the completion of a read, may pass earlier writes.
  bool relaxed_ordering = false;
  /// ID-based ordering attribute (may pass earlier posted writes of another stream).
  bool id_ordering = false;
  /// The address is virtual in address space `asid`, which goes along as the PASID.
  bool pasid = false;
  /// An AtomicOp: a read of 8 bytes that adds this, modulo 2^64, to what it has read (FetchAdd,
  /// PCIe base specification 5.0, 6.15). Default 0: none.
  std::uint64_t fetch_add = 0;
  /// Number of the function that asks, the low part of the requester id.
  std::uint8_t function = 0;

  tlm::tlm_extension_base* clone() const override { return new TlpExtension(*this); }
  void copy_from(const tlm::tlm_extension_base& other) override {
    *this = static_cast<const TlpExtension&>(other);
  }

  /// The payload's extension; made on first use and kept with the pooled payload.
  static TlpExtension& of(tlm::tlm_generic_payload& gp) {
    auto* ext = gp.get_extension<TlpExtension>();
    if (ext == nullptr) gp.set_extension(ext = new TlpExtension);
    return *ext;
  }
};

}  // namespace vctoe::pcie
