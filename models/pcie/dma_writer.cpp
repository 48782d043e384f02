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
    Chunk& chunk = chunks_.get();
    chunk.begin(TlpKind::kMemoryWrite, *request.ext, p.overhead(TlpKind::kMemoryWrite), this);
    chunk.request = &request;
    chunk.offset = offset;
    chunk.add(ready, cut_write(bytes, mps));
    fabric_.up.push(chunk);
    offset += bytes;
  }
}

void DmaWriter::on_arrival(const Arrival& arrival) {
  auto& chunk = static_cast<Chunk&>(*arrival.train);
  Request& request = *chunk.request;
  tlm::tlm_generic_payload& gp = *request.gp;
  const std::uint64_t bytes = chunk.segment[0].cut.bytes;
  const std::uint64_t address = gp.get_address() + chunk.offset;
  Time delay;
  const bool ok = fabric_.host.access(tlm::TLM_WRITE_COMMAND, address,
                                      gp.get_data_ptr() + chunk.offset, bytes, *request.ext, delay);
  fabric_.up.set_drain(TlpKind::kMemoryWrite, delay);
  chunks_.put(chunk);
  request.ok = request.ok && ok;
  request.done += bytes;
  if (request.done < gp.get_data_length()) return;
  const bool all_ok = request.ok;
  requests_.put(request);
  ++fabric_.stats.dma_writes;
  fabric_.done.dma_done(gp, all_ok);
}

}  // namespace vctoe::pcie
