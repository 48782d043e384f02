// The whole platform seen from outside: page tables, context records, replies, received bytes.
#include "tb/system/inside.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include "sw/scenario/layout.h"
#include "sw/scenario/scenario.h"
#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

using kernel::PinOwner;
using sim::TraceEvent;
using sim::TraceKind;

constexpr std::uint64_t kStream = 256 << 10;

ScenarioParams small() {
  ScenarioParams p = quiet_params();
  p.stream.size = {kStream};
  p.driver.block_size = sim::Bytes::kib(32);
  return p;
}

/// Physical replies against the page tables at the moment when the NIC has them.
class ReplyCheck {
 public:
  Observe listen() {
    return [this](sim::Context& context) {
      context.trace.subscribe(
          sim::mask_of(TraceKind::kPin, TraceKind::kBlockRequest, TraceKind::kReplyPhysical),
          [this](const TraceEvent& e) { see(e); });
    };
  }
  std::size_t replies = 0;
  std::size_t retransmissions = 0;

 private:
  void see(const TraceEvent& e) {
    if (e.node != 0) return;
    driver_.see(e);
    if (e.kind == TraceKind::kBlockRequest) requests_[e.txn] = e;
    if (e.kind == TraceKind::kReplyPhysical) compare(requests_.at(e.txn));
  }
  void compare(const TraceEvent& request) {
    nic::ReplyEntry reply;
    ASSERT_TRUE(driver_.find_reply(request.txn, reply));
    std::uint64_t va = request.address;
    for (const nic::SgElement& piece : DriverMemory::elements(reply)) {
      for (std::uint64_t b = 0; b < piece.length; ++b, ++va) {
        const bool begins = b == 0 || va % 4096 == 0;
        if (begins) {
          ASSERT_EQ(piece.address + b, memory_.physical(request.asid, va));
        }
      }
    }
    EXPECT_EQ(va, request.address + request.length);
    ++replies;
    retransmissions += request.detail == static_cast<std::uint32_t>(sim::Why::kRetransmit);
  }

  DriverMemory driver_;
  Memory memory_;
  std::map<sim::TxnId, TraceEvent> requests_;
};

// req: I-C03, I-C23, I-C13
TEST(Platform, EveryPhysicalReplyIsWhatAWalkOfThePageTablesGives) {
  ReplyCheck check;
  ScenarioParams p = small();
  p.stream.size = sim::Bytes::mib(1);
  p.stream.swapped = 0.5;
  p.driver.block_size_min = {100};  // blocks of all lengths, on and off page boundaries
  lose(p, 0.02);
  expect_intact(run(p, "fig8+fig9", "", check.listen()));
  EXPECT_GE(check.replies, (std::uint64_t{1} << 20) / p.driver.block_size.n);
  EXPECT_GE(check.retransmissions, 1u);
}

// req: I-C11b
TEST(Platform, PageTablesNameAFrameOrASwapSlotForEveryPageOfAStream) {
  std::set<std::uint64_t> frames, slots;
  std::size_t looked = 0;
  const auto look = [&](const TraceEvent& post) {
    if (post.node != 0 || looked++ != 0) return;
    const Memory memory;
    auto& kernel = inside<kernel::Kernel>("sender_kernel");
    for (std::uint64_t at = 0; at < kStream; at += 4096) {
      const std::uint64_t va = stream_address(0) + at;
      const std::uint64_t entry = memory.entry(post.asid, va);
      std::uint8_t here[4096], there[4096];
      ASSERT_TRUE(kernel.peek(post.asid, va, here, 4096));
      if ((entry & 1) != 0) {
        frames.insert(entry & 0x000f'ffff'ffff'f000);
        memory.read(entry & 0x000f'ffff'ffff'f000, there, 4096);
        EXPECT_EQ(std::memcmp(here, there, 4096), 0);
      } else {
        EXPECT_NE(entry & 2, 0u) << "a swap entry";
        slots.insert(entry >> 12);
      }
    }
  };
  ScenarioParams p = small();
  p.stream.swapped = 0.5;
  expect_intact(run(p, "fig8", "", [&](sim::Context& c) {
    c.trace.subscribe(sim::mask_of(TraceKind::kPost), look);
  }));
  EXPECT_EQ(frames.size() + slots.size(), kStream / 4096) << "each page in a place of its own";
  EXPECT_FALSE(frames.empty());
  EXPECT_FALSE(slots.empty());
}

/// A record as its bytes in memory say, at offsets of FIG. 7's fields in our layout.
struct Record {
  std::uint64_t at = 0;        ///< its virtual address
  std::uint64_t physical = 0;  ///< where it lies
  std::uint64_t address = 0, next = 0;
  std::uint32_t offset = 0, size = 0, sequence = 0;
};

Record read_record(kernel::Asid asid, std::uint64_t va) {
  const Memory memory;
  Record r;
  r.at = va;
  r.physical = memory.physical(asid, va);
  std::uint8_t bytes[32];
  memory.read(r.physical, bytes, 32);
  const auto field = [&](unsigned from, unsigned n) {
    std::uint64_t value = 0;
    for (unsigned i = n; i-- > 0;) value = value << 8 | bytes[from + i];  // little-endian
    return value;
  };
  r.address = field(0, 8);
  r.offset = static_cast<std::uint32_t>(field(8, 4));
  r.size = static_cast<std::uint32_t>(field(12, 4));
  r.sequence = static_cast<std::uint32_t>(field(16, 4));
  r.next = field(24, 8);
  return r;
}

/// The list of the first post, read when the NIC hears of it.
std::vector<Record> run_and_read_list(const ScenarioParams& p, TraceLog& log) {
  std::vector<Record> list;
  expect_intact(run(p, "fig8", "", [&](sim::Context& c) {
    log.listen()(c);
    c.trace.subscribe(sim::mask_of(TraceKind::kPost), [&](const TraceEvent& post) {
      if (post.node != 0 || !list.empty()) return;
      for (std::uint64_t at = post.address; at != 0; at = list.back().next) {
        list.push_back(read_record(post.asid, at));
      }
    });
  }));
  return list;
}

// req: I-C18
TEST(Platform, AStreamOfOneContextIsOneRecordOfAddressSizeAndSequence) {
  TraceLog log;
  ScenarioParams p = small();
  p.driver.block_size = {kStream};
  p.driver.context_offset = 24;
  const auto list = run_and_read_list(p, log);
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].offset, 24u);
  EXPECT_EQ(list[0].address + list[0].offset, stream_address(0));
  EXPECT_EQ(list[0].size, kStream);
  EXPECT_EQ(list[0].sequence, log[log.first(TraceKind::kPost)].seq);
}

class Contexts : public testing::TestWithParam<std::uint64_t> {};

// req: I-C19
TEST_P(Contexts, AreLinkedByVirtualAddressInAnyOrderAndVisitedInTheirs) {
  const std::uint64_t n = GetParam();
  TraceLog log;
  ScenarioParams p = small();
  p.driver.block_size = {1024};
  p.stream.size = {n * 1024};
  p.driver.context_order = driver::ContextOrder::kShuffled;
  const auto list = run_and_read_list(p, log);
  ASSERT_EQ(list.size(), n);
  const auto requests = log.all(TraceKind::kBlockRequest);
  ASSERT_EQ(requests.size(), n);
  for (std::uint64_t i = 0; i < n; ++i) {
    EXPECT_EQ(list[i].address + list[i].offset, stream_address(0) + i * 1024);
    EXPECT_EQ(log[requests[i]].address, list[i].address + list[i].offset) << "link order";
    EXPECT_EQ(list[i].next, i + 1 < n ? list[i + 1].at : 0);
    EXPECT_NE(list[i].at, list[i].physical) << "a link is no physical address";
  }
  const auto ascending = [](const Record& a, const Record& b) { return a.at < b.at; };
  if (n >= 100) {
    EXPECT_FALSE(std::is_sorted(list.begin(), list.end(), ascending));
  }
}
INSTANTIATE_TEST_SUITE_P(Count, Contexts, testing::Values(1, 2, 3, 100, 1000));

class Reclaim : public testing::TestWithParam<kernel::ReclaimKind> {};

// req: I-F05-110
TEST_P(Reclaim, IsAPolicyOfTheOperatingSystemsMemoryService) {
  std::size_t swapped_out = 0;
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::mib(1);
  p.system.host.dram.size = sim::Bytes::mib(8);
  p.driver.context_pool = sim::Bytes::kib(64);
  p.socket.receive_buffer = p.system.nic.toe.receive_buffer = sim::Bytes::kib(256);
  p.victims = 1;  // its working set alone is above what there is
  p.victim_resident = 0.1;
  p.pressure.pattern.kind = app::PatternKind::kScan;
  p.stream.start = sim::Time::from_ms(100);
  p.kernel.reclaim = GetParam();
  expect_intact(run(p, "fig8", "", [&](sim::Context& c) {
    c.trace.subscribe(sim::mask_of(TraceKind::kSwapOut), [&](const TraceEvent& e) {
      if (e.node != 0) return;
      inside<kernel::MemoryService>("sender_kernel");  // or the run ends with an error
      EXPECT_EQ(inside<kernel::Kernel>("sender_kernel").frames()[e.address / 4096].pins, 0u);
      ++swapped_out;
    });
  }));
  EXPECT_GT(swapped_out, 0u);
}
INSTANTIATE_TEST_SUITE_P(Policy, Reclaim,
                         testing::Values(kernel::ReclaimKind::kClock,
                                         kernel::ReclaimKind::kTwoList));

// ---- the way of received bytes ------------------------------------------------------------------

/// On the receiving host: nothing is delivered that the NIC has not written, nothing written that
/// TCP has not accepted, and it is written to memory that is pinned to receive it.
class ReceivePath {
 public:
  Observe listen() {
    return [this](sim::Context& context) {
      context.trace.subscribe(sim::mask_of(TraceKind::kPin, TraceKind::kRxData,
                                           TraceKind::kDmaWrite, TraceKind::kDeliver),
                              [this](const TraceEvent& e) {
                                if (e.node == 1) see(e);
                              });
    };
  }
  std::uint64_t accepted = 0, written = 0, delivered = 0;

 private:
  void see(const TraceEvent& e) {
    if (e.kind == TraceKind::kPin && e.detail == static_cast<std::uint32_t>(PinOwner::kReceive)) {
      buffer_.insert(e.address);
    } else if (e.kind == TraceKind::kRxData) {
      accepted += e.length;
    } else if (e.kind == TraceKind::kDmaWrite) {
      written += e.length;
      EXPECT_LE(written, accepted);
      EXPECT_EQ(buffer_.count(e.address & ~std::uint64_t{4095}), 1u);
    } else if (e.kind == TraceKind::kDeliver) {
      delivered += e.length;
      EXPECT_LE(delivered, written);
    }
  }
  std::set<std::uint64_t> buffer_;
};

// req: I-P0020c
TEST(Platform, PayloadGoesFromTheAdaptorThroughTheDriverToTheApplication) {
  ReceivePath path;
  const auto s = run(small(), "fig8", "", path.listen());
  expect_intact(s);
  EXPECT_EQ(path.accepted, kStream);
  EXPECT_EQ(path.written, kStream) << "payload alone: the adaptor keeps the headers";
  EXPECT_EQ(path.delivered, kStream);
  EXPECT_GT(stat(s, "receiver.driver.completions"), 0);
  EXPECT_GT(stat(s, "receiver.driver.interrupts"), 0);
}

// req: I-P0002a
TEST(Platform, ReceivedPacketsWaitInAnAllocatedBufferAndAFullOneDropsAndCounts) {
  ReceivePath path;
  std::uint64_t dropped = 0;
  ScenarioParams p = small();
  p.stream.size = sim::Bytes::kib(512);
  lose(p, 0);  // for its short timeouts
  // Room for one frame, a host link that is slow to take it, and a network that bunches frames.
  p.system.nic.rx.buffer = sim::Bytes::kib(2);
  p.system.pcie.gen = 1;
  p.system.pcie.lanes = 1;
  p.system.net.jitter = sim::Time::from_us(50);
  const auto s = run(p, "fig8", "", [&](sim::Context& c) {
    path.listen()(c);
    c.trace.subscribe(sim::mask_of(TraceKind::kFrameDrop),
                      [&](const TraceEvent& e) { dropped += e.node == 1 ? 1 : 0; });
  });
  expect_intact(s);
  EXPECT_GT(dropped, 0u);
  EXPECT_EQ(stat(s, "receiver.nic.mac.rx_refused.no_room"), static_cast<double>(dropped));
  EXPECT_EQ(path.delivered, p.stream.size.n);
  EXPECT_GT(stat(s, "receiver.driver.completions"), 0) << "the driver hears of every byte";
}

// ---- who may touch what -------------------------------------------------------------------------

// req: I-F05-120
TEST(Platform, TheDriverKnowsNothingOfTheAdaptorButRegistersAndRings) {
  const std::set<std::string> allowed = {"models/nic/registers.h", "models/nic/rings.h"};
  const std::regex include(R"(#include "(models/(?:nic|system)/[^"]*)\")");
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(VCTOE_SOURCE_DIR "/sw/driver")) {
    if (entry.path().extension() != ".h" && entry.path().extension() != ".cpp") continue;
    // Where the agent itself is in the driver ([0060]), it is this code that runs it.
    const std::string stem = entry.path().stem();
    if (stem == "soft_agent" || stem == "frame_driver") continue;
    ++files;
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) {
      std::smatch m;
      if (!std::regex_search(line, m, include)) continue;
      EXPECT_EQ(allowed.count(m.str(1)), 1u) << entry.path() << " includes " << m.str(1);
    }
  }
  EXPECT_GT(files, 20u);
  const auto s = run(small(), "fig8");
  expect_intact(s);
  for (const char* way : {"sender.nic.register_writes", "sender.driver.requests",
                          "sender.driver.completions", "sender.driver.interrupts"}) {
    EXPECT_GT(stat(s, way), 0) << way;
  }
}

}  // namespace
}  // namespace vctoe::scenario
