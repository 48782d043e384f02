#include "models/nic/mac.h"

#include <algorithm>
#include <string>
#include <utility>

#include "models/net/ethernet.h"
#include "models/net/frame_drop.h"
#include "models/net/headers.h"
#include "models/sim/error.h"

namespace vctoe::nic {

void MacParams::declare(sim::ParamList& list) {
  list.add("rate", rate, {1e9, 400e9}, "line rate of the Ethernet port",
           "calibration N1: 10 GbE offload engines; IEEE 802.3 up to 400 Gb/s");
  list.add("tx_queue", tx_queue, {1, 1024},
           "frames the MAC holds for sending, the one on the line included",
           "own choice: two keep the line full, four leave time to fetch");
}

Mac::Mac(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
         const MacParams& params)
    : sc_module(name),
      context_(context),
      node_(node),
      params_(params),
      ring_(params.tx_queue),
      sent_([this] { on_sent(); }) {}

void Mac::send(net::FramePtr frame, std::uint64_t cookie) {
  sim::ensure(can_send(), "mac: send() without room in the transmit queue");
  sim::ensure(frame && frame->size >= net::kMinFrameBytes && frame->size <= net::Frame::kCapacity,
              "mac: size of a frame is out of bounds");
  const std::uint32_t size = frame->size;
  const sim::Time start = sim::max(sim::max(sim::now(), frame->ready), line_free_);
  const sim::Time sent = start + time_for(net::kPreambleBytes + size);
  line_free_ = start + time_for(net::wire_bytes(size));
  ring_[(head_ + count_) % ring_.size()] = {std::move(frame), cookie, sent};
  ++count_;
  stats_.tx_queue_peak = std::max<std::uint64_t>(stats_.tx_queue_peak, count_);
  if (count_ == 1) sent_.set(sent);
}

void Mac::on_sent() {
  sim::ensure(client_ != nullptr && line_ != nullptr, "mac: client or line is missing");
  Pending done = std::move(ring_[head_]);
  head_ = (head_ + 1) % ring_.size();
  if (--count_ > 0) sent_.set(ring_[head_].sent);
  count_sent(*done.frame);
  show(*done.frame, net::Heading::kSent);
  line_->receive(std::move(done.frame));
  client_->mac_sent(done.cookie);
}

void Mac::count_sent(const net::Frame& frame) {
  const std::uint32_t payload = net::peek_tcp(frame).payload;
  ++stats_.tx_frames;
  stats_.tx_bytes += frame.size;
  stats_.tx_payload_bytes += payload;
  stats_.tx_busy += time_for(net::wire_bytes(frame.size));
  stats_.tx_payload_busy += time_for(payload);
}

void Mac::receive(net::FramePtr frame) {
  sim::ensure(client_ != nullptr, "mac: client is missing");
  ++stats_.rx_frames;
  stats_.rx_bytes += frame->size;
  stats_.rx_payload_bytes += net::peek_tcp(*frame).payload;
  stats_.rx_busy += time_for(net::wire_bytes(frame->size));
  show(*frame, net::Heading::kReceived);
  client_->mac_received(std::move(frame));
}

void Mac::show(const net::Frame& frame, net::Heading heading) {
  for (net::FrameTap* tap : taps_) tap->frame_seen(frame, sim::now(), heading);
}

void Mac::refuse(const net::Frame& frame, net::DropReason reason) {
  ++stats_.rx_refused[static_cast<std::size_t>(reason)];
  net::trace_drop(context_.trace, node_, frame, reason);
}

void Mac::settle_stats() {
  const double elapsed = sim::now().seconds();
  stats_.tx_utilisation = elapsed > 0 ? std::min(1.0, stats_.tx_busy.seconds() / elapsed) : 0;
}

void Mac::Stats::declare(sim::StatList& list) const {
  list.add("tx_frames", tx_frames, "1", "frames sent");
  list.add("tx_bytes", tx_bytes, "B", "bytes of the frames sent, address to FCS");
  list.add("tx_payload_bytes", tx_payload_bytes, "B", "TCP payload in the frames sent");
  list.add("tx_busy", tx_busy, "s", "line time of the frames sent, with preamble and gap");
  list.add("tx_payload_busy", tx_payload_busy, "s", "line time of the payload sent");
  list.add("tx_utilisation", tx_utilisation, "1", "tx_busy as a share of the elapsed time");
  list.add("tx_queue_peak", tx_queue_peak, "1", "most frames held for sending");
  list.add("rx_frames", rx_frames, "1", "frames that arrived");
  list.add("rx_bytes", rx_bytes, "B", "bytes of the frames that arrived, address to FCS");
  list.add("rx_payload_bytes", rx_payload_bytes, "B", "TCP payload in them, unverified");
  list.add("rx_busy", rx_busy, "s", "line time of the frames that arrived");
  for (std::size_t i = 1; i < rx_refused.size(); ++i) {
    const auto name = sim::enum_name(static_cast<net::DropReason>(i));
    list.add("rx_refused." + std::string(name), rx_refused[i], "1",
             "received frames that were dropped for this reason");
  }
}

}  // namespace vctoe::nic
