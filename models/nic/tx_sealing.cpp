// The transmit engine's last step: header, payload and, with ESP, encryption.
#include "models/nic/esp.h"
#include "models/nic/tx_engine.h"

namespace vctoe::nic {

net::FramePtr TxEngine::encoded(const TxJob& job, const toe::Segment& header, std::uint16_t ip_id) {
  net::FramePtr frame = frames_.get();
  if (job.plan.length != 0) copy_payload(job, frame->bytes.data() + net::header_length(header));
  net::encode_tcp_frame(*frame, {destination_, neighbours_.mac()}, header, ip_id);
  return frame;
}

/// A segment that was sent before leaves as the same packet, header included, so that no nonce is
/// used for two texts; TCP's news of now, which that header does not have, follow in an ACK.
net::FramePtr TxEngine::sealed(const TxJob& job, const toe::Segment& header) {
  const std::uint32_t id = job.plan.connection;
  const bool data = job.plan.length != 0;
  const Esp::Sent* before = data ? esp_->sent_before(id, job.plan.offset, header) : nullptr;
  const auto leaving = [this](net::FramePtr frame) {
    frame->ready = esp_->sealed_at(frame->size);
    return frame;
  };
  if (before != nullptr) {
    if (header.ack != before->header.ack || header.sack_count != 0) stack_.owe_ack(id, sim::now());
    net::FramePtr frame = encoded(job, before->header, before->ip_id);
    if (esp_->seal_again(*frame, *before)) return leaving(std::move(frame));
  }
  const std::uint16_t ip_id = ip_id_++;
  net::FramePtr frame = encoded(job, header, ip_id);
  Esp::Sent sent = esp_->seal(*frame);
  sent.header = header;
  sent.ip_id = ip_id;
  if (data) esp_->remember(id, job.plan.offset, sent, job.plan.retransmit);
  return leaving(std::move(frame));
}

}  // namespace vctoe::nic
