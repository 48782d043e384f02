#include "models/host/dram.h"

#include <algorithm>

#include "models/pcie/tlp_extension.h"

namespace vctoe::host {
namespace {

unsigned log2_exact(std::uint64_t n, const char* what) {
  unsigned shift = 0;
  while (shift < 63 && (std::uint64_t{1} << shift) < n) ++shift;
  if ((std::uint64_t{1} << shift) != n) {
    sim::user_error(std::string(what) + " must be a power of two, is " + std::to_string(n));
  }
  return shift;
}

}  // namespace

void DramParams::declare(sim::ParamList& list) {
  const char* jedec = "calibration 5 (DDR4-2400)";
  list.add("size", size, sim::bytes_range(sim::Bytes::mib(1), sim::Bytes::gib(1024)),
           "bytes of main memory", "own choice: small enough to be under pressure");
  list.add("data_rate_mts", data_rate_mts, {100, 20000}, "transfers a microsecond on 64 bits",
           jedec);
  list.add("banks", banks, {1, 256}, "banks, a power of two", jedec);
  list.add("row", row, sim::bytes_range({1024}, sim::Bytes::kib(64)),
           "bytes of one row over the channel, a power of two", jedec);
  list.add("mapping", mapping, "row:bank:column, or the same with the bank XORed with the row",
           "own choice: as common controllers");
  list.add("page_policy", page_policy, "whether a row stays open after an access",
           "own choice: open, which R1 and R3 need");
  list.add("cl", cl, {1, 1000}, "cycles from column command to first beat", jedec);
  list.add("rcd", rcd, {1, 1000}, "cycles from activate to column command", jedec);
  list.add("rp", rp, {1, 1000}, "cycles of precharge", jedec);
  list.add("ras", ras, {1, 1000}, "least cycles from activate to precharge", jedec);
  list.add("rc", rc, {1, 1000}, "least cycles between activates of one bank", jedec);
  list.add("rtp", rtp, {0, 1000}, "cycles from the last read command to precharge", jedec);
  list.add("wr", wr, {0, 1000}, "cycles from the last written beat to precharge", jedec);
  list.add("faw", faw, {4, 1000}, "cycles in which at most four rows are activated", jedec);
  list.add("rfc", rfc, {0, 100000}, "cycles of one refresh of all banks", jedec);
  list.add("refi", refi, {1, 1000000}, "cycles from refresh to refresh", jedec);
}

void Dram::Stats::declare(sim::StatList& list) const {
  list.add("row_hits", row_hits, "1", "row accesses that found their row open");
  list.add("row_closed", row_closed, "1", "row accesses that found their bank closed");
  list.add("row_conflicts", row_conflicts, "1", "row accesses that found another row open");
  list.add("bytes_read", bytes_read, "B", "bytes read");
  list.add("bytes_written", bytes_written, "B", "bytes written");
  list.add("out_of_range", out_of_range, "1", "accesses refused because they lie outside");
  list.add("bus_busy", bus_busy, "s", "time of data on the bus");
  for (std::size_t i = 0; i < waited.size(); ++i) {
    list.add("waited." + std::string(sim::EnumNames<DramWait>::kNames[i]), waited[i], "s",
             "time that accesses waited for it");
  }
}

Dram::Dram(const sc_core::sc_module_name& name, sim::Context& /*ctx*/, const DramParams& params)
    : sc_module(name), params_(params), store_(params.size.n), banks_(params.banks) {
  socket.register_b_transport(this, &Dram::b_transport);
  socket.register_transport_dbg(this, &Dram::transport_dbg);
  if (params.refi <= params.rfc) sim::user_error("dram: refi must be greater than rfc");
  row_shift_ = log2_exact(params.row.n, "dram: row");
  bank_shift_ = log2_exact(params.banks, "dram: banks");
  cas_ = cycles(params.cl);
  rcd_ = cycles(params.rcd);
  rp_ = cycles(params.rp);
  ras_ = cycles(params.ras);
  rc_ = cycles(params.rc);
  rtp_ = cycles(params.rtp);
  wr_ = cycles(params.wr);
  faw4_ = cycles(params.faw) / 4;
  rfc_ = cycles(params.rfc);
  refi_ = cycles(params.refi);
  for (std::uint64_t lines = 0; lines <= params.row.n / kLine; ++lines) {
    burst_.push_back(cycles(lines * 4));  // BL8: eight beats, four clocks
  }
  refresh_next_ = refi_;
}

sim::Time Dram::cycles(std::uint64_t n) const {
  return sim::Time::from_ns_f(static_cast<double>(n) * 2e3 / params_.data_rate_mts);
}

sim::Time Dram::access(std::uint64_t address, std::uint64_t length, bool is_write,
                       sim::Time start) {
  sim::ensure(contains(address, length), "dram: access outside the memory");
  (is_write ? stats_.bytes_written : stats_.bytes_read) += length;
  sim::Time done = start;
  while (length > 0) {
    const std::uint64_t room = params_.row.n - (address & (params_.row.n - 1));
    const std::uint64_t part = std::min(length, room);
    done = sim::max(done, access_row(address, part, is_write, start));
    address += part;
    length -= part;
  }
  return done;
}

sim::Time Dram::access_row(std::uint64_t address, std::uint64_t length, bool is_write,
                           sim::Time start) {
  const std::uint64_t row = address >> (row_shift_ + bank_shift_);
  std::uint64_t index = address >> row_shift_;
  if (params_.mapping == BankMapping::kXor) index ^= row;
  Bank& bank = banks_[index & (params_.banks - 1)];

  const sim::Time column = first_column(bank, row, start);
  const std::uint64_t lines = (address + length - 1) / kLine - address / kLine + 1;
  const sim::Time beats = burst_[lines];
  const sim::Time earliest = column + cas_;
  const sim::Time data = bus_.book(earliest, beats);
  waited(DramWait::kBus, earliest, data);
  stats_.bus_busy += beats;
  const sim::Time end = over_refresh(data - cas_, data + beats);
  bank.may_precharge =
      is_write ? end + wr_ : sim::max(bank.activated + ras_, end - burst_[1] - cas_ + rtp_);
  if (params_.page_policy == PagePolicy::kClosed) bank.row = kNoRow;
  return end;
}

// When the bank can take the first column command: opens the row if need be.
sim::Time Dram::first_column(Bank& bank, std::uint64_t row, sim::Time start) {
  const sim::Time begin = after_refresh(start);
  if (bank.refresh_epoch != refresh_epoch_) {
    bank.refresh_epoch = refresh_epoch_;
    bank.row = kNoRow;
    bank.may_precharge = sim::Time::zero();
  }
  if (bank.row == row) {
    ++stats_.row_hits;
    return sim::max(begin, bank.activated + rcd_);
  }
  sim::Time activate = begin;
  if (bank.row != kNoRow) {
    ++stats_.row_conflicts;
    activate = sim::max(begin, bank.may_precharge) + rp_;
    waited(DramWait::kBank, begin, bank.may_precharge);
  } else {
    ++stats_.row_closed;
    if (bank.used) activate = sim::max(begin, bank.may_precharge + rp_);
    waited(DramWait::kBank, begin, activate);
  }
  if (bank.used && bank.activated + rc_ > activate) {
    waited(DramWait::kBank, activate, bank.activated + rc_);
    activate = bank.activated + rc_;
  }
  const sim::Time booked = activates_.book(activate, faw4_);
  waited(DramWait::kActivate, activate, booked);
  bank.row = row;
  bank.used = true;
  bank.activated = booked;
  return booked + rcd_;
}

// Interval k > 0 begins with a refresh of all banks; the first one has none.
void Dram::find_refresh(sim::Time t) {
  refresh_epoch_ = t.ps / refi_.ps;
  refresh_from_ = refi_ * refresh_epoch_;
  refresh_next_ = refresh_from_ + refi_;
}

sim::Time Dram::after_refresh(sim::Time t) {
  if (t < refresh_from_ || t >= refresh_next_) find_refresh(t);
  if (refresh_epoch_ == 0 || t >= refresh_from_ + rfc_) return t;
  waited(DramWait::kRefresh, t, refresh_from_ + rfc_);
  return refresh_from_ + rfc_;
}

// A burst that a refresh interrupts goes on after it; the bus is lost to everybody for that time.
sim::Time Dram::over_refresh(sim::Time from, sim::Time to) {
  if (to <= refresh_next_ && from >= refresh_from_) return to;
  const std::uint64_t crossed = to.ps / refi_.ps - from.ps / refi_.ps;
  if (crossed == 0) return to;
  waited(DramWait::kRefresh, to, to + rfc_ * crossed);
  for (std::uint64_t i = 0; i < crossed; ++i) bus_.book(to, rfc_);
  return to + rfc_ * crossed;
}

/// The second half of an AtomicOp, whose first is the read.
void Dram::fetch_and_add(const tlm::tlm_generic_payload& gp, std::uint8_t* bytes) {
  const auto* about = gp.get_extension<pcie::TlpExtension>();
  if (about == nullptr || about->fetch_add == 0) return;
  std::uint64_t value = 0;
  std::memcpy(&value, bytes, 8);
  value += about->fetch_add;
  std::memcpy(bytes, &value, 8);
}

bool Dram::move_bytes(tlm::tlm_generic_payload& gp) {
  const std::uint64_t length = gp.get_data_length();
  if (!contains(gp.get_address(), length)) {
    gp.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    ++stats_.out_of_range;
    return false;
  }
  if (gp.get_byte_enable_ptr() != nullptr) {
    gp.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    return false;
  }
  if (gp.get_streaming_width() < length) {
    gp.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    return false;
  }
  std::uint8_t* bytes = store_.data() + gp.get_address();
  if (gp.is_read()) std::memcpy(gp.get_data_ptr(), bytes, length);
  if (gp.is_read() && length == 8) fetch_and_add(gp, bytes);
  if (gp.is_write()) std::memcpy(bytes, gp.get_data_ptr(), length);
  gp.set_response_status(tlm::TLM_OK_RESPONSE);
  return true;
}

void Dram::b_transport(tlm::tlm_generic_payload& gp, sc_core::sc_time& delay) {
  if (!move_bytes(gp)) return;
  const sim::Time now = sim::now();
  const sim::Time start = now + sim::from_sc(delay);
  delay = sim::to_sc(access(gp.get_address(), gp.get_data_length(), gp.is_write(), start) - now);
}

unsigned Dram::transport_dbg(tlm::tlm_generic_payload& gp) {
  return move_bytes(gp) ? gp.get_data_length() : 0;
}

}  // namespace vctoe::host
