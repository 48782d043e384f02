#include "models/system/video.h"

#include "models/sim/error.h"

namespace vctoe::system {

void VideoParams::declare(sim::ParamList& list) {
  list.add("rate", rate, {0, 1e12},
           "rate at which a video controller on PCIe reads a picture from main memory; 0: there is "
           "none",
           "specification [0063], FIG. 13: video controller 509, optional");
  list.add("picture", picture, sim::bytes_range({4096}, sim::Bytes::mib(256)),
           "memory of the picture, a multiple of 4096", "own choice");
}

void VideoController::Stats::declare(sim::StatList& list) const {
  list.add("reads", reads, "1", "reads of memory");
  list.add("bytes", bytes, "B", "their bytes");
  list.add("late", late, "1", "reads left out because too many were outstanding");
}

VideoController::VideoController(const sc_core::sc_module_name& name, sim::Context& context,
                                 std::uint8_t node, const VideoParams& params,
                                 const pcie::LinkParams& link, host::RootComplex& root_complex)
    : sc_module(name),
      params_(params),
      link_("link", context, node, link),
      dma_("dma"),
      bar_("bar"),
      no_processor_("no_processor"),
      alarm_([this] { tick(); }),
      line_(kPiece) {
  if (params.picture.n % kPiece != 0) {
    sim::user_error("host.video.picture is no multiple of 4096 B");
  }
  dma_.register_nb_transport_bw(this, &VideoController::done);
  bar_.register_b_transport(this, &VideoController::no_register);
  dma_.bind(link_.dev_dma);
  link_.dev_bar.bind(bar_);
  no_processor_.bind(link_.host_mmio);
  link_.host_mem.bind(root_complex.from_devices);
}

void VideoController::scan(std::uint64_t physical) {
  picture_ = physical;
  alarm_.set(sim::now() + params_.rate.time_for(kPiece));
}

void VideoController::tick() {
  alarm_.set(sim::now() + params_.rate.time_for(kPiece));
  if (outstanding_ == kOutstanding) {
    ++stats_.late;
    return;
  }
  ++outstanding_;
  ++stats_.reads;
  stats_.bytes += kPiece;
  tlm::tlm_generic_payload& gp = pool_.get();
  sim::set_access(gp, tlm::TLM_READ_COMMAND, picture_ + at_, line_.data(), kPiece);
  pcie::TlpExtension about;
  about.purpose = pcie::Purpose::kVideo;
  pcie::TlpExtension::of(gp).copy_from(about);
  at_ = (at_ + kPiece) % params_.picture.n;
  tlm::tlm_phase phase = tlm::BEGIN_REQ;
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  dma_->nb_transport_fw(gp, phase, delay);
}

tlm::tlm_sync_enum VideoController::done(tlm::tlm_generic_payload& gp, tlm::tlm_phase&,
                                         sc_core::sc_time&) {
  sim::ensure(gp.is_response_ok(), "video controller: host memory refused the picture");
  gp.release();
  --outstanding_;
  return tlm::TLM_COMPLETED;
}

void VideoController::no_register(tlm::tlm_generic_payload& gp, sc_core::sc_time&) {
  gp.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
}

}  // namespace vctoe::system
