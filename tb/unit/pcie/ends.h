// What stands at the ends of a link: memories, a device and a CPU, without timing of their own
// unless asked.
#pragma once

#include <cstring>
#include <functional>
#include <systemc>
#include <vector>

#include "models/pcie/link.h"
#include "models/sim/payload_pool.h"

namespace vctoe::pcie::test {

/// What arrived at a memory, and when its turn begins.
struct Access {
  sim::Time at;
  bool write = false;
  std::uint64_t address = 0;
  std::uint64_t length = 0;
  Purpose purpose{};
};

/// Notes what arrives and takes `latency` for it; refuses addresses from kBad on.
template <unsigned kWidth>
class Memory : public sc_core::sc_module {
 public:
  static constexpr std::uint64_t kSize = 1 << 20;
  static constexpr std::uint64_t kBad = std::uint64_t{1} << 40;

  explicit Memory(const sc_core::sc_module_name& name) : sc_module(name), bytes(kSize) {
    socket.register_b_transport(this, &Memory::transport);
  }

  tlm_utils::simple_target_socket<Memory, kWidth> socket{"socket"};
  std::vector<unsigned char> bytes;
  sim::Time latency;
  std::function<sim::Time(std::uint64_t address)> latency_of;
  std::vector<Access> log;
  bool logging = true;

 private:
  void transport(tlm::tlm_generic_payload& gp, sc_core::sc_time& delay) {
    const std::uint64_t a = gp.get_address();
    const std::uint64_t n = gp.get_data_length();
    if (logging) {
      log.push_back(
          {sim::now() + sim::from_sc(delay), gp.is_write(), a, n, TlpExtension::of(gp).purpose});
    }
    delay += sim::to_sc(latency_of ? latency_of(a) : latency);
    if (a >= kBad) return gp.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    if (gp.is_write()) {
      std::memcpy(&bytes[a], gp.get_data_ptr(), n);
    } else {
      std::memcpy(gp.get_data_ptr(), &bytes[a], n);
    }
    gp.set_response_status(tlm::TLM_OK_RESPONSE);
  }
};

/// A device that asks when told to and notes the answers.
class Device : public sc_core::sc_module {
 public:
  struct Answer {
    std::uint64_t id = 0;
    sim::Time asked;
    sim::Time at;
    bool ok = false;
  };

  explicit Device(const sc_core::sc_module_name& name) : sc_module(name) {
    socket.register_nb_transport_bw(this, &Device::answer);
  }

  tlm_utils::simple_initiator_socket<Device> socket{"socket"};
  std::vector<Answer> answers;
  std::function<void(const Answer&)> on_answer;
  TlpExtension ext;  ///< of the next request; txn is the id
  bool keep_answers = true;

  void read(std::uint64_t address, void* data, std::uint64_t n) {
    request(tlm::TLM_READ_COMMAND, address, data, n);
  }
  void write(std::uint64_t address, const void* data, std::uint64_t n) {
    request(tlm::TLM_WRITE_COMMAND, address, const_cast<void*>(data), n);
  }
  std::size_t outstanding() const { return pool_.in_use(); }

 private:
  void request(tlm::tlm_command command, std::uint64_t address, void* data, std::uint64_t n) {
    tlm::tlm_generic_payload& gp = pool_.get();
    sim::set_access(gp, command, address, data, n);
    TlpExtension::of(gp) = ext;
    if (asked_.size() <= ext.txn) asked_.resize(2 * ext.txn + 16);
    asked_[ext.txn] = sim::now();
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay;
    const auto result = socket->nb_transport_fw(gp, phase, delay);
    sim::ensure(result == tlm::TLM_UPDATED && phase == tlm::END_REQ, "test: END_REQ expected");
  }
  tlm::tlm_sync_enum answer(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                            sc_core::sc_time& delay) {
    sim::ensure(phase == tlm::BEGIN_RESP && delay == sc_core::SC_ZERO_TIME, "test: BEGIN_RESP");
    const std::uint64_t id = TlpExtension::of(gp).txn;
    const Answer a{id, asked_[id], sim::now(), gp.is_response_ok()};
    if (keep_answers) answers.push_back(a);
    gp.release();
    if (on_answer) on_answer(a);
    return tlm::TLM_COMPLETED;
  }

  sim::PayloadPool pool_;
  std::vector<sim::Time> asked_;
};

/// Runs the program it is given in an SC_THREAD, with loads and stores.
class Cpu : public sc_core::sc_module {
 public:
  explicit Cpu(const sc_core::sc_module_name& name) : sc_module(name) { SC_THREAD(run); }
  SC_HAS_PROCESS(Cpu);

  tlm_utils::simple_initiator_socket<Cpu, 64> socket{"socket"};
  std::function<void()> program;

  bool access(tlm::tlm_command command, std::uint64_t address, void* data, std::uint64_t n,
              std::uint16_t line = 0) {
    tlm::tlm_generic_payload& gp = pool_.get();
    sim::set_access(gp, command, address, data, n);
    TlpExtension& ext = TlpExtension::of(gp);
    ext = {};
    ext.purpose = line == 0 ? Purpose::kRegister : Purpose::kPayload;
    ext.max_payload = line;
    sc_core::sc_time delay;
    socket->b_transport(gp, delay);
    const bool ok = gp.is_response_ok();
    gp.release();
    return ok;
  }

 private:
  void run() {
    if (program) program();
  }
  sim::PayloadPool pool_;
};

}  // namespace vctoe::pcie::test
