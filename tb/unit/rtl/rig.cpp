#include "tb/unit/rtl/rig.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <regex>

namespace vctoe::test {
namespace {

// Rows `| `NAME` | ... | CYCLES |` of rtl/README.md.
std::map<std::string, unsigned> read_figures() {
  std::map<std::string, unsigned> figures;
  std::ifstream file(VCTOE_SOURCE_DIR "/rtl/README.md");
  const std::regex row(R"(^\| `([a-z_]+)` \|.*\| (\d+) \|$)");
  std::smatch parts;
  for (std::string line; std::getline(file, line);) {
    if (std::regex_match(line, parts, row)) {
      figures[parts[1]] = static_cast<unsigned>(std::stoul(parts[2]));
    }
  }
  return figures;
}

}  // namespace

Rig::Rig(const std::string& name) {
  context_.traceEverOn(true);
  pins_ = std::make_unique<VWalkerStandard>(&context_, "walker");
  const char* folder = std::getenv("VCTOE_RTL_DUMPS");
  if (folder != nullptr && !name.empty()) {
    pins_->trace(&dump_, 99);
    const std::string file = std::string(folder) + "/" + name;
    dump_.open((file + ".vcd").c_str());
    drawing_.open(file + ".txt");
  }
  VWalkerStandard& p = *pins_;
  p.cfg_engines_i = 4;
  p.cfg_walks_i = 20;
  p.cfg_queue_i = 16;
  p.cfg_tags_i = 32;
  p.cfg_pages_i = 16;
  p.cfg_set_mask_i = 15;
  p.cfg_anchors_i = 8;
  p.cfg_anchor_stride_i = 64;
  p.cfg_max_records_i = 65536;
  p.cfg_granularity_i = 65536;
  p.fetch_ready_i = 1;
  p.out_ready_i = 1;
  p.rst_ni = 0;
  steps(2);
  p.rst_ni = 1;
  steps(1);
  beats_.clear();
}

Rig::~Rig() {
  if (dump_.isOpen()) dump_.close();
  pins_->final();
  // Verilator 5.006 takes a model out of the thread's context, which may be that of a rig that is
  // gone.
  Verilated::threadContextp(&context_);
}

void Rig::note_valid(Port port, bool valid, bool ready, Beat beat) {
  if (!valid) {
    shown_.erase(port);
    return;
  }
  const std::uint64_t since = shown_.try_emplace(port, cycle_).first->second;
  if (!ready) return;
  beat.port = port;
  beat.cycle = cycle_;
  beat.shown = since;
  beats_.push_back(beat);
  shown_.erase(port);
}

void Rig::note() {
  const VWalkerStandard& p = *pins_;
  note_valid(Port::kWalk, p.walk_valid_i, p.walk_ready_o, {});
  note_valid(Port::kFill, p.fill_valid_i, p.fill_ready_o, {});
  note_valid(Port::kInvalidate, p.inv_valid_i, p.inv_ready_o, {});
  note_valid(Port::kCancel, p.cancel_valid_i, p.cancel_ready_o, {});
  note_valid(Port::kCompletion, p.rsp_valid_i, p.rsp_ready_o, {});
  Beat fetch{};
  fetch.txn = p.fetch_txn_o;
  fetch.address = p.fetch_address_o;
  fetch.tag = p.fetch_tag_o;
  note_valid(Port::kFetch, p.fetch_valid_o, p.fetch_ready_i, fetch);
  Beat out{};
  out.kind = p.out_kind_o;
  out.txn = p.out_txn_o;
  out.address = p.out_address_o;
  out.code = p.out_code_o;
  note_valid(Port::kOut, p.out_valid_o, p.out_ready_i, out);
}

void Rig::put_data(const Record& record) {
  VWalkerStandard& p = *pins_;
  p.rsp_data_i[0] = static_cast<std::uint32_t>(record.address);
  p.rsp_data_i[1] = static_cast<std::uint32_t>(record.address >> 32);
  p.rsp_data_i[2] = 0;
  p.rsp_data_i[3] = record.size;
  p.rsp_data_i[4] = record.sequence;
  p.rsp_data_i[5] = 0;
  p.rsp_data_i[6] = static_cast<std::uint32_t>(record.next);
  p.rsp_data_i[7] = static_cast<std::uint32_t>(record.next >> 32);
}

void Rig::drive_host() {
  VWalkerStandard& p = *pins_;
  if (!host) return;
  if (!completes_ && !p.rsp_valid_i && !to_complete_.empty() &&
      to_complete_.front().cycle + host_delay <= cycle_) {
    const Beat fetch = to_complete_.front();
    to_complete_.erase(to_complete_.begin());
    p.rsp_tag_i = fetch.tag;
    p.rsp_error_i = 0;
    put_data(memory[fetch.address - (kFrameOffset << 12)]);
    p.rsp_valid_i = completes_ = true;
  }
  if (!fills_ && !p.fill_valid_i && !to_fill_.empty() &&
      to_fill_.front().cycle + host_delay <= cycle_) {
    const std::uint64_t page = to_fill_.front().address >> 12;
    to_fill_.erase(to_fill_.begin());
    p.fill_failed_i = 0;
    p.fill_asid_i = kAsid;
    p.fill_page_i = page;
    p.fill_frame_i = page + kFrameOffset;
    p.fill_valid_i = fills_ = true;
  }
}

// The clock is low in the first half of a cycle, which shows what its inputs make of the outputs.
void Rig::edge(bool clocked) {
  pins_->clk_i = clocked ? 1 : 0;
  pins_->eval();
  if (dump_.isOpen()) dump_.dump(cycle_ * 10 + 10);
  pins_->clk_i = 0;
  pins_->eval();
}

void Rig::step(bool clocked) {
  drive_host();
  pins_->eval();
  if (dump_.isOpen()) dump_.dump(cycle_ * 10 + 6);
  const std::size_t before = beats_.size();
  note();
  edge(clocked);
  for (std::size_t i = before; i < beats_.size(); ++i) {
    const Beat& beat = beats_[i];
    if (host && beat.port == Port::kFetch) to_complete_.push_back(beat);
    if (host && beat.port == Port::kOut && beat.kind == kNode) to_fill_.push_back(beat);
    if (completes_ && beat.port == Port::kCompletion) pins_->rsp_valid_i = completes_ = false;
    if (fills_ && beat.port == Port::kFill) pins_->fill_valid_i = fills_ = false;
  }
  ++cycle_;
}

void Rig::steps(int count) {
  for (int i = 0; i < count; ++i) step();
}

Beat Rig::until(Port port, int kind) {
  for (int i = 0; i < 2000; ++i) {
    const std::size_t before = beats_.size();
    step();
    for (std::size_t j = before; j < beats_.size(); ++j) {
      const Beat& beat = beats_[j];
      if (beat.port == port && (kind < 0 || beat.kind == static_cast<unsigned>(kind))) return beat;
    }
  }
  ADD_FAILURE() << "no beat of port " << static_cast<int>(port) << " kind " << kind;
  return {};
}

void Rig::settle() {
  int quiet = 0;
  for (int i = 0; i < 5000 && quiet < 8; ++i) {
    step();
    quiet = pins_->quiet_o && to_complete_.empty() && to_fill_.empty() ? quiet + 1 : 0;
  }
}

std::uint64_t Rig::walk(const Walk& walk) {
  VWalkerStandard& p = *pins_;
  p.walk_txn_i = walk.txn;
  p.walk_connection_i = walk.connection;
  p.walk_asid_i = kAsid;
  p.walk_head_i = walk.head;
  p.walk_sequence_i = walk.sequence;
  p.walk_length_i = walk.length;
  p.walk_retransmit_i = walk.retransmit;
  p.walk_valid_i = 1;
  const std::uint64_t cycle = until(Port::kWalk).cycle;
  p.walk_valid_i = 0;
  return cycle;
}

std::uint64_t Rig::fill(std::uint64_t address, bool failed) {
  VWalkerStandard& p = *pins_;
  p.fill_failed_i = failed;
  p.fill_asid_i = kAsid;
  p.fill_page_i = address >> 12;
  p.fill_frame_i = (address >> 12) + kFrameOffset;
  p.fill_valid_i = 1;
  const std::uint64_t cycle = until(Port::kFill).cycle;
  p.fill_valid_i = 0;
  return cycle;
}

std::uint64_t Rig::invalidate(std::uint64_t address) {
  VWalkerStandard& p = *pins_;
  p.inv_asid_i = kAsid;
  p.inv_page_i = address >> 12;
  p.inv_valid_i = 1;
  const std::uint64_t cycle = until(Port::kInvalidate).cycle;
  p.inv_valid_i = 0;
  return cycle;
}

std::uint64_t Rig::cancel(std::uint16_t connection) {
  VWalkerStandard& p = *pins_;
  p.cancel_connection_i = connection;
  p.cancel_valid_i = 1;
  const std::uint64_t cycle = until(Port::kCancel).cycle;
  p.cancel_valid_i = 0;
  return cycle;
}

std::uint64_t Rig::complete(const Beat& fetch, bool error) {
  VWalkerStandard& p = *pins_;
  p.rsp_tag_i = fetch.tag;
  p.rsp_error_i = error;
  put_data(memory[fetch.address - (kFrameOffset << 12)]);
  p.rsp_valid_i = 1;
  const std::uint64_t cycle = until(Port::kCompletion).cycle;
  p.rsp_valid_i = 0;
  return cycle;
}

void Rig::figure(const std::string& name, std::uint64_t from, std::uint64_t to) {
  static const std::map<std::string, unsigned> documented = read_figures();
  const auto row = documented.find(name);
  if (row == documented.end()) {
    ADD_FAILURE() << "rtl/README.md has no figure " << name << "; measured " << to - from;
  } else {
    EXPECT_EQ(to - from, row->second) << name << " (expected: what rtl/README.md says)";
  }
  if (drawing_.is_open()) drawing_ << "arrow " << from << ' ' << to << ' ' << name << '\n';
}

void Rig::picture(std::uint64_t from, std::uint64_t to, const std::string& signals) {
  if (!drawing_.is_open()) return;
  drawing_ << "window " << from << ' ' << to << "\nsignals " << signals << '\n';
}

std::uint64_t Rig::list(std::uint64_t at, unsigned count, std::uint32_t size) {
  for (unsigned i = 0; i < count; ++i) {
    Record record;
    record.next = i + 1 < count ? at + 32 * (i + 1) : 0;
    record.sequence = i * size;
    record.size = size;
    record.address = std::uint64_t{i + 1} * 0x100000;
    memory[at + 32 * i] = record;
  }
  return at;
}

}  // namespace vctoe::test
