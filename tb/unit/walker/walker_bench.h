// A walker at a memory that holds context lists, and a host that answers its node requests, keeps
// account of the pins and writes down every output. VCTOE_WALKER_IMPL in the environment says which
// (nic.walker.impl); the TLM without it.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "models/nic/walker_block.h"
#include "models/nic/walker_params.h"
#include "models/sim/random.h"
#include "tb/unit/dma/fake_memory.h"
#include "tb/unit/walker/flat_list.h"

namespace vctoe::nic {

/// What the bench's walkers are.
WalkerImpl bench_impl();
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
                       std::uint64_t connections = kConnections);

  /// `shadow`: of a lockstep, if not that of its own parameters.
  std::unique_ptr<WalkerBlock> make(const WalkerParams& params, const WalkerParams* shadow,
                                    std::uint64_t connections);
  static WalkerParams with_impl(WalkerParams params, WalkerImpl impl);

  /// A sink may call the walker, but the walker may not call a sink from inside another call to it.
  struct Inside {
    explicit Inside(int& depth) : depth_(depth) { EXPECT_EQ(++depth_, 1); }
    ~Inside() { --depth_; }
    int& depth_;
  };

  // The host's side of the contract.
  void block(const BlockRequest& r) override;
  void node_needed(const NodeRequest& r) override;
  void node_released(std::uint16_t asid, std::uint64_t page) override;
  void fault(const WalkFault& f) override;
  void done(sim::TxnId txn, std::uint32_t /*connection*/) override;

  /// What the host does about a node request when its time has come.
  void answer(const Page& page);
  /// Records are read only through pages that are pinned, from the request to the completion.
  bool check_read(const tlm::tlm_generic_payload& gp);

  /// Frames are given to pages as they are used, scattered over the memory.
  std::uint64_t frame_of(const Page& page);
  std::uint8_t* host(std::uint16_t asid, std::uint64_t address) {
    return memory.bytes.data() + frame_of({asid, node_page(address)}) + address % kNodePage;
  }

  /// Makes a list of blocks of these sizes with its records at random places in `pages` pages.
  TestList make(std::uint32_t connection, std::uint32_t first_sequence,
                const std::vector<std::uint32_t>& sizes, std::uint64_t pages = 8);
  /// A list of two records in pages that the test knows.
  TestList two_pages(std::uint32_t connection, std::uint64_t first, std::uint64_t second);
  void store(const TestList& list);

  static WalkRequest ask(const TestList& list, sim::TxnId txn, std::uint64_t begin,
                         std::uint64_t length, sim::Why why = sim::Why::kFirst);
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
  void expect_nothing_left();

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

/// Walks to the end of the request: the blocks are those of the flat list, cut as `p` says.
void expect_walk(WalkerBench& bench, const TestList& list, const WalkRequest& r,
                 const WalkerParams& p = {});

}  // namespace vctoe::nic
