// Main memory: real bytes, and the time of a DDR4 channel with open rows, refresh and a shared bus.
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <tlm>
#include <vector>

#include "models/host/bookings.h"
#include "models/host/dram_params.h"
#include "models/host/lazy_bytes.h"
#include "models/sim/kernel.h"
#include "models/sim/stats.h"
#include "models/sim/trace.h"

namespace vctoe::host {

/// What an access waited for beyond the time of an idle channel.
enum class DramWait : std::uint8_t { kBus, kBank, kActivate, kRefresh };

class Dram : public sc_core::sc_module {
 public:
  struct Stats {
    std::uint64_t row_hits = 0;
    std::uint64_t row_closed = 0;
    std::uint64_t row_conflicts = 0;
    std::uint64_t bytes_read = 0;
    std::uint64_t bytes_written = 0;
    std::uint64_t out_of_range = 0;
    sim::Time bus_busy;
    std::array<sim::Time, 4> waited{};  ///< by DramWait; of accesses, so they may overlap in time
    void declare(sim::StatList& list) const;
  };

  Dram(const sc_core::sc_module_name& name, sim::Context& ctx, const DramParams& params);

  /// Memory protocol of docs/architecture.md. Outside the memory: TLM_ADDRESS_ERROR_RESPONSE.
  tlm_utils::simple_target_socket<Dram, 64> socket{"socket"};

  /// Time only: books an access of `length` bytes at `address` that reaches the controller at
  /// `start` and returns when its last beat is done. The range must lie inside the memory. Calls
  /// may come out of the order of their starts.
  sim::Time access(std::uint64_t address, std::uint64_t length, bool is_write, sim::Time start);

  bool contains(std::uint64_t address, std::uint64_t length) const {
    return store_.contains(address, length);
  }
  std::uint64_t size() const { return store_.size(); }
  /// The bytes at `address`, untimed; contiguous to the end of the memory. For loaders, checkers,
  /// and modelled software that has charged the time by access() or as CPU cost.
  std::uint8_t* page(std::uint64_t address) {
    sim::ensure(contains(address, 1), "dram: address outside the memory");
    return store_.data() + address;
  }
  std::uint64_t read64(std::uint64_t address) const {
    sim::ensure(contains(address, 8), "dram: read64 outside the memory");
    std::uint64_t value = 0;
    std::memcpy(&value, store_.data() + address, 8);
    return value;
  }
  void write64(std::uint64_t address, std::uint64_t value) {
    sim::ensure(contains(address, 8), "dram: write64 outside the memory");
    std::memcpy(store_.data() + address, &value, 8);
  }
  /// Bytes of this machine's memory that back the model at present.
  std::uint64_t resident() const { return store_.resident(); }

  const Stats& stats() const { return stats_; }
  const DramParams& params() const { return params_; }

 private:
  static constexpr std::uint64_t kLine = 64;  // BL8 on 64 bits
  static constexpr std::uint64_t kNoRow = ~std::uint64_t{0};

  struct Bank {
    std::uint64_t row = kNoRow;
    std::uint64_t refresh_epoch = 0;  // a refresh closes every row
    sim::Time activated;
    sim::Time may_precharge;
    bool used = false;
  };

  void b_transport(tlm::tlm_generic_payload& gp, sc_core::sc_time& delay);
  unsigned transport_dbg(tlm::tlm_generic_payload& gp);
  static void fetch_and_add(const tlm::tlm_generic_payload& gp, std::uint8_t* bytes);
  bool move_bytes(tlm::tlm_generic_payload& gp);
  sim::Time cycles(std::uint64_t n) const;
  sim::Time access_row(std::uint64_t address, std::uint64_t length, bool is_write, sim::Time start);
  sim::Time first_column(Bank& bank, std::uint64_t row, sim::Time start);
  sim::Time after_refresh(sim::Time t);
  sim::Time over_refresh(sim::Time from, sim::Time to);
  void find_refresh(sim::Time t);
  void waited(DramWait why, sim::Time from, sim::Time to) {
    if (to > from) stats_.waited[static_cast<std::size_t>(why)] += to - from;
  }

  DramParams params_;
  LazyBytes store_;
  Stats stats_;
  std::vector<Bank> banks_;
  std::vector<sim::Time> burst_;  // time on the bus of n lines
  Bookings bus_;
  Bookings activates_;  // tFAW, as one activate every tFAW / 4
  sim::Time cas_, rcd_, rp_, ras_, rc_, rtp_, wr_, faw4_, rfc_, refi_;
  unsigned row_shift_ = 0;
  unsigned bank_shift_ = 0;
  std::uint64_t refresh_epoch_ = 0;  // index of the refresh interval that was looked up last
  sim::Time refresh_from_, refresh_next_;
};

}  // namespace vctoe::host

template <>
struct vctoe::sim::EnumNames<vctoe::host::DramWait> {
  static constexpr std::string_view kNames[] = {"bus", "bank", "activate", "refresh"};
};
