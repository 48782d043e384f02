#include "models/system/storage_network.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "models/sim/error.h"

namespace vctoe::system {

namespace {
/// The network of a storage area is built not to lose frames; delay and rate are the others'.
net::LinkParams lossless(net::LinkParams params) {
  params.loss.kind = net::LossKind::kNone;
  params.reorder = {};
  params.duplicate = {};
  params.corrupt = {};
  return params;
}
}  // namespace

void StorageServer::Stats::declare(sim::StatList& list) const {
  list.add("reads", reads, "1", "messages that asked for sectors");
  list.add("writes", writes, "1", "messages that brought sectors");
  list.add("bytes_read", bytes_read, "B", "bytes sent to the host");
  list.add("bytes_written", bytes_written, "B", "bytes that the host sent");
  list.add("queue_peak", queue_peak, "1", "most messages waiting or in service");
}

StorageServer::StorageServer(const sc_core::sc_module_name& name, sim::Context& context,
                             std::uint8_t node, const nic::MacParams& mac, sim::Time service,
                             std::uint64_t capacity)
    : sc_module(name),
      mac_("mac", context, node, mac),
      service_(service),
      store_(capacity),
      served_([this](net::FramePtr& frame) { serve(*frame); }) {
  mac_.set_client(*this);
}

void StorageServer::mac_received(net::FramePtr frame) {
  ++waiting_;
  stats_.queue_peak = std::max(stats_.queue_peak, waiting_);
  free_at_ = sim::max(free_at_, sim::now()) + service_;
  served_.push(free_at_, std::move(frame));
}

void StorageServer::serve(const net::Frame& request) {
  --waiting_;
  net::StorageMessage m = net::read_storage_frame(request);
  const std::uint64_t offset = m.sector * net::kSector;
  const std::uint64_t length = m.sectors * net::kSector;
  sim::ensure(store_.contains(offset, length), "storage server: a place that is not there");
  net::FramePtr answer = frames_.get();
  m.answer = true;
  net::write_storage_frame(m, *answer);
  if (m.write) {
    std::memcpy(store_.data() + offset, request.bytes.data() + net::kStorageHeader, length);
    ++stats_.writes;
    stats_.bytes_written += length;
  } else {
    std::memcpy(answer->bytes.data() + net::kStorageHeader, store_.data() + offset, length);
    ++stats_.reads;
    stats_.bytes_read += length;
  }
  to_send_.push_back(std::move(answer));
  send();
}

void StorageServer::send() {
  while (!to_send_.empty() && mac_.can_send()) {
    mac_.send(std::move(to_send_.front()), 0);
    to_send_.pop_front();
  }
}

void StorageServer::mac_sent(std::uint64_t /*cookie*/) {
  send();
}

StorageNetwork::StorageNetwork(const sc_core::sc_module_name& name, sim::Context& context,
                               std::uint8_t node, unsigned device, const CardParams& params,
                               net::LinkParams net, sim::Time service, std::uint64_t capacity,
                               host::RootComplex& root_complex)
    : sc_module(name),
      pcie("pcie", context, node, params.pcie),
      function("function", function_layout(params, Place::kDriver)),
      card("card", context, node, device, params.plain_mac, params.nic.dma, params.nic.mac),
      line("line", context, lossless(std::move(net))),
      server("server", context, node, params.nic.mac, service, capacity),
      device_(device) {
  pcie.host_mem.bind(root_complex.from_devices);
  root_complex.to_devices.bind(pcie.host_mmio);
  pcie.dev_bar.bind(function.from_link);
  function.to_link.bind(pcie.dev_dma);
  card.dma().pcie.bind(function.dma);
  function.registers.bind(card.bar);
  card.mac().connect(line.input(0));
  line.attach(0, card.mac());
  server.mac().connect(line.input(1));
  line.attach(1, server.mac());
}

void StorageNetwork::declare_stats(sim::StatList& list) const {
  list.group("pcie", pcie.stats());
  list.group("function", function.stats());
  list.nested("card", [&] { card.declare_stats(list); });
  list.group("line", line.stats());
  list.group("server", server.stats());
}

void StorageNetwork::settle_stats() {
  pcie.settle_stats();
  card.settle_stats();
  line.settle_stats();
}

}  // namespace vctoe::system
