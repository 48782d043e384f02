// Verilated walkers behind one interface. Nothing else includes their headers.
#include "models/nic/walker_core.h"

#include <verilated_vcd_c.h>

#include <cstring>

#include "VWalkerLarge.h"
#include "VWalkerLarge___024root.h"
#include "VWalkerSmall.h"
#include "VWalkerSmall___024root.h"
#include "VWalkerStandard.h"
#include "VWalkerStandard___024root.h"
#include "models/sim/error.h"

namespace vctoe::nic {

namespace {

template <class Rtl>
class VerilatedCore : public WalkerCore {
 public:
  VerilatedCore() : rtl_(&context_, "walker") {}
  ~VerilatedCore() override {
    dump("");
    rtl_.final();
    // What the model takes down with it is looked up in the thread's context, whosoever that is.
    Verilated::threadContextp(&context_);
  }

  void reset(const WalkerConfig& c) override {
    rtl_.cfg_engines_i = c.engines;
    rtl_.cfg_walks_i = c.walks;
    rtl_.cfg_queue_i = c.queue;
    rtl_.cfg_tags_i = c.tags;
    rtl_.cfg_pages_i = c.pages;
    rtl_.cfg_set_mask_i = c.set_mask;
    rtl_.cfg_prefetch_i = c.prefetch;
    rtl_.cfg_anchors_i = c.anchors;
    rtl_.cfg_anchor_stride_i = c.anchor_stride;
    rtl_.cfg_max_records_i = c.max_records;
    rtl_.cfg_granularity_i = c.granularity;
    rtl_.cfg_split_i = c.split;
    rtl_.cfg_ordered_i = c.ordered;
    rtl_.walk_valid_i = rtl_.fill_valid_i = rtl_.inv_valid_i = rtl_.cancel_valid_i = 0;
    rtl_.rsp_valid_i = rtl_.fetch_ready_i = rtl_.out_ready_i = 0;
    rtl_.clk_i = 0;
    for (const int on : {1, 0, 0, 1}) {  // an edge of the reset first: it is asynchronous
      rtl_.rst_ni = static_cast<std::uint8_t>(on);
      rtl_.eval();
      rtl_.clk_i = static_cast<std::uint8_t>(1 - on);
      rtl_.eval();
      rtl_.clk_i = 0;
      rtl_.eval();
    }
  }

  void settle(WalkerPins& pins) override {
    drive(pins);
    rtl_.clk_i = 0;
    rtl_.eval();
    sample(pins);
    if (dump_) dump_->dump((pins.from.ps + pins.to.ps) / 2);
  }

  void edge(sim::Time at) override {
    rtl_.clk_i = 1;
    rtl_.eval();
    if (dump_) dump_->dump(at.ps);
  }

  WalkerEngine engine(unsigned number) const override {
    constexpr unsigned kWords = 16;  // of a walk in progress, the transaction on top
    const auto* const root = rtl_.rootp;
    const std::uint64_t states = root->vctoe_walker__DOT__engine_state;
    return {static_cast<std::uint32_t>(states >> (4 * number)) & 15,
            root->vctoe_walker__DOT__engine_progress[number * kWords + kWords - 1]};
  }

  void dump(const std::string& path) override {
    if (dump_) dump_->close();
    dump_.reset();
    if (path.empty()) return;
    context_.traceEverOn(true);
    dump_ = std::make_unique<VerilatedVcdC>();
    rtl_.trace(dump_.get(), 99);
    dump_->set_time_unit("1ps");
    dump_->set_time_resolution("1ps");
    dump_->open(path.c_str());
    if (!dump_->isOpen()) sim::user_error("cannot write " + path);
  }

 private:
  /// Of a beat that is not valid the pins keep what they had, as they may.
  void drive(const WalkerPins& pins) {
    if ((rtl_.walk_valid_i = pins.walk.valid)) drive(pins.walk.beat);
    if ((rtl_.fill_valid_i = pins.fill.valid)) drive(pins.fill.beat);
    if ((rtl_.inv_valid_i = pins.invalidate.valid)) drive(pins.invalidate.beat);
    if ((rtl_.cancel_valid_i = pins.cancel.valid)) {
      rtl_.cancel_connection_i = pins.cancel.beat.connection;
    }
    if ((rtl_.rsp_valid_i = pins.completion.valid)) drive(pins.completion.beat);
    rtl_.fetch_ready_i = pins.fetch.ready;
    rtl_.out_ready_i = pins.out.ready;
    rtl_.perf_index_i = pins.perf_index;
  }
  void drive(const WalkBeat& b) {
    rtl_.walk_txn_i = b.txn;
    rtl_.walk_connection_i = b.connection;
    rtl_.walk_asid_i = b.asid;
    rtl_.walk_head_i = b.head;
    rtl_.walk_first_sequence_i = b.first_sequence;
    rtl_.walk_sequence_i = b.sequence;
    rtl_.walk_length_i = b.length;
    rtl_.walk_block_size_i = b.block_size;
    rtl_.walk_end_sequence_i = b.end_sequence;
    rtl_.walk_retransmit_i = b.retransmit;
  }
  void drive(const FillBeat& b) {
    rtl_.fill_failed_i = b.failed;
    rtl_.fill_asid_i = b.asid;
    rtl_.fill_page_i = b.page;
    rtl_.fill_frame_i = b.frame;
  }
  void drive(const InvalidateBeat& b) {
    rtl_.inv_asid_i = b.asid;
    rtl_.inv_page_i = b.page;
  }
  void drive(const CompletionBeat& b) {
    rtl_.rsp_tag_i = b.tag;
    rtl_.rsp_error_i = b.error;
    std::memcpy(&rtl_.rsp_data_i, b.data.data(), sizeof b.data);
  }

  void sample(WalkerPins& pins) {
    pins.walk.ready = rtl_.walk_ready_o;
    pins.fill.ready = rtl_.fill_ready_o;
    pins.invalidate.ready = rtl_.inv_ready_o;
    pins.cancel.ready = rtl_.cancel_ready_o;
    pins.completion.ready = rtl_.rsp_ready_o;
    if ((pins.fetch.valid = rtl_.fetch_valid_o)) {
      pins.fetch.beat = {rtl_.fetch_tag_o,        rtl_.fetch_address_o, rtl_.fetch_txn_o,
                         rtl_.fetch_connection_o, rtl_.fetch_asid_o,    rtl_.fetch_prefetch_o};
    }
    if ((pins.out.valid = rtl_.out_valid_o)) {
      pins.out.beat = {rtl_.out_kind_o,     rtl_.out_txn_o,        rtl_.out_connection_o,
                       rtl_.out_asid_o,     rtl_.out_address_o,    rtl_.out_length_o,
                       rtl_.out_sequence_o, rtl_.out_retransmit_o, rtl_.out_last_o,
                       rtl_.out_code_o};
    }
    pins.busy = rtl_.busy_o;
    pins.queue = rtl_.queue_o;
    pins.quiet = rtl_.quiet_o;
    pins.perf_value = rtl_.perf_value_o;
  }

  VerilatedContext context_;
  Rtl rtl_;
  std::unique_ptr<VerilatedVcdC> dump_;
};

}  // namespace

std::unique_ptr<WalkerCore> make_walker_core(const WalkerSet& set) {
  if (std::strcmp(set.name, "small") == 0) return std::make_unique<VerilatedCore<VWalkerSmall>>();
  if (std::strcmp(set.name, "large") == 0) return std::make_unique<VerilatedCore<VWalkerLarge>>();
  return std::make_unique<VerilatedCore<VWalkerStandard>>();
}

}  // namespace vctoe::nic
