#include "models/pcie/dma_writer.h"

namespace vctoe::pcie {

using sim::Time;

void DmaWriter::submit(tlm::tlm_generic_payload& gp, Time ready) {
  const LinkParams& p = fabric_.params;
  Request& request = requests_.get();
  request = {&gp, &TlpExtension::of(gp), 0, true};
  const std::uint64_t length = gp.get_data_length();
  const std::uint64_t mps = request.ext->max_payload == 0
                                ? p.mps.n
                                : std::min<std::uint64_t>(p.mps.n, request.ext->max_payload);
  for (std::uint64_t offset = 0; offset < length;) {
    const std::uint64_t bytes = piece_at(gp.get_address() + offset, length - offset, kPage);
    const Cut cut = cut_write(bytes, mps);
    Batch* batch = joinable(*request.ext, ready, bytes);
    if (batch != nullptr) {
      batch->piece[batch->segments] = {&request, offset};
      batch->bytes += bytes;
      fabric_.up.extend(*batch, ready, cut);
      batch->set_address(gp.get_address() + offset);
    } else {
      batch = &batches_.get();
      batch->begin(TlpKind::kMemoryWrite, *request.ext, p.overhead(TlpKind::kMemoryWrite), this);
      batch->piece[0] = {&request, offset};
      batch->bytes = bytes;
      batch->add(ready, cut);
      batch->set_address(gp.get_address() + offset);
      fabric_.up.push(*batch);
      newest_ = batch;
    }
    offset += bytes;
  }
}

/// The newest batch, if `bytes` more of the same transaction can still go with it.
DmaWriter::Batch* DmaWriter::joinable(const TlpExtension& ext, Time ready,
                                      std::uint64_t bytes) const {
  if (newest_ == nullptr || !Channel::untouched(*newest_)) return nullptr;
  const TlpExtension& theirs = *newest_->piece[0].request->ext;
  const bool alike = newest_->segment[0].ready == ready && ext.txn != 0 && ext.txn == theirs.txn &&
                     newest_->purpose == ext.purpose && newest_->ordering == ordering_of(ext);
  const bool fits = newest_->segments < Train::kSegments && newest_->bytes + bytes <= kPage;
  return alike && fits ? newest_ : nullptr;
}

void DmaWriter::on_arrival(const Arrival& arrival) {
  if (!arrival.last) return;
  auto& batch = static_cast<Batch&>(*arrival.train);
  if (&batch == newest_) newest_ = nullptr;
  for (std::uint32_t i = 0; i < batch.segments; ++i) {
    perform(batch.piece[i], batch.segment[i].cut.bytes);
  }
  batches_.put(batch);
}

void DmaWriter::perform(const Piece& piece, std::uint64_t bytes) {
  Request& request = *piece.request;
  tlm::tlm_generic_payload& gp = *request.gp;
  Time delay;
  const bool ok = fabric_.host.access(tlm::TLM_WRITE_COMMAND, gp.get_address() + piece.offset,
                                      gp.get_data_ptr() + piece.offset, bytes, *request.ext, delay);
  fabric_.up.set_drain(TlpKind::kMemoryWrite, delay);
  request.ok = request.ok && ok;
  request.done += bytes;
  if (request.done < gp.get_data_length()) return;
  const bool all_ok = request.ok;
  requests_.put(request);
  ++fabric_.stats.dma_writes;
  fabric_.done.dma_done(gp, all_ok);
}

}  // namespace vctoe::pcie
