#include "models/nic/dma_engine.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "tb/unit/dma/bench.h"

namespace vctoe::nic {
namespace {

using pcie::Purpose;
using sim::Time;
using tb::FakeMemory;

TEST(DmaEngine, ReadGathersScatteredPiecesIntoContiguousData) {
  DmaBench b;
  std::vector<std::uint8_t> data(3000);
  b.submit(false, {{5000, 100, 0}, {70000, 0, 0}, {3, 1, 0}, {8192, 2899, 0}}, data.data(), 7);
  EXPECT_EQ(b.dma.pending(), 1u);
  sc_core::sc_start();
  ASSERT_EQ(b.done.size(), 1u);
  EXPECT_TRUE(b.done[0].ok);
  EXPECT_EQ(b.done[0].cookie, 7u);
  EXPECT_EQ(b.dma.pending(), 0u);
  EXPECT_EQ(0, std::memcmp(data.data(), &b.memory.bytes[5000], 100));
  EXPECT_EQ(data[100], b.memory.bytes[3]);
  EXPECT_EQ(0, std::memcmp(data.data() + 101, &b.memory.bytes[8192], 2899));
  EXPECT_EQ(b.memory.log.size(), 3u) << "an element of no bytes is no request";
}

TEST(DmaEngine, WriteScattersContiguousData) {
  DmaBench b;
  std::vector<std::uint8_t> data(300);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(200 - i);
  b.submit(true, {{100, 120, 0}, {9000, 180, 0}}, data.data(), 1);
  sc_core::sc_start();
  ASSERT_EQ(b.done.size(), 1u);
  EXPECT_EQ(0, std::memcmp(data.data(), &b.memory.bytes[100], 120));
  EXPECT_EQ(0, std::memcmp(data.data() + 120, &b.memory.bytes[9000], 180));
}

// Submitted at 0; 20 ns to issue, 500 ns in the link, then 1448 B at 8 B per 1.25 ns = 226.25 ns.
TEST(DmaEngine, ReadTakesIssueLinkAndDrainTime) {
  DmaBench b;
  std::vector<std::uint8_t> data(1448);
  b.submit(false, {{0, 1448, 0}}, data.data(), 1);
  sc_core::sc_start();
  EXPECT_EQ(b.memory.log[0].at, Time::from_ns(20));
  EXPECT_EQ(b.when(1), Time::from_ns_f(20 + 500 + 226.25));
}

// Both pieces arrive at 520 ns and leave the channel one after the other.
TEST(DmaEngine, PiecesThatArriveTogetherDrainOneAfterTheOther) {
  DmaBench b;
  std::vector<std::uint8_t> data(4000);
  b.submit(false, {{0, 2400, 0}, {8192, 1600, 0}}, data.data(), 1);
  sc_core::sc_start();
  EXPECT_EQ(b.when(1), Time::from_ns(20 + 500 + 375 + 250));
}

TEST(DmaEngine, WriteIsDoneWhenPerformed) {
  DmaBench b;
  std::vector<std::uint8_t> data(1448);
  b.submit(true, {{0, 1448, 0}}, data.data(), 1);
  sc_core::sc_start();
  EXPECT_EQ(b.when(1), Time::from_ns(520));
}

TEST(DmaEngine, AnElementOfManyPagesIsIssuedPageByPage) {
  DmaBench b;
  std::vector<std::uint8_t> data(10000);
  b.submit(false, {{4000, 10000, 0}}, data.data(), 1);
  sc_core::sc_start();
  ASSERT_EQ(b.memory.log.size(), 4u);
  for (const auto& a : b.memory.log) {
    EXPECT_EQ(a.address / 4096, (a.address + a.length - 1) / 4096);
  }
  EXPECT_EQ(0, std::memcmp(data.data(), &b.memory.bytes[4000], 10000));
}

TEST(DmaEngine, EveryTlpFieldComesFromTheRequest) {
  DmaBench b;
  std::uint8_t data[64] = {};
  const SgElement sg{256, 64, 0};
  DmaRequest r;
  r.write = true;
  r.sg = &sg;
  r.count = 1;
  r.data = data;
  r.purpose = Purpose::kDescriptor;
  r.connection = 11;
  r.asid = 12;
  r.txn = 13;
  b.dma.submit(r);  // without a client: nobody wants to know
  sc_core::sc_start();
  ASSERT_EQ(b.memory.log.size(), 1u);
  EXPECT_EQ(b.memory.log[0].tlp.purpose, Purpose::kDescriptor);
  EXPECT_EQ(b.memory.log[0].tlp.connection, 11u);
  EXPECT_EQ(b.memory.log[0].tlp.asid, 12u);
  EXPECT_EQ(b.memory.log[0].tlp.txn, 13u);
  EXPECT_EQ(b.dma.stats().write_requests[1], 1u);
  EXPECT_EQ(b.dma.stats().write_bytes[1], 64u);
}

TEST(DmaEngine, EachClassOfTrafficCarriesItsOrderingAttributes) {
  DmaParams params = round_figures();
  params.ordering.payload = OrderingAttribute::kIdBased;
  params.ordering.descriptors = OrderingAttribute::kRelaxed;
  params.ordering.receive = OrderingAttribute::kBoth;
  params.ordering.functions = 4;
  DmaBench b(params);
  std::uint8_t data[64] = {};
  const SgElement sg{256, 64, 0};
  const auto attributes_of = [&](bool write, Purpose purpose) {
    DmaRequest r;
    r.write = write;
    r.sg = &sg;
    r.count = 1;
    r.data = data;
    r.purpose = purpose;
    r.connection = 7;
    b.dma.submit(r);
    sc_core::sc_start();
    const pcie::TlpExtension tlp = b.memory.log.back().tlp;
    EXPECT_EQ(tlp.function, 3u);
    return std::pair{tlp.relaxed_ordering, tlp.id_ordering};
  };
  EXPECT_EQ(attributes_of(false, Purpose::kPayload), std::pair(false, true));
  EXPECT_EQ(attributes_of(false, Purpose::kDescriptor), std::pair(true, false));
  EXPECT_EQ(attributes_of(false, Purpose::kContext), std::pair(true, false));
  EXPECT_EQ(attributes_of(true, Purpose::kPayload), std::pair(true, true));
  // They announce data, which must be there first.
  EXPECT_EQ(attributes_of(true, Purpose::kDescriptor), std::pair(false, false));
  EXPECT_EQ(attributes_of(true, Purpose::kInterrupt), std::pair(false, false));
}

TEST(DmaEngine, WritesReachTheLinkInOrderOfSubmissionWhateverTheirPurpose) {
  DmaBench b;
  std::vector<std::uint8_t> data(12288);
  const Purpose purposes[] = {Purpose::kPayload, Purpose::kDescriptor, Purpose::kInterrupt};
  for (unsigned i = 0; i < 30; ++i) {
    b.submit(true, {{i * 16384ULL, i % 3 == 0 ? 12288u : 64u, 0}}, data.data(), i, purposes[i % 3]);
  }
  sc_core::sc_start();
  std::uint64_t last = 0;
  Time last_at;
  for (const auto& a : b.memory.log) {
    EXPECT_GE(a.address, last);
    EXPECT_GE(a.at, last_at);
    last = a.address;
    last_at = a.at;
  }
  EXPECT_EQ(b.done.size(), 30u);
}

TEST(DmaEngine, OutstandingReadsStayBelowBothLimits) {
  DmaParams p = round_figures();
  p.outstanding_reads = 5;
  p.outstanding_bytes = {6000};
  DmaBench b(p);
  std::vector<std::uint8_t> data(60000);
  for (unsigned i = 0; i < 10; ++i) {
    b.submit(false, {{i * 4096ULL, 3000, 0}}, &data[i * 3000ULL], i);
  }
  for (unsigned i = 10; i < 20; ++i) {
    b.submit(false, {{i * 4096ULL, 100, 0}}, &data[i * 3000ULL], i);
  }
  sc_core::sc_start();
  EXPECT_EQ(b.done.size(), 20u);
  EXPECT_LE(b.memory.most_out, 5u);
  EXPECT_LE(b.dma.stats().read_bytes_out.peak(), 6000u);
  EXPECT_EQ(b.dma.stats().reads_out.value(), 0u);
  EXPECT_GT(b.dma.stats().stalls.spent(DmaStall::kWaitingLimit), Time::zero());
}

TEST(DmaEngine, ARequestLargerThanTheByteLimitGoesAlone) {
  DmaParams p = round_figures();
  p.outstanding_bytes = {512};
  DmaBench b(p);
  std::vector<std::uint8_t> data(8192);
  b.submit(false, {{0, 4096, 0}}, data.data(), 1);
  b.submit(false, {{4096, 4096, 0}}, data.data() + 4096, 2);
  sc_core::sc_start();
  EXPECT_EQ(b.done.size(), 2u);
  EXPECT_EQ(b.memory.most_out, 1u);
}

// The sum of drain times alone would be 40 x 226 ns; with 8 channels it hides behind the link.
TEST(DmaEngine, ChannelsOverlapSoThatDrainingDoesNotLimitBandwidth) {
  DmaBench b;
  std::vector<std::uint8_t> data(1448);
  for (unsigned i = 0; i < 40; ++i) b.submit(false, {{i * 4096ULL, 1448, 0}}, data.data(), i);
  sc_core::sc_start();
  // Five rounds of eight, each round one read long.
  EXPECT_EQ(b.done.back().at, Time::from_ns_f(20 + 5 * (500 + 226.25)));
  EXPECT_GT(b.dma.stats().stalls.spent(DmaStall::kWaitingChannel), Time::zero());
}

TEST(DmaEngine, AControlReadIsNotStarvedByPayload) {
  DmaParams p = round_figures();
  p.outstanding_reads = 2;
  DmaBench b(p);
  std::vector<std::uint8_t> data(65536);
  std::uint8_t record[32];
  for (unsigned i = 0; i < 8; ++i) b.submit(false, {{0, 65536, 0}}, data.data(), i);
  b.submit(false, {{64, 32, 0}}, record, 99, Purpose::kContext);
  sc_core::sc_start();
  // It gets the first of the two places on the link that falls free, at 520 ns.
  EXPECT_EQ(b.when(99), Time::from_ns_f(520 + 500 + 5));
  EXPECT_EQ(b.done.size(), 9u);
}

TEST(DmaEngine, PayloadIsNotStarvedByControlReads) {
  DmaParams p = round_figures();
  p.outstanding_reads = 1;
  DmaBench b(p);
  std::uint8_t record[32];
  std::vector<std::uint8_t> data(100);
  int left = 100;
  b.then = [&](std::uint64_t cookie) {
    if (cookie == 0 && left-- > 0) b.submit(false, {{64, 32, 0}}, record, 0, Purpose::kDescriptor);
  };
  for (int i = 0; i < 4; ++i) b.submit(false, {{64, 32, 0}}, record, 0, Purpose::kDescriptor);
  b.submit(false, {{0, 100, 0}}, data.data(), 1);
  sc_core::sc_start();
  EXPECT_LT(b.when(1), Time::from_ns(1650));
}

TEST(DmaEngine, AnErrorOnOnePieceFailsTheRequestAndNoOther) {
  DmaBench b;
  b.memory.refuses = [](const tlm::tlm_generic_payload& gp) { return gp.get_address() == 8192; };
  std::vector<std::uint8_t> data(12288);
  b.submit(false, {{4096, 100, 0}, {8192, 100, 0}, {16384, 100, 0}}, data.data(), 1);
  b.submit(false, {{4096, 100, 0}}, data.data() + 4096, 2);
  b.submit(true, {{8192, 100, 0}}, data.data(), 3);
  sc_core::sc_start();
  ASSERT_EQ(b.done.size(), 3u);
  std::map<std::uint64_t, bool> ok;
  for (const Done& d : b.done) ok[d.cookie] = d.ok;
  EXPECT_FALSE(ok[1]);
  EXPECT_TRUE(ok[2]);
  EXPECT_FALSE(ok[3]);
  EXPECT_EQ(b.dma.stats().errors, 2u);
}

TEST(DmaEngine, OneActivationForAReadAndNoneForAWrite) {
  DmaBench b;
  std::vector<std::uint8_t> data(1448);
  b.submit(true, {{0, 1448, 0}}, data.data(), 1);
  sc_core::sc_start();
  EXPECT_EQ(sim::g_activations, 1u) << "the fake link's own";
  b.submit(false, {{0, 1448, 0}}, data.data(), 2);
  sc_core::sc_start();
  EXPECT_EQ(sim::g_activations, 3u) << "one of the fake link, one of the drain";
}

TEST(DmaEngine, StallReasonsAddUpToTheElapsedTime) {
  DmaBench b;
  std::vector<std::uint8_t> data(1448);
  sc_core::sc_start(100, sc_core::SC_NS);
  b.submit(false, {{0, 1448, 0}}, data.data(), 1);
  sc_core::sc_start(10, sc_core::SC_US);
  b.dma.settle_stats();  // throws when they do not
  EXPECT_EQ(b.dma.stats().stalls.spent(DmaStall::kBusy), Time::from_ns_f(746.25));
  EXPECT_EQ(b.dma.stats().read_latency.max(), 746250u);
}

/// Reads a record through the fetch socket, as the walker does.
struct FetchBench : sc_core::sc_module {
  explicit FetchBench(const sc_core::sc_module_name& name)
      : sc_module(name), memory("memory", 65536), dma("dma", context, 0, round_figures()) {
    dma.pcie.bind(memory.socket);
    socket.bind(dma.fetch);
    socket.register_nb_transport_bw(this, &FetchBench::response);
  }
  tlm::tlm_sync_enum response(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                              sc_core::sc_time& /*delay*/) {
    EXPECT_EQ(phase, tlm::BEGIN_RESP);
    at = sim::now();
    status = gp.get_response_status();
    gp.release();
    return tlm::TLM_COMPLETED;
  }
  void read(std::uint64_t address) {
    tlm::tlm_generic_payload& gp = pool.get();
    sim::set_access(gp, tlm::TLM_READ_COMMAND, address, data, 32);
    pcie::TlpExtension::of(gp).txn = 5;
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay(8, sc_core::SC_NS);
    EXPECT_EQ(socket->nb_transport_fw(gp, phase, delay), tlm::TLM_UPDATED);
    EXPECT_EQ(phase, tlm::END_REQ);
  }
  sim::Context context;
  FakeMemory memory;
  DmaEngine dma;
  tlm_utils::simple_initiator_socket<FetchBench> socket{"socket"};
  sim::PayloadPool pool;
  std::uint8_t data[32] = {};
  Time at;
  tlm::tlm_response_status status = tlm::TLM_INCOMPLETE_RESPONSE;
};

TEST(DmaEngine, FetchSocketReadsARecordWithAnnotatedDelay) {
  FetchBench b("bench");
  b.memory.bytes[4096] = 0x5a;
  b.read(4096);
  sc_core::sc_start();
  EXPECT_EQ(b.status, tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(b.data[0], 0x5a);
  EXPECT_EQ(b.at, Time::from_ns(8 + 20 + 500 + 5));
  EXPECT_EQ(b.memory.log[0].tlp.purpose, Purpose::kContext);
  EXPECT_EQ(b.memory.log[0].tlp.txn, 5u);
  EXPECT_EQ(b.pool.in_use(), 0u);
}

TEST(DmaEngine, FetchSocketReportsAnErrorStatus) {
  FetchBench b("bench");
  b.read(1 << 20);
  sc_core::sc_start();
  EXPECT_EQ(b.status, tlm::TLM_GENERIC_ERROR_RESPONSE);
}

// Random requests of both directions over disjoint memory: every byte arrives, every request is
// done once, the limits hold, and nothing is left.
TEST(DmaEngine, RandomScatterListsMoveEveryByteOnce) {
  DmaParams p = round_figures();
  p.outstanding_reads = 6;
  p.outstanding_bytes = {8192};
  p.channels = 3;
  p.control_channels = 1;
  DmaBench b(p);
  EXPECT_TRUE(rc::check("every byte once", [&] {
    b.done.clear();
    b.memory.most_out = 0;
    b.memory.latency = [](const tlm::tlm_generic_payload& gp) {
      return Time::from_ns(300 + gp.get_address() * 7919 % 900);
    };
    const auto count = *rc::gen::inRange(1u, 12u);
    std::vector<std::vector<SgElement>> lists(count);
    std::vector<std::vector<std::uint8_t>> data(count);
    std::vector<bool> writes(count);
    std::uint64_t next = 0;
    for (unsigned i = 0; i < count; ++i) {
      const auto sizes = *rc::gen::nonEmpty(rc::gen::resize(
          6, rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange(0u, 9000u))));
      std::uint64_t bytes = 0;
      for (const auto size : sizes) {
        lists[i].push_back({next, size, 0});
        next += size + 13;
        bytes += size;
      }
      if (bytes == 0) {
        lists[i].push_back({next, 1, 0});
        next += 14;
        bytes = 1;
      }
      data[i].resize(bytes);
      writes[i] = *rc::gen::arbitrary<bool>();
      for (std::size_t k = 0; k < bytes; ++k) data[i][k] = static_cast<std::uint8_t>(k * 31 + i);
    }
    RC_PRE(next < b.memory.bytes.size());
    for (std::size_t k = 0; k < next; ++k) b.memory.bytes[k] = static_cast<std::uint8_t>(k * 17);
    const auto before = b.memory.bytes;
    for (unsigned i = 0; i < count; ++i) {
      b.submit(writes[i], lists[i], data[i].data(), i,
               *rc::gen::element(Purpose::kPayload, Purpose::kContext));
    }
    sc_core::sc_start();
    RC_ASSERT(b.done.size() == count);
    RC_ASSERT(b.dma.pending() == 0u);
    RC_ASSERT(b.dma.stats().reads_out.peak() <= 6u);
    for (unsigned i = 0; i < count; ++i) {
      std::size_t at = 0;
      for (const SgElement& e : lists[i]) {
        const auto& host = writes[i] ? b.memory.bytes : before;
        RC_ASSERT(std::memcmp(&data[i][at], &host[e.address], e.length) == 0);
        at += e.length;
      }
    }
  }));
}

}  // namespace
}  // namespace vctoe::nic
