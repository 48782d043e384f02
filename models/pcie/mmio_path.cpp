#include "models/pcie/mmio_path.h"

#include <algorithm>
#include <cstring>

namespace vctoe::pcie {
namespace {

using sim::Time;

/// An uncached load is at most a cache line.
constexpr std::uint64_t kLoad = 64;

TlpExtension extension_of(const tlm::tlm_generic_payload& gp) {
  if (const auto* ext = gp.get_extension<TlpExtension>(); ext != nullptr) return *ext;
  TlpExtension plain;
  plain.purpose = Purpose::kRegister;
  return plain;
}

}  // namespace

// Short enough that two fit into the queue, so that one is on the wire while the next is written;
// cut where a TLP ends anyway.
std::uint64_t MmioPath::store_length(std::uint64_t address, std::uint64_t left,
                                     std::uint64_t line) const {
  const std::uint64_t length = piece_at(address, left, fabric_.params.mmio_queue.n / 2);
  if (length == left) return length;
  const std::uint64_t whole = (address + length) / line * line;
  return whole > address ? whole - address : length;
}

void MmioPath::write(tlm::tlm_generic_payload& gp, Time& delay) {
  const TlpExtension ext = extension_of(gp);
  const std::uint64_t total = gp.get_data_length();
  const std::uint64_t line = ext.max_payload == 0 ? fabric_.params.mps.n : ext.max_payload;
  Time ready = sim::now() + delay;
  for (std::uint64_t offset = 0; offset < total;) {
    const std::uint64_t address = gp.get_address() + offset;
    const std::uint64_t length = store_length(address, total - offset, line);
    wait_for_room(length);
    ready = max(ready, sim::now());
    push_store(ext, address, gp.get_data_ptr() + offset, length, ready);
    offset += length;
  }
  delay = ready - sim::now();
  ++fabric_.stats.mmio_writes;
}

void MmioPath::wait_for_room(std::uint64_t bytes) {
  if (queued_ + bytes <= fabric_.params.mmio_queue.n) return;
  const Time since = sim::now();
  ++waiting_;
  while (queued_ + bytes > fabric_.params.mmio_queue.n) sim::wait(room_);
  --waiting_;
  fabric_.stats.mmio_stall += sim::now() - since;
}

void MmioPath::push_store(const TlpExtension& ext, std::uint64_t address, const unsigned char* data,
                          std::uint64_t length, Time ready) {
  const LinkParams& p = fabric_.params;
  Store& store = stores_.get();
  store.begin(TlpKind::kMemoryWrite, ext, p.overhead(TlpKind::kMemoryWrite), this);
  store.ordering.function = kRootComplex;
  store.address = address;
  store.ext = ext;
  std::memcpy(store.bytes.data(), data, length);
  store.add(ready,
            ext.max_payload == 0
                ? cut_write(length, p.mps.n)
                : cut_lines(address, length, std::min<std::uint64_t>(p.mps.n, ext.max_payload)));
  store.set_address(address);
  queued_ += length;
  fabric_.down.push(store);
}

void MmioPath::read(tlm::tlm_generic_payload& gp, Time& delay) {
  if (delay != Time::zero()) sim::wait(delay);
  delay = Time::zero();
  const Time start = sim::now();
  Load& load = loads_.get();
  load.gp = &gp;
  load.ext = extension_of(gp);
  load.ok = true;
  const std::uint64_t total = gp.get_data_length();
  for (load.offset = 0; load.offset < total; load.offset += load.length) {
    const std::uint64_t address = gp.get_address() + load.offset;
    load.length = std::min(total - load.offset, kLoad - address % kLoad);
    send(load, fabric_.params.overhead(TlpKind::kMemoryRead), Cut{0, 0, 0, 1});
  }
  gp.set_response_status(load.ok ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE);
  loads_.put(load);
  ++fabric_.stats.mmio_reads;
  fabric_.stats.mmio_read_latency.record((sim::now() - start).ps);
}

// Its bytes take their time and credit on the way there; that it has arrived is told, as of any
// request that is not posted, when its header has.
void MmioPath::configure(tlm::tlm_generic_payload& gp, Time& delay) {
  if (delay != Time::zero()) sim::wait(delay);
  delay = Time::zero();
  Load& load = loads_.get();
  load.gp = &gp;
  load.ext = extension_of(gp);
  load.ok = true;
  load.offset = 0;
  load.length = gp.get_data_length();
  const std::uint64_t bytes = gp.is_write() ? load.length : 0;
  send(load, fabric_.params.config_overhead(),
       bytes > 0 ? cut_write(bytes, bytes) : Cut{0, 0, 0, 1});
  gp.set_response_status(load.ok ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE);
  loads_.put(load);
  ++fabric_.stats.config_requests;
}

/// A request that is not posted; returns when its completion is here.
void MmioPath::send(Load& load, std::uint64_t overhead, const Cut& cut) {
  load.begin(TlpKind::kMemoryRead, load.ext, overhead, this);
  load.ordering.function = kRootComplex;
  load.add(sim::now(), cut);
  load.set_address(load.gp->get_address() + load.offset);
  fabric_.down.push(load);
  sim::wait(load.done);
}

void MmioPath::on_arrival(const Arrival& arrival) {
  Train& train = *arrival.train;
  switch (train.kind) {
    case TlpKind::kMemoryWrite:
      return store_arrived(static_cast<Store&>(train));
    case TlpKind::kMemoryRead:
      return load_at_device(static_cast<Load&>(train));
    case TlpKind::kCompletion:
      return sim::notify_immediately(static_cast<Load&>(train).done);
  }
}

void MmioPath::store_arrived(Store& store) {
  const std::uint64_t length = store.segment[0].cut.bytes;
  Time delay;
  const bool ok = fabric_.device.access(tlm::TLM_WRITE_COMMAND, store.address, store.bytes.data(),
                                        length, store.ext, delay);
  if (!ok) ++fabric_.stats.mmio_errors;
  fabric_.down.set_drain(TlpKind::kMemoryWrite, delay);
  stores_.put(store);
  queued_ -= length;
  if (waiting_ > 0) sim::notify_immediately(room_);
}

void MmioPath::load_at_device(Load& load) {
  Time delay;
  const bool ok =
      fabric_.device.access(load.gp->get_command(), load.gp->get_address() + load.offset,
                            load.gp->get_data_ptr() + load.offset, load.length, load.ext, delay);
  if (!ok) ++fabric_.stats.mmio_errors;
  load.ok = load.ok && ok;
  load.begin(TlpKind::kCompletion, load.ext, fabric_.params.overhead(TlpKind::kCompletion), this);
  const std::uint64_t bytes = ok && load.gp->is_read() ? load.length : 0;
  load.add(sim::now() + delay + fabric_.params.mmio_read_latency,
           make_cut(bytes, bytes, fabric_.params.mps.n));
  load.set_address(load.gp->get_address() + load.offset);
  fabric_.up.push(load);
}

}  // namespace vctoe::pcie
