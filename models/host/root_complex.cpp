#include "models/host/root_complex.h"

#include <cstring>

namespace vctoe::host {
namespace {

pcie::TlpExtension register_access() {
  pcie::TlpExtension about;
  about.purpose = pcie::Purpose::kRegister;
  return about;
}

}  // namespace

void RootComplexParams::declare(sim::ParamList& list) {
  const auto range = sim::time_range(sim::Time::zero(), sim::Time::from_us(100));
  list.add("read_latency", read_latency, range,
           "root complex and caches, of a DMA read beside DRAM",
           "fitted: 64 B DMA read takes 550 ns in all (calibration P7, P13)");
  list.add("write_latency", write_latency, range,
           "root complex, of a DMA write until it can be seen, beside DRAM",
           "fitted: calibration P12, write-then-read less read");
  list.add("numa", numa,
           "what of a host with two sockets is not on the CPU's: nothing, the NIC, or "
           "the memory",
           "calibration P8");
  list.add("numa_penalty", numa_penalty, range,
           "there and back between the sockets, added to a read; half of it to a write",
           "calibration P8: 106 to 107 ns");
  list.add("numa_rate", numa_rate, {1e9, 1e13}, "rate between the sockets, each way",
           "QPI of the hosts of P8: 9.6 GT/s x 16 bit");
}

void RootComplex::Stats::declare(sim::StatList& list) const {
  list.add("dma_reads", dma_reads, "1", "read requests of devices");
  list.add("dma_writes", dma_writes, "1", "write requests of devices to memory");
  list.add("dma_bytes_read", dma_bytes_read, "B", "bytes read by devices");
  list.add("dma_bytes_written", dma_bytes_written, "B", "bytes written by devices to memory");
  list.add("dma_errors", dma_errors, "1",
           "requests of devices refused: outside memory, or by the IOMMU");
  list.add("storage_bytes", storage_bytes, "B", "bytes moved by the storage controller");
  list.add("interrupts", interrupts, "1", "MSI-X messages taken");
  list.add("mmio_writes", mmio_writes, "1", "stores of the CPU to devices");
  list.add("mmio_bytes_written", mmio_bytes_written, "B", "bytes of those stores");
  list.add("mmio_reads", mmio_reads, "1", "loads of the CPU from devices");
  list.add("config_requests", config_requests, "1", "configuration requests of the CPU");
  list.add("numa_bytes", numa_bytes, "B", "bytes of DMA that crossed between the sockets");
  list.add("numa_wait", numa_wait, "s", "time that they waited for the way between the sockets");
}

RootComplex::RootComplex(const sc_core::sc_module_name& name, sim::Context& ctx,
                         const RootComplexParams& params, sim::Time msi_delivery, std::uint8_t node)
    : sc_module(name),
      ctx_(ctx),
      node_(node),
      params_(params),
      read_latency_(sim::to_sc(params.read_latency)),
      write_latency_(sim::to_sc(params.write_latency)),
      msi_delivery_(msi_delivery),
      interrupts_([this](unsigned& vector) {
        ++stats_.interrupts;
        const unsigned device = vector / kVectorsPerDevice;
        if (device < handlers_.size() && handlers_[device]) {
          handlers_[device](vector % kVectorsPerDevice);
        }
      }) {
  from_devices.register_b_transport(this, &RootComplex::device_transport);
  from_devices.register_transport_dbg(this, &RootComplex::debug_transport);
  from_storage.register_b_transport(this, &RootComplex::storage_transport);
  from_storage.register_transport_dbg(this, &RootComplex::debug_transport);
}

// DRAM first, then the path's latency: the bookings of DRAM stay close to the order of their times.
void RootComplex::device_transport(int device, tlm::tlm_generic_payload& gp,
                                   sc_core::sc_time& delay) {
  const std::uint64_t address = gp.get_address();
  if (gp.is_write() && address - kMsiBase < kMsiSize) {
    message(gp, delay);
    return;
  }
  const bool mapped = iommu_ == nullptr || translate(device, gp, delay);
  if (mapped) to_memory(gp, delay);
  if (!mapped || !gp.is_response_ok()) {
    ++stats_.dma_errors;
    delay += read_latency_;
    return;
  }
  trace(gp);
  if (gp.is_read()) {
    ++stats_.dma_reads;
    stats_.dma_bytes_read += gp.get_data_length();
    delay += read_latency_;
  } else {
    ++stats_.dma_writes;
    stats_.dma_bytes_written += gp.get_data_length();
    delay += write_latency_;
  }
}

/// A device's access of memory, which may lie across.
void RootComplex::to_memory(tlm::tlm_generic_payload& gp, sc_core::sc_time& delay) {
  if (params_.numa == NumaPlacement::kLocal) return to_dram->b_transport(gp, delay);
  const sim::Time now = sim::now();
  const std::uint64_t bytes = gp.get_data_length();
  if (gp.is_write()) delay = sim::to_sc(cross(true, bytes, now + sim::from_sc(delay)) - now);
  to_dram->b_transport(gp, delay);
  if (gp.is_write()) return;
  // The request goes over too, but takes no room to speak of.
  const sim::Time back = cross(false, bytes, now + sim::from_sc(delay) + params_.numa_penalty / 2);
  delay = sim::to_sc(back - now);
}

/// When the last byte is on the other side.
sim::Time RootComplex::cross(bool to_memory, std::uint64_t bytes, sim::Time at) {
  const sim::Time span = params_.numa_rate.time_for(bytes);
  const sim::Time start = (to_memory ? to_socket_ : from_socket_).book(at, span);
  stats_.numa_bytes += bytes;
  stats_.numa_wait += start - at;
  return start + span + params_.numa_penalty / 2;
}

/// Puts the physical address into the request. A refused one is answered as an Unsupported Request,
/// which the link carries as an address error.
bool RootComplex::translate(int device, tlm::tlm_generic_payload& gp, sc_core::sc_time& delay) {
  const auto* about = gp.get_extension<pcie::TlpExtension>();
  IoAccess access;
  access.device = static_cast<unsigned>(device);
  access.pasid = about != nullptr && about->pasid ? about->asid : 0;
  access.address = gp.get_address();
  access.length = gp.get_data_length();
  access.is_write = gp.is_write();
  const sim::Time now = sim::now();
  const IoTranslation found = iommu_->translate(access, now + sim::from_sc(delay));
  delay = sim::to_sc(found.at - now);
  if (found.fault != IommuFault::kNone) {
    gp.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return false;
  }
  gp.set_address(found.physical);
  return true;
}

void RootComplex::trace(tlm::tlm_generic_payload& gp) {
  const auto kind = gp.is_read() ? sim::TraceKind::kDmaRead : sim::TraceKind::kDmaWrite;
  if (!ctx_.trace.wanted(kind)) return;
  const auto* about = gp.get_extension<pcie::TlpExtension>();
  if (about == nullptr || about->purpose != pcie::Purpose::kPayload) return;
  sim::TraceEvent event;
  event.kind = kind;
  event.node = node_;
  event.asid = about->asid;
  event.connection = about->connection;
  event.txn = about->txn;
  event.address = gp.get_address();
  event.length = gp.get_data_length();
  event.detail = about->pasid ? 1 : 0;
  ctx_.trace.emit(event);
}

void RootComplex::message(tlm::tlm_generic_payload& gp, const sc_core::sc_time& delay) {
  if (gp.get_data_length() != 4 || gp.get_address() % 4 != 0) {
    gp.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    ++stats_.dma_errors;
    return;
  }
  const auto vector = static_cast<unsigned>((gp.get_address() - kMsiBase) / 4);
  interrupts_.push(sim::now() + sim::from_sc(delay) + msi_delivery_, vector);
  gp.set_response_status(tlm::TLM_OK_RESPONSE);
}

void RootComplex::storage_transport(int /*id*/, tlm::tlm_generic_payload& gp,
                                    sc_core::sc_time& delay) {
  // The storage controller sits on the CPU's socket.
  if (params_.numa == NumaPlacement::kRemoteMemory) {
    to_memory(gp, delay);
  } else {
    to_dram->b_transport(gp, delay);
  }
  if (gp.is_response_ok()) stats_.storage_bytes += gp.get_data_length();
}

unsigned RootComplex::debug_transport(int /*id*/, tlm::tlm_generic_payload& gp) {
  return to_dram->transport_dbg(gp);
}

void RootComplex::set_window(unsigned device, std::uint64_t base, std::uint64_t bytes) {
  if (windows_.size() <= device) windows_.resize(device + 1);
  windows_[device] = {base, bytes};
}

int RootComplex::device_of(std::uint64_t address) {
  for (std::size_t i = 0; i < windows_.size(); ++i) {
    if (address - windows_[i].base < windows_[i].bytes) return static_cast<int>(i);
  }
  const std::uint64_t device = (address - kDeviceBase) / kDeviceStride;
  sim::ensure(address >= kDeviceBase && device < to_devices.size(),
              "root complex: a CPU access to an address where no device is");
  return static_cast<int>(device);
}

void RootComplex::mmio_write(std::uint64_t address, const void* data, std::uint64_t length) {
  mmio_write(address, data, length, register_access());
}

void RootComplex::mmio_write(std::uint64_t address, const void* data, std::uint64_t length,
                             const pcie::TlpExtension& about) {
  ++stats_.mmio_writes;
  stats_.mmio_bytes_written += length;
  tlm::tlm_generic_payload& gp = pool_.get();
  // TLM has no const data; a write only reads it.
  sim::set_access(gp, tlm::TLM_WRITE_COMMAND, address, const_cast<void*>(data), length);
  pcie::TlpExtension::of(gp).copy_from(about);
  sc_core::sc_time delay;
  if (params_.numa == NumaPlacement::kRemoteNic) delay = sim::to_sc(params_.numa_penalty / 2);
  to_devices[device_of(address)]->b_transport(gp, delay);
  gp.release();
}

bool RootComplex::mmio_read(std::uint64_t address, void* data, std::uint64_t length) {
  ++stats_.mmio_reads;
  tlm::tlm_generic_payload& gp = pool_.get();
  sim::set_access(gp, tlm::TLM_READ_COMMAND, address, data, length);
  pcie::TlpExtension::of(gp).copy_from(register_access());
  sc_core::sc_time delay;
  to_devices[device_of(address)]->b_transport(gp, delay);
  if (params_.numa == NumaPlacement::kRemoteNic) delay += sim::to_sc(params_.numa_penalty);
  // What the link leaves in `delay` beside the wait is the caller's to wait for.
  if (delay != sc_core::SC_ZERO_TIME) sim::wait(sim::from_sc(delay));
  const bool ok = gp.is_response_ok();
  if (!ok) std::memset(data, 0xff, length);
  gp.release();
  return ok;
}

bool RootComplex::config_read(unsigned device, unsigned offset, std::uint32_t& value) {
  const bool ok = configure(tlm::TLM_READ_COMMAND, device, offset, value);
  if (!ok) value = ~std::uint32_t{0};
  return ok;
}

bool RootComplex::config_write(unsigned device, unsigned offset, std::uint32_t value) {
  return configure(tlm::TLM_WRITE_COMMAND, device, offset, value);
}

bool RootComplex::configure(tlm::tlm_command command, unsigned device, unsigned offset,
                            std::uint32_t& value) {
  ++stats_.config_requests;
  if (device >= to_devices.size()) return false;
  tlm::tlm_generic_payload& gp = pool_.get();
  sim::set_access(gp, command, offset, &value, sizeof value);
  pcie::TlpExtension about;
  about.purpose = pcie::Purpose::kConfiguration;
  pcie::TlpExtension::of(gp).copy_from(about);
  sc_core::sc_time delay;
  to_devices[static_cast<int>(device)]->b_transport(gp, delay);
  if (params_.numa == NumaPlacement::kRemoteNic) delay += sim::to_sc(params_.numa_penalty);
  if (delay != sc_core::SC_ZERO_TIME) sim::wait(sim::from_sc(delay));
  const bool ok = gp.is_response_ok();
  gp.release();
  return ok;
}

}  // namespace vctoe::host
