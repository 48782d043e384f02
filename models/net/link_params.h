// Parameters of the network between two stations.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/sim/params.h"

namespace vctoe::net {

enum class LossKind : std::uint8_t { kNone, kBernoulli, kGilbertElliott, kPeriodic, kList };

/// Which frames are lost. Frames are counted from 1 in each direction, as they leave the
/// bottleneck; with `data_only` only those with TCP payload are counted and can be lost.
struct LossParams {
  LossKind kind = LossKind::kNone;
  double probability = 0.001;   ///< bernoulli
  std::uint64_t period = 1000;  ///< periodic: frames period, 2 period, ...
  std::string list;             ///< list: "3,17,20"
  double ge_to_bad = 0.0005;    ///< gilbert_elliott: good to bad, per frame
  double ge_to_good = 0.1;      ///< bad to good, per frame; 1 / mean length of a burst
  double ge_loss_good = 0;
  double ge_loss_bad = 0.5;
  bool data_only = false;
  void declare(sim::ParamList& list);
};

/// Numbers of LossParams::list, sorted, each once. Anything else in the text is a user error.
std::vector<std::uint64_t> parse_frame_list(const std::string& text);

struct ReorderParams {
  double probability = 0;
  sim::Time delay = sim::Time::from_us(20);  ///< a chosen frame takes this much longer
  void declare(sim::ParamList& list);
};

struct DuplicateParams {
  double probability = 0;
  void declare(sim::ParamList& list);
};

struct CorruptParams {
  double probability = 0;  ///< one bit of the frame is flipped
  bool fix_fcs = false;    ///< the bit lies in the IP packet and the FCS is right again
  void declare(sim::ParamList& list);
};

/// Directions whose frames are lost, reordered, duplicated, corrupted and jittered.
enum class Impaired : std::uint8_t { kBoth, kForward, kBackward };

/// A network by name; it brings values for other parameters along (profiles.h).
enum class LinkProfile : std::uint8_t { kCustom, kLan, kWan, kSan, kWireless, kLoopback };

struct LinkParams {
  LinkProfile profile = LinkProfile::kCustom;
  sim::BitRate rate = {0};                   ///< of the bottleneck; 0: none
  sim::Bytes queue = sim::Bytes::kib(256);   ///< waiting in front of the bottleneck
  sim::Time delay = sim::Time::from_us(50);  ///< one way
  sim::Time jitter = sim::Time::zero();      ///< added: uniform in [0, jitter], order kept
  Impaired impair = Impaired::kBoth;
  LossParams loss;
  ReorderParams reorder;
  DuplicateParams duplicate;
  CorruptParams corrupt;
  void declare(sim::ParamList& list);
};

}  // namespace vctoe::net

namespace vctoe::sim {
template <>
struct EnumNames<net::LossKind> {
  static constexpr std::string_view kNames[] = {"none", "bernoulli", "gilbert_elliott", "periodic",
                                                "list"};
};
template <>
struct EnumNames<net::LinkProfile> {
  static constexpr std::string_view kNames[] = {"custom", "lan",      "wan",
                                                "san",    "wireless", "loopback"};
};
template <>
struct EnumNames<net::Impaired> {
  static constexpr std::string_view kNames[] = {"both", "forward", "backward"};
};
}  // namespace vctoe::sim
