#include "sw/sweep/next_unit.h"

#include <algorithm>
#include <filesystem>

#include "models/sim/error.h"
#include "sw/scenario/config.h"
#include "sw/sweep/files.h"

namespace vctoe::sweep {

namespace {

using Json = nlohmann::ordered_json;

/// The neighbour of a value on its axis, upwards or (kHalf) downwards; empty when it has none.
std::string on_axis(const Remedy& remedy, const std::string& path, const std::string& from,
                    const std::vector<Factor>& factors) {
  for (const Factor& f : factors) {
    // Names have no order on an axis: there the remedy's own counts.
    if (f.name != path || f.unit.empty()) continue;
    const auto at = std::find(f.levels.begin(), f.levels.end(), from);
    if (at == f.levels.end()) return "";
    if (remedy.step == UnitStep::kHalf) return at == f.levels.begin() ? "" : *std::prev(at);
    return std::next(at) == f.levels.end() ? "" : *std::next(at);
  }
  return "";
}

std::string stepped_text(const Remedy& remedy, const Design& design, const sim::ParamField& field,
                         const std::string& from) {
  if (remedy.step == UnitStep::kOn) return "true";
  if (remedy.step == UnitStep::kNextName) {
    const auto at = std::find(remedy.names.begin(), remedy.names.end(), from);
    return at == remedy.names.end() || std::next(at) == remedy.names.end() ? "" : *std::next(at);
  }
  const long double now = design.base_units(field, from);
  switch (remedy.step) {
    case UnitStep::kOneMore:
      return design.text_of(field, now + 1);
    case UnitStep::kDouble:
      return design.text_of(field, now * 2);
    case UnitStep::kHalf:
      return design.text_of(field, now / 2);
    default:
      return design.text_of(field, now * 1.25L);
  }
}

/// Whether the parameter can have this value; it keeps the one that it has.
bool legal(const sim::ParamField& field, const std::string& from, const std::string& to) {
  const bool fits = !set_plain(field, to);
  set_plain(field, from);
  return fits;
}

std::string path_of(const std::string& folder) {
  return folder + "/one_more.json";
}

}  // namespace

const std::vector<Remedy>& remedies() {
  using S = UnitStep;
  static const std::vector<Remedy> all{
      {"walker", {"nic.walker.prefetch"}, S::kOneMore, {}},
      {"walker", {"nic.walker.clock"}, S::kHalf, {}},
      {"host", {"nic.request_ahead"}, S::kOneMore, {}},
      {"host", {"host.cpu.cores"}, S::kOneMore, {}},
      {"swap_in", {"host.disk.kind"}, S::kNextName, {"hdd", "sata", "nvme", "network"}},
      {"swap_in", {"nic.request_ahead"}, S::kOneMore, {}},
      {"pinning", {"host.cpu.pin_page"}, S::kHalf, {}},
      {"pinning", {"kernel.pin_limit"}, S::kQuarter, {}},
      {"pcie", {"pcie.lanes"}, S::kDouble, {}},
      {"pcie", {"pcie.gen"}, S::kOneMore, {}},
      {"dma_tags", {"pcie.tags"}, S::kDouble, {}},
      {"dma_tags", {"nic.dma.channels"}, S::kDouble, {}},
      {"packet_buffer", {"nic.packet_buffer.size"}, S::kDouble, {}},
      {"window", {"nic.toe.receive_buffer", "socket.receive_buffer"}, S::kDouble, {}},
      {"window", {"nic.toe.initial_window"}, S::kDouble, {}},
      {"wire", {"net.rate"}, S::kDouble, {}},
      {"wire", {"nic.mac.rate"}, S::kDouble, {}},
      {"loss_recovery", {"nic.toe.sack"}, S::kOn, {}},
      {"loss_recovery", {"nic.toe.rto_min"}, S::kHalf, {}},
      {"application", {"receiver.limit"}, S::kDouble, {}},
      {"application", {"receiver.read_rate"}, S::kDouble, {}}};
  return all;
}

std::vector<UnitChange> next_unit(const Remedy& remedy, const Design& design,
                                  const std::vector<Factor>& factors) {
  std::vector<UnitChange> changes;
  for (const char* path : remedy.parameters) {
    const sim::ParamField* field = design.find(path);
    if (field == nullptr) return {};
    const std::string from = plain_text(*field);
    std::string to = on_axis(remedy, path, from, factors);
    if (to.empty()) to = stepped_text(remedy, design, *field, from);
    if (to.empty() || to == from || !legal(*field, from, to)) return {};
    changes.push_back({path, from, to});
  }
  return changes;
}

std::size_t representative(const Table& table, const std::vector<std::string>& limits,
                           const Region& region) {
  const std::vector<double> part = values_of(table, "time." + region.limit);
  const std::vector<double> whole = values_of(table, "completion");
  std::vector<std::size_t> points;
  for (const std::size_t p : region.points) {
    if (limits[p] == region.limit) points.push_back(p);
  }
  std::stable_sort(points.begin(), points.end(), [&](std::size_t a, std::size_t b) {
    return part[a] / whole[a] < part[b] / whole[b];
  });
  return points[(points.size() - 1) / 2];
}

Json read_one_more(const std::string& folder) {
  std::string problem;
  const std::string text = config::read_text(path_of(folder), problem);
  if (!std::filesystem::exists(path_of(folder))) return Json::array();
  const Json list = Json::parse(text, nullptr, false);
  if (!list.is_array()) {
    sim::user_error(path_of(folder) + " is none of vctoe sweep analyse --one-more: remove it");
  }
  return list;
}

void write_one_more(const std::string& folder, const Json& list) {
  write_synced(path_of(folder), list.dump(1) + "\n");
}

}  // namespace vctoe::sweep
