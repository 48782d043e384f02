// What a network does to frames besides carrying them: policies that decide the fate of each frame.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "models/net/frame_pool.h"
#include "models/net/link_params.h"
#include "models/sim/random.h"
#include "models/sim/units.h"

namespace vctoe::net {

/// Decides which frames are lost. A new kind of loss is a class of this shape and a line in
/// make_loss().
class LossPolicy {
 public:
  virtual ~LossPolicy() = default;
  /// Called once for each frame; `number` counts them from 1.
  virtual bool lose(std::uint64_t number) = 0;
};

/// Null for LossKind::kNone.
std::unique_ptr<LossPolicy> make_loss(const LossParams& params, std::uint64_t seed,
                                      const std::string& stream);

/// What happens to one frame.
struct Fate {
  bool lost = false;
  bool duplicated = false;
  bool corrupted = false;
  bool reordered = false;  ///< `extra` does not hold up the frames behind
  sim::Time extra;         ///< delay on top of the link's
};

/// The impairments of one direction. Each draws from a stream of its own ("<name>.loss", ...), so
/// that turning one on does not move what the others do.
class Impairment {
 public:
  Impairment(const LinkParams& params, std::uint64_t seed, const std::string& name);

  /// True if any impairment is configured; without one a link needs no Impairment.
  static bool wanted(const LinkParams& params);
  Fate next(const Frame& frame);
  /// A copy of the frame with one bit flipped: anywhere, or with `fix_fcs` inside the IP packet and
  /// with a right FCS. The original is shared and stays as it is.
  FramePtr corrupt(const Frame& frame);

 private:
  bool lose(const Frame& frame);

  LinkParams params_;
  std::unique_ptr<LossPolicy> loss_;
  std::uint64_t number_ = 0;
  sim::Rng jitter_, reorder_, duplicate_, corrupt_;
  FramePool pool_;
};

}  // namespace vctoe::net
