#include "models/pcie/endpoint.h"

#include <cstring>

#include "models/sim/error.h"

namespace vctoe::pcie {

void Endpoint::Stats::declare(sim::StatList& list) const {
  list.add("config_reads", config_reads, "1", "configuration registers read");
  list.add("config_writes", config_writes, "1", "configuration registers written");
  list.add("unsupported_requests", unsupported_requests, "1",
           "accesses outside the BARs, or before memory space was enabled");
  list.add("dma_refused", dma_refused, "1", "requests of the device before it was bus master");
  list.add("messages", messages, "1", "MSI-X messages sent");
  list.add("messages_held", messages_held, "1", "of masked vectors, or before MSI-X was enabled");
}

Endpoint::Endpoint(const sc_core::sc_module_name& name, const FunctionLayout& layout)
    : sc_module(name),
      layout_(layout),
      config_(layout),
      vectors_(layout.vectors),
      done_([this](tlm::tlm_generic_payload*& gp) { give_back(*gp); }) {
  from_link.register_b_transport(this, &Endpoint::access);
  dma.register_nb_transport_fw(this, &Endpoint::request);
  to_link.register_nb_transport_bw(this, &Endpoint::answer);
}

// ---- from the host ------------------------------------------------------------------------------

void Endpoint::access(tlm::tlm_generic_payload& gp, sc_core::sc_time& delay) {
  if (TlpExtension::of(gp).purpose == Purpose::kConfiguration) return configure(gp);
  const auto place = config_.decode(gp.get_address(), gp.get_data_length());
  if (!place) return refuse(gp);
  if (in_table(*place)) {
    if (!table_access(gp, *place - layout_.msix_place)) return refuse(gp);
    return gp.set_response_status(tlm::TLM_OK_RESPONSE);
  }
  gp.set_address(*place);
  registers->b_transport(gp, delay);
}

void Endpoint::configure(tlm::tlm_generic_payload& gp) {
  const auto offset = static_cast<unsigned>(gp.get_address());
  if (gp.get_data_length() != 4 || offset % 4 != 0) return refuse(gp);
  std::uint32_t value = config_.read(offset);
  if (gp.is_write()) {
    ++stats_.config_writes;
    std::memcpy(&value, gp.get_data_ptr(), 4);
    config_.write(offset, value);
    release_messages();
  } else {
    ++stats_.config_reads;
    std::memcpy(gp.get_data_ptr(), &value, 4);
  }
  gp.set_response_status(tlm::TLM_OK_RESPONSE);
}

/// Unsupported Request (base specification 5.0, 2.3.1 and 6.2.3).
void Endpoint::refuse(tlm::tlm_generic_payload& gp) {
  ++stats_.unsupported_requests;
  config_.unsupported_request();
  gp.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
}

// ---- MSI-X --------------------------------------------------------------------------------------

/// The table, and behind it 8 bytes of pending bits.
bool Endpoint::in_table(std::uint64_t place) const {
  return place >= layout_.msix_place && place < layout_.msix_place + vectors_.size() * 16 + 8;
}

std::uint32_t* Endpoint::table_word(std::uint64_t offset) {
  const std::uint64_t vector = offset / 16;
  return vector < vectors_.size() ? &vectors_[vector].word[offset % 16 / 4] : nullptr;
}

/// Software reads and writes 4 or 8 bytes (PCI local bus specification 3.0, 6.8.2).
bool Endpoint::table_access(tlm::tlm_generic_payload& gp, std::uint64_t offset) {
  const unsigned length = gp.get_data_length();
  if ((length != 4 && length != 8) || offset % length != 0) return false;
  for (unsigned at = 0; at < length; at += 4) {
    std::uint32_t* const word = table_word(offset + at);
    std::uint32_t pending = 0;
    for (std::size_t v = 0; v < vectors_.size() && word == nullptr; ++v) {
      pending |= (vectors_[v].pending ? 1u : 0u) << v;
    }
    if (offset + at > vectors_.size() * 16) pending = 0;  // the upper half
    if (gp.is_read()) {
      std::memcpy(gp.get_data_ptr() + at, word == nullptr ? &pending : word, 4);
    } else if (word != nullptr) {
      std::memcpy(word, gp.get_data_ptr() + at, 4);
    }
  }
  release_messages();
  return true;
}

/// Sends what was held, once nothing holds it any more.
void Endpoint::release_messages() {
  if (!config_.bus_master() || !config_.msix_enabled() || config_.msix_masked()) return;
  for (Vector& v : vectors_) {
    if (v.pending && !v.masked()) send_message(v);
  }
}

void Endpoint::send_message(Vector& vector) {
  vector.pending = false;
  ++stats_.messages;
  tlm::tlm_generic_payload& gp = own_.get();
  sim::set_access(gp, tlm::TLM_WRITE_COMMAND, vector.address(), &message_, sizeof message_);
  TlpExtension about;
  about.purpose = Purpose::kInterrupt;
  TlpExtension::of(gp) = about;
  tlm::tlm_phase phase = tlm::BEGIN_REQ;
  sc_core::sc_time delay;
  to_link->nb_transport_fw(gp, phase, delay);
}

/// The device's message carries its vector in bits 2 and up; where it goes is in the table. False
/// if it is held.
bool Endpoint::address_message(tlm::tlm_generic_payload& gp) {
  Vector& v = vectors_[gp.get_address() / 4 % vectors_.size()];
  if (config_.msix_enabled() && !config_.msix_masked() && !v.masked()) {
    gp.set_address(v.address());
    ++stats_.messages;
    return true;
  }
  v.pending = true;
  ++stats_.messages_held;
  return false;
}

// ---- from the device ----------------------------------------------------------------------------

/// A function that is not bus master may not send requests (base specification 5.0, 7.5.1.1.3): the
/// device's are answered here, in vain.
tlm::tlm_sync_enum Endpoint::request(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) {
  const bool message = TlpExtension::of(gp).purpose == Purpose::kInterrupt;
  bool passes = config_.bus_master();
  if (!passes) ++stats_.dma_refused;
  gp.set_response_status(passes ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE);
  if (message) passes = address_message(gp) && passes;
  if (passes) return to_link->nb_transport_fw(gp, phase, delay);
  gp.acquire();
  done_.push(sim::now() + sim::from_sc(delay), &gp);
  phase = tlm::END_REQ;
  return tlm::TLM_UPDATED;
}

void Endpoint::give_back(tlm::tlm_generic_payload& gp) {
  tlm::tlm_phase phase = tlm::BEGIN_RESP;
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  const tlm::tlm_sync_enum taken = dma->nb_transport_bw(gp, phase, delay);
  sim::ensure(taken == tlm::TLM_COMPLETED, "pcie: BEGIN_RESP must be answered TLM_COMPLETED");
  gp.release();
}

tlm::tlm_sync_enum Endpoint::answer(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                                    sc_core::sc_time& delay) {
  // A message of its own has no extension of the device's to find.
  if (gp.get_data_ptr() != reinterpret_cast<unsigned char*>(&message_)) {
    return dma->nb_transport_bw(gp, phase, delay);
  }
  gp.release();
  return tlm::TLM_COMPLETED;
}

}  // namespace vctoe::pcie
