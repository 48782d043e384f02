// Each entry of table 2-40 of the base specification 5.0 that the model has: may the row pass the
// column? The first train of a test is the one that would be passed; it is long, or lacks credits.
#include <gtest/gtest.h>

#include "tb/unit/pcie/bench.h"
#include "tb/unit/pcie/channel_rig.h"

namespace vctoe::pcie {
namespace {

using sim::Time;
using test::Rig;

constexpr TlpKind kPosted = TlpKind::kMemoryWrite;
constexpr TlpKind kRead = TlpKind::kMemoryRead;
constexpr TlpKind kCompletion = TlpKind::kCompletion;

constexpr Ordering strict(std::uint16_t function = 0) {
  return {false, false, function, 0};
}
constexpr Ordering relaxed() {
  return {true, false, 0, 0};
}
constexpr Ordering by_id(std::uint16_t function, std::uint32_t pasid = 0) {
  return {false, true, function, pasid};
}

/// Order of arrival of a long posted write of function 0 and what comes behind it.
std::string behind_a_write(TlpKind kind, const Ordering& ordering, std::uint32_t pasid = 0) {
  Rig rig;
  rig.push(kPosted, 20, 0, {false, false, 0, pasid});
  rig.push(kind, 1, 0, ordering);
  rig.run();
  return rig.order();
}

TEST(OrderingTable, A2aPostedDoesNotPassPosted) {
  EXPECT_EQ(behind_a_write(kPosted, strict()), "ab");
}
TEST(OrderingTable, A2bRelaxedPostedPassesPosted) {
  EXPECT_EQ(behind_a_write(kPosted, relaxed()), "ba");
}
TEST(OrderingTable, A2bIdOrderedPostedPassesPostedOfAnotherRequester) {
  EXPECT_EQ(behind_a_write(kPosted, by_id(1)), "ba");
}
TEST(OrderingTable, A2bIdOrderedPostedDoesNotPassItsOwnRequester) {
  EXPECT_EQ(behind_a_write(kPosted, by_id(0)), "ab");
}
TEST(OrderingTable, A2bIdOrderedPostedPassesPostedOfAnotherProcess) {
  EXPECT_EQ(behind_a_write(kPosted, by_id(0, 7), 8), "ba");
}
TEST(OrderingTable, A2bIdOrderedPostedDoesNotPassOneWithoutPasid) {
  EXPECT_EQ(behind_a_write(kPosted, by_id(0, 7), 0), "ab");
}
// The read request waits for its credit until 24 + 100 + 50 ns.
TEST(OrderingTable, A3PostedPassesReadRequests) {
  Rig rig({0, 0, 1, 0, 0, 0});
  rig.push(kRead, 2);
  rig.push(kPosted, 1);
  rig.run();
  EXPECT_EQ(rig.order(), "aba");
}
TEST(OrderingTable, A5aPostedPassesCompletions) {
  Rig rig({0, 0, 0, 0, 1, 0});
  rig.push(kCompletion, 2);
  rig.push(kPosted, 1);
  rig.run();
  EXPECT_EQ(rig.order(), "ba");
}

TEST(OrderingTable, B2aReadRequestDoesNotPassPosted) {
  EXPECT_EQ(behind_a_write(kRead, strict()), "ab");
}
TEST(OrderingTable, B2aRelaxedReadRequestDoesNotPassPosted) {
  EXPECT_EQ(behind_a_write(kRead, relaxed()), "ab");
}
TEST(OrderingTable, B2bIdOrderedReadRequestPassesPostedOfAnotherRequester) {
  EXPECT_EQ(behind_a_write(kRead, by_id(1)), "ba");
}
TEST(OrderingTable, B2bIdOrderedReadRequestDoesNotPassItsOwnRequester) {
  EXPECT_EQ(behind_a_write(kRead, by_id(0)), "ab");
}
TEST(OrderingTable, B2bIdOrderedReadRequestPassesPostedOfAnotherProcess) {
  EXPECT_EQ(behind_a_write(kRead, by_id(0, 7), 8), "ba");
}
// Permitted, not required; the model keeps their order.
TEST(OrderingTable, B3ReadRequestsKeepTheirOrder) {
  Rig rig({0, 0, 1, 0, 0, 0});
  rig.push(kRead, 2);
  rig.push(kRead, 1);
  rig.run();
  EXPECT_EQ(rig.order(), "aab");
}
TEST(OrderingTable, B5ReadRequestPassesCompletions) {
  Rig rig({0, 0, 0, 0, 1, 0});
  rig.push(kCompletion, 2);
  rig.push(kRead, 1);
  rig.run();
  EXPECT_EQ(rig.order(), "ba");
}

TEST(OrderingTable, D2aCompletionDoesNotPassPosted) {
  EXPECT_EQ(behind_a_write(kCompletion, strict()), "ab");
}
TEST(OrderingTable, D2bRelaxedCompletionPassesPosted) {
  EXPECT_EQ(behind_a_write(kCompletion, relaxed()), "ba");
}
TEST(OrderingTable, D2bIdOrderedCompletionPassesPostedOfAnotherRequester) {
  EXPECT_EQ(behind_a_write(kCompletion, by_id(1)), "ba");
}
TEST(OrderingTable, D2bIdOrderedCompletionDoesNotPassPostedOfItsCompleter) {
  EXPECT_EQ(behind_a_write(kCompletion, by_id(0)), "ab");
}
// A PASID does not count for completions.
TEST(OrderingTable, D2bIdOrderedCompletionDoesNotPassByProcess) {
  EXPECT_EQ(behind_a_write(kCompletion, by_id(0, 7), 8), "ab");
}
TEST(OrderingTable, D3CompletionPassesReadRequests) {
  Rig rig({0, 0, 1, 0, 0, 0});
  rig.push(kRead, 2);
  rig.push(kCompletion, 1);
  rig.run();
  EXPECT_EQ(rig.order(), "aba");
}
TEST(OrderingTable, D5aCompletionsOfDifferentReadsPassEachOther) {
  Rig rig;
  rig.push(kCompletion, 12);
  rig.push(kCompletion, 1);
  rig.run();
  EXPECT_EQ(rig.order(), "ba");
}
TEST(OrderingTable, D5bCompletionsOfOneReadKeepTheirOrder) {
  Rig rig;
  Train& x = rig.make(kCompletion);
  x.add(Time::zero(), make_cut(76, 76, 76), true);
  x.add(Time::zero(), make_cut(760, 76, 76), true);
  rig.channel.push(x);
  rig.run();
  ASSERT_EQ(rig.order(), "aa");
  EXPECT_EQ(rig.seen[0].index, 0u);
  EXPECT_EQ(rig.seen[1].index, 1u);
}

TEST(Ordering, IdOrderedWriteWaitsForTheEarlierOneOfItsOwnRequester) {
  Rig rig;
  rig.push(kPosted, 20, 0, strict(0));
  rig.push(kPosted, 20, 0, strict(1));
  rig.push(kPosted, 1, 0, by_id(1));
  rig.run();
  EXPECT_EQ(rig.order(), "abc");
}

// ---- on a whole link
// ------------------------------------------------------------------------------

/// Read latency of 64 B while writes of 4 KiB to slow memory use up the posted credits.
double read_behind_writes_ns(bool id_ordered) {
  LinkParams p;
  test::Bench bench(p);
  bench.host.latency_of = [](std::uint64_t address) {
    return address < 0x8000 ? Time::from_us(2) : Time::from_ns(100);
  };
  std::vector<unsigned char> data(4096);
  for (std::uint64_t i = 0; i < 8; ++i) {
    bench.device.ext.txn = i;
    bench.device.write(i * 4096, data.data(), 4096);
  }
  std::vector<unsigned char> back(64);
  bench.device.ext.txn = 8;
  bench.device.ext.function = 1;
  bench.device.ext.id_ordering = id_ordered;
  bench.device.read(0x9000, back.data(), back.size());
  bench.run();
  for (const auto& a : bench.device.answers) {
    if (a.id == 8) return (a.at - a.asked).ns();
  }
  return -1;
}

TEST(Ordering, ReadStallsBehindWritesThatLackCredits) {
  const double ns = read_behind_writes_ns(false);
  RecordProperty("ns", std::to_string(ns));
  EXPECT_GT(ns, 4000);
}
TEST(Ordering, ReadOfAnotherFunctionDoesNotStall) {
  const double ns = read_behind_writes_ns(true);
  RecordProperty("ns", std::to_string(ns));
  EXPECT_LT(ns, 500);
}

/// The same while the CPU stores 16 KiB to the device, and the read's completion has to go the
/// stores' way.
double read_behind_stores_ns(bool relaxed_reads) {
  LinkParams p;
  p.mmio_queue = sim::Bytes::kib(64);
  test::Bench bench(p);
  std::vector<unsigned char> store(16384);
  bench.cpu.program = [&] {
    bench.cpu.access(tlm::TLM_WRITE_COMMAND, 0, store.data(), store.size(), 64);
  };
  std::vector<unsigned char> back(64);
  bench.device.ext.relaxed_ordering = relaxed_reads;
  bench.device.read(0x9000, back.data(), back.size());
  bench.run();
  return (bench.device.answers.at(0).at - bench.device.answers.at(0).asked).ns();
}

TEST(Ordering, CompletionStallsBehindStores) {
  const double ns = read_behind_stores_ns(false);
  RecordProperty("ns", std::to_string(ns));
  EXPECT_GT(ns, 2000);
}
TEST(Ordering, CompletionOfARelaxedReadPassesStores) {
  const double ns = read_behind_stores_ns(true);
  RecordProperty("ns", std::to_string(ns));
  EXPECT_LT(ns, 500);
}

}  // namespace
}  // namespace vctoe::pcie
