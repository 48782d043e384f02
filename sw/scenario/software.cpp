#include "sw/scenario/software.h"

#include <algorithm>

#include "sw/scenario/memory_need.h"

namespace vctoe::scenario {

namespace {

std::unique_ptr<driver::SoftAgent> make_agent(const std::string& name, sim::Context& context,
                                              system::Host& host, system::Card& card,
                                              driver::HostPort& port,
                                              const ScenarioParams& params) {
  if (card.place() == system::Place::kAdaptor) return nullptr;
  auto agent = std::make_unique<driver::SoftAgent>((name + "_agent").c_str(), context, host.node(),
                                                   card.ip(), port, card.nic, params.transport,
                                                   max_frame(params));
  host.root_complex.to_devices.bind(agent->registers);
  agent->host.bind(host.root_complex.from_devices);
  return agent;
}

std::unique_ptr<driver::NetworkSwap> make_network_swap(const std::string& name, system::Host& host,
                                                       const ScenarioParams& params) {
  if (host.storage_network() == nullptr) return nullptr;
  return std::make_unique<driver::NetworkSwap>((name + "_swap").c_str(),
                                               host.storage_network()->server.store(),
                                               params.system.host.disk.network.queue_depth);
}

/// What posts may pin at once is a share of the host's memory, whatever the number of cards.
driver::DriverParams driver_params(const ScenarioParams& params) {
  driver::DriverParams own = params.driver;
  own.post_pin_share /= static_cast<double>(params.system.host.data_cards());
  return own;
}

std::vector<socket::Transport*> transports(
    const std::vector<std::unique_ptr<CardSoftware>>& cards) {
  std::vector<socket::Transport*> all;
  for (const auto& card : cards) all.push_back(&card->transport);
  return all;
}

std::vector<std::unique_ptr<CardSoftware>> make_cards(const std::string& name,
                                                      sim::Context& context, system::Host& host,
                                                      kernel::Kernel& kernel, kernel::PciBus& bus,
                                                      const ScenarioParams& params) {
  std::vector<std::unique_ptr<CardSoftware>> cards;
  for (std::size_t i = 0; i < host.cards(); ++i) {
    const std::string own = i == 0 ? name : name + std::to_string(i);
    cards.push_back(
        std::make_unique<CardSoftware>(own, context, host, host.card(i), kernel, bus, params));
  }
  return cards;
}

}  // namespace

CardSoftware::CardSoftware(const std::string& name, sim::Context& context, system::Host& host,
                           system::Card& card, kernel::Kernel& kernel, kernel::PciBus& bus,
                           const ScenarioParams& params)
    : card_port(host.cpu, host.dram, host.root_complex, kernel, bus, {card.index(), card.index()}),
      agent(make_agent(name, context, host, card, card_port, params)),
      port(host.cpu, host.dram, host.root_complex, kernel, bus,
           {card.agent_device(), card.index()}),
      account(kernel),
      driver((name + "_driver").c_str(), context, host.node(), port, account, driver_params(params),
             card.index()),
      transport(port, driver, card.ip(), params.socket) {}

void CardSoftware::declare_stats(sim::StatList& list) const {
  list.nested("driver", [&] { driver.declare_stats(list); });
  if (agent) list.nested("agent", [&] { agent->declare_stats(list); });
  list.group("socket", transport.stats());
  list.group("account", account.stats());
}

void CardSoftware::settle_stats() {
  driver.settle_stats();
  account.settle(sim::now());
}

bool CardSoftware::busy() const {
  return driver.busy() || transport.busy() || (agent && agent->busy());
}

Software::Software(const std::string& name, sim::Context& context, system::Host& host,
                   const ScenarioParams& params)
    : network_swap(make_network_swap(name, host, params)),
      swap(network_swap ? static_cast<host::SwapDevice*>(network_swap.get()) : host.swap_device()),
      kernel((name + "_kernel").c_str(), context, params.kernel,
             {host.dram, host.mmu, host.cpu, swap, host.iommu()}, host.node()),
      pci((name + "_pci").c_str(), host.root_complex, host.cpu),
      cards(make_cards(name, context, host, kernel, pci, params)),
      transport(transports(cards)),
      ids_(params.driver.connections) {
  if (network_swap) {
    const unsigned device = host.storage_network()->device();
    swap_port_ = std::make_unique<driver::ModelHost>(host.cpu, host.dram, host.root_complex, kernel,
                                                     pci, driver::DeviceSlot{device, device});
    network_swap->attach(*swap_port_, params.transport);
  }
  if (host.video() == nullptr) return;
  host.video()->scan(kernel.allocate_contiguous(host.video()->picture_bytes()));
}

void Software::declare_stats(sim::StatList& list) const {
  list.nested("kernel", [&] { kernel.declare_stats(list); });
  list.group("pci", pci.stats());
  if (network_swap) list.nested("swap", [&] { network_swap->declare_stats(list); });
  cards[0]->declare_stats(list);
  for (std::size_t i = 1; i < cards.size(); ++i) {
    list.nested("card" + std::to_string(i), [&] { cards[i]->declare_stats(list); });
  }
}

void Software::settle_stats() {
  kernel.settle_stats();
  for (auto& card : cards) card->settle_stats();
}

bool Software::busy() const {
  if (network_swap && network_swap->busy()) return true;
  return std::any_of(cards.begin(), cards.end(), [](const auto& card) { return card->busy(); });
}

const driver::NicDriver& Software::driver_of(driver::ConnectionId id) const {
  return cards.at(id / ids_)->driver;
}

std::uint64_t Software::node_pages() const {
  std::uint64_t pages = 0;
  for (const auto& card : cards) {
    pages += card->driver.outstanding().count(driver::OutstandingKind::kNode);
  }
  return pages;
}

}  // namespace vctoe::scenario
