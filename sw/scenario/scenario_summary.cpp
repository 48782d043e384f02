// What a run comes to: whether everything arrived, and the figures of the table.
#include <algorithm>

#include "sw/scenario/config_quantity.h"
#include "sw/scenario/scenario.h"
#include "sw/twin/compare.h"

namespace vctoe::scenario {

namespace {

std::string_view meaning(socket::Status status) {
  switch (status) {
    case socket::Status::kUnmapped:
      return "the host cannot identify a range of it";
    case socket::Status::kTooLarge:
      return "more memory would have to be pinned, or listed in the driver's areas, than there is";
    case socket::Status::kReset:
      return "the connection was reset";
    case socket::Status::kRefused:
      return "the connection was refused";
    case socket::Status::kUnreachable:
      return "there is no way to the peer";
    case socket::Status::kTimedOut:
      return "the peer did not answer any more, and the connection was given up";
    case socket::Status::kFault:
      return "the device found a bad list or range";
    default:
      return "its socket is gone";
  }
}

}  // namespace

outputs::RunSummary Scenario::summarise() {
  outputs::RunSummary s;
  s.scheme = std::string(scheme_.name);
  s.sha256_source = sha256_;
  s.stream_bytes = stream_bytes_;
  s.simulated_s = sim::now().seconds();
  s.kernel_activations = sim::g_activations - activations_before_;
  summarise_streams(s);
  if (s.ok) {
    const auto buffer = [&](unsigned i) {
      std::uint64_t used = 0;
      system::Host& host = hardware_->host(i);
      for (std::size_t k = 0; k < host.cards(); ++k) {
        used += host.card(k).nic.packet_buffer().stats().used.value();
      }
      return used;
    };
    const auto nodes = [&](unsigned i) { return software_[i]->node_pages(); };
    monitors_->finish({buffer(0), buffer(1)}, {nodes(0), nodes(1)});
  }
  summarise_costs(s);
  if (options_.measured) options_.measured(s);
  twin::compare(s, params_, scheme_);
  return s;
}

/// Who waits for whom, a line each.
std::string Scenario::describe() const {
  std::string text = "\n  " + sender_->describe() + "\n  " + receiver_->describe();
  for (unsigned i = 0; i < 2; ++i) {
    const std::string side = i == kSender ? "\n  sender's " : "\n  receiver's ";
    for (std::size_t k = 0; k < software_[i]->cards.size(); ++k) {
      const CardSoftware& card = *software_[i]->cards[k];
      text += side + hardware_->host(i).card(k).nic.describe() + side +
              "driver: " + card.driver.describe() + side + card.transport.describe();
    }
  }
  return text;
}

/// Why not everything arrived; empty if it did.
std::string Scenario::what_is_missing() const {
  const std::uint64_t total = stream_bytes_ * jobs_.size();
  const std::string arrived =
      std::to_string(receiver_->delivered()) + " of " + std::to_string(total) + " B had arrived";
  const std::string when = " at " + std::to_string(sim::now().seconds()) + " s, when ";
  for (const app::SendResult& r : sender_->results()) {
    if (r.status == socket::Status::kOk) continue;
    return "a stream could not be sent, " + std::string(sim::enum_name(r.status)) + " (" +
           std::string(meaning(r.status)) + "), known" + when + arrived;
  }
  if (finished()) {
    if (receiver_->delivered() == total) return "";
    return "the connection ended" + when + arrived;
  }
  if (sim::now() >= params_.stream.time_limit) {
    return "stream.time_limit = " + config::to_text(params_.stream.time_limit) +
           " was over, when " + arrived;
  }
  return "nothing moved any more" + when + arrived + "; who waits:" + describe();
}

/// The digest that is shown is that of the first stream that differs.
void Scenario::compare_digests(outputs::RunSummary& s) const {
  for (const app::ReceiveResult& r : receiver_->results()) {
    s.sha256_received = r.sha256;
    if (!params_.receiver.digest || r.sha256 == sha256_) continue;
    if (!s.failure.empty()) return;
    s.failure = "the bytes that arrived on the connection from port " +
                std::to_string(r.remote_port) + " differ from those sent";
    return;
  }
}

void Scenario::summarise_streams(outputs::RunSummary& s) const {
  s.received_bytes = receiver_->delivered();
  s.expected_bytes = stream_bytes_ * jobs_.size();
  s.failure = what_is_missing();
  s.complete = finished() && s.received_bytes == s.expected_bytes;
  s.ok = s.complete && s.failure.empty();
  if (!s.complete) return;
  compare_digests(s);
  s.ok = s.failure.empty();
  sim::Time first = sim::Time::never();
  sim::Time last;
  double hold = 0;
  for (const app::SendResult& r : sender_->results()) {
    first = sim::min(first, r.posted);
    hold += (r.reusable - sim::min(r.posted, r.reusable)).seconds();
  }
  for (const app::ReceiveResult& r : receiver_->results()) last = sim::max(last, r.last);
  s.hold_s = hold / static_cast<double>(sender_->results().size());
  if (first == sim::Time::never() || last <= first) return;
  s.completion_s = (last - first).seconds();
  const PartTimes parts = attribution_->divide(first, last);
  for (std::size_t i = 0; i < parts.size(); ++i) s.time_s[i] = parts[i].seconds();
  s.goodput_bps = static_cast<double>(s.received_bytes) * 8 / s.completion_s;
}

void Scenario::summarise_costs(outputs::RunSummary& s) {
  hardware_->settle_stats();
  for (auto& software : software_) software->settle_stats();
  for (auto& victim : victims_) victim->settle_stats();
  system::Host& host = hardware_->host(kSender);
  const Software& software = *software_[kSender];
  s.lists_posted = software.transport.stats().lists;
  const auto& pins = software.kernel.ledger().stats();
  const sim::Level& agent = pins.by_owner[static_cast<std::size_t>(kernel::PinOwner::kAgent)];
  s.pinned_peak_bytes = agent.peak();
  s.pinned_byte_s = agent.settled();
  if (software.swap != nullptr) {
    s.swap_in_bytes = software.swap->bytes_read();
    s.swap_out_bytes = software.swap->bytes_written();
  }
  const auto& busy = host.cpu.stats().busy;
  double cpu = 0;
  for (std::size_t w = 1; w < busy.size(); ++w) cpu += busy[w].seconds();  // all but applications
  s.host_cpu_s = cpu;
  for (std::size_t k = 0; k < host.cards(); ++k) {
    const system::Card& card = host.card(k);
    s.pcie_up_bytes += card.pcie.stats().up.wire_bytes;
    s.pcie_down_bytes += card.pcie.stats().down.wire_bytes;
    s.retransmitted_segments += card.nic.tx().stats().retransmitted_segments;
    s.buffer_peak_bytes =
        std::max(s.buffer_peak_bytes, card.nic.packet_buffer().stats().used.peak());
    s.segments += card.nic.tx().stats().segments +
                  hardware_->host(kReceiver).card(k).nic.tx().stats().segments;
  }
  if (!victims_.empty()) {
    double slowdown = 0;
    for (const auto& victim : victims_) slowdown += victim->slowdown();
    s.victim_slowdown = slowdown / static_cast<double>(victims_.size());
  }
  sim::StatList list;
  hardware_->declare_stats(list);
  list.nested("sender", [&] { software_[kSender]->declare_stats(list); });
  list.nested("receiver", [&] { software_[kReceiver]->declare_stats(list); });
  list.nested("app", [&] {
    list.group("sender", sender_->stats());
    list.group("receiver", receiver_->stats());
    if (target_) list.group("iscsi", target_->stats());
    for (std::size_t i = 0; i < victims_.size(); ++i) {
      list.group("victim" + std::to_string(i), victims_[i]->stats());
    }
  });
  list.group("monitor", monitors_->checked());
  s.statistics = outputs::snapshot(list);
}

}  // namespace vctoe::scenario
