#include "sw/driver/frame_driver.h"

#include <utility>

#include "models/sim/error.h"

namespace vctoe::driver {

namespace {
using nic::FrameEvent;
using nic::Register;

constexpr RingRegisters kTransmitRing = {Register::kSubmitBase, Register::kSubmitSize,
                                         Register::kSubmitTail, Register::kSubmitHead};
constexpr RingRegisters kBufferRing = {Register::kReplyBase, Register::kReplySize,
                                       Register::kReplyTail, Register::kReplyHead};
constexpr RingRegisters kDoneRing = {Register::kCompletionBase, Register::kCompletionSize,
                                     Register::kCompletionHead};

/// Slots of a power of two do not straddle a page more than they have to.
std::uint64_t slot_size(std::uint32_t max_frame) {
  std::uint64_t bytes = 2048;
  while (bytes < max_frame) bytes *= 2;
  return bytes;
}
/// Each frame in a buffer of the host is told of once, whatever the card still has to say.
std::uint64_t done_entries(const TransportParams& params) {
  return 2 * params.frame_entries;
}
}  // namespace

void FrameDriver::Stats::declare(sim::StatList& list) const {
  list.add("interrupts", interrupts, "1", "interrupts of the card served");
  list.add("sent", sent, "1", "frames that the card has sent");
  list.add("received", received, "1", "frames that the card has received");
}

std::uint64_t FrameDriver::pages(const TransportParams& params, std::uint32_t max_frame) {
  const auto whole = [](std::uint64_t bytes) {
    return (bytes + host::kPageSize - 1) / host::kPageSize;
  };
  return whole(2 * params.frame_entries * slot_size(max_frame)) +
         2 * whole(params.frame_entries * sizeof(nic::FrameEntry)) +
         whole(done_entries(params) * sizeof(nic::FrameEntry));
}

FrameDriver::FrameDriver(const sc_core::sc_module_name& name, HostPort& port,
                         const TransportParams& params, std::uint32_t max_frame, FrameUser& user)
    : sc_module(name),
      port_(port),
      params_(params),
      user_(user),
      slot_bytes_(slot_size(max_frame)),
      buffers_(port.allocate_contiguous(2 * params.frame_entries * slot_bytes_)),
      transmit_(port, params.frame_entries, kTransmitRing),
      offered_(port, params.frame_entries, kBufferRing),
      done_(port, done_entries(params), kDoneRing),
      cookies_(params.frame_entries),
      thread_("thread", [this] { serve(); }) {
  for (std::uint64_t i = params.frame_entries; i-- > 0;) {
    free_slots_.push_back(static_cast<std::uint32_t>(i));
  }
  port_.set_interrupt_handler([this](unsigned) {
    raised_ = true;
    sim::notify(raise_);
  });
}

void FrameDriver::set_up() {
  port_.attach();
  transmit_.program();
  offered_.program();
  done_.program();
  for (std::uint32_t slot = 0; slot < params_.frame_entries; ++slot) offer(slot);
  ready_ = true;
  sim::notify(set_up_done_);
}

void FrameDriver::offer(std::uint32_t slot) {
  nic::FrameEntry entry;
  entry.address = receive_address(slot);
  entry.length = static_cast<std::uint32_t>(slot_bytes_);
  entry.cookie = slot;
  offered_.push(entry);
}

void FrameDriver::transmit(const net::Frame& frame, std::uint64_t cookie) {
  while (!ready_) sim::wait(set_up_done_);
  sim::ensure(room() != 0, "frame driver: no buffer for a frame to be sent");
  const std::uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  cookies_[slot] = cookie;
  nic::FrameEntry entry;
  entry.address = transmit_address(slot);
  entry.length = frame.size;
  entry.cookie = slot;
  entry.txn = frame.txn;
  // Its time is the segment's: TCP has built the frame where the card fetches it.
  port_.store(entry.address, frame.bytes.data(), frame.size);
  port_.run(port_.costs().mmio_write, host::Priority::kKernel, host::Work::kTransport);
  transmit_.push(entry);
}

void FrameDriver::give_back(std::uint32_t slot) {
  port_.run(port_.costs().mmio_write, host::Priority::kKernel, host::Work::kTransport);
  offer(slot);
}

void FrameDriver::serve() {
  set_up();
  for (;;) {
    while (!raised_) sim::wait(raise_);
    raised_ = false;
    ++stats_.interrupts;
    port_.run(port_.costs().isr, host::Priority::kIrq, host::Work::kIrq);
    port_.run(port_.costs().deferred_work, host::Priority::kKernel, host::Work::kIrq);
    nic::FrameEntry entry;
    std::uint64_t taken = 0;
    for (; done_.next(entry); ++taken) take(entry);
    if (taken == 0) continue;
    port_.run(params_.entry * taken + port_.costs().mmio_write, host::Priority::kKernel,
              host::Work::kTransport);
    done_.acknowledge();
  }
}

void FrameDriver::take(const nic::FrameEntry& entry) {
  const auto slot = static_cast<std::uint32_t>(entry.cookie);
  if (entry.event == FrameEvent::kSent) {
    ++stats_.sent;
    free_slots_.push_back(slot);
    user_.frame_sent(cookies_[slot]);
    return;
  }
  ++stats_.received;
  net::FramePtr frame = frames_.get();
  frame->size = entry.length;
  frame->txn = entry.txn;
  port_.load(entry.address, frame->bytes.data(), entry.length);
  user_.frame_arrived(std::move(frame), slot);
}

}  // namespace vctoe::driver
