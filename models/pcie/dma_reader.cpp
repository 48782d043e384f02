#include "models/pcie/dma_reader.h"

namespace vctoe::pcie {

using sim::Time;

void DmaReader::submit(tlm::tlm_generic_payload& gp, Time ready) {
  Request& request = requests_.get();
  request = {&gp, &TlpExtension::of(gp), sim::now(), ready, 0, 0, true};
  queue_.push(&request);
  if (!starved_) issue();
}

void DmaReader::issue() {
  while (!queue_.empty() && tag_free()) {
    Request& request = *queue_.front();
    issue_batch(request);
    if (request.issued == request.gp->get_data_length()) queue_.pop();
  }
  set_starved(!queue_.empty());
}

void DmaReader::issue_batch(Request& request) {
  const Time ready = max(request.ready, sim::now());
  if (Batch* batch = joinable(*request.ext, ready)) {
    const std::uint32_t before = batch->segment[0].cut.tlps;
    Channel::extend(*batch, add_pieces(*batch, before, request) - before);
    return;
  }
  Batch& batch = batches_.get();
  const std::uint32_t operand = request.ext->fetch_add == 0 ? 0 : 8;
  batch.begin(TlpKind::kMemoryRead, *request.ext,
              fabric_.params.overhead(TlpKind::kMemoryRead) + operand, this);
  const std::uint64_t address = request.gp->get_address() + request.issued;
  batch.add(ready, Cut{0, 0, 0, add_pieces(batch, 0, request)});
  batch.set_address(address);
  fabric_.up.push(batch);
  newest_ = &batch;
}

/// The newest batch, if read requests like these, of the same transaction, can still go with it.
DmaReader::Batch* DmaReader::joinable(const TlpExtension& ext, Time ready) const {
  if (newest_ == nullptr || !Channel::untouched(*newest_)) return nullptr;
  const TlpExtension& theirs = *newest_->piece[0].request->ext;
  const bool alike = newest_->segment[0].ready == ready && ext.txn != 0 && ext.txn == theirs.txn &&
                     (ext.fetch_add == 0) == (theirs.fetch_add == 0) &&
                     newest_->purpose == ext.purpose && newest_->ordering == ordering_of(ext);
  return alike && newest_->segment[0].cut.tlps < Train::kSegments ? newest_ : nullptr;
}

/// Cuts read requests off the read as long as the batch, which has `n` already, and the tags take
/// them; returns how many it has then.
std::uint32_t DmaReader::add_pieces(Batch& batch, std::uint32_t n, Request& request) {
  const std::uint64_t length = request.gp->get_data_length();
  for (; n < Train::kSegments && request.issued < length && tag_free(); ++n) {
    const std::uint64_t bytes = piece_at(request.gp->get_address() + request.issued,
                                         length - request.issued, fabric_.params.mrrs.n);
    batch.piece[n] = {&request, request.issued, static_cast<std::uint32_t>(bytes)};
    request.issued += bytes;
    ++request.outstanding;
    ++tags_used_;
  }
  return n;
}

void DmaReader::set_starved(bool starved) {
  if (starved == starved_) return;
  settle(sim::now());
  starved_ = starved;
  starved_since_ = sim::now();
  fabric_.up.set_waiting_for_tags(starved);
  fabric_.down.watch_segments(starved);
  fabric_.trace.emit(
      {{}, sim::TraceKind::kDmaLimit, fabric_.node, 0, 0, 0, 0, 0, 0, starved ? 1U : 0U});
}

void DmaReader::settle(Time at) {
  if (!starved_) return;
  fabric_.stats.tag_stall += at - starved_since_;
  starved_since_ = at;
}

void DmaReader::on_arrival(const Arrival& arrival) {
  if (arrival.train->kind == TlpKind::kMemoryRead) {
    at_host(arrival);
  } else {
    at_device(arrival);
  }
}

void DmaReader::at_host(const Arrival& arrival) {
  auto& requests = static_cast<Batch&>(*arrival.train);
  Batch& completions = batches_.get();
  completions.begin(TlpKind::kCompletion, *requests.piece[arrival.first].request->ext,
                    fabric_.params.overhead(TlpKind::kCompletion), this);
  completions.ordering.function = kRootComplex;
  for (std::uint32_t i = 0; i < arrival.count; ++i) {
    read_piece(requests.piece[arrival.first + i], arrival.spacing * i, completions);
  }
  if (&requests == newest_) newest_ = nullptr;
  if (arrival.last) batches_.put(requests);
  fabric_.down.push(completions);
}

void DmaReader::read_piece(const Piece& piece, Time delay, Batch& completions) {
  Request& request = *piece.request;
  const std::uint64_t address = request.gp->get_address() + piece.offset;
  const bool ok =
      fabric_.host.access(tlm::TLM_READ_COMMAND, address, request.gp->get_data_ptr() + piece.offset,
                          piece.length, *request.ext, delay);
  const LinkParams& p = fabric_.params;
  // A refusal is one completion without data.
  const Cut cut = ok ? cut_completions(address, piece.length, p.mps.n, p.rcb.n, p.rcb_chunks)
                     : make_cut(0, 0, 1);
  request.ok = request.ok && ok;
  completions.piece[completions.segments] = piece;
  const bool ends_the_read = piece.offset + piece.length == request.gp->get_data_length();
  completions.add(sim::now() + delay, cut, ends_the_read);
  completions.set_address(address);
}

void DmaReader::at_device(const Arrival& arrival) {
  auto& completions = static_cast<Batch&>(*arrival.train);
  Request& request = *completions.piece[arrival.first].request;
  if (arrival.last) batches_.put(completions);
  --tags_used_;
  --request.outstanding;
  if (starved_) issue();
  if (request.outstanding == 0 && request.issued == request.gp->get_data_length()) finish(request);
}

void DmaReader::finish(Request& request) {
  tlm::tlm_generic_payload& gp = *request.gp;
  const bool ok = request.ok;
  ++fabric_.stats.dma_reads;
  fabric_.stats.read_latency.record((sim::now() - request.submitted).ps);
  requests_.put(request);
  fabric_.done.dma_done(gp, ok);
}

}  // namespace vctoe::pcie
