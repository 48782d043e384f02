// Initial sequence numbers.
#include "models/nic/toe/initial_sequence.h"

#include "tb/unit/toe/peer.h"

namespace vctoe::toe::test {
namespace {

using S = State;
using sim::Time;

TEST(InitialSequence, IsSipHashOfTheTuple) {
  // Reference vectors of SipHash-2-4: key 00..0f, input 00..07 and 00..0f.
  const SipKey key{0x0706050403020100, 0x0f0e0d0c0b0a0908};
  using One = std::array<std::uint64_t, 1>;
  using Two = std::array<std::uint64_t, 2>;
  EXPECT_EQ(sip_hash(One{0x0706050403020100}, key), 0x93f5f5799a932462u);
  EXPECT_EQ(sip_hash(Two{0x0706050403020100, 0x0f0e0d0c0b0a0908}, key), 0x3f2acc7f57c29bdbu);
}

TEST(InitialSequence, FollowsAClockOfFourMicrosecondsAndTheTuple) {
  const TcpParams p;
  const SipKey key{1, 2};
  const FourTuple t{1, 2, 3, 4};
  const Seq first = initial_sequence(p, t, key, Time::from_s(1));
  EXPECT_EQ(initial_sequence(p, t, key, Time::from_s(1) + Time::from_us(400)) - first, 100);
  const FourTuple other{1, 2, 3, 5};
  EXPECT_NE(initial_sequence(p, other, key, Time::from_s(1)), first);
  EXPECT_NE(initial_sequence(p, t, {1, 3}, Time::from_s(1)), first);
  Net one(without_timestamps()), two(without_timestamps(), without_timestamps(), {}, 2);
  reach(one, S::kSynSent);
  reach(two, S::kSynSent);
  EXPECT_NE(one.a.view(0).iss, two.a.view(0).iss);  // the key is the stack's
}

}  // namespace
}  // namespace vctoe::toe::test
