#include "sw/scenario/memory_need.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "models/net/headers.h"
#include "models/net/storage_frame.h"
#include "models/nic/rings.h"
#include "sw/driver/frame_driver.h"
#include "sw/driver/model_host.h"
#include "sw/kernel/frame_pool.h"
#include "sw/kernel/io_domain.h"
#include "sw/kernel/pin_table.h"
#include "sw/scenario/layout.h"

namespace vctoe::scenario {

namespace {

using kernel::kPageBytes;
using kernel::PageRange;
using Problems = std::vector<std::string>;

/// Longer than it takes to open all connections: until then none has given its memory back.
constexpr sim::Time kLongTimeWait = sim::Time::from_s(1);

std::uint64_t pages_of(std::uint64_t bytes) {
  return kernel::pages_in(0, bytes);
}

std::string kib(std::uint64_t frames) {
  return std::to_string(frames * kPageBytes / 1024) + " KiB";
}

std::string whole(std::uint64_t n) {
  return std::to_string(n);
}

std::uint64_t stream_bytes(const ScenarioParams& p) {
  if (p.file.empty()) return p.stream.size.n;
  std::error_code unknown;  // a pipe, say: its size is known when it has been read
  const auto size = std::filesystem::file_size(p.file, unknown);
  return unknown ? 0 : size;
}

PageRange range_at(std::uint64_t address, std::uint64_t pages) {
  return {kernel::page_of(address), kernel::page_of(address) + pages};
}

/// Rings and areas, as PostEngine, RequestServer and NicDriver allocate them.
std::uint64_t driver_pages(const driver::DriverParams& d) {
  return pages_of(d.submit_entries * sizeof(nic::SubmitEntry)) +
         pages_of(d.request_entries * sizeof(nic::RequestEntry)) +
         pages_of(d.reply_entries * sizeof(nic::ReplyEntry)) +
         pages_of(d.completion_entries * sizeof(nic::CompletionEntry)) + pages_of(d.list_area.n) +
         pages_of(d.reply_area.n) + pages_of(d.first_copies()) + pages_of(d.again_copies());
}

/// The table of pins that the NIC changes.
std::uint64_t pin_table_pages(const ScenarioParams& p) {
  const nic::CoreParams& core = p.system.nic.core;
  if (core.pin_by == nic::Actor::kHost && core.unpin_by == nic::Actor::kHost) return 0;
  return pages_of(p.system.host.dram.size.n / kPageBytes * kernel::PinTable::kEntry);
}

/// Of the devices' domain, with an IOMMU.
std::uint64_t domain_tables(const ScenarioParams& p) {
  if (!p.system.host.iommu.enabled) return 0;
  return kernel::IoDomain::tables(p.kernel.dma_map, p.system.host.dram.size.n / kPageBytes);
}

/// Rings and frame buffers of a plain MAC.
std::uint64_t card_pages(const ScenarioParams& p, system::Place agent) {
  if (agent == system::Place::kAdaptor) return 0;
  return driver::FrameDriver::pages(p.transport, max_frame(p));
}

/// Rings and frame buffers of a card that swap goes through.
std::uint64_t storage_pages(const ScenarioParams& p) {
  if (!p.system.host.swap_through_card()) return 0;
  return driver::FrameDriver::pages(p.transport, net::kLongestStorageFrame);
}

/// The video controller's.
std::uint64_t picture_pages(const ScenarioParams& p) {
  const system::VideoParams& video = p.system.host.video;
  return video.rate.bps > 0 ? pages_of(video.picture.n) : 0;
}

std::uint64_t never_pinned(const ScenarioParams& p, std::uint64_t frames) {
  const bool swap = p.system.host.disk.kind != host::DiskKind::kNone;
  return kernel::frames_never_pinned(p.kernel, kernel::watermarks(p.kernel, frames, swap));
}

/// One of the two hosts, and how much it needs.
struct Side {
  const char* name;
  MemoryNeed need;
  std::uint64_t least = 0;
};

std::string host_of(const ScenarioParams& p, const Side& side) {
  return std::string("the ") + side.name +
         " host of stream.connections = " + whole(p.stream.connections);
}

/// Legal would be what the host that needs more needs: a smaller figure would be a second error.
void add_dram(const ScenarioParams& p, const Side& side, Problems& problems) {
  const std::uint64_t frames = p.system.host.dram.size.n / kPageBytes;
  problems.push_back("host.dram.size = " + kib(frames) + " is too small: " + host_of(p, side) +
                     " needs at least " + kib(side.least) + ", of that page tables " +
                     kib(side.need.tables) + ", rings and lists of the driver " +
                     kib(side.need.driver) + ", pinned buffers " + kib(side.need.pinned()) +
                     ", never pinned (kernel.reserve_frames) " +
                     kib(side.least - side.need.fixed() - side.need.pinned()));
}

void check_pin_limit(const ScenarioParams& p, const Side& side, Problems& problems) {
  const std::uint64_t frames = p.system.host.dram.size.n / kPageBytes;
  const std::uint64_t limit = kernel::pin_limit_pages(p.kernel, frames);
  if (side.need.pinned() <= limit) return;
  const std::string key = p.kernel.pin_limit_bytes.n != 0 ? "pin_limit_bytes" : "pin_limit";
  problems.push_back("kernel." + key + " allows " + kib(limit) +
                     " of host.dram.size = " + kib(frames) + " to be pinned, but " +
                     host_of(p, side) + " has to pin at least " + kib(side.need.pinned()) +
                     " (socket.receive_buffer, socket.connect_buffer)");
}

/// Both applications on one host: one driver, one kernel.
MemoryNeed both(MemoryNeed sender, const MemoryNeed& receiver) {
  constexpr std::uint64_t kOnce = 2;  // frame 0 and the kernel's own tables
  sender.tables += receiver.tables - kOnce;
  sender.receive += receiver.receive;
  return sender;
}

/// One message, about the host that needs more.
void check_hosts(const ScenarioParams& p, Problems& problems) {
  Side a{"sending", sender_need(p)};
  Side b{"receiving", receiver_need(p)};
  if (p.stream.destination == Destination::kLocal) {
    a.need = both(a.need, b.need);
    b.need = {};
  }
  for (Side* side : {&a, &b}) side->least = least_frames(p, side->need);
  const Side& larger = a.least > b.least ? a : b;
  if (larger.least * kPageBytes > p.system.host.dram.size.n) return add_dram(p, larger, problems);
  check_pin_limit(p, a.need.pinned() > b.need.pinned() ? a : b, problems);
}

/// A listener gives each NIC the receive buffers of all its connections before the first can open.
void check_listener(const ScenarioParams& p, Problems& problems) {
  const std::uint64_t own =
      (p.stream.connections + p.system.host.data_cards() - 1) / p.system.host.data_cards();
  const std::uint64_t ends = p.stream.destination == Destination::kLocal ? 2 : 1;
  const std::string share = p.system.host.data_cards() > 1 ? "a NIC's share of " : "";
  for (const auto& [name, entries] : {std::pair{"driver.connections", p.driver.connections},
                                      {"nic.connections", p.system.nic.core.connections}}) {
    if (entries >= ends * own) continue;
    problems.push_back(std::string(name) + " = " + whole(entries) + " is below " +
                       (ends == 2 ? "both ends of " : "") + share +
                       "stream.connections = " + whole(p.stream.connections));
  }
  const std::uint64_t lists = own * pages_of(p.socket.receive_buffer.n) * sizeof(nic::SgElement);
  if (lists > p.driver.list_area.n) {
    problems.push_back("driver.list_area = " + whole(p.driver.list_area.n) +
                       " B is too small for the scatter lists of the receive buffers of " + share +
                       "stream.connections = " + whole(p.stream.connections) + ": they need " +
                       whole(lists) + " B (socket.receive_buffer)");
  }
}

/// What lies in DRAM before anything runs, when nothing has to be reclaimed yet. With some pages of
/// the streams on swap, which ones is a matter of the seed: then only the victims are counted.
void check_resident(const ScenarioParams& p, Problems& problems) {
  if (p.kernel.huge_pages) return;
  const bool swap = p.system.host.disk.kind != host::DiskKind::kNone;
  const std::uint64_t frames = p.system.host.dram.size.n / kPageBytes;
  const auto working_set = static_cast<double>(p.pressure.working_set.n);
  const std::uint64_t victims =
      p.victims *
      (static_cast<std::uint64_t>(working_set * (swap ? p.victim_resident : 1)) / kPageBytes);
  std::uint64_t streams = p.stream.connections * pages_of(stream_bytes(p));
  if (swap) {
    const double limit = static_cast<double>(frames) * p.stream.resident_limit;
    streams = p.stream.swapped > 0 ? 0 : std::min(streams, static_cast<std::uint64_t>(limit));
  }
  const std::uint64_t free = kernel::watermarks(p.kernel, frames, swap).high;
  if (streams + victims + free <= frames) return;
  problems.push_back("host.dram.size = " + kib(frames) +
                     " is too small for what lies in it at the start: " + kib(streams) +
                     " of streams (stream.swapped), " + kib(victims) +
                     " of the victims' working sets (pressure.resident), and " + kib(free) +
                     " that the kernel keeps free");
}

}  // namespace

std::uint32_t max_frame(const ScenarioParams& p) {
  constexpr std::uint32_t kOptions = 40;
  return static_cast<std::uint32_t>(p.system.nic.toe.mss) + net::kEthernetHeaderBytes +
         net::kIpHeaderBytes + net::kTcpHeaderBytes + kOptions + net::kFcsBytes;
}

MemoryNeed sender_need(const ScenarioParams& p) {
  const std::uint64_t n = p.stream.connections;
  const std::uint64_t bytes = stream_bytes(p);
  const std::uint64_t buffer = pages_of(p.socket.connect_buffer.n);
  MemoryNeed need;
  // Frame 0, the kernel's own tables, and a process for each victim and stream.
  need.tables = 2 + p.victims * kernel::tables_for({range_at(
                                    app::Pressure::kBase, p.pressure.working_set.n / kPageBytes)});
  need.tables += n * kernel::tables_for({range_at(stream_address(0), pages_of(bytes)),
                                         range_at(driver::ModelHost::kMapBase, buffer)});
  need.tables += domain_tables(p);
  need.driver = p.system.host.data_cards() *
                    (driver_pages(p.driver) + card_pages(p, p.system.transport.sending)) +
                pin_table_pages(p) + picture_pages(p) + storage_pages(p);
  // The side that closes first keeps its connections, and their buffers, for 2 MSL.
  need.receive = p.system.nic.toe.msl * 2 >= kLongTimeWait ? n * buffer : buffer;
  need.send = bytes == 0 ? 0 : 1;
  return need;
}

MemoryNeed receiver_need(const ScenarioParams& p) {
  const std::uint64_t n = p.stream.connections;
  const std::uint64_t buffer = pages_of(p.socket.receive_buffer.n);
  MemoryNeed need;
  // Frame 0, the kernel's own tables, and one process with all buffers, a page apart, card by card.
  std::vector<PageRange> buffers;
  for (unsigned card = 0; card < p.system.host.data_cards(); ++card) {
    const std::uint64_t own =
        (n + p.system.host.data_cards() - 1 - card) / p.system.host.data_cards();
    if (own == 0) break;
    buffers.push_back(range_at(driver::ModelHost::map_base(card), own * (buffer + 1) - 1));
  }
  need.tables = 2 + kernel::tables_for(buffers);
  need.tables += domain_tables(p);
  need.driver = p.system.host.data_cards() *
                    (driver_pages(p.driver) + card_pages(p, p.system.transport.receiving)) +
                pin_table_pages(p) + picture_pages(p) + storage_pages(p);
  need.receive = n * buffer;
  return need;
}

std::uint64_t least_frames(const ScenarioParams& p, const MemoryNeed& need) {
  std::uint64_t least = 0;
  std::uint64_t frames = need.fixed() + need.pinned();
  while (frames > least) {  // what is never pinned is a share of the result
    least = frames;
    frames = need.fixed() + need.pinned() + never_pinned(p, least);
  }
  return least;
}

void check_memory(const ScenarioParams& p, Problems& problems) {
  check_listener(p, problems);
  check_hosts(p, problems);
  if (problems.empty()) check_resident(p, problems);
}

}  // namespace vctoe::scenario
