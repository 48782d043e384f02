// What the range of a single parameter cannot say.
#include <string>

#include "models/host/hdd.h"
#include "models/net/headers.h"
#include "models/nic/walker_factory.h"
#include "sw/scenario/memory_need.h"
#include "sw/scenario/params.h"
#include "sw/scenario/run.h"

namespace vctoe::scenario {

namespace {

/// Blocks that check themselves throw; here their words become one problem among others.
template <class Check>
void collect(std::vector<std::string>& problems, Check check) {
  const sim::Failure before = sim::last_failure();
  try {
    check();
  } catch (const sim::Error& e) {
    problems.emplace_back(e.what());
  }
  if (before.kind == sim::FailureKind::kNone) sim::clear_failure();
}

/// A file that a parameter names is looked at before anything is run.
void check_seek_curve(const ScenarioParams& p, std::vector<std::string>& problems) {
  const host::HddParams& hdd = p.system.host.disk.hdd;
  if (p.system.host.disk.kind != host::DiskKind::kHdd) return;
  const std::size_t before = problems.size();
  collect(problems, [&] { host::SeekCurve(host::data_path(hdd.seek_file), 1, 1); });
  if (problems.size() > before) problems.back().insert(0, "host.disk.hdd.seek_file: ");
}

void check_buffers(const ScenarioParams& p, std::vector<std::string>& problems) {
  const nic::NicParams& nic = p.system.nic;
  const std::uint64_t buffer = nic.packet_buffer.size.n;
  const std::uint64_t push = nic.core.push_chunk.n + nic.core.retransmit_reserve.n;
  if (push > buffer) {
    problems.push_back("nic.push_chunk and nic.retransmit_reserve, " + std::to_string(push) +
                       " B together, do not fit into nic.packet_buffer.size " +
                       std::to_string(buffer) + " B");
  }
  if (nic.toe.mss > buffer) {
    problems.push_back("nic.toe.mss " + std::to_string(nic.toe.mss) +
                       " B is above nic.packet_buffer.size " + std::to_string(buffer) + " B");
  }
}

void check_placement(const ScenarioParams& p, std::vector<std::string>& problems) {
  const std::uint64_t entries = p.transport.frame_entries;
  if ((entries & (entries - 1)) != 0) {
    problems.push_back("transport.frame_entries = " + std::to_string(entries) +
                       " is no power of two");
  }
  if (p.stream.destination == Destination::kLocal &&
      p.system.transport.sending != system::Place::kDriver) {
    problems.emplace_back(
        "stream.destination = local needs transport.sending = driver: an adaptor sends what it is "
        "given, also to its own host's address");
  }
}

void check_framing(const ScenarioParams& p, std::vector<std::string>& problems) {
  if (p.iscsi.segment.n % 4 != 0) {
    problems.emplace_back("iscsi.segment is no multiple of 4 B");
  }
  if (p.iscsi.command.n % app::iscsi::kBlockBytes != 0) {
    problems.emplace_back("iscsi.command is no multiple of 512 B, the block of its disk");
  }
}

/// A part of a name stands for all schemes that have it.
bool names(const ScenarioParams& p, const char* scheme) {
  return p.schemes.find(scheme) != std::string::npos;
}

/// The guard protects pages of 4 KiB, and a device that translates by itself does not know of it.
void check_guard(const ScenarioParams& p, std::vector<std::string>& problems) {
  if (!p.driver.copy_on_write) return;
  if (p.kernel.huge_pages) {
    problems.emplace_back("driver.copy_on_write and kernel.huge_pages do not go together");
  }
  if (names(p, "ats")) {
    problems.emplace_back(
        "driver.copy_on_write and a scheme that translates by itself (ats) do not go together");
  }
}

/// A NIC that reads by virtual address needs somebody who translates, and to be a device.
void check_translation(const ScenarioParams& p, std::vector<std::string>& problems) {
  if (!names(p, "ats")) return;
  if (!p.system.host.iommu.enabled) {
    problems.push_back("schemes = \"" + p.schemes + "\" needs host.iommu.enabled = true");
  }
  const system::TransportPlaces& places = p.system.transport;
  const bool commands = p.stream.framing == Framing::kIscsi;  // which the receiving host sends
  if (places.sending == system::Place::kDriver) {
    problems.push_back("transport.sending = driver and schemes = \"" + p.schemes +
                       "\": an IOMMU translates for devices, not for a driver");
  } else if (commands && places.receiving == system::Place::kDriver) {
    problems.push_back("transport.receiving = driver and schemes = \"" + p.schemes +
                       "\" with stream.framing = iscsi, where that host sends too: an IOMMU "
                       "translates for devices, not for a driver");
  }
}

/// The RTL has the sizes that it was elaborated for.
void check_walker(const ScenarioParams& p, std::vector<std::string>& problems) {
  collect(problems,
          [&] { nic::check_walker(p.system.nic.walker, p.system.nic.core, p.system.host.nics); });
}

/// The ring is the driver's own memory, which is pinned for good.
void check_circular(const ScenarioParams& p, std::vector<std::string>& problems) {
  const nic::CoreParams& core = p.system.nic.core;
  const bool by_nic = core.pin_by == nic::Actor::kAgent || core.unpin_by == nic::Actor::kAgent;
  if (!names(p, "circular") || !by_nic) return;
  problems.emplace_back(
      "nic.pin_by or nic.unpin_by is agent and a scheme is circular: its copies are pinned by "
      "nobody");
}

/// A card that swap goes through carries no streams; each frame under way has a buffer.
void check_storage_card(const ScenarioParams& p, std::vector<std::string>& problems) {
  if (!p.system.host.swap_through_card()) return;
  if (p.system.host.nics < 2) {
    problems.emplace_back(
        "host.disk.network.path = card needs host.nics >= 2: one for the streams");
  }
  if (p.system.host.disk.network.queue_depth > p.transport.frame_entries) {
    problems.emplace_back(
        "host.disk.network.queue_depth is above transport.frame_entries, the card's buffers");
  }
}

}  // namespace

void check_params(const ScenarioParams& params, std::vector<std::string>& problems) {
  collect(problems, [&] { params.system.pcie.validate(); });
  collect(problems, [&] {
    driver::DriverParams driver = params.driver;  // with what the NIC's parameters set
    driver.scheme.set_actors(params.system.nic.core.pin_by == nic::Actor::kAgent,
                             params.system.nic.core.unpin_by == nic::Actor::kAgent);
    driver.check();
  });
  check_buffers(params, problems);
  check_guard(params, problems);
  check_translation(params, problems);
  check_circular(params, problems);
  check_placement(params, problems);
  check_walker(params, problems);
  check_framing(params, problems);
  check_seek_curve(params, problems);
  check_storage_card(params, problems);
  if (params.system.host.data_cards() == 0) return;  // nothing to ask for memory
  check_memory(params, problems);
}

}  // namespace vctoe::scenario
