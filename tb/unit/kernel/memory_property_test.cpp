// A random mix of everything against a model that is nothing but a map of bytes.
#include <rapidcheck.h>

#include <algorithm>
#include <map>

#include "tb/unit/kernel/rig.h"

namespace vctoe::kernel::test {
namespace {

constexpr std::uint64_t kPages = 96;
constexpr std::uint64_t kLength = kPages * kPageBytes;

enum class Op { kWrite, kRead, kPin, kUnpin, kReclaim, kEvict, kWait, kReceive, kRemap, kCount };

struct Step {
  Op op;
  std::uint64_t at;
  std::uint64_t length;
  unsigned salt;
};

rc::Gen<Step> steps() {
  return rc::gen::apply(
      [](int op, std::uint64_t at, std::uint64_t length, unsigned salt) {
        return Step{static_cast<Op>(op), at, std::min(length, kLength - at), salt};
      },
      rc::gen::inRange(0, static_cast<int>(Op::kCount)),
      rc::gen::inRange<std::uint64_t>(0, kLength - 1),
      rc::gen::inRange<std::uint64_t>(1, 6 * kPageBytes), rc::gen::inRange(1u, 1000u));
}

/// One address space of a shared kernel beside the bytes that it should hold.
class Checked {
 public:
  explicit Checked(Rig& rig) : rig_(rig), k_(rig.kernel), asid_(k_.create_address_space()) {
    k_.map(asid_, kBase, kLength);
  }

  void apply(const Step& s) {
    switch (s.op) {
      case Op::kWrite:
        return write(s);
      case Op::kRead:
        return read(s);
      case Op::kPin:
        return pin(s, PinOwner::kAgent);
      case Op::kReceive:
        return receive(s);
      case Op::kUnpin:
        return unpin(s.salt);
      case Op::kReclaim:
        return static_cast<void>(k_.force_reclaim(s.salt % 64));
      case Op::kEvict:
        return static_cast<void>(k_.try_evict(asid_, kBase + s.at));
      case Op::kRemap:
        return remap(s);
      default:
        return sim::wait(sim::Time::from_us(s.salt % 200));
    }
  }

  void check_and_close() {
    while (!pins_.empty()) unpin(0);
    std::vector<std::uint8_t> all(kLength);
    RC_ASSERT(k_.peek(asid_, kBase, all.data(), kLength));
    RC_ASSERT(all == expected(0, kLength));
    k_.destroy_address_space(asid_);
  }

 private:
  struct Pinned {
    PinResult result;
    std::uint64_t at;
    std::uint64_t length;
  };

  std::vector<std::uint8_t> expected(std::uint64_t at, std::uint64_t length) const {
    std::vector<std::uint8_t> bytes(length, 0);
    for (auto it = bytes_.lower_bound(at); it != bytes_.end() && it->first < at + length; ++it) {
      bytes[it->first - at] = it->second;
    }
    return bytes;
  }
  void note(std::uint64_t at, const std::vector<std::uint8_t>& data) {
    for (std::size_t i = 0; i < data.size(); ++i) bytes_[at + i] = data[i];
  }
  void write(const Step& s) {
    const auto data = Rig::pattern(s.length, s.salt);
    RC_ASSERT(k_.write(asid_, kBase + s.at, data.data(), s.length));
    note(s.at, data);
    check_pins();
  }
  void read(const Step& s) {
    std::vector<std::uint8_t> data(s.length);
    RC_ASSERT(k_.read(asid_, kBase + s.at, data.data(), s.length));
    RC_ASSERT(data == expected(s.at, s.length));
    check_pins();
  }
  void pin(const Step& s, PinOwner owner) {
    while (pins_.size() >= 3) unpin(0);
    const PinResult r = rig_.pin(asid_, kBase + s.at, s.length, owner);
    RC_ASSERT(r.status == PinStatus::kOk);
    pins_.push_back({r, s.at, s.length});
    check_pins();
  }
  /// A device fills a pinned range by its physical addresses.
  void receive(const Step& s) {
    pin(s, PinOwner::kReceive);
    const auto data = Rig::pattern(s.length, s.salt);
    std::size_t done = 0;
    for (const SgEntry& e : pins_.back().result.sg) {
      std::copy_n(&data[done], e.length, rig_.dram.page(e.address));
      done += e.length;
    }
    note(s.at, data);
  }
  void unpin(unsigned which) {
    if (pins_.empty()) return;
    const auto at = pins_.begin() + which % pins_.size();
    k_.unpin(at->result.token);
    pins_.erase(at);
  }
  /// Unmaps a range that nobody has pinned and maps it again: zeros.
  void remap(const Step& s) {
    const std::uint64_t first = s.at / kPageBytes * kPageBytes;
    const std::uint64_t length =
        (s.at + s.length - first + kPageBytes - 1) / kPageBytes * kPageBytes;
    for (std::uint64_t at = first; at < first + length; at += kPageBytes) {
      if (k_.info(asid_, kBase + at).pins > 0) return;
    }
    k_.unmap(asid_, kBase + first, length);
    k_.map(asid_, kBase + first, length);
    bytes_.erase(bytes_.lower_bound(first), bytes_.lower_bound(first + length));
  }
  /// What a device would read through each scatter list is what the program would read.
  void check_pins() {
    for (const Pinned& p : pins_) RC_ASSERT(rig_.gather(p.result.sg) == expected(p.at, p.length));
  }

  Rig& rig_;
  Kernel& k_;
  Asid asid_;
  std::map<std::uint64_t, std::uint8_t> bytes_;
  std::vector<Pinned> pins_;
};

void random_mix(ReclaimKind kind) {
  RigParams p;
  p.frames = 72;
  p.swap = sim::Bytes::mib(2);
  p.kernel.reclaim = kind;
  p.kernel.reserve_frames = 8;
  p.kernel.pin_limit = 0.6;
  Rig rig(p);
  bool stop = false;
  // A neighbour that keeps memory short while the property runs.
  const Asid hog = rig.kernel.create_address_space();
  rig.kernel.map(hog, kBase, 100 * kPageBytes);
  rig.program([&] {
    sim::Rng rng(3, "hog");
    while (!stop) {
      EXPECT_TRUE(rig.kernel.access(hog, kBase + rng.below(100) * kPageBytes, 8, rng.chance(0.5)));
      sim::wait(sim::Time::from_us(30));
    }
  });
  bool held = false;
  rig.program([&] {
    held = rc::check("bytes as in a map", [&] {
      Checked checked(rig);
      for (const Step& s : *rc::gen::container<std::vector<Step>>(60, steps())) checked.apply(s);
      checked.check_and_close();
      RC_ASSERT(rig.kernel.ledger().bytes() == 0u);
      RC_ASSERT(rig.kernel.pinned_pages() == 0u);
    });
    stop = true;
  });
  rig.run(sim::Time::from_s(1000));
  EXPECT_TRUE(held);
  EXPECT_GT(rig.kernel.page_stats().swap_in, 100u);  // there really was pressure
  EXPECT_GT(rig.kernel.page_stats().busy_pinned, 0u);
  rig.kernel.destroy_address_space(hog);
  EXPECT_EQ(rig.kernel.page_stats().swap_used.value(), 0u);
}

// req: I-P0011, I-G01e, I-X01
TEST(MemoryProperty, ARandomMixUnderPressureKeepsBytesWithTwoLists) {
  random_mix(ReclaimKind::kTwoList);
}

TEST(MemoryProperty, ARandomMixUnderPressureKeepsBytesWithTheClock) {
  random_mix(ReclaimKind::kClock);
}

}  // namespace
}  // namespace vctoe::kernel::test
