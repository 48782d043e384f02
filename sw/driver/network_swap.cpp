#include "sw/driver/network_swap.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "models/sim/error.h"

namespace vctoe::driver {

void NetworkSwap::Stats::declare(sim::StatList& list) const {
  list.add("requests", requests, "1", "requests of the kernel");
  list.add("frames_sent", frames_sent, "1", "messages sent");
  list.add("frames_received", frames_received, "1", "answers taken in");
  list.add("bytes_read", bytes_read, "B", "bytes of pages brought");
  list.add("bytes_written", bytes_written, "B", "bytes of pages taken away");
  list.add("queue_peak", queue_peak, "1", "most requests with messages to send");
}

NetworkSwap::NetworkSwap(const sc_core::sc_module_name& name, host::LazyBytes& store,
                         std::uint64_t depth)
    : sc_module(name), store_(store), depth_(depth), messages_(depth), thread_("thread", [this] {
        work();
      }) {
  for (std::uint64_t i = depth; i-- > 0;) free_tags_.push_back(static_cast<std::uint32_t>(i));
}

void NetworkSwap::attach(HostPort& port, const TransportParams& params) {
  port_ = &port;
  const std::string name = std::string(basename()) + "_card";
  FrameUser& user = *this;
  card_ =
      std::make_unique<FrameDriver>(name.c_str(), port, params, net::kLongestStorageFrame, user);
}

void NetworkSwap::declare_stats(sim::StatList& list) const {
  stats_.declare(list);
  list.group("card", card_->stats());
}

void NetworkSwap::write_dbg(std::uint64_t offset, const void* data, std::uint64_t length) {
  sim::ensure(store_.contains(offset, length), "network swap: outside the swap area");
  std::memcpy(store_.data() + offset, data, length);
}

void NetworkSwap::read_dbg(std::uint64_t offset, void* data, std::uint64_t length) const {
  sim::ensure(store_.contains(offset, length), "network swap: outside the swap area");
  std::memcpy(data, store_.data() + offset, length);
}

void NetworkSwap::submit(host::StorageRequest request) {
  sim::ensure(store_.contains(request.offset, request.length()),
              "network swap: outside the swap area");
  ++stats_.requests;
  if (idle_.empty()) {
    transfers_.push_back(std::make_unique<Transfer>());
    idle_.push_back(transfers_.back().get());
  }
  Transfer& transfer = *idle_.back();
  idle_.pop_back();
  transfer = {};
  transfer.left = request.length();
  transfer.offset = request.offset;
  transfer.request = std::move(request);
  queue_.push_back(&transfer);
  stats_.queue_peak = std::max<std::uint64_t>(stats_.queue_peak, queue_.size());
  wake();
}

void NetworkSwap::frame_sent(std::uint64_t /*cookie*/) {
  wake();
}

void NetworkSwap::frame_arrived(net::FramePtr frame, std::uint32_t slot) {
  arrivals_.push_back({std::move(frame), slot});
  wake();
}

void NetworkSwap::wake() {
  if (std::exchange(asleep_, false)) sim::notify(wake_);
}

// ---- the thread ---------------------------------------------------------------------------------

bool NetworkSwap::can_send() const {
  return !queue_.empty() && !free_tags_.empty() && card_->room() != 0;
}

/// Answers first: they are what frees frames and brings pages.
void NetworkSwap::work() {
  for (;;) {
    if (!arrivals_.empty()) {
      const Arrival arrival = std::move(arrivals_.front());
      arrivals_.pop_front();
      take_in(arrival);
    } else if (can_send()) {
      send_next();
    } else {
      asleep_ = true;
      sim::wait(wake_);
    }
  }
}

void NetworkSwap::spend(std::uint64_t copied) {
  port_->run(port_->costs().copy_rate.time_for(copied), host::Priority::kKernel,
             host::Work::kKernel);
}

/// A message covers sectors that lie behind one another in memory too.
NetworkSwap::Message NetworkSwap::next_message(Transfer& transfer, net::StorageMessage& header) {
  const host::MemorySegment& segment = transfer.request.segments[transfer.segment];
  Message message;
  message.transfer = &transfer;
  message.physical = segment.physical + transfer.at;
  message.length = std::min(net::kStorageData, segment.length - transfer.at);
  header.write = transfer.request.write;
  header.sector = transfer.offset / net::kSector;
  header.sectors = static_cast<std::uint32_t>(message.length / net::kSector);
  transfer.at += message.length;
  transfer.offset += message.length;
  if (transfer.at == segment.length) {
    transfer.at = 0;
    ++transfer.segment;
  }
  return message;
}

void NetworkSwap::send_next() {
  Transfer& transfer = *queue_.front();
  net::StorageMessage header;
  header.tag = free_tags_.back();
  free_tags_.pop_back();
  ++under_way_;
  const Message message = next_message(transfer, header);
  messages_[header.tag] = message;
  if (transfer.segment == transfer.request.segments.size()) queue_.pop_front();
  net::FramePtr frame = frames_.get();
  net::write_storage_frame(header, *frame);
  if (header.write) {
    spend(message.length);
    port_->load(message.physical, frame->bytes.data() + net::kStorageHeader, message.length);
  }
  ++stats_.frames_sent;
  card_->transmit(*frame, header.tag);
}

void NetworkSwap::take_in(const Arrival& arrival) {
  const net::StorageMessage header = net::read_storage_frame(*arrival.frame);
  sim::ensure(
      header.answer && header.tag < messages_.size() && messages_[header.tag].transfer != nullptr,
      "network swap: an answer to nothing");
  const Message message = std::exchange(messages_[header.tag], {});
  ++stats_.frames_received;
  if (!header.write) {
    spend(message.length);
    port_->store(message.physical, arrival.frame->bytes.data() + net::kStorageHeader,
                 message.length);
  }
  card_->give_back(arrival.slot);
  free_tags_.push_back(header.tag);
  --under_way_;
  (header.write ? stats_.bytes_written : stats_.bytes_read) += message.length;
  message.transfer->left -= message.length;
  if (message.transfer->left == 0) finish(*message.transfer);
}

void NetworkSwap::finish(Transfer& transfer) {
  const auto done = std::move(transfer.request.done);
  idle_.push_back(&transfer);
  if (done) done();
}

}  // namespace vctoe::driver
