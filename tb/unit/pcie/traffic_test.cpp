// Both directions under load: what the link promises whatever the traffic and however few the
// credits and tags.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstring>

#include "tb/unit/pcie/bench.h"

namespace vctoe::pcie {
namespace {

using sim::Time;
using test::Bench;

// Tags are held until the last completion: with two, the third read request starts when the first
// read is over.
TEST(Traffic, TagsLimitReadRequests) {
  LinkParams p = test::bare();
  p.tags = 2;
  Bench b(p);
  b.host.latency = Time::from_us(1);
  std::vector<unsigned char> data(64);
  for (std::uint64_t i = 0; i < 6; ++i) {
    b.device.ext.txn = i;
    b.device.read(i * 64, data.data(), 64);
  }
  b.run();
  ASSERT_EQ(b.device.answers.size(), 6U);
  for (std::uint64_t i = 0; i < 6; ++i) {
    const std::uint64_t round = 1 + i / 2;
    EXPECT_NEAR(b.device.answers[i].at.us(), static_cast<double>(round), 0.1) << i;
  }
  b.link.settle_stats();
  EXPECT_NEAR(b.link.stats().tag_stall.us(), 2.0, 0.1);
  EXPECT_NEAR(b.link.stats().up.time.spent(ChannelState::kWaitTags).us(), 2.0, 0.1);
}

TEST(Traffic, ATagIsFreeWhenItsOwnCompletionIsHere) {
  LinkParams p = test::bare();
  p.tags = 4;  // one read of four pieces takes them all
  Bench b(p);
  b.host.latency_of = [](std::uint64_t a) { return Time::from_us(a < 512 ? 1 : 10); };
  std::vector<unsigned char> data(2048);
  b.device.read(0, data.data(), 2048);
  b.device.ext.txn = 1;
  b.device.read(4096, data.data(), 64);
  b.run();
  // The second read got the tag of the first piece after 1 us, not that of the last after 10.
  ASSERT_EQ(b.host.log.size(), 5U);
  EXPECT_NEAR(b.host.log[4].at.us(), 1.0, 0.2);
}

// req: S-I05
TEST(Traffic, InterruptArrivesBehindTheDataItSpeaksOf) {
  Bench b;
  b.host.latency_of = [](std::uint64_t a) { return Time::from_ns(a == 0x8000 ? 0 : 5000); };
  const std::vector<unsigned char> data(4096, 0x5a);
  bool complete = false;
  b.device.write(0x1000, data.data(), 4096);
  b.device.ext.purpose = Purpose::kInterrupt;
  b.device.ext.txn = 1;
  b.device.write(0x8000, data.data(), 4);
  b.device.on_answer = [&](const test::Device::Answer& a) {
    if (a.id == 1) complete = std::memcmp(&b.host.bytes[0x1000], data.data(), 4096) == 0;
  };
  b.run();
  ASSERT_EQ(b.host.log.size(), 2U);
  EXPECT_EQ(b.host.log[1].purpose, Purpose::kInterrupt);
  EXPECT_GT(b.host.log[1].at, b.host.log[0].at);
  EXPECT_TRUE(complete);
}

TEST(Traffic, RegisterReadPushesEarlierDmaWritesAhead) {
  Bench b;
  const std::vector<unsigned char> data(4096, 0x77);
  bool there = false;
  b.bar.latency_of = [&](std::uint64_t) {
    b.device.write(0x3000, data.data(), 4096);  // issued before the completion of the read
    return Time::zero();
  };
  b.cpu.program = [&] {
    std::uint64_t value = 0;
    b.cpu.access(tlm::TLM_READ_COMMAND, 0x10, &value, 8);
    there = std::memcmp(&b.host.bytes[0x3000], data.data(), 4096) == 0;
  };
  b.run();
  EXPECT_TRUE(there);
}

TEST(Traffic, LongReadsTakeTurnsOnTheWayBack) {
  LinkParams p = test::unlimited(test::bare());
  p.mrrs = {4096};
  Bench b(p);
  std::vector<unsigned char> data(8192);
  b.device.read(0, data.data(), 4096);
  b.device.ext.txn = 1;
  b.device.read(4096, data.data() + 4096, 1024);
  b.run();
  // The short one gets its four completions after the first four of the long one.
  ASSERT_EQ(b.device.answers.size(), 2U);
  EXPECT_EQ(b.device.answers[0].id, 1U);
  EXPECT_NEAR(b.device.answers[0].at.ns(), 8 * 276 * 0.13392 + 3.2, 1);
}

struct Op {
  bool write = false;
  std::uint64_t address = 0;
  std::uint64_t length = 0;
  std::uint64_t gap_ns = 0;
};

rc::Gen<std::vector<Op>> operations() {
  return rc::gen::container<std::vector<Op>>(
      rc::gen::build<Op>(rc::gen::set(&Op::write),
                         rc::gen::set(&Op::address, rc::gen::inRange<std::uint64_t>(0, 200000)),
                         rc::gen::set(&Op::length, rc::gen::inRange<std::uint64_t>(1, 20000)),
                         rc::gen::set(&Op::gap_ns, rc::gen::inRange<std::uint64_t>(0, 500))));
}

/// Runs the operations on a bench of which nobody looks at the statistics, and on its twin of which
/// somebody does all the time; checks that nothing is lost and that both agree.
class Soak {
 public:
  explicit Soak(const LinkParams& p) : params_(p), bench_(p), twin_(p, "twin_") {
    for (Bench* b : {&bench_, &twin_}) {
      b->host.latency_of = [](std::uint64_t a) { return Time::from_ns(a * 7919 % 900); };
    }
  }

  void run(const std::vector<Op>& ops) {
    base_ = bench_.link.stats().up;
    data_.assign(ops.size(), {});
    for (Bench* b : {&bench_, &twin_}) {
      b->device.answers.clear();
      b->host.log.clear();
    }
    for (std::size_t i = 0; i < ops.size(); ++i) {
      data_[i].assign(ops[i].length, static_cast<unsigned char>(i + 1));
      issue(bench_, ops[i], i, data_[i].data());
      // The twin's reads go to a place that nobody looks at.
      issue(twin_, ops[i], i, ops[i].write ? data_[i].data() : scratch_.data());
      if (ops[i].gap_ns > 0) bench_.run(Time::from_ns(ops[i].gap_ns));
      twin_.link.settle_stats();
    }
    for (int i = 0; i < 50; ++i) {
      bench_.run(Time::from_ns(777));
      twin_.link.settle_stats();
    }
    bench_.run();
    check(ops);
  }

 private:
  static constexpr std::uint64_t kReadOnly = 0x80000;  ///< reads are from here on, writes below

  static void issue(Bench& b, const Op& op, std::size_t id, unsigned char* data) {
    b.device.ext.txn = id;
    if (op.write) {
      b.device.write(op.address, data, op.length);
    } else {
      b.device.read(kReadOnly + op.address, data, op.length);
    }
  }

  void check(const std::vector<Op>& ops) {
    RC_ASSERT(bench_.device.answers.size() == ops.size());
    RC_ASSERT(bench_.link.quiet() && bench_.device.outstanding() == 0U);
    bench_.link.settle_stats();
    const auto& a = bench_.device.answers;
    const auto& t = twin_.device.answers;
    RC_ASSERT(t.size() == ops.size());
    std::uint64_t last_write = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      RC_ASSERT(a[i].ok && a[i].id == t[i].id && a[i].at == t[i].at);
      const Op& op = ops[a[i].id];
      if (!op.write) {
        RC_ASSERT(std::memcmp(data_[a[i].id].data(), &bench_.host.bytes[kReadOnly + op.address],
                              op.length) == 0);
        continue;
      }
      RC_ASSERT(a[i].id >= last_write);  // writes keep their order
      last_write = a[i].id;
    }
    check_reads_follow_writes(ops);
    check_counts(ops);
  }

  // A read request that was made after a write may not reach the host before it.
  void check_reads_follow_writes(const std::vector<Op>& ops) {
    std::uint64_t written = 0;
    std::uint64_t before = 0;
    std::vector<std::uint64_t> writes_before;
    writes_before.reserve(ops.size());
    for (const Op& op : ops) {
      writes_before.push_back(before);
      if (op.write) before += op.length;
    }
    std::vector<std::uint64_t> left(ops.size());
    for (std::size_t i = 0; i < ops.size(); ++i) left[i] = ops[i].length;
    std::size_t reading = 0;
    for (const test::Access& x : bench_.host.log) {
      if (x.write) {
        written += x.length;
        continue;
      }
      // Read requests go in the order of the reads.
      while (ops[reading].write || left[reading] == 0) ++reading;
      RC_ASSERT(written >= writes_before[reading]);
      left[reading] -= x.length;
    }
  }

  void check_counts(const std::vector<Op>& ops) {
    std::uint64_t writes = 0;
    std::uint64_t reads = 0;
    std::uint64_t bytes = 0;
    for (const Op& op : ops) {
      const std::uint64_t limit = op.write ? params_.mps.n : params_.mrrs.n;
      for (std::uint64_t at = op.address; at < op.address + op.length;) {
        const std::uint64_t end =
            std::min({at + limit, op.address + op.length, (at / 4096 + 1) * 4096});
        ++(op.write ? writes : reads);
        at = end;
      }
      bytes += op.write ? op.length : 0;
    }
    const ChannelStats& up = bench_.link.stats().up;
    const auto grown = [&](TlpKind k) { return up.of(k).tlps - base_.of(k).tlps; };
    RC_ASSERT(grown(TlpKind::kMemoryWrite) == writes);
    RC_ASSERT(grown(TlpKind::kMemoryRead) == reads);
    RC_ASSERT(up.of(TlpKind::kMemoryWrite).bytes - base_.of(TlpKind::kMemoryWrite).bytes == bytes);
  }

  LinkParams params_;
  Bench bench_;
  Bench twin_;
  ChannelStats base_;
  std::vector<std::vector<unsigned char>> data_;
  std::vector<unsigned char> scratch_ = std::vector<unsigned char>(20000);
};

TEST(Traffic, DefaultsCarryAnythingInOrder) {
  Soak soak{LinkParams()};
  EXPECT_TRUE(rc::check("soak", [&] { soak.run(*operations()); }));
}

TEST(Traffic, OneCreditOfEachTypeAndOneTagNeverLockUp) {
  LinkParams p;
  p.tags = 1;
  p.host_credits = {1, 16, 1, 1, 1, 16};
  p.device_credits = p.host_credits;
  Soak soak(p);
  EXPECT_TRUE(rc::check("soak", [&] { soak.run(*operations()); }));
}

TEST(Traffic, SmallPayloadsAndChunkedCompletionsArriveWhole) {
  LinkParams p;
  p.gen = 6;
  p.mps = {128};
  p.mrrs = {4096};
  p.rcb_chunks = true;
  p.tags = 5;
  p.interleave = 1;
  p.host_credits = {3, 20, 2, 1, 1, 16};
  p.device_credits = {1, 8, 1, 1, 7, 40};
  p.up_latency = p.down_latency = Time::from_ns(3);
  Soak soak(p);
  EXPECT_TRUE(rc::check("soak", [&] { soak.run(*operations()); }));
}

TEST(Traffic, WithoutAnyLatencyNothingIsLost) {
  Soak soak(test::unlimited(test::bare()));
  EXPECT_TRUE(rc::check("soak", [&] { soak.run(*operations()); }));
}

}  // namespace
}  // namespace vctoe::pcie
