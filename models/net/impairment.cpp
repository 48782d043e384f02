#include "models/net/impairment.h"

#include <cstring>
#include <utility>
#include <vector>

#include "models/net/byte_order.h"
#include "models/net/headers.h"
#include "models/sim/error.h"

namespace vctoe::net {
namespace {

class BernoulliLoss : public LossPolicy {
 public:
  BernoulliLoss(double probability, const sim::Rng& rng) : probability_(probability), rng_(rng) {}
  bool lose(std::uint64_t) override { return rng_.chance(probability_); }

 private:
  double probability_;
  sim::Rng rng_;
};

/// Two states with a loss probability each (Gilbert 1960, Elliott 1963). The state moves after the
/// frame has been judged; the first frame meets the good state.
class GilbertElliottLoss : public LossPolicy {
 public:
  GilbertElliottLoss(const LossParams& params, const sim::Rng& rng) : params_(params), rng_(rng) {}
  bool lose(std::uint64_t) override {
    const bool lost = rng_.chance(bad_ ? params_.ge_loss_bad : params_.ge_loss_good);
    if (rng_.chance(bad_ ? params_.ge_to_good : params_.ge_to_bad)) bad_ = !bad_;
    return lost;
  }

 private:
  LossParams params_;
  sim::Rng rng_;
  bool bad_ = false;
};

class PeriodicLoss : public LossPolicy {
 public:
  explicit PeriodicLoss(std::uint64_t period) : period_(period) {}
  bool lose(std::uint64_t number) override { return number % period_ == 0; }

 private:
  std::uint64_t period_;
};

class ListLoss : public LossPolicy {
 public:
  explicit ListLoss(std::vector<std::uint64_t> numbers) : numbers_(std::move(numbers)) {}
  bool lose(std::uint64_t number) override {
    if (next_ == numbers_.size() || numbers_[next_] != number) return false;
    ++next_;
    return true;
  }

 private:
  std::vector<std::uint64_t> numbers_;
  std::size_t next_ = 0;
};

}  // namespace

std::unique_ptr<LossPolicy> make_loss(const LossParams& params, std::uint64_t seed,
                                      const std::string& stream) {
  switch (params.kind) {
    case LossKind::kNone:
      return nullptr;
    case LossKind::kBernoulli:
      return std::make_unique<BernoulliLoss>(params.probability, sim::Rng(seed, stream));
    case LossKind::kGilbertElliott:
      return std::make_unique<GilbertElliottLoss>(params, sim::Rng(seed, stream));
    case LossKind::kPeriodic:
      return std::make_unique<PeriodicLoss>(params.period);
    case LossKind::kList:
      return std::make_unique<ListLoss>(parse_frame_list(params.list));
  }
  sim::model_error("link: unknown kind of loss");
}

Impairment::Impairment(const LinkParams& params, std::uint64_t seed, const std::string& name)
    : params_(params),
      loss_(make_loss(params.loss, seed, name + ".loss")),
      jitter_(seed, name + ".jitter"),
      reorder_(seed, name + ".reorder"),
      duplicate_(seed, name + ".duplicate"),
      corrupt_(seed, name + ".corrupt") {}

bool Impairment::wanted(const LinkParams& p) {
  return p.loss.kind != LossKind::kNone || p.jitter != sim::Time::zero() ||
         p.reorder.probability > 0 || p.duplicate.probability > 0 || p.corrupt.probability > 0;
}

bool Impairment::lose(const Frame& frame) {
  if (!loss_) return false;
  if (params_.loss.data_only && peek_tcp(frame).payload == 0) return false;
  return loss_->lose(++number_);
}

Fate Impairment::next(const Frame& frame) {
  Fate fate;
  fate.lost = lose(frame);
  fate.reordered = reorder_.chance(params_.reorder.probability);
  fate.duplicated = duplicate_.chance(params_.duplicate.probability);
  fate.corrupted = corrupt_.chance(params_.corrupt.probability);
  if (params_.jitter != sim::Time::zero()) fate.extra.ps = jitter_.below(params_.jitter.ps + 1);
  if (fate.reordered) fate.extra += params_.reorder.delay;
  return fate;
}

FramePtr Impairment::corrupt(const Frame& frame) {
  FramePtr copy = pool_.get();
  copy->size = frame.size;
  copy->txn = frame.txn;
  copy->again = frame.again;
  std::memcpy(copy->bytes.data(), frame.bytes.data(), frame.size);
  std::uint32_t first = 0;
  std::uint32_t count = frame.size;
  if (params_.corrupt.fix_fcs) {
    // Padding is covered by no checksum: stay within the IP packet.
    first = kEthernetHeaderBytes;
    const std::uint32_t room = frame.size - kEthernetHeaderBytes - kFcsBytes;
    const std::uint32_t total = load_be16(frame.bytes.data() + kEthernetHeaderBytes + 2);
    count = total > 0 && total < room ? total : room;
  }
  const std::uint64_t bit = corrupt_.below(std::uint64_t{count} * 8);
  copy->bytes[first + bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
  if (params_.corrupt.fix_fcs) set_fcs(*copy);
  return copy;
}

}  // namespace vctoe::net
