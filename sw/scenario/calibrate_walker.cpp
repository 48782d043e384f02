#include "sw/scenario/calibrate_walker.h"

#include <fmt/format.h>
#include <tlm_utils/simple_target_socket.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <vector>

#include "models/nic/rtl_walker.h"
#include "models/sim/error.h"
#include "models/sim/kernel.h"

namespace vctoe::scenario {

namespace {

using sim::Time;

constexpr std::uint64_t kList = 0x10000;  ///< where lists begin, virtual and physical
constexpr std::uint32_t kSize = 4096;     ///< bytes of a block
constexpr std::uint64_t kFetchCycles = 200;

/// The walker alone: a host that knows every page at once, and a memory that takes kFetchCycles.
class Rig : public sc_core::sc_module, public nic::WalkerSink {
 public:
  Rig(const sc_core::sc_module_name& name, const nic::WalkerParams& params,
      std::uint64_t connections)
      : sc_module(name),
        clock_(params.clock),
        memory_("memory"),
        walker_("walker", context_, 0, params, connections, *this),
        responses_([this](tlm::tlm_generic_payload*& gp) { respond(*gp); }) {
    memory_.register_nb_transport_fw(this, &Rig::request);
    walker_.fetch.bind(memory_);
  }

  /// Cycles from a walk's arrival, as the model's clock would count them.
  struct Cycles {
    std::uint64_t fetch = 0;     ///< to its last fetch
    std::uint64_t first = 0;     ///< to its first block
    std::uint64_t last = 0;      ///< to its last block
    std::uint64_t answered = 0;  ///< from its last fetch's answer to the first block
  };
  /// [begin, begin + length) of a list of one connection, blocks of kSize each.
  Cycles walk(std::uint32_t connection, std::uint64_t begin, std::uint64_t length) {
    nic::WalkRequest r;
    r.txn = ++txn_;
    r.connection = connection;
    r.asid = 1;
    r.list_head = kList + connection * 0x400;
    r.sequence = static_cast<std::uint32_t>(begin);
    r.length = static_cast<std::uint32_t>(length);
    blocks_.clear();
    fetched_ = answered_ = Time::never();
    sim::run(clock_ * 1000);  // on an edge, and all prefetches are over
    const Time from = sim::now();
    walker_.walk(r);
    sim::run(clock_ * 1000);
    if (walker_.busy() != 0 || blocks_.empty()) {
      sim::check_failed("the RTL walker does not do a walk of the calibration");
    }
    Cycles c;
    c.first = cycles(from, blocks_.front());
    c.last = cycles(from, blocks_.back());
    if (fetched_ != Time::never()) c.fetch = cycles(from, fetched_);
    if (answered_ != Time::never()) c.answered = cycles(answered_, blocks_.front());
    return c;
  }

 private:
  std::uint64_t cycles(Time from, Time to) const {
    return to > from ? (to - from).ps / clock_.ps : 0;
  }
  void block(const nic::BlockRequest& /*request*/) override { blocks_.push_back(sim::now()); }
  void node_needed(const nic::NodeRequest& r) override { walker_.fill(r.asid, r.page, r.page); }
  void node_released(std::uint16_t /*asid*/, std::uint64_t /*page*/) override {}
  void fault(const nic::WalkFault& f) override {
    sim::check_failed("the RTL walker faults in a walk of the calibration: " +
                      std::string(sim::enum_name(f.code)));
  }
  void done(sim::TxnId /*txn*/, std::uint32_t /*connection*/) override {}

  tlm::tlm_sync_enum request(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                             sc_core::sc_time& /*delay*/) {
    if (blocks_.empty()) fetched_ = sim::now();
    responses_.push(sim::now() + clock_ * kFetchCycles, &gp);
    phase = tlm::END_REQ;
    return tlm::TLM_UPDATED;
  }
  /// Every record describes kSize bytes and is followed by the next one.
  void respond(tlm::tlm_generic_payload& gp) {
    nic::ContextRecord record;
    const std::uint64_t index = gp.get_address() % 0x400 / sizeof record;
    record.virtual_address = 0x1000'0000 + index * kSize;
    record.data_size = kSize;
    record.starting_sequence = static_cast<std::uint32_t>(index * kSize);
    record.next = index == 31 ? 0 : gp.get_address() + sizeof record;
    std::memcpy(gp.get_data_ptr(), &record, sizeof record);
    gp.set_response_status(tlm::TLM_OK_RESPONSE);
    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    if (blocks_.empty()) answered_ = sim::now();
    memory_->nb_transport_bw(gp, phase, delay);
  }

  Time clock_;
  sim::Context context_;
  tlm_utils::simple_target_socket<Rig> memory_;
  nic::RtlWalker walker_;
  sim::EventQueue<tlm::tlm_generic_payload*> responses_;
  sim::TxnId txn_ = 0;
  std::vector<Time> blocks_;
  Time fetched_ = Time::never(), answered_ = Time::never();
};

std::uint64_t less(std::uint64_t a, std::uint64_t b) {
  return a - std::min(a, b);
}

}  // namespace

// Of a walk the model says
//   record in the cache         start + n (lookup + check) + block   for the n-th record from there
//   record in memory            start + lookup + translate, the fetch, check + block
//   further blocks of a record  block each
// so that five walks tell all five. Registers around the RTL's memories, which the model does not
// know, are in start, and in translate for what comes from memory.
std::string calibrate_walker(nic::WalkerParams params, std::uint64_t connections) {
  params.impl = nic::WalkerImpl::kRtl;
  params.prefetch = 0;
  params.anchors = 0;
  params.granularity = {kSize / 4};
  params.split_at_pages = false;
  Rig rig("rig", params, connections);
  rig.walk(0, 0, 1);  // the page is known from here on
  const auto missed = rig.walk(1, 0, 1);
  const auto hit = rig.walk(1, 0, 1);
  rig.walk(1, kSize, 1);  // reads the second record
  rig.walk(1, 0, 1);
  const auto both = rig.walk(1, kSize, 1);  // from the first to the second, both in the cache
  const auto four = rig.walk(1, kSize, kSize);
  const std::uint64_t block = (four.last - four.first) / 3;
  const std::uint64_t record = less(both.first, hit.first);
  const std::uint64_t check = std::min(less(missed.answered, block), record);
  const std::uint64_t lookup = record - check;
  const std::uint64_t start = less(hit.first, record + block);
  // What a record from memory takes beyond that, before and after its fetch.
  const std::uint64_t translate =
      less(missed.fetch + missed.answered, start + lookup + check + block);
  const nic::WalkerSet& set = nic::walker_set_for(params, connections);
  return fmt::format(
      "# Measured from the RTL, parameter set \"{}\", by vctoe calibrate walker.\n"
      "[nic.walker]\n"
      "start_cycles = {}\nlookup_cycles = {}\ntranslate_cycles = {}\n"
      "check_cycles = {}\nblock_cycles = {}\n",
      set.name, start, lookup, translate, check, block);
}

}  // namespace vctoe::scenario
