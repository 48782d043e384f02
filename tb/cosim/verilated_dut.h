// A Verilated walker behind the bench's pins.
#pragma once

#include <verilated.h>
#include <verilated_vcd_c.h>

#include "tb/cosim/pins.h"

namespace vctoe::cosim {

/// V: the class that Verilator made, of any parameter set.
template <class V>
class VerilatedDut : public Dut {
 public:
  explicit VerilatedDut(std::uint64_t seed) {
    context_.randReset(2);
    context_.randSeed(static_cast<int>(seed % 0x7fff'fffe) + 1);
    context_.fatalOnError(false);
    context_.traceEverOn(true);
    Verilated::threadContextp(&context_);
    top_ = std::make_unique<V>(&context_);
    // Reset has to fall once, for what is asynchronous.
    top_->rst_ni = 1;
    top_->eval();
    top_->rst_ni = 0;
    top_->eval();
  }
  ~VerilatedDut() override { top_->final(); }

  void settle(const Inputs& in, Outputs& out) override {
    Verilated::threadContextp(&context_);
    ++cycle_;
    drive(in);
    top_->clk_i = 0;
    top_->eval();
    if (vcd_) vcd_->dump(2 * cycle_);
    read(out);
  }
  void edge() override {
    top_->clk_i = 1;
    top_->eval();
    if (vcd_) vcd_->dump(2 * cycle_ + 1);
  }
  void start_wave(const std::string& path) override { dump_to(nullptr, path); }
  void stop_wave() override {
    if (vcd_) vcd_->close();
    vcd_.reset();
  }
  bool assertion_failed() const override { return context_.gotError(); }

 protected:
  /// `file`: what takes the place of a file, or null.
  void dump_to(VerilatedVcdFile* file, const std::string& path) {
    vcd_ = std::make_unique<VerilatedVcdC>(file);
    top_->trace(vcd_.get(), 99);
    // A cycle of 4 ns, as the model's.
    vcd_->set_time_unit("2ns");
    vcd_->set_time_resolution("2ns");
    vcd_->open(path.c_str());
  }

  VerilatedContext context_;

 private:
  void drive(const Inputs& in);
  void drive_config(const WalkerConfig& c);
  void read(Outputs& out) const;

  std::unique_ptr<V> top_;
  std::unique_ptr<VerilatedVcdC> vcd_;
  std::uint64_t cycle_ = 0;
};

template <class V>
void VerilatedDut<V>::drive_config(const WalkerConfig& c) {
  V& t = *top_;
  t.cfg_engines_i = static_cast<CData>(c.engines);
  t.cfg_walks_i = static_cast<SData>(c.walks);
  t.cfg_queue_i = static_cast<SData>(c.queue);
  t.cfg_tags_i = static_cast<SData>(c.tags);
  t.cfg_pages_i = static_cast<SData>(c.pages);
  t.cfg_set_mask_i = static_cast<SData>(c.set_mask);
  t.cfg_prefetch_i = static_cast<CData>(c.prefetch);
  t.cfg_anchors_i = static_cast<CData>(c.anchors);
  t.cfg_anchor_stride_i = c.anchor_stride;
  t.cfg_max_records_i = c.max_records;
  t.cfg_granularity_i = c.granularity;
  t.cfg_split_i = c.split != 0;
  t.cfg_ordered_i = c.ordered != 0;
}

template <class V>
void VerilatedDut<V>::drive(const Inputs& in) {
  V& t = *top_;
  t.rst_ni = in.reset_n;
  drive_config(in.config);
  const WalkBeat& w = in.walk.beat;
  t.walk_valid_i = in.walk.valid;
  t.walk_txn_i = w.txn;
  t.walk_connection_i = static_cast<SData>(w.connection);
  t.walk_asid_i = static_cast<SData>(w.asid);
  t.walk_head_i = w.head;
  t.walk_first_sequence_i = w.first_sequence;
  t.walk_sequence_i = w.sequence;
  t.walk_length_i = w.length;
  t.walk_block_size_i = w.block_size;
  t.walk_end_sequence_i = w.end_sequence;
  t.walk_retransmit_i = w.retransmit != 0;
  t.fill_valid_i = in.fill.valid;
  t.fill_failed_i = in.fill.beat.failed != 0;
  t.fill_asid_i = static_cast<SData>(in.fill.beat.asid);
  t.fill_page_i = in.fill.beat.page;
  t.fill_frame_i = in.fill.beat.frame;
  t.inv_valid_i = in.invalidate.valid;
  t.inv_asid_i = static_cast<SData>(in.invalidate.beat.asid);
  t.inv_page_i = in.invalidate.beat.page;
  t.cancel_valid_i = in.cancel.valid;
  t.cancel_connection_i = static_cast<SData>(in.cancel.beat.connection);
  t.rsp_valid_i = in.completion.valid;
  t.rsp_tag_i = static_cast<CData>(in.completion.beat.tag);
  t.rsp_error_i = in.completion.beat.error != 0;
  for (unsigned i = 0; i < 8; ++i) {
    t.rsp_data_i[i] = static_cast<EData>(in.completion.beat.data[i / 2] >> (i % 2 * 32));
  }
  t.fetch_ready_i = in.fetch_ready;
  t.out_ready_i = in.out_ready;
  t.perf_index_i = static_cast<CData>(in.perf_index);
}

template <class V>
void VerilatedDut<V>::read(Outputs& out) const {
  const V& t = *top_;
  out.walk_ready = t.walk_ready_o;
  out.fill_ready = t.fill_ready_o;
  out.invalidate_ready = t.inv_ready_o;
  out.cancel_ready = t.cancel_ready_o;
  out.completion_ready = t.rsp_ready_o;
  out.fetch.valid = t.fetch_valid_o;
  out.fetch.beat = {t.fetch_tag_o,        t.fetch_address_o, t.fetch_txn_o,
                    t.fetch_connection_o, t.fetch_asid_o,    t.fetch_prefetch_o};
  out.out.valid = t.out_valid_o;
  out.out.beat = {t.out_kind_o,    t.out_txn_o,    t.out_connection_o, t.out_asid_o,
                  t.out_address_o, t.out_length_o, t.out_sequence_o,   t.out_retransmit_o,
                  t.out_last_o,    t.out_code_o};
  out.busy = t.busy_o;
  out.queue = t.queue_o;
  out.quiet = t.quiet_o;
  out.perf_value = t.perf_value_o;
}

}  // namespace vctoe::cosim
