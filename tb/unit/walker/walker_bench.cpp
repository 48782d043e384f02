#include "tb/unit/walker/walker_bench.h"

#include <cstdlib>
#include <cstring>

#include "models/nic/lockstep_walker.h"
#include "models/nic/tlm_walker.h"
#include "models/nic/walker_factory.h"

namespace vctoe::nic {

WalkerImpl bench_impl() {
  const char* const name = std::getenv("VCTOE_WALKER_IMPL");
  for (std::size_t i = 0; name != nullptr && i < std::size(sim::EnumNames<WalkerImpl>::kNames);
       ++i) {
    if (sim::EnumNames<WalkerImpl>::kNames[i] == name) return static_cast<WalkerImpl>(i);
  }
  return WalkerImpl::kTlm;
}

WalkerBench::WalkerBench(const WalkerParams& params, const sc_core::sc_module_name& name,
                         WalkerImpl impl, const WalkerParams* shadow, std::uint64_t connections)
    : sc_module(name),
      memory("memory", kFrames * kNodePage),
      made(make(with_impl(params, impl), shadow, connections)),
      walker(*made),
      answers([this](Page& page) { answer(page); }),
      rng(1, "walker bench") {
  walker.fetch.bind(memory.socket);
  memory.refuses = [this](const tlm::tlm_generic_payload& gp) { return check_read(gp); };
}

std::unique_ptr<WalkerBlock> WalkerBench::make(const WalkerParams& params,
                                               const WalkerParams* shadow,
                                               std::uint64_t connections) {
  if (shadow == nullptr) return make_walker("walker", context, 0, params, connections, *this);
  return std::make_unique<LockstepWalker>("walker", context, 0, params, *shadow, connections,
                                          *this);
}

WalkerParams WalkerBench::with_impl(WalkerParams params, WalkerImpl impl) {
  params.impl = impl;
  if (params.impl == WalkerImpl::kTlm) return params;
  std::uint64_t records = 4;  // the sizes that RTL can have
  while (records < params.record_cache) records *= 2;
  params.record_cache = records;
  return params;
}

void WalkerBench::block(const BlockRequest& r) {
  const Inside inside(depth);
  EXPECT_EQ(walks[r.txn].done, 0);
  EXPECT_TRUE(walks[r.txn].faults.empty());
  walks[r.txn].blocks.push_back(r);
  if (on_block) on_block(r);
}

void WalkerBench::node_needed(const NodeRequest& r) {
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

void WalkerBench::node_released(std::uint16_t asid, std::uint64_t page) {
  const Inside inside(depth);
  EXPECT_EQ(pinned.erase({asid, page}), 1u) << "released a page that is not pinned";
  ++released;
}

void WalkerBench::fault(const WalkFault& f) {
  const Inside inside(depth);
  EXPECT_EQ(walks[f.txn].done, 0);
  walks[f.txn].faults.push_back(f);
  walks[f.txn].ended = sim::now();
  if (on_fault) on_fault(f);
}

void WalkerBench::done(sim::TxnId txn, std::uint32_t /*connection*/) {
  const Inside inside(depth);
  EXPECT_TRUE(walks[txn].faults.empty());
  ++walks[txn].done;
  walks[txn].ended = sim::now();
  if (on_done) on_done(txn);
}

void WalkerBench::answer(const Page& page) {
  ASSERT_EQ(asked.erase(page), 1u);
  if (unresolvable.count(page.second) != 0) {
    walker.fill_failed(page.first, page.second);
    return;
  }
  pinned.insert(page);
  walker.fill(page.first, page.second, frame_of(page));
}

bool WalkerBench::check_read(const tlm::tlm_generic_payload& gp) {
  bool found = false;
  for (const Page& page : pinned) found = found || frame_of(page) == node_page(gp.get_address());
  EXPECT_TRUE(found) << "record read from a frame that is not pinned";
  return bad_reads.count(gp.get_address()) != 0;
}

std::uint64_t WalkerBench::frame_of(const Page& page) {
  const auto found = frames.find(page);
  if (found != frames.end()) return found->second;
  const std::uint64_t frame = (frames.size() * 389 + 17) % kFrames * kNodePage;
  return frames[page] = frame;
}

TestList WalkerBench::make(std::uint32_t connection, std::uint32_t first_sequence,
                           const std::vector<std::uint32_t>& sizes, std::uint64_t pages) {
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

TestList WalkerBench::two_pages(std::uint32_t connection, std::uint64_t first,
                                std::uint64_t second) {
  TestList list = make(connection, 0, {1000, 1000});
  list.places = {first, second};
  list.records[0].next = second;
  store(list);
  return list;
}

void WalkerBench::store(const TestList& list) {
  for (std::size_t i = 0; i < list.records.size(); ++i) {
    std::memcpy(host(list.asid, list.places[i]), &list.records[i], 32);
  }
}

WalkRequest WalkerBench::ask(const TestList& list, sim::TxnId txn, std::uint64_t begin,
                             std::uint64_t length, sim::Why why) {
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

void WalkerBench::expect_nothing_left() {
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

void expect_walk(WalkerBench& bench, const TestList& list, const WalkRequest& r,
                 const WalkerParams& p) {
  const auto& w = bench.run(r);
  EXPECT_EQ(w.done, 1);
  EXPECT_EQ(w.blocks, flatten(list, r, p.granularity.n, p.split_at_pages));
}

}  // namespace vctoe::nic
