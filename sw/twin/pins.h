// Pinned memory integrated over time, by scheme.
#pragma once

#include "sw/scenario/params.h"
#include "sw/scenario/schemes.h"
#include "sw/twin/host_laws.h"
#include "sw/twin/transfer.h"

namespace vctoe::twin {

/// What the transfer came to, for the integrals: bytes and seconds.
struct PinInputs {
  double stream = 0;
  Pages pages;
  double read_s = 0;  ///< reading all that is on swap at the post
  double cpu_s = 0;   ///< the CPU's time for the post's pins and faults
  double round_trip_s = 0;
  Transfer sending;
  double growing = 0;  ///< bytes sent while the congestion window limits
  BlockPipeline blocks;
  double window = 0;           ///< the receiver's, B
  bool window_limits = false;  ///< the receiver's window, in the steady state
  bool walker_limits = false;  ///< blocks are found more slowly than they are answered and sent
};

/// One block at a time, pinned `pin_to_use_s` before its first byte is read and until it has left
/// at `rate` B/s: B.s.
double single_block_integral(double stream, double block, double rate, double pin_to_use_s);

/// B.s, NIC's account (ledger owner `agent`); not-a-number where no form is known.
///
/// fig3, S bytes: S x (pins + transfer + round trip), and while the swapped part is read the
/// resident part is pinned as a whole, the swapped one half of the time on the mean. fig12: the
/// same without the round trip, since pins end when all is sent. fig8: a block is asked for when
/// the block `ahead` places before it has left, so `ahead` blocks (fewer where the receiver's
/// window or the number of unacknowledged blocks leave less room) are pinned at a time less what
/// the answer takes; while the congestion window limits they are pinned all of that time, else a
/// block for the time that `ahead` blocks take on the line, or, where the receiver's window limits,
/// one block at its edge all of the time. Where the walker limits no place is waited for: a block
/// is pinned for its reply, its fetch and the line. A block counts with the pages that it touches.
/// fig11 and ats: nothing.
double pinned_integral(const scenario::ScenarioParams& params, const scenario::Scheme& scheme,
                       const PinInputs& in);

}  // namespace vctoe::twin
