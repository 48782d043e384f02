#include "sw/scenario/scenario.h"

#include <algorithm>
#include <utility>

#include "models/net/ethernet.h"
#include "sw/app/iscsi_initiator.h"
#include "sw/scenario/layout.h"
#include "sw/scenario/payload.h"

namespace vctoe::scenario {

namespace {

constexpr std::uint16_t kPort = 5001;

/// Each stream is a disk of a process of its own.
std::uint16_t iscsi_port(std::size_t stream) {
  return static_cast<std::uint16_t>(app::iscsi::kPort + stream);
}

/// Tells the attribution how long the line takes where the trace does not.
class LineTap : public net::FrameTap {
 public:
  LineTap(Attribution& attribution, const nic::Mac& mac) : attribution_(attribution), mac_(mac) {}
  void frame_seen(const net::Frame& frame, sim::Time at, net::Heading heading) override {
    if (heading != net::Heading::kSent || frame.txn == 0) return;
    attribution_.line_took(at, mac_.time_for(net::wire_bytes(frame.size)));
  }

 private:
  Attribution& attribution_;
  const nic::Mac& mac_;
};

/// The scheme's settings laid over the parameters.
ScenarioParams parameters(const ScenarioParams& given, const Scheme& scheme) {
  ScenarioParams params = with_scheme(given, scheme);
  // With iSCSI it is the receiver of the data who connects.
  if (params.stream.framing == Framing::kIscsi) {
    std::swap(params.socket.receive_buffer, params.socket.connect_buffer);
  }
  return params;
}

}  // namespace

Scenario::Scenario(const sc_core::sc_module_name& name, const ScenarioParams& params,
                   const RunOptions& options, const Scheme& scheme)
    : sc_module(name), params_(parameters(params, scheme)), options_(options), scheme_(scheme) {
  context_.seed = params.seed;
  record();
  hardware_ = std::make_unique<system::TwoHosts>("hardware", context_, params_.system);
  software_[kSender] =
      std::make_unique<Software>("sender", context_, hardware_->host(kSender), params_);
  software_[kReceiver] =
      std::make_unique<Software>("receiver", context_, hardware_->host(kReceiver), params_);
  load_streams();
  start_applications();
  watch();
  dump_waves();
  if (!options_.record_walker.empty()) {
    hardware_->host(kSender).card(0).nic.walker().record(options_.record_walker);
  }
}

Scenario::~Scenario() = default;

/// Whoever listens to the trace bus, before anybody can emit.
void Scenario::record() {
  if (options_.trace) {
    trace_ =
        std::make_unique<outputs::TraceWriter>(options_.out_dir + "/trace.txt", context_.trace);
  }
  if (options_.timeline) {
    timeline_ = std::make_unique<outputs::TimelineWriter>(options_.out_dir + "/timeline.json",
                                                          context_.trace);
  }
  monitors_ = std::make_unique<Monitors>("monitors", context_, params_.monitor);
  if (options_.observe) options_.observe(context_);
}

void Scenario::load_streams() {
  Payload payload(options_.file, params_.stream.size.n, params_.seed);
  stream_bytes_ = payload.size();
  kernel::Kernel& kernel = software_[kSender]->kernel;
  for (std::uint64_t i = 0; i < params_.stream.connections; ++i) {
    app::SendJob job;
    job.process = kernel.create_address_space();
    const std::size_t card = i % params_.system.host.data_cards();
    job.remote = {system::station_ip(destination(), card), kPort};
    if (iscsi()) {
      job.listen = iscsi_port(i);
      job.transport = &software_[kSender]->cards[card]->transport;
    }
    job.start = params_.stream.start;
    const std::uint64_t base = stream_address(i);
    if (stream_bytes_ != 0) {
      kernel.map(job.process, base, stream_bytes_);
      job.ranges.push_back({base, stream_bytes_});
    }
    jobs_.push_back(std::move(job));
  }
  const double frames = static_cast<double>(hardware_->host(kSender).dram.size()) / host::kPageSize;
  resident_budget_ = static_cast<std::uint64_t>(frames * params_.stream.resident_limit);
  std::vector<std::uint8_t> piece(1 << 20);
  app::Digest digest;
  for (std::uint64_t at = 0; at < stream_bytes_;) {
    const std::uint64_t n = payload.read(piece.data(), piece.size());
    digest.add(piece.data(), n);
    load_piece(piece.data(), at, n);
    at += n;
  }
  sha256_ = digest.hex();
}

/// A page of every stream lies in DRAM or on swap, as the seed has it.
void Scenario::load_piece(const std::uint8_t* bytes, std::uint64_t offset, std::uint64_t length) {
  kernel::Kernel& kernel = software_[kSender]->kernel;
  const bool has_swap = software_[kSender]->swap != nullptr;
  for (std::size_t j = 0; j < jobs_.size(); ++j) {
    sim::Rng tier(params_.seed + j + (offset << 10), "tier");
    const std::uint64_t base = jobs_[j].ranges[0].address + offset;
    for (std::uint64_t at = 0; at < length; at += host::kPageSize) {
      const std::uint64_t n = std::min(host::kPageSize, length - at);
      bool swapped = tier.chance(params_.stream.swapped) || resident_budget_ == 0;
      if (params_.kernel.huge_pages) swapped = large_tier(j, offset + at);
      if (swapped && has_swap) {
        kernel.preload_swapped(jobs_[j].process, base + at, bytes + at, n);
      } else {
        kernel.preload_resident(jobs_[j].process, base + at, bytes + at, n);
        resident_budget_ -= resident_budget_ != 0 ? 1 : 0;
      }
    }
  }
}

/// The same for 2 MiB at once, so that large pages are in DRAM whole or not at all.
bool Scenario::large_tier(std::size_t stream, std::uint64_t at) {
  if (at % host::kLargePageSize == 0) {
    large_swapped_.resize(jobs_.size());
    sim::Rng tier(params_.seed + stream + (at << 10), "large_tier");
    const bool room = resident_budget_ >= host::kLargePageSize / host::kPageSize;
    large_swapped_[stream] = tier.chance(params_.stream.swapped) || !room;
  }
  return large_swapped_[stream];
}

void Scenario::start_applications() {
  Software& there = *software_[destination()];
  app::ReceiveSetup setup;
  setup.process = there.kernel.create_address_space();
  setup.port = kPort;
  setup.node = hardware_->host(destination()).node();
  setup.streams = static_cast<std::uint32_t>(jobs_.size());
  setup.start = params_.stream.start;
  for (std::size_t i = 0; iscsi() && i < jobs_.size(); ++i) {
    setup.peers.push_back(
        {system::station_ip(kSender, i % params_.system.host.data_cards()), iscsi_port(i)});
  }
  receiver_ = std::make_unique<app::Receiver>(
      "receiver", context_, there.cards[0]->port, there.transport,
      [&there](kernel::Asid asid, std::uint64_t va, void* to, std::uint64_t length) {
        return there.kernel.peek(asid, va, to, length);
      },
      params_.receiver, setup);
  sender_ = std::make_unique<app::Sender>("sender", software_[kSender]->transport, jobs_);
  if (iscsi()) frame_by_iscsi(setup.process);
  attribute(setup.process);
  for (std::uint64_t i = 0; i < params_.victims; ++i) {
    victims_.push_back(std::make_unique<app::Pressure>(
        ("victim" + std::to_string(i)).c_str(), context_, params_.pressure,
        software_[kSender]->kernel, hardware_->host(kSender).cpu));
    // Half of the time until the streams begin is warm-up, the other half the undisturbed state.
    const sim::Time begins = params_.pressure.start;
    if (begins < params_.stream.start) {
      victims_.back()->compare(begins + (params_.stream.start - begins) / 2, params_.stream.start);
    }
    const bool has_swap = software_[kSender]->swap != nullptr;
    const double bytes = static_cast<double>(params_.pressure.working_set.n);
    const double share = has_swap ? params_.victim_resident : 1;
    victims_.back()->populate({static_cast<std::uint64_t>(bytes * share)});
  }
}

/// Nobody has emitted anything yet: the simulation has not started.
void Scenario::attribute(kernel::Asid receiver) {
  AttributionSetup setup;
  setup.sender = hardware_->host(kSender).node();
  setup.receiver = hardware_->host(destination()).node();
  setup.receiver_asid = receiver;
  setup.readable_when_posted = params_.system.nic.core.first == nic::Source::kPosted;
  const system::TransportPlaces& places = params_.system.transport;
  setup.sender_copies = places.sending == system::Place::kDriver;
  setup.receiver_copies =
      (destination() == kSender ? places.sending : places.receiving) == system::Place::kDriver;
  const pcie::LinkParams& link = hardware_->host(kSender).card(0).pcie.params();
  const double mps = static_cast<double>(link.mps.n);
  const double wire = 1 + static_cast<double>(link.overhead(pcie::TlpKind::kCompletion)) / mps;
  setup.read_ps_per_byte =
      8e12 * wire / link.link_rate().bps / static_cast<double>(params_.system.host.data_cards());
  attribution_ = std::make_unique<Attribution>(context_.trace, setup);
  if (!setup.sender_copies) return;
  for (std::size_t i = 0; i < hardware_->host(kSender).cards(); ++i) {
    nic::Mac& mac = hardware_->host(kSender).card(i).mac();
    line_taps_.push_back(std::make_unique<LineTap>(*attribution_, mac));
    mac.add_tap(*line_taps_.back());
  }
}

/// The sender is a disk, the receiver reads it from the first to the last byte.
void Scenario::frame_by_iscsi(kernel::Asid receiver) {
  kernel::Kernel& here = software_[kSender]->kernel;
  kernel::Kernel& there = software_[destination()]->kernel;
  const auto load_of = [](kernel::Kernel& kernel) -> app::Load {
    return [&kernel](kernel::Asid asid, std::uint64_t va, void* to, std::uint64_t n) {
      return kernel.peek(asid, va, to, n);
    };
  };
  const auto store_of = [](kernel::Kernel& kernel) -> app::Store {
    return [&kernel](kernel::Asid asid, std::uint64_t va, const void* from, std::uint64_t n) {
      return kernel.write(asid, va, from, n);
    };
  };
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    here.map(jobs_[i].process, header_address(i), app::IscsiTarget::header_bytes(params_.iscsi));
    there.map(receiver, header_address(i), params_.iscsi.depth * app::iscsi::kHeaderBytes);
  }
  target_ = std::make_unique<app::IscsiTarget>(params_.iscsi, load_of(here), store_of(here));
  sender_->set_upper_layer([this](std::size_t i, const app::SendJob& job,
                                  socket::SocketObject& socket,
                                  const std::function<void()>& posted) {
    const socket::VirtualRange data =
        job.ranges.empty() ? socket::VirtualRange{} : job.ranges.front();
    return target_->serve({*job.transport, job.process, data, header_address(i)}, socket, posted);
  });
  receiver_->set_upper_layer([this, receiver, store = store_of(there)](
                                 std::size_t i, kernel::Asid, socket::SocketObject& socket) {
    return std::make_unique<app::IscsiInitiator>(
        software_[destination()]->transport, socket, params_.iscsi,
        app::IscsiInitiator::Setup{receiver, stream_bytes_, header_address(i)}, store);
  });
}

void Scenario::watch() {
  for (unsigned i = 0; i < 2; ++i) {
    const std::string side = i == kSender ? "sender" : "receiver";
    watch(hardware_->host(i), *software_[i], side);
    if (options_.pcap) capture(hardware_->host(i), side);
  }
  monitors_->add_waiter({"applications", [this] { return !finished(); },
                         [this] { return sender_->describe() + "; " + receiver_->describe(); }});
  if (!params_.stream.contexts_swapped) return;
  context_.trace.subscribe(sim::mask_of(sim::TraceKind::kPost), [this](const sim::TraceEvent& e) {
    if (e.node == kSender) evict_contexts();
  });
}

void Scenario::watch(system::Host& host, Software& software, const std::string& side) {
  monitors_->set_ranges_of_post(
      host.node(), [&software](const sim::TraceEvent& post, const Monitors::RangeSink& sink) {
        for (const auto& r : software.driver_of(post.connection).posted(post.connection)) {
          if (r.post == post.txn) sink(r.range.address, r.range.length);
        }
      });
  monitors_->set_mapped(host.node(), [&software](kernel::Asid asid, std::uint64_t f) {
    const kernel::Frame& frame = software.kernel.frames()[static_cast<kernel::FrameNumber>(f)];
    return frame.state == kernel::FrameState::kMapped && frame.asid == asid;
  });
  if (timeline_) watch_lines(host);
  for (std::size_t i = 0; i < host.cards(); ++i) {
    system::Card& card = host.card(i);
    CardSoftware& own = *software.cards[i];
    const std::string which = i == 0 ? side : side + " card " + std::to_string(i);
    monitors_->add_waiter(
        {which + " NIC", [&card] { return card.busy(); }, [&card] { return card.nic.describe(); }});
    monitors_->add_waiter({which + " driver", [&own] { return own.driver.busy(); },
                           [&own] { return own.driver.describe(); }});
    monitors_->add_waiter({which + " sockets", [&own] { return own.transport.busy(); },
                           [&own] { return own.transport.describe(); }});
    if (!own.agent) continue;
    monitors_->add_waiter({which + " agent in the driver", [&own] { return own.agent->busy(); },
                           [] { return std::string("frames or copies wait for a core"); }});
  }
}

/// One file a host, with an interface for each card.
void Scenario::capture(system::Host& host, const std::string& side) {
  Capture capture{options_.out_dir + "/" + side + ".pcapng", nullptr};
  capture.writer = std::make_unique<net::PcapngWriter>(capture.aside(), options_.snaplen);
  for (std::size_t i = 0; i < host.cards(); ++i) {
    const std::string name = i == 0 ? side : side + std::to_string(i);
    taps_.push_back(
        std::make_unique<net::PcapTap>(*capture.writer, name, net::PcapTapOptions{false, true}));
    host.card(i).mac().add_tap(*taps_.back());
  }
  captures_.push_back(std::move(capture));
}

/// What the timeline cannot learn from the trace bus.
void Scenario::watch_lines(system::Host& host) {
  using outputs::Lane;
  for (std::size_t i = 0; i < host.cards(); ++i) {
    system::Card& card = host.card(i);
    frame_lanes_.push_back(std::make_unique<FrameLanes>(*timeline_, host.node(), i, card.mac()));
    for (const bool up : {true, false}) {
      tlp_lanes_.push_back(std::make_unique<TlpLane>(*timeline_, host.node(), i,
                                                     up ? Lane::kPcieUp : Lane::kPcieDown,
                                                     up ? card.pcie.up() : card.pcie.down()));
    }
  }
}

void Scenario::dump_waves() {
  if (!options_.waves.on) return;
  const auto ids = static_cast<std::uint32_t>(params_.driver.connections);
  waves_ = std::make_unique<waves::Waves>(
      options_.out_dir, options_.waves, context_.trace,
      std::vector<waves::Waves::Watched>{
          {"sender", hardware_->host(kSender), software_[kSender]->kernel, ids},
          {"receiver", hardware_->host(kReceiver), software_[kReceiver]->kernel, ids}});
}

/// The driver's lists lie in the processes' memory as anything else does; here they are pushed out
/// before the NIC has read them.
void Scenario::evict_contexts() {
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    const auto card = static_cast<unsigned>(i % params_.system.host.data_cards());
    const std::uint64_t base = driver::ModelHost::map_base(card);
    const std::uint64_t end = base + 2 * params_.driver.context_pool.n;
    for (std::uint64_t va = base; va < end; va += host::kPageSize) {
      software_[kSender]->kernel.try_evict(jobs_[i].process, va);
    }
  }
}

bool Scenario::finished() const {
  return sender_->done() && receiver_->done();
}

bool Scenario::busy() {
  bool any = software_[0]->busy() || software_[1]->busy();
  for (unsigned i = 0; i < 2; ++i) {
    system::Host& host = hardware_->host(i);
    for (std::size_t k = 0; k < host.cards(); ++k) any = any || host.card(k).busy();
  }
  return any;
}

}  // namespace vctoe::scenario
