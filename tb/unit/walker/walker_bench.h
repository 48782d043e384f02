// A walker at a memory that holds context lists, and a host that answers its node requests, keeps
// account of the pins and writes down every output. VCTOE_WALKER_IMPL in the environment says which
// (nic.walker.impl); the TLM without it.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "models/nic/lockstep_walker.h"
#include "models/nic/tlm_walker.h"
#include "models/nic/walker_factory.h"
#include "models/sim/random.h"
#include "tb/unit/dma/fake_memory.h"
#include "tb/unit/walker/flat_list.h"

namespace vctoe::nic {

/// What the bench's walkers are.
inline WalkerImpl bench_impl() {
  const char* const name = std::getenv("VCTOE_WALKER_IMPL");
  for (std::size_t i = 0; name != nullptr && i < std::size(sim::EnumNames<WalkerImpl>::kNames);
       ++i) {
    if (sim::EnumNames<WalkerImpl>::kNames[i] == name) return static_cast<WalkerImpl>(i);
  }
  return WalkerImpl::kTlm;
}
/// For tests of what the model alone has: its cycle counts, or sizes that no RTL was made for.
#define VCTOE_ONLY_TLM() \
  if (bench_impl() != WalkerImpl::kTlm) GTEST_SKIP() << "of the TLM alone"

struct WalkerBench : sc_core::sc_module, WalkerSink {
  static constexpr std::size_t kFrames = 1024;
  static constexpr std::uint64_t kConnections = 1024;
  using Page = std::pair<std::uint16_t, std::uint64_t>;  ///< address space, virtual page
  struct Walked {
    std::vector<BlockRequest> blocks;
    std::vector<WalkFault> faults;
    int done = 0;
    sim::Time ended;
  };

  explicit WalkerBench(const WalkerParams& params = {},
                       const sc_core::sc_module_name& name = "bench",
                       WalkerImpl impl = bench_impl(), const WalkerParams* shadow = nullptr,
                       std::uint64_t connections = kConnections)
      : sc_module(name),
        memory("memory", kFrames * kNodePage),
        made(make(with_impl(params, impl), shadow, connections)),
        walker(*made),
        answers([this](Page& page) { answer(page); }),
        rng(1, "walker bench") {
    walker.fetch.bind(memory.socket);
    memory.refuses = [this](const tlm::tlm_generic_payload& gp) { return check_read(gp); };
  }

  /// `shadow`: of a lockstep, if not that of its own parameters.
  std::unique_ptr<WalkerBlock> make(const WalkerParams& params, const WalkerParams* shadow,
                                    std::uint64_t connections) {
    if (shadow == nullptr) return make_walker("walker", context, 0, params, connections, *this);
    return std::make_unique<LockstepWalker>("walker", context, 0, params, *shadow, connections,
                                            *this);
  }
  static WalkerParams with_impl(WalkerParams params, WalkerImpl impl) {
    params.impl = impl;
    if (params.impl == WalkerImpl::kTlm) return params;
    std::uint64_t records = 4;  // the sizes that RTL can have
    while (records < params.record_cache) records *= 2;
    params.record_cache = records;
    return params;
  }

  /// A sink may call the walker, but the walker may not call a sink from inside another call to it.
  struct Inside {
    explicit Inside(int& depth) : depth_(depth) { EXPECT_EQ(++depth_, 1); }
    ~Inside() { --depth_; }
    int& depth_;
  };

  // The host's side of the contract.
  void block(const BlockRequest& r) override {
    const Inside inside(depth);
    EXPECT_EQ(walks[r.txn].done, 0);
    EXPECT_TRUE(walks[r.txn].faults.empty());
    walks[r.txn].blocks.push_back(r);
    if (on_block) on_block(r);
  }
  void node_needed(const NodeRequest& r) override {
    const Inside inside(depth);
    const Page page{r.asid, r.page};
    EXPECT_EQ(r.page % kNodePage, 0u);
    EXPECT_TRUE(asked.insert(page).second) << "asked twice for one page";
    EXPECT_EQ(pinned.count(page), 0u) << "asked for a page that it holds";
    requests.push_back(r);
    if (node_latency == sim::Time::never()) return;
    if (node_latency == sim::Time::zero()) {
      answer(page);
    } else {
      answers.push(sim::now() + node_latency, page);
    }
  }
  void node_released(std::uint16_t asid, std::uint64_t page) override {
    const Inside inside(depth);
    EXPECT_EQ(pinned.erase({asid, page}), 1u) << "released a page that is not pinned";
    ++released;
  }
  void fault(const WalkFault& f) override {
    const Inside inside(depth);
    EXPECT_EQ(walks[f.txn].done, 0);
    walks[f.txn].faults.push_back(f);
    walks[f.txn].ended = sim::now();
    if (on_fault) on_fault(f);
  }
  void done(sim::TxnId txn, std::uint32_t /*connection*/) override {
    const Inside inside(depth);
    EXPECT_TRUE(walks[txn].faults.empty());
    ++walks[txn].done;
    walks[txn].ended = sim::now();
    if (on_done) on_done(txn);
  }

  /// What the host does about a node request when its time has come.
  void answer(const Page& page) {
    ASSERT_EQ(asked.erase(page), 1u);
    if (unresolvable.count(page.second) != 0) {
      walker.fill_failed(page.first, page.second);
      return;
    }
    pinned.insert(page);
    walker.fill(page.first, page.second, frame_of(page));
  }
  /// Records are read only through pages that are pinned, from the request to the completion.
  bool check_read(const tlm::tlm_generic_payload& gp) {
    bool found = false;
    for (const Page& page : pinned) found = found || frame_of(page) == node_page(gp.get_address());
    EXPECT_TRUE(found) << "record read from a frame that is not pinned";
    return bad_reads.count(gp.get_address()) != 0;
  }

  /// Frames are given to pages as they are used, scattered over the memory.
  std::uint64_t frame_of(const Page& page) {
    const auto found = frames.find(page);
    if (found != frames.end()) return found->second;
    const std::uint64_t frame = (frames.size() * 389 + 17) % kFrames * kNodePage;
    return frames[page] = frame;
  }
  std::uint8_t* host(std::uint16_t asid, std::uint64_t address) {
    return memory.bytes.data() + frame_of({asid, node_page(address)}) + address % kNodePage;
  }

  /// Makes a list of blocks of these sizes with its records at random places in `pages` pages.
  TestList make(std::uint32_t connection, std::uint32_t first_sequence,
                const std::vector<std::uint32_t>& sizes, std::uint64_t pages = 8) {
    TestList list;
    list.connection = connection;
    list.first_sequence = first_sequence;
    const std::uint64_t base = 0x7000'0000'0000ULL + connection * 0x1000'0000ULL;
    std::set<std::uint64_t> taken;
    while (taken.size() < sizes.size()) {
      const std::uint64_t place = base + rng.below(pages * kNodePage / 32) * 32;
      if (taken.insert(place).second) list.places.push_back(place);
    }
    std::uint32_t sequence = first_sequence;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      ContextRecord r;
      r.offset = static_cast<std::uint32_t>(rng.below(5000));
      r.virtual_address = (rng.below(1u << 30) << 4) + rng.below(16);
      r.data_size = sizes[i];
      r.starting_sequence = sequence;
      r.asid = list.asid;
      r.next = i + 1 < sizes.size() ? list.places[i + 1] : 0;
      sequence += sizes[i];
      list.bytes += sizes[i];
      list.records.push_back(r);
    }
    store(list);
    return list;
  }
  void store(const TestList& list) {
    for (std::size_t i = 0; i < list.records.size(); ++i) {
      std::memcpy(host(list.asid, list.places[i]), &list.records[i], 32);
    }
  }

  static WalkRequest ask(const TestList& list, sim::TxnId txn, std::uint64_t begin,
                         std::uint64_t length, sim::Why why = sim::Why::kFirst) {
    WalkRequest r;
    r.txn = txn;
    r.connection = list.connection;
    r.asid = list.asid;
    r.list_head = list.places.empty() ? 0 : list.places[0];
    r.first_sequence = list.first_sequence;
    r.sequence = list.first_sequence + static_cast<std::uint32_t>(begin);
    r.length = static_cast<std::uint32_t>(length);
    r.why = why;
    return r;
  }
  /// Walks and runs until all is quiet.
  Walked& run(const WalkRequest& request) {
    EXPECT_TRUE(walker.walk(request));
    quiesce();
    return walks[request.txn];
  }
  /// What the model does at once takes the RTL some cycles.
  static void let_settle() {
    if (bench_impl() != WalkerImpl::kTlm) sc_core::sc_start(500, sc_core::SC_NS);
  }
  /// Runs until nothing is to happen any more.
  static void quiesce() {
    if (sc_core::sc_pending_activity()) sc_core::sc_start();
  }
  Fault fault_of(sim::TxnId txn) {
    const Walked& w = walks[txn];
    return w.done == 0 && w.faults.size() == 1 ? w.faults[0].code : Fault::kNone;
  }
  /// After the connections are cancelled and all is quiet, nothing may be left anywhere.
  void expect_nothing_left() {
    quiesce();  // the RTL takes some cycles for a cancel
    EXPECT_EQ(walker.busy(), 0u);
    EXPECT_EQ(walker.fetches_out(), 0u);
    EXPECT_EQ(walker.translations_in_use(), 0u);
    if (const auto* const tlm = dynamic_cast<const TlmWalker*>(&walker)) {
      EXPECT_EQ(tlm->records_held(), 0u);
      EXPECT_EQ(tlm->cursors_held(), 0u);
    }
    walker.check_end();
    EXPECT_TRUE(pinned.empty());
    EXPECT_TRUE(asked.empty());
    EXPECT_EQ(memory.out(), 0u);
  }

  sim::Context context;
  tb::FakeMemory memory;
  std::unique_ptr<WalkerBlock> made;
  WalkerBlock& walker;
  sim::EventQueue<Page> answers;
  sim::Rng rng;
  sim::Time node_latency = sim::Time::from_us(2);  ///< never(): the test answers itself
  std::set<std::uint64_t> unresolvable;            ///< virtual pages
  std::set<std::uint64_t> bad_reads;               ///< physical addresses of records
  std::map<Page, std::uint64_t> frames;
  std::set<Page> pinned;
  std::set<Page> asked;
  std::vector<NodeRequest> requests;
  std::uint64_t released = 0;
  int depth = 0;  ///< of calls to the sink
  std::map<sim::TxnId, Walked> walks;
  std::function<void(const BlockRequest&)> on_block;
  std::function<void(const WalkFault&)> on_fault;
  std::function<void(sim::TxnId)> on_done;
};

}  // namespace vctoe::nic
