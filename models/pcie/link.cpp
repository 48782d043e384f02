#include "models/pcie/link.h"

#include <fmt/format.h>

#include "models/sim/error.h"

namespace vctoe::pcie {
namespace {

using sim::Time;

const LinkParams& validated(const LinkParams& params) {
  params.validate();
  return params;
}

ChannelConfig up_config(const LinkParams& p) {
  return {p.link_rate(), p.up_latency + p.propagation, p.update_fc + p.down_latency + p.propagation,
          static_cast<std::uint32_t>(p.interleave), p.host_credits};
}

ChannelConfig down_config(const LinkParams& p) {
  return {p.link_rate(), p.down_latency + p.propagation, p.update_fc + p.up_latency + p.propagation,
          static_cast<std::uint32_t>(p.interleave), p.device_credits};
}

}  // namespace

Link::Link(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
           const LinkParams& params)
    : sc_module(name),
      params_(validated(params)),
      up_(up_config(params_), stats_.up),
      down_(down_config(params_), stats_.down),
      fabric_{params_, up_, down_, host_, device_, stats_, *this, context.trace, node},
      reader_(fabric_),
      writer_(fabric_),
      mmio_(fabric_) {
  dev_dma.register_nb_transport_fw(this, &Link::nb_transport_fw);
  host_mmio.register_b_transport(this, &Link::mmio_transport);
}

tlm::tlm_sync_enum Link::nb_transport_fw(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                                         sc_core::sc_time& delay) {
  if (phase != tlm::BEGIN_REQ || gp.get_data_length() == 0) {
    sim::model_error(fmt::format("pcie: {} got a request of {} B in phase {}, transaction {}",
                                 this->name(), gp.get_data_length(), phase.get_name(),
                                 TlpExtension::of(gp).txn));
  }
  if (gp.has_mm()) gp.acquire();
  const Time ready = sim::now() + sim::from_sc(delay) + params_.device_latency;
  if (gp.is_write()) {
    writer_.submit(gp, ready);
  } else {
    reader_.submit(gp, ready);
  }
  phase = tlm::END_REQ;
  return tlm::TLM_UPDATED;
}

void Link::dma_done(tlm::tlm_generic_payload& gp, bool ok) {
  if (!ok) ++stats_.dma_errors;
  gp.set_response_status(ok ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE);
  tlm::tlm_phase phase = tlm::BEGIN_RESP;
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  const tlm::tlm_sync_enum answer = dev_dma->nb_transport_bw(gp, phase, delay);
  sim::ensure(answer == tlm::TLM_COMPLETED, "pcie: BEGIN_RESP must be answered TLM_COMPLETED");
  if (gp.has_mm()) gp.release();
}

void Link::mmio_transport(tlm::tlm_generic_payload& gp, sc_core::sc_time& delay) {
  Time lead = sim::from_sc(delay);
  const auto* about = gp.get_extension<TlpExtension>();
  if (about != nullptr && about->purpose == Purpose::kConfiguration) {
    mmio_.configure(gp, lead);
  } else if (gp.is_write()) {
    mmio_.write(gp, lead);
    gp.set_response_status(tlm::TLM_OK_RESPONSE);
  } else {
    mmio_.read(gp, lead);
  }
  delay = sim::to_sc(lead);
}

void Link::settle_stats() {
  const Time at = sim::now();
  up_.settle(at);
  down_.settle(at);
  reader_.settle(at);
  stats_.up.time.check_sum(at);
  stats_.down.time.check_sum(at);
}

bool Link::quiet() const {
  return reader_.in_flight() + writer_.in_flight() + mmio_.in_flight() == 0;
}

}  // namespace vctoe::pcie
