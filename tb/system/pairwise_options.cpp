#include "tb/system/pairwise_options.h"

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
      {"format",
       {value("list", &DriverParams::context_format, driver::ContextFormat::kList),
        value("array", &DriverParams::context_format, driver::ContextFormat::kArray)}},
      {"sizes",
       {{"equal", sizes(driver::BlockFormat::kVariable, 0)},
        {"drawn", sizes(driver::BlockFormat::kVariable, 1)},
        {"fixed", sizes(driver::BlockFormat::kFixed, 0)}}},
      {"reply",
       {value("block", &DriverParams::reply, driver::ReplyBy::kBlock),
        value("page", &DriverParams::reply, driver::ReplyBy::kPage)}},
  };
}

std::vector<Option> world_options() {
  const auto disk = [](host::DiskKind kind) {
    return [kind](ScenarioParams& p) {
      p.system.host.disk.kind = kind;
      p.stream.swapped = kind == host::DiskKind::kNone ? 0 : 0.5;
    };
  };
  return {
      {"swap",
       {{"nvme", disk(host::DiskKind::kNvme)},
        {"sata", disk(host::DiskKind::kSata)},
        {"hdd", disk(host::DiskKind::kHdd)},
        {"none", disk(host::DiskKind::kNone)}}},
      {"loss",
       {{"none", [](ScenarioParams&) {}}, {"some", [](ScenarioParams& p) { lose(p, 0.02); }}}},
      {"connections",
       {{"one", [](ScenarioParams&) {}},
        {"three", [](ScenarioParams& p) { p.stream.connections = 3; }}}},
  };
}

}  // namespace

const std::vector<Option>& options() {
  static const std::vector<Option> all = [] {
    std::vector<Option> list{scheme_option()};
    for (auto* group : {&nic_options, &driver_options, &world_options}) {
      for (Option& o : (*group)()) list.push_back(std::move(o));
    }
    return list;
  }();
  return all;
}

bool can_be_run(const test::Row& /*row*/) {
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
  for (std::size_t o = 1; o < row.size(); ++o) options()[o].values[row[o]].apply(p);
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
