#include "models/nic/plain_mac.h"

#include <cstring>
#include <utility>

#include "models/host/address_map.h"
#include "models/net/ethernet.h"
#include "models/nic/registers.h"

namespace vctoe::nic {

namespace {
template <class Job>
std::uint64_t cookie_of(Job& job) {
  return reinterpret_cast<std::uintptr_t>(&job);
}
template <class Job>
Job& job_of(std::uint64_t cookie) {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): a cookie is whatever its client wants back
  return *reinterpret_cast<Job*>(static_cast<std::uintptr_t>(cookie));
}
}  // namespace

template <>
void InRing<FrameEntry>::start_list(Waiting& w, std::uint64_t /*cookie*/) {
  w.ready = true;  // a frame lies in one piece
}

void PlainMacParams::declare(sim::ParamList& list) {
  list.add("fetch_batch", fetch_batch, {1, 64}, "descriptors that one read fetches at most",
           "own choice: 8 x 64 B, one read request of PCIe");
  list.add("transmit_fifo", transmit_fifo,
           sim::bytes_range(sim::Bytes::kib(16), sim::Bytes::mib(16)),
           "frames fetched from host memory and not yet sent", "calibration N7: 32 KiB");
  list.add("receive_fifo", receive_fifo, sim::bytes_range(sim::Bytes::kib(16), sim::Bytes::mib(16)),
           "frames received and not yet in host memory", "calibration N7: 128 KiB");
  list.add("interrupt_interval", interrupt_interval,
           sim::time_range(sim::Time::zero(), sim::Time::from_ms(100)),
           "least time between interrupts",
           "own choice: four frames of 1500 B at 10 Gb/s, between nic.rings.request_interval and "
           "nic.rings.completion_interval");
}

void PlainMac::Stats::declare(sim::StatList& list) const {
  list.add("frames_fetched", frames_fetched, "1", "frames read from host memory to be sent");
  list.add("frames_stored", frames_stored, "1", "received frames written to host memory");
  list.add("no_buffer", no_buffer, "1", "received frames dropped: the host had given no buffer");
  list.add("fifo_full", fifo_full, "1", "received frames dropped: the FIFO was full");
  list.add("bad_accesses", bad_accesses, "1", "accesses to no register");
}

PlainMac::PlainMac(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
                   unsigned device, const PlainMacParams& params, const DmaParams& dma,
                   const MacParams& mac)
    : sc_module(name),
      params_(params),
      dma_("dma", context, node, dma),
      no_walker_("no_walker"),
      mac_("mac", context, node, mac),
      interrupt_("interrupt", dma_, host::vector_of(device, kFrameVector),
                 params.interrupt_interval),
      done_ring_(dma_, interrupt_),
      transmit_ring_(dma_, params.fetch_batch,
                     [this](const FrameEntry& e, const std::vector<SgElement>&) { transmit(e); }),
      buffer_ring_(
          dma_, params.fetch_batch,
          [this](const FrameEntry& e, const std::vector<SgElement>&) { buffers_.push_back(e); }) {
  bar.register_b_transport(this, &PlainMac::b_transport);
  no_walker_.bind(dma_.fetch);
  mac_.set_client(*this);
}

void PlainMac::declare_stats(sim::StatList& list) const {
  stats_.declare(list);
  list.group("dma", dma_.stats());
  list.group("mac", mac_.stats());
}

void PlainMac::settle_stats() {
  dma_.settle_stats();
  mac_.settle_stats();
}

// ---- registers ----------------------------------------------------------------------------------

void PlainMac::b_transport(tlm::tlm_generic_payload& gp, sc_core::sc_time&) {
  const std::uint64_t offset = host::offset_in_device(gp.get_address());
  bool ok = false;
  std::uint64_t value = 0;
  if (gp.get_data_length() == 8 && gp.is_write()) {
    std::memcpy(&value, gp.get_data_ptr(), 8);
    ok = write_register(offset, value);
  } else if (gp.get_data_length() == 8) {
    ok = read_register(offset, value);
    std::memcpy(gp.get_data_ptr(), &value, 8);
  }
  if (!ok) ++stats_.bad_accesses;
  gp.set_response_status(ok ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE);
}

bool PlainMac::write_register(std::uint64_t offset, std::uint64_t value) {
  switch (static_cast<Register>(offset)) {
    case Register::kSubmitBase:
      transmit_ring_.set_base(value);
      return true;
    case Register::kSubmitSize:
      transmit_ring_.set_size(value);
      return true;
    case Register::kSubmitTail:
      transmit_ring_.doorbell(value);
      return true;
    case Register::kReplyBase:
      buffer_ring_.set_base(value);
      return true;
    case Register::kReplySize:
      buffer_ring_.set_size(value);
      return true;
    case Register::kReplyTail:
      buffer_ring_.doorbell(value);
      return true;
    case Register::kCompletionBase:
      done_ring_.set_base(value);
      return true;
    case Register::kCompletionSize:
      done_ring_.set_size(value);
      return true;
    case Register::kCompletionHead:
      done_ring_.doorbell(value);
      return true;
    default:
      return static_cast<Register>(offset) == Register::kControl;
  }
}

bool PlainMac::read_register(std::uint64_t offset, std::uint64_t& value) const {
  switch (static_cast<Register>(offset)) {
    case Register::kSubmitHead:
      value = transmit_ring_.taken();
      return true;
    case Register::kReplyHead:
      value = buffer_ring_.taken();
      return true;
    case Register::kIdentity:
      value = kPlainIdentity;
      return true;
    case Register::kFramesDropped:
      value = stats_.no_buffer + stats_.fifo_full;
      return true;
    default:
      return false;
  }
}

// ---- from host memory to the line ---------------------------------------------------------------

void PlainMac::transmit(const FrameEntry& entry) {
  sim::ensure(entry.length >= net::kMinFrameBytes && entry.length <= net::Frame::kCapacity,
              "plain mac: the driver hands over a frame of an impossible size");
  Job& job = jobs_.get();
  job.entry = entry;
  job.frame = frames_.get();
  job.frame->size = entry.length;
  job.frame->txn = entry.txn;
  job.storing = job.ready = false;
  waiting_.push_back(&job);
  fetch();
}

void PlainMac::fetch() {
  while (!waiting_.empty()) {
    Job& job = *waiting_.front();
    if (transmit_held_ + job.frame->size > params_.transmit_fifo.n) return;
    waiting_.pop_front();
    transmit_held_ += job.frame->size;
    in_order_.push_back(&job);
    ++stats_.frames_fetched;
    move(job, false);
  }
}

void PlainMac::move(Job& job, bool write) {
  const SgElement place{job.entry.address, job.frame->size, 0};
  DmaRequest request;
  request.write = write;
  request.sg = &place;
  request.count = 1;
  request.data = job.frame->bytes.data();
  request.purpose = pcie::Purpose::kFrame;
  request.txn = job.frame->txn;
  request.client = this;
  request.cookie = cookie_of(job);
  dma_.submit(request);
}

void PlainMac::dma_done(std::uint64_t cookie, bool ok) {
  sim::ensure(ok, "plain mac: host memory refused a frame");
  Job& job = job_of<Job>(cookie);
  if (job.storing) {
    receive_held_ -= job.frame->size;
    job.frame = net::FramePtr();
    jobs_.put(job);
    return;
  }
  job.ready = true;
  send_ready();
}

void PlainMac::send_ready() {
  while (!in_order_.empty() && in_order_.front()->ready && mac_.can_send()) {
    Job& job = *in_order_.front();
    in_order_.pop_front();
    mac_.send(job.frame, cookie_of(job));
  }
}

void PlainMac::mac_sent(std::uint64_t cookie) {
  Job& job = job_of<Job>(cookie);
  FrameEntry entry = job.entry;
  entry.event = FrameEvent::kSent;
  done_ring_.push(entry);
  transmit_held_ -= job.frame->size;
  job.frame = net::FramePtr();
  jobs_.put(job);
  fetch();
  send_ready();
}

// ---- from the line to host memory ---------------------------------------------------------------

void PlainMac::mac_received(net::FramePtr frame) {
  const bool no_buffer = buffers_.empty() || buffers_.front().length < frame->size;
  if (no_buffer || receive_held_ + frame->size > params_.receive_fifo.n) {
    ++(no_buffer ? stats_.no_buffer : stats_.fifo_full);
    mac_.refuse(*frame, net::DropReason::kNoRoom);
    return;
  }
  Job& job = jobs_.get();
  job.entry = buffers_.front();
  buffers_.pop_front();
  job.frame = std::move(frame);
  job.storing = true;
  receive_held_ += job.frame->size;
  ++stats_.frames_stored;
  FrameEntry entry = job.entry;
  entry.event = FrameEvent::kReceived;
  entry.length = job.frame->size;
  entry.txn = job.frame->txn;
  move(job, true);
  done_ring_.push(entry);  // posted behind the frame: it does not overtake it
}

}  // namespace vctoe::nic
