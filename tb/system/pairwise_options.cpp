#include "tb/system/pairwise_options.h"

#include <array>
#include <map>

#include "sw/scenario/config.h"
#include "sw/scenario/presets.h"
#include "tb/system/run.h"

namespace vctoe::scenario {

namespace {

/// A value that is a name of a parameter's enumeration, or a number.
template <class T>
OptionValue value(const char* name, T nic::CoreParams::*field, T set) {
  return {name, [=](ScenarioParams& p) { p.system.nic.core.*field = set; }};
}
template <class T>
OptionValue value(const char* name, T driver::DriverParams::*field, T set) {
  return {name, [=](ScenarioParams& p) { p.driver.*field = set; }};
}

Option scheme_option() {
  Option o{"scheme", {}};
  for (const std::string& name : known_schemes()) {
    const bool alias = name == "fig8" || name == "fig11" || name == "fig12";
    if (!alias) o.values.push_back({name, {}});
  }
  return o;
}

std::vector<Option> nic_options() {
  using nic::CoreParams;
  return {
      {"unpin_at",
       {value("sent", &CoreParams::unpin_at, nic::UnpinAt::kSent),
        value("retrieved", &CoreParams::unpin_at, nic::UnpinAt::kRetrieved),
        value("acknowledged", &CoreParams::unpin_at, nic::UnpinAt::kAcknowledged)}},
      {"outstanding",
       {value<std::uint64_t>("many", &CoreParams::blocks_outstanding, 1024),
        value<std::uint64_t>("one", &CoreParams::blocks_outstanding, 1)}},
      {"ready",
       {value("window", &CoreParams::prefetch, sim::Bytes{0}),
        value("prefetch", &CoreParams::prefetch, sim::Bytes::kib(64))}},
      {"span",
       {value("on", &CoreParams::span_blocks, true),
        value("off", &CoreParams::span_blocks, false)}},
      {"alternate",
       {value("off", &CoreParams::alternate, false), value("on", &CoreParams::alternate, true)}},
      {"pin_by",
       {value("host", &CoreParams::pin_by, nic::Actor::kHost),
        value("agent", &CoreParams::pin_by, nic::Actor::kAgent)}},
      {"unpin_by",
       {value("host", &CoreParams::unpin_by, nic::Actor::kHost),
        value("agent", &CoreParams::unpin_by, nic::Actor::kAgent)}},
      {"units",
       {value("parallel", &CoreParams::units, nic::Units::kParallel),
        value("single", &CoreParams::units, nic::Units::kSingle)}},
      {"retain",
       {value("off", &CoreParams::retain_unacked, false),
        value("on", &CoreParams::retain_unacked, true)}},
  };
}

std::vector<Option> driver_options() {
  using driver::DriverParams;
  const auto offset = [](std::uint64_t n) {
    return [n](ScenarioParams& p) { p.driver.context_offset = n; };
  };
  const auto sizes = [](driver::BlockFormat format, std::uint64_t least) {
    return [=](ScenarioParams& p) {
      p.driver.block_format = format;
      p.driver.block_size_min = {least};
    };
  };
  return {
      {"lazy",
       {value<std::uint64_t>("off", &DriverParams::lazy_unpins, 0),
        value<std::uint64_t>("4", &DriverParams::lazy_unpins, 4)}},
      {"push",
       {value("cpu", &DriverParams::push, driver::PushBy::kCpu),
        value("dma", &DriverParams::push, driver::PushBy::kDma)}},
      {"gather",
       {value("scatter", &DriverParams::gather, driver::Gather::kScatter),
        value("contiguous", &DriverParams::gather, driver::Gather::kContiguous)}},
      {"offset", {{"none", offset(0)}, {"some", offset(4095)}}},
      {"numbering",
       {value("tcp", &DriverParams::numbering, driver::Numbering::kTcp),
        value("stream", &DriverParams::numbering, driver::Numbering::kStream)}},
      {"format",
       {value("list", &DriverParams::context_format, driver::ContextFormat::kList),
        value("array", &DriverParams::context_format, driver::ContextFormat::kArray)}},
      {"sizes",
       {{"equal", sizes(driver::BlockFormat::kVariable, 0)},
        {"drawn", sizes(driver::BlockFormat::kVariable, 1)},
        {"fixed", sizes(driver::BlockFormat::kFixed, 0)}}},
      {"guard",
       {value("off", &DriverParams::copy_on_write, false),
        value("on", &DriverParams::copy_on_write, true)}},
      {"notify",
       {value("interrupt", &DriverParams::notify, driver::Notify::kInterrupt),
        {"polling",
         [](ScenarioParams& p) {
           p.driver.notify = driver::Notify::kPolling;
           p.driver.poll_interval = sim::Time::from_us(20);  // some networks take long
         }}}},
      {"reply",
       {value("block", &DriverParams::reply, driver::ReplyBy::kBlock),
        value("page", &DriverParams::reply, driver::ReplyBy::kPage)}},
  };
}

/// As a user gets it who names the profile.
OptionValue profile(const char* name) {
  return {name, [name](ScenarioParams& p) {
            sim::ParamList list;
            p.declare(list);
            config::Loader loader(list);
            for (config::Preset& preset : presets()) loader.add_preset(std::move(preset));
            loader.set(std::string("net.profile=") + name);
            loader.finish();
            p.system.nic.toe.rto_min = sim::Time::from_ms(50);  // of a round trip of milliseconds
            p.system.nic.toe.rto_initial = sim::Time::from_ms(200);
            p.system.nic.toe.rto_max = sim::Time::from_s(1);  // bursts eat many in a row
          }};
}

void nothing(ScenarioParams&) {}
void driver_sends(ScenarioParams& p) {
  p.system.transport.sending = system::Place::kDriver;
}

std::vector<Option> host_options() {
  const auto disk = [](host::DiskKind kind) {
    return [kind](ScenarioParams& p) {
      p.system.host.disk.kind = kind;
      p.stream.swapped = kind == host::DiskKind::kNone ? 0 : 0.5;
    };
  };
  const auto numa = [](host::NumaPlacement placement) {
    return [placement](ScenarioParams& p) { p.system.host.root_complex.numa = placement; };
  };
  const auto esp = [](ScenarioParams& p) { p.system.nic.esp.enabled = true; };
  return {
      {"swap",
       {{"nvme", disk(host::DiskKind::kNvme)},
        {"sata", disk(host::DiskKind::kSata)},
        {"hdd", disk(host::DiskKind::kHdd)},
        {"network", disk(host::DiskKind::kNetwork)},
        {"none", disk(host::DiskKind::kNone)}}},
      {"attach",
       {{"pcie", nothing},
        {"integrated",
         [](ScenarioParams& p) { p.system.attach = system::NicAttach::kIntegrated; }}}},
      {"iommu",
       {{"off", nothing}, {"on", [](ScenarioParams& p) { p.system.host.iommu.enabled = true; }}}},
      {"pages", {{"4k", nothing}, {"2m", [](ScenarioParams& p) { p.kernel.huge_pages = true; }}}},
      {"numa",
       {{"local", nothing},
        {"nic", numa(host::NumaPlacement::kRemoteNic)},
        {"memory", numa(host::NumaPlacement::kRemoteMemory)}}},
      {"ordering",
       {{"strict", nothing},
        {"relaxed",
         [](ScenarioParams& p) {
           p.system.nic.dma.ordering.payload = nic::OrderingAttribute::kRelaxed;
         }}}},
      {"nics", {{"1", nothing}, {"2", [](ScenarioParams& p) { p.system.host.nics = 2; }}}},
      {"esp", {{"off", nothing}, {"on", esp}}},
  };
}

std::vector<Option> world_options() {
  return {
      {"sending",
       {{"adaptor", nothing},
        {"driver", driver_sends},
        {"driver_to_itself",
         [](ScenarioParams& p) {
           driver_sends(p);
           p.stream.destination = Destination::kLocal;
         }}}},
      {"receiving",
       {{"adaptor", nothing},
        {"driver",
         [](ScenarioParams& p) { p.system.transport.receiving = system::Place::kDriver; }}}},
      {"framing",
       {{"plain", nothing},
        {"iscsi", [](ScenarioParams& p) { p.stream.framing = Framing::kIscsi; }}}},
      {"network",
       {{"clean", nothing},
        {"lossy", [](ScenarioParams& p) { lose(p, 0.02); }},
        profile("wan"),
        profile("san"),
        profile("wireless"),
        profile("loopback")}},
      {"connections",
       {{"one", nothing}, {"three", [](ScenarioParams& p) { p.stream.connections = 3; }}}},
  };
}

}  // namespace

const std::vector<Option>& options() {
  static const std::vector<Option> all = [] {
    std::vector<Option> list{scheme_option()};
    for (auto* group : {&nic_options, &driver_options, &host_options, &world_options}) {
      for (Option& o : (*group)()) list.push_back(std::move(o));
    }
    return list;
  }();
  return all;
}

namespace {
/// Whether the program takes these two values together; asked once for each pair.
bool go_together(std::size_t a, std::size_t x, std::size_t b, std::size_t y) {
  static std::map<std::array<std::size_t, 4>, bool> known;
  const auto [at, fresh] = known.try_emplace({a, x, b, y}, false);
  if (!fresh) return at->second;
  test::Row pair(options().size(), test::kOpen);
  pair[a] = x;
  pair[b] = y;
  std::vector<std::string> problems;
  check_params(params_of(pair), problems);
  return at->second = problems.empty();
}
}  // namespace

bool can_be_run(const test::Row& row) {
  // What only three values together forbid concerns these schemes alone.
  const bool translates =
      row[0] != test::kOpen && options()[0].values[row[0]].name.find("ats") != std::string::npos;
  if (translates) {
    std::vector<std::string> problems;
    check_params(params_of(row), problems);
    if (!problems.empty()) return false;
  }
  for (std::size_t a = 0; a < row.size(); ++a) {
    for (std::size_t b = a + 1; b < row.size() && row[a] != test::kOpen; ++b) {
      if (row[b] != test::kOpen && !go_together(a, row[a], b, row[b])) return false;
    }
  }
  return true;
}

std::vector<test::Row> pairwise_rows() {
  std::vector<std::size_t> counts;
  for (const Option& o : options()) counts.push_back(o.values.size());
  return test::all_pairs(counts, can_be_run);
}

ScenarioParams params_of(const test::Row& row) {
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::kib(300);
  p.driver.block_size = {12'000};
  if (row[0] != test::kOpen) p.schemes = options()[0].values[row[0]].name;
  for (std::size_t o = 1; o < row.size(); ++o) {
    if (row[o] != test::kOpen) options()[o].values[row[o]].apply(p);
  }
  if (p.schemes.find("ats") != std::string::npos)
    p.system.host.iommu.enabled = true;  // without it there is none
  return p;
}

std::string name_of(const test::Row& row) {
  std::string text;
  for (std::size_t o = 0; o < row.size(); ++o) {
    text += (o == 0 ? "" : " ") + options()[o].name + "=" + options()[o].values[row[o]].name;
  }
  return text;
}

}  // namespace vctoe::scenario
