#include "models/net/link_params.h"

#include <algorithm>
#include <charconv>

#include "models/sim/error.h"

namespace vctoe::net {
namespace {

constexpr sim::Range kProbability{0, 1};
constexpr const char* kElliott = "Elliott, BSTJ 42(5), 1963";
constexpr const char* kOurs = "network 118 of the specification; value: own choice";

}  // namespace

void LossParams::declare(sim::ParamList& list_of_params) {
  list_of_params.add("kind", kind, "which frames the network loses", kOurs);
  list_of_params.add("probability", probability, kProbability,
                     "bernoulli: each frame is lost with this probability", kOurs);
  list_of_params.add("period", period, {1, 1e15}, "periodic: every n-th frame is lost",
                     "Mathis et al., CCR 27(3), 1997: the model of periodic loss");
  list_of_params.add("list", list, "list: numbers of the lost frames from 1, \"3,17,20\"", kOurs);
  list_of_params.add("ge_to_bad", ge_to_bad, kProbability,
                     "gilbert_elliott: probability per frame of going from good to bad", kElliott);
  list_of_params.add("ge_to_good", ge_to_good, kProbability,
                     "gilbert_elliott: probability per frame of going from bad to good", kElliott);
  list_of_params.add("ge_loss_good", ge_loss_good, kProbability,
                     "gilbert_elliott: loss probability while good", kElliott);
  list_of_params.add("ge_loss_bad", ge_loss_bad, kProbability,
                     "gilbert_elliott: loss probability while bad", kElliott);
  list_of_params.add("data_only", data_only,
                     "only frames with TCP payload are counted and can be lost", kOurs);
}

void ReorderParams::declare(sim::ParamList& list) {
  list.add("probability", probability, kProbability,
           "a frame takes the extra delay, and those behind it overtake, with this probability",
           kOurs);
  list.add("delay", delay, sim::time_range(sim::Time::zero(), sim::Time::from_s(10)),
           "extra delay of a reordered frame", kOurs);
}

void DuplicateParams::declare(sim::ParamList& list) {
  list.add("probability", probability, kProbability, "a frame arrives twice with this probability",
           kOurs);
}

void CorruptParams::declare(sim::ParamList& list) {
  list.add("probability", probability, kProbability,
           "one bit of a frame is flipped with this probability", kOurs);
  list.add("fix_fcs", fix_fcs,
           "flip a bit of the IP packet and make the FCS right, so that a checksum must catch it",
           "Stone and Partridge, SIGCOMM 2000: damage behind the CRC");
}

void LinkParams::declare(sim::ParamList& list) {
  list.add("profile", profile,
           "a network by name, which sets other parameters unless they are set too (docs/net.md)",
           "specification [0018]");
  list.add("rate", rate, {0, 1e12}, "rate of a bottleneck between the stations; 0: none", kOurs);
  list.add("queue", queue, sim::bytes_range({0}, sim::Bytes::gib(1)),
           "drop-tail queue in front of the bottleneck, without the frame being sent", kOurs);
  list.add("delay", delay, sim::time_range(sim::Time::zero(), sim::Time::from_s(10)),
           "one-way delay; the default gives a round trip of 100 us", kOurs);
  list.add("jitter", jitter, sim::time_range(sim::Time::zero(), sim::Time::from_s(10)),
           "greatest extra delay, uniform per frame, order kept", kOurs);
  list.add("impair", impair, "directions with jitter, loss, reordering, duplicates and corruption",
           kOurs);
  list.group("loss", loss);
  list.group("reorder", reorder);
  list.group("duplicate", duplicate);
  list.group("corrupt", corrupt);
}

std::vector<std::uint64_t> parse_frame_list(const std::string& text) {
  std::vector<std::uint64_t> numbers;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    std::uint64_t number = 0;
    const auto [rest, error] = std::from_chars(at, end, number);
    const bool comma = rest != end && *rest == ',' && rest + 1 != end;
    if (error != std::errc{} || number == 0 || (rest != end && !comma)) {
      sim::user_error("loss.list = \"" + text +
                      "\": must be frame numbers from 1 with commas between, such as \"3,17,20\"");
    }
    numbers.push_back(number);
    at = comma ? rest + 1 : rest;
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

}  // namespace vctoe::net
