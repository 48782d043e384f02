#include "tb/peers/lwip/seed.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "models/sim/random.h"
#include "sw/bridge/wire.h"
#include "sw/toe_tb/include/toe_tb.h"
#include "tb/peers/lwip/lwip_tcp.h"
#include "tb/peers/toe_side.h"

namespace vctoe::peers {

namespace {
constexpr std::uint32_t kToe = 0x0a000001, kLwip = 0x0a000002;
constexpr std::uint16_t kPort = 5001;
constexpr std::uint64_t kUs = 1000, kS = 1'000'000'000;
constexpr std::uint64_t kLimit = 900 * kS;     ///< of simulated time
constexpr std::uint64_t kLookFor = 300 * kUs;  ///< after a frame the host may have news so long
constexpr std::uint64_t kLookEvery = 50 * kUs;
constexpr std::uint32_t kLwipFirstIss = 6510;  ///< tcp_next_iss() of lwIP adds its ticks to it

std::vector<std::uint8_t> stream(std::size_t n, std::uint64_t seed, const char* name) {
  sim::Rng rng(seed, name);
  std::vector<std::uint8_t> bytes(n);
  for (std::uint8_t& b : bytes) b = static_cast<std::uint8_t>(rng.next());
  return bytes;
}

std::string hash_of(const std::vector<std::uint8_t>& bytes) {
  app::Digest hash;
  hash.add(bytes.data(), bytes.size());
  return hash.hex();
}

/// The two ends, the wire between them, and the time that they share.
class Run {
 public:
  Run(unsigned n, const std::string& pcap);
  ~Run() { toe_tb_free(tb_); }
  Result go();

 private:
  void turn();
  void fetch();
  void deliver();
  bool finished() const { return toe_->over() && lwip_->sent_all() && lwip_->saw_end(); }
  std::string verdict();

  Seed seed_;
  std::vector<std::uint8_t> from_toe_, from_lwip_;
  bridge::Wire to_toe_, to_lwip_;
  toe_tb* tb_ = nullptr;
  std::unique_ptr<ToeSide> toe_;
  std::unique_ptr<LwipTcp> lwip_;
  std::uint64_t now_ = 0;
  std::uint64_t look_until_ = 5000 * kUs;
  std::string error_;
};

Run::Run(unsigned n, const std::string& pcap)
    : seed_(Seed::of(n)),
      from_toe_(stream(seed_.direction != 1 ? seed_.bytes : 0, n, "from_toe")),
      from_lwip_(stream(seed_.direction != 0 ? seed_.bytes : 0, n, "from_lwip")),
      to_toe_(seed_.wire(), n, "wire.from_peer"),
      to_lwip_(seed_.wire(), n, "wire.from_toe") {
  char err[256] = "";
  tb_ = toe_tb_new(seed_.cfg(n, pcap).c_str(), err, sizeof err);
  if (tb_ == nullptr) {
    error_ = err;
    return;
  }
  toe_ = std::make_unique<ToeSide>(tb_, from_toe_);
  const std::uint32_t ticks = seed_.wrap ? 0u - kLwipFirstIss - 20'000u : 0u;
  lwip_ = std::make_unique<LwipTcp>(
      LwipTcp::Setup{kLwip, kToe, from_lwip_, seed_.nagle, ticks},
      [this](const std::uint8_t* f, std::size_t k) { to_toe_.put(f, k, now_); });
}

Result Run::go() {
  Result result;
  if (tb_ != nullptr) {
    lwip_->step(0);
    if (seed_.toe_connects) {
      lwip_->listen(kPort);
      toe_->connect(kLwip, kPort);
    } else {
      toe_->listen(kPort);
      lwip_->connect(kPort);
    }
    while (!finished() && now_ < kLimit && toe_->error() == 0 && !lwip_->failed()) turn();
    for (const std::uint64_t end = now_ + 2 * kS; now_ < end;) turn();  // what is still under way
    error_ = verdict();
  }
  const bridge::Wire::Stats &a = to_toe_.stats(), &b = to_lwip_.stats();
  result.ok = error_.empty();
  result.frames = a.frames + b.frames;
  result.lost = a.lost + b.lost;
  result.reordered = a.reordered + b.reordered;
  result.duplicated = a.duplicated + b.duplicated;
  result.corrupted = a.corrupted + b.corrupted;
  result.end_ns = now_;
  for (const auto* bytes : {&from_toe_, &from_lwip_}) {
    if (bytes->empty()) continue;
    std::snprintf(result.streams[bytes == &from_lwip_], sizeof result.streams[0], "%s",
                  hash_of(*bytes).c_str());
  }
  std::snprintf(result.what, sizeof result.what, "%s", error_.c_str());
  return result;
}

/// To the next time at which something can happen outside of the model, or a frame leaves it.
void Run::turn() {
  std::uint64_t until = std::min({to_toe_.next(), to_lwip_.next(), lwip_->next(now_)});
  if (now_ < look_until_) until = std::min(until, now_ + kLookEvery);
  until = std::max(std::min(until, now_ + kS), now_);
  toe_tb_run_until(tb_, until, 1);
  now_ = toe_tb_now(tb_);
  fetch();
  deliver();
  lwip_->step(now_);
  toe_->step();
}

void Run::fetch() {
  std::uint8_t frame[2048];
  std::uint64_t at = 0;
  for (int n = 0; (n = toe_tb_wire_out(tb_, frame, sizeof frame, &at)) > 0;) {
    to_lwip_.put(frame, static_cast<std::size_t>(n), at);
  }
}

/// Everything that has arrived by now.
void Run::deliver() {
  while (const auto f = to_toe_.take(now_)) {
    toe_tb_wire_in(tb_, f->data(), f->size());
    look_until_ = now_ + kLookFor;
  }
  while (const auto f = to_lwip_.take(now_)) lwip_->input(f->data(), f->size());
}

std::string Run::verdict() {
  if (toe_->error() != 0) return "the TOE's connection ended with " + std::to_string(toe_->error());
  if (lwip_->failed()) return "lwIP's connection was reset";
  if (!finished()) {
    return "not done: TOE has " + std::to_string(toe_->received()) + " B of " +
           std::to_string(from_lwip_.size()) + ", lwIP " + std::to_string(lwip_->received()) +
           " B of " + std::to_string(from_toe_.size());
  }
  if (toe_->hash() != hash_of(from_lwip_)) return "what the TOE has received is something else";
  if (lwip_->hash() != hash_of(from_toe_)) return "what lwIP has received is something else";
  return "";
}

}  // namespace

Seed Seed::of(unsigned n) {
  constexpr double kLoss[] = {0, 0.01, 0.05};
  Seed s;
  unsigned rest = n;
  const auto digit = [&rest](unsigned base) {
    const unsigned d = rest % base;
    rest /= base;
    return d;
  };
  s.loss = kLoss[digit(3)];
  s.direction = digit(3);
  s.reorder = digit(2) == 1;
  s.duplicate = digit(2) == 1;
  s.corrupt = digit(2) == 1;
  s.wrap = digit(2) == 1;
  s.toe_connects = digit(2) == 1;
  s.window_scale = static_cast<int>((n + n / 16) % 16) - 1;
  sim::Rng rng(n, "lwip.seed");
  s.nagle = rng.chance(0.5);
  s.timestamps = rng.chance(0.5);
  s.sack = rng.chance(0.5);
  s.delay_us = 20 + rng.below(5000);
  s.bytes = 30'000 + rng.below(100'000);
  return s;
}

net::LinkParams Seed::wire() const {
  net::LinkParams p;
  p.delay = sim::Time::from_us(delay_us);
  if (loss > 0) p.loss.kind = net::LossKind::kBernoulli;
  p.loss.probability = loss;
  p.reorder.probability = reorder ? 0.02 : 0;
  p.reorder.delay = sim::Time::from_us(12);
  p.duplicate.probability = duplicate ? 0.01 : 0;
  p.corrupt.probability = corrupt ? 0.01 : 0;
  p.corrupt.fix_fcs = true;
  return p;
}

std::string Seed::cfg(unsigned n, const std::string& pcap) const {
  std::string text = "ip=10.0.0.1,gw_mac=02:00:0a:00:00:02,seed=" + std::to_string(n) +
                     ",wscale=" + std::to_string(window_scale) + ",ts=" + (timestamps ? "1" : "0") +
                     ",sack=" + (sack ? "1" : "0") + ",pcap=" + pcap;
  if (wrap) text += ",isn=" + std::to_string(0u - 15'000u);
  return text;
}

std::string Seed::text() const {
  static constexpr const char* kDirections[] = {"from the TOE", "to the TOE", "both ways"};
  std::string t = std::to_string(bytes) + " B " + kDirections[direction];
  t += toe_connects ? ", TOE connects" : ", lwIP connects";
  t += ", loss " + std::to_string(static_cast<int>(loss * 100)) + " %";
  t += std::string(reorder ? ", reordered" : "") + (duplicate ? ", duplicated" : "") +
       (corrupt ? ", corrupted" : "") + (wrap ? ", wrap" : "");
  return t + ", window scale " + std::to_string(window_scale);
}

Result run_seed(unsigned n, const std::string& pcap) {
  return Run(n, pcap).go();
}

}  // namespace vctoe::peers
