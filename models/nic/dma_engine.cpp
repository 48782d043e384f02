#include "models/nic/dma_engine.h"

#include <string>

#include "models/sim/error.h"
#include "models/sim/kernel.h"

namespace vctoe::nic {
namespace {

constexpr std::string_view kPurposeNames[] = {"payload",  "descriptor", "context", "interrupt",
                                              "register", "frame",      "video"};

/// Leads from a payload that comes back to the request that it belongs to; set with each issue.
struct JobExtension : tlm::tlm_extension<JobExtension> {
  DmaJob* job = nullptr;
  tlm::tlm_extension_base* clone() const override { return new JobExtension(*this); }
  void copy_from(const tlm::tlm_extension_base& other) override {
    job = static_cast<const JobExtension&>(other).job;
  }
};

void set_job(tlm::tlm_generic_payload& gp, DmaJob& job) {
  auto* ext = gp.get_extension<JobExtension>();
  if (ext == nullptr) gp.set_extension(ext = new JobExtension);
  ext->job = &job;
}

bool limited(DmaStall reason) {
  return reason == DmaStall::kWaitingLimit || reason == DmaStall::kWaitingChannel;
}

[[noreturn]] void unknown_phase(const char* where, const tlm::tlm_generic_payload& gp,
                                const tlm::tlm_phase& phase) {
  const auto* ext = gp.get_extension<pcie::TlpExtension>();
  sim::model_error(std::string("dma engine: phase ") + phase.get_name() + " not expected on " +
                   where + ", transaction " + std::to_string(ext == nullptr ? 0 : ext->txn) +
                   ", at " + std::to_string(sim::now().ps) + " ps");
}

}  // namespace

void DmaParams::declare(sim::ParamList& list) {
  list.add("channels", channels, {1, 256}, "payload reads in progress at once",
           "corundum @1ca0151: 32 operations in the DMA table (calibration N7); 8 suffice here");
  list.add("control_channels", control_channels, {1, 64},
           "reads of ring entries, scatter lists and context records in progress at once",
           "own choice: never behind payload");
  list.add("outstanding_reads", outstanding_reads, {1, 1024},
           "read requests on the link at once, over all channels", "calibration P15");
  list.add("outstanding_bytes", outstanding_bytes, sim::bytes_range({512}, sim::Bytes::mib(16)),
           "bytes of reads on the link at once; a larger single request goes alone",
           "calibration P15: 64 tags of 512 B");
  list.add("max_piece", max_piece, sim::bytes_range({512}, sim::Bytes::mib(1)),
           "requests to the link do not cross a multiple of this",
           "PCIe base specification 2.2.7: no request crosses 4 KiB");
  list.add("drain_rate", drain_rate, {1e9, 1e13},
           "rate at which a channel hands on what it has read",
           "8 B at 900 MHz: with the link's share this gives the 0.295 ns/B of calibration P11");
  list.add("issue_latency", issue_latency,
           sim::time_range(sim::Time::zero(), sim::Time::from_us(10)),
           "from a request's submission to its first TLP at the link", "own choice: 16 cycles");
  list.group("ordering", ordering);
}

void OrderingParams::declare(sim::ParamList& list) {
  const char* source = "PCIe base specification 5.0, 2.2.6.4, 2.2.6.5 and table 2-40";
  list.add("payload", payload, "attributes of reads of payload", source);
  list.add("descriptors", descriptors,
           "attributes of reads of ring entries, scatter lists and context records", source);
  list.add("receive", receive, "attributes of writes of received bytes", source);
  list.add("functions", functions, {1, 256},
           "functions of the NIC, each a requester of its own; connections take turns",
           "PCIe base specification 5.0, 9.2: virtual functions");
}

void DmaEngine::Stats::declare(sim::StatList& list) const {
  for (std::size_t i = 0; i < kPurposes; ++i) {
    const std::string name = "." + std::string(kPurposeNames[i]);
    list.add("read_requests" + name, read_requests[i], "1", "reads submitted");
    list.add("read_bytes" + name, read_bytes[i], "B", "bytes of reads submitted");
    list.add("write_requests" + name, write_requests[i], "1", "writes submitted");
    list.add("write_bytes" + name, write_bytes[i], "B", "bytes of writes submitted");
  }
  list.add("errors", errors, "1", "requests that host memory answered with an error");
  list.add("read_latency", read_latency, "ps", "from submission to the last byte handed on");
  list.add("write_latency", write_latency, "ps", "from submission until the data may be reused");
  list.add("reads_out", reads_out, "1", "read requests on the link");
  list.add("read_bytes_out", read_bytes_out, "B", "bytes of read requests on the link");
  list.add_stalls("stall", stalls);
}

DmaEngine::DmaEngine(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
                     const DmaParams& params)
    : sc_module(name),
      pcie("pcie"),
      fetch("fetch"),
      context_(context),
      node_(node),
      params_(params),
      drain_([this](DmaJob*& job) { finish(*job); }) {
  payload_.channels = params.channels;
  control_.channels = params.control_channels;
  pcie.register_nb_transport_bw(this, &DmaEngine::link_response);
  fetch.register_nb_transport_fw(this, &DmaEngine::fetch_request);
}

void DmaEngine::submit(const DmaRequest& request) {
  DmaJob& job = new_job();
  const sim::Time accepted = unit_ == nullptr ? sim::now() : unit_->take(sim::now());
  job.reset(request, sim::now(), accepted + params_.issue_latency);
  for (std::uint32_t i = 0; i < request.count; ++i) job.add(request.sg[i]);
  sim::ensure(job.bytes > 0, "dma engine: request of no bytes");
  if (request.write) {
    start_write(job);
  } else {
    start_read(job);
  }
}

tlm::tlm_sync_enum DmaEngine::fetch_request(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                                            sc_core::sc_time& delay) {
  if (phase != tlm::BEGIN_REQ || !gp.is_read()) unknown_phase("fetch", gp, phase);
  const auto& ext = pcie::TlpExtension::of(gp);
  DmaRequest request;
  request.data = gp.get_data_ptr();
  request.purpose = pcie::Purpose::kContext;
  request.connection = ext.connection;
  request.asid = ext.asid;
  request.txn = ext.txn;
  DmaJob& job = new_job();
  const sim::Time asked = sim::now() + sim::from_sc(delay);
  const sim::Time accepted = unit_ == nullptr ? asked : unit_->take(asked);
  job.reset(request, sim::now(), accepted + params_.issue_latency);
  job.add({gp.get_address(), gp.get_data_length(), 0});
  job.fetch = &gp;
  gp.acquire();
  start_read(job);
  phase = tlm::END_REQ;
  return tlm::TLM_UPDATED;
}

DmaJob& DmaEngine::new_job() {
  if (free_jobs_.empty()) {
    jobs_.push_back(std::make_unique<DmaJob>());
    free_jobs_.push(*jobs_.back());
  }
  ++live_;
  return free_jobs_.pop();
}

void DmaEngine::start_read(DmaJob& job) {
  const auto purpose = static_cast<std::size_t>(job.request.purpose);
  ++stats_.read_requests[purpose];
  stats_.read_bytes[purpose] += job.bytes;
  class_of(job).waiting.push(job);
  pump();
  update_stall();
}

/// Posted, in the order of submission, whatever the purpose: a notice never overtakes its data.
void DmaEngine::start_write(DmaJob& job) {
  const auto purpose = static_cast<std::size_t>(job.request.purpose);
  ++stats_.write_requests[purpose];
  stats_.write_bytes[purpose] += job.bytes;
  ++live_writes_;
  update_stall();
  const std::uint64_t bytes = job.bytes;
  for (std::uint64_t issued = 0; issued < bytes; issued = job.issued) issue(job);
}

/// Hands the next piece to the link. The time until it is ready is annotated, so it costs no event.
void DmaEngine::issue(DmaJob& job) {
  const DmaPiece piece = job.next_piece(params_.max_piece.n);
  job.take(piece);
  tlm::tlm_generic_payload& gp = payloads_.get();
  const bool write = job.request.write;
  sim::set_access(gp, write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND, piece.address,
                  piece.data, piece.length);
  auto& ext = pcie::TlpExtension::of(gp);
  ext.txn = job.request.txn;
  ext.connection = job.request.connection;
  ext.asid = job.request.asid;
  ext.purpose = job.request.purpose;
  ext.max_payload = 0;
  ext.pasid = job.request.by_virtual_address;
  ext.fetch_add = job.request.fetch_add;
  set_ordering(job.request, ext);
  set_job(gp, job);
  if (!write) {
    stats_.reads_out.add(1, sim::now());
    stats_.read_bytes_out.add(piece.length, sim::now());
  }
  // Writes are issued as they are submitted, all with the same latency: their order stands.
  const sim::Time at = sim::max(sim::now(), job.ready);
  tlm::tlm_phase phase = tlm::BEGIN_REQ;
  sc_core::sc_time delay = sim::to_sc(at - sim::now());
  const auto answer = pcie->nb_transport_fw(gp, phase, delay);
  if (answer != tlm::TLM_UPDATED || phase != tlm::END_REQ) unknown_phase("pcie", gp, phase);
}

void DmaEngine::set_ordering(const DmaRequest& request, pcie::TlpExtension& ext) const {
  const OrderingParams& p = params_.ordering;
  const bool payload = request.purpose == pcie::Purpose::kPayload;
  OrderingAttribute attribute = payload ? p.payload : p.descriptors;
  if (request.write) attribute = payload ? p.receive : OrderingAttribute::kStrict;
  ext.relaxed_ordering =
      attribute == OrderingAttribute::kRelaxed || attribute == OrderingAttribute::kBoth;
  ext.id_ordering =
      attribute == OrderingAttribute::kIdBased || attribute == OrderingAttribute::kBoth;
  ext.function = static_cast<std::uint8_t>(request.connection % p.functions);
}

/// Issues by turns between control and payload until neither can go on.
void DmaEngine::pump() {
  limit_blocks_ = false;
  for (int stuck = 0; stuck < 2;) {
    ReadClass& c = control_turn_ ? control_ : payload_;
    control_turn_ = !control_turn_;
    stuck = issue_one(c) ? 0 : stuck + 1;
  }
}

bool DmaEngine::issue_one(ReadClass& c) {
  for (; c.channels > 0 && !c.waiting.empty(); --c.channels) c.issuing.push(c.waiting.pop());
  if (c.issuing.empty()) return false;
  const std::uint64_t length = c.issuing.front().next_piece(params_.max_piece.n).length;
  const std::uint64_t out = stats_.read_bytes_out.value();
  if (stats_.reads_out.value() >= params_.outstanding_reads ||
      (out > 0 && out + length > params_.outstanding_bytes.n)) {
    limit_blocks_ = true;
    return false;
  }
  DmaJob& job = c.issuing.pop();
  issue(job);
  if (!job.all_issued()) c.issuing.push(job);
  return true;
}

tlm::tlm_sync_enum DmaEngine::link_response(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                                            sc_core::sc_time& delay) {
  if (phase != tlm::BEGIN_RESP) unknown_phase("pcie", gp, phase);
  DmaJob& job = *gp.get_extension<JobExtension>()->job;
  if (!gp.is_response_ok()) job.ok = false;
  const std::uint32_t length = gp.get_data_length();
  gp.release();
  piece_done(job, length, sim::now() + sim::from_sc(delay));
  return tlm::TLM_COMPLETED;
}

void DmaEngine::piece_done(DmaJob& job, std::uint32_t length, sim::Time arrived) {
  job.arrived += length;
  const bool last = job.arrived == job.bytes;
  if (job.request.write) {
    if (last) finish(job);
    return;
  }
  job.drained = sim::max(job.drained, arrived) + params_.drain_rate.time_for(length);
  if (last) drain_.push(job.drained, &job);
  stats_.reads_out.sub(1, sim::now());
  stats_.read_bytes_out.sub(length, sim::now());
  pump();
  update_stall();
}

/// The request is over. Its job is free before the client is told, who may submit again.
void DmaEngine::finish(DmaJob& job) {
  if (!job.ok) ++stats_.errors;
  const sim::Time took = sim::now() - job.submitted;
  (job.request.write ? stats_.write_latency : stats_.read_latency).record(took.ps);
  DmaClient* const client = job.request.client;
  const std::uint64_t cookie = job.request.cookie;
  const bool ok = job.ok;
  tlm::tlm_generic_payload* const fetched = job.fetch;
  --live_;
  free_jobs_.push(job);
  if (job.request.write) {
    --live_writes_;
  } else {
    ++class_of(job).channels;
    pump();
  }
  update_stall();
  if (fetched != nullptr) finish_fetch(*fetched, ok);
  if (client != nullptr) client->dma_done(cookie, ok);
}

void DmaEngine::finish_fetch(tlm::tlm_generic_payload& gp, bool ok) {
  gp.set_response_status(ok ? tlm::TLM_OK_RESPONSE : tlm::TLM_GENERIC_ERROR_RESPONSE);
  tlm::tlm_phase phase = tlm::BEGIN_RESP;
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  const auto answer = fetch->nb_transport_bw(gp, phase, delay);
  if (answer != tlm::TLM_COMPLETED) unknown_phase("fetch", gp, phase);
  gp.release();
}

void DmaEngine::trace_limit(bool before, bool now) {
  if (before == now) return;
  context_.trace.emit({{}, sim::TraceKind::kDmaLimit, node_, 0, 0, 0, 0, 0, 0, now ? 1U : 0U});
}

void DmaEngine::update_stall() {
  DmaStall reason = DmaStall::kBusy;
  if (live_ == 0) {
    reason = DmaStall::kIdle;
  } else if (limit_blocks_) {
    reason = DmaStall::kWaitingLimit;
  } else if (!payload_.waiting.empty() || !control_.waiting.empty()) {
    reason = DmaStall::kWaitingChannel;
  }
  const DmaStall before = stats_.stalls.reason();
  if (reason != before) {
    stats_.stalls.enter(reason, sim::now());
    trace_limit(limited(before), limited(reason));
  }
  context_.trace.changed(node_, sim::Watched::kDma);
}

void DmaEngine::settle_stats() {
  const sim::Time at = sim::now();
  stats_.reads_out.settle(at);
  stats_.read_bytes_out.settle(at);
  stats_.stalls.settle(at);
  stats_.stalls.check_sum(at);
}

}  // namespace vctoe::nic
