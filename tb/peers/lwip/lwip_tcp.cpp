#include "tb/peers/lwip/lwip_tcp.h"

#include <algorithm>
#include <cstring>
#include <utility>

// Debian's lwIP, whose options are those of its lwipopts.h: a window of 64 KiB with a scale of 1,
// no SACK, no timestamps.
#include <lwip/init.h>
#include <lwip/ip.h>
#include <lwip/netif.h>
#include <lwip/pbuf.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/tcp.h>
#include <lwip/timeouts.h>

#include "models/net/byte_order.h"
#include "models/net/ethernet.h"

namespace {
std::uint64_t g_now_ns = 0;
vctoe::peers::LwipTcp::Send g_send;
vctoe::net::MacAddress g_own{}, g_toe{};
netif g_netif;
}  // namespace

/// lwIP's clock, in place of the one in its library.
extern "C" u32_t sys_now() {
  return static_cast<u32_t>(g_now_ns / 1'000'000);
}

namespace vctoe::peers {

namespace {
ip4_addr_t address(std::uint32_t ip) {
  return {lwip_htonl(ip)};
}

/// The station is a point on a line: no ARP, the two addresses are known.
err_t put_on_line(netif*, pbuf* p, const ip4_addr_t*) {
  std::vector<std::uint8_t> frame(net::kEthernetHeaderBytes + p->tot_len);
  std::memcpy(frame.data(), g_toe.data(), 6);
  std::memcpy(frame.data() + 6, g_own.data(), 6);
  net::store_be16(frame.data() + 12, 0x0800);
  pbuf_copy_partial(p, frame.data() + net::kEthernetHeaderBytes, p->tot_len, 0);
  g_send(frame.data(), frame.size());
  return ERR_OK;
}

err_t set_up_netif(netif* n) {
  n->name[0] = 't';
  n->name[1] = 'b';
  n->mtu = 1500;
  n->output = &put_on_line;
  return ERR_OK;
}
}  // namespace

LwipTcp::LwipTcp(Setup setup, Send send) : setup_(std::move(setup)) {
  g_send = std::move(send);
  g_own = net::mac_address_of(setup_.ip);
  g_toe = net::mac_address_of(setup_.toe_ip);
  lwip_init();
  tcp_ticks = setup_.ticks;
  const ip4_addr_t own = address(setup_.ip);
  const ip4_addr_t mask = address(0xffffff00);
  const ip4_addr_t none = address(0);
  netif_add(&g_netif, &own, &mask, &none, nullptr, &set_up_netif, &ip_input);
  netif_set_default(&g_netif);
  netif_set_link_up(&g_netif);
  netif_set_up(&g_netif);
}

void LwipTcp::listen(std::uint16_t port) {
  tcp_pcb* pcb = tcp_new();
  tcp_bind(pcb, IP_ANY_TYPE, port);
  pcb = tcp_listen_with_backlog(pcb, 4);
  tcp_arg(pcb, this);
  tcp_accept(pcb, &on_accept);
}

void LwipTcp::connect(std::uint16_t port) {
  tcp_pcb* pcb = tcp_new();
  adopt(pcb);
  ip_addr_t to = IPADDR4_INIT(lwip_htonl(setup_.toe_ip));
  if (tcp_connect(pcb, &to, port, &on_connected) != ERR_OK) failed_ = true;
}

void LwipTcp::adopt(tcp_pcb* pcb) {
  pcb_ = pcb;
  tcp_arg(pcb, this);
  tcp_recv(pcb, &on_recv);
  tcp_err(pcb, &on_error);
  if (!setup_.nagle) tcp_nagle_disable(pcb);
}

signed char LwipTcp::on_accept(void* self, tcp_pcb* pcb, signed char error) {
  auto& me = *static_cast<LwipTcp*>(self);
  if (pcb == nullptr || error != ERR_OK) return ERR_VAL;
  me.adopt(pcb);
  me.open_ = true;
  return ERR_OK;
}

signed char LwipTcp::on_connected(void* self, tcp_pcb*, signed char) {
  static_cast<LwipTcp*>(self)->open_ = true;
  return ERR_OK;
}

signed char LwipTcp::on_recv(void* self, tcp_pcb* pcb, pbuf* p, signed char) {
  auto& me = *static_cast<LwipTcp*>(self);
  if (p == nullptr) {
    me.peer_fin_ = true;
    return ERR_OK;
  }
  for (const pbuf* part = p; part != nullptr; part = part->next) {
    me.hash_.add(part->payload, part->len);
  }
  me.received_ += p->tot_len;
  tcp_recved(pcb, p->tot_len);
  pbuf_free(p);
  return ERR_OK;
}

void LwipTcp::on_error(void* self, signed char error) {
  auto& me = *static_cast<LwipTcp*>(self);
  me.pcb_ = nullptr;
  // ERR_CLSD: the last acknowledgement of a connection that both have closed.
  if (error != ERR_CLSD) me.failed_ = true;
}

void LwipTcp::input(const std::uint8_t* frame, std::size_t n) {
  if (n <= net::kEthernetHeaderBytes || net::load_be16(frame + 12) != 0x0800) return;
  const auto length = static_cast<std::uint16_t>(n - net::kEthernetHeaderBytes);
  // Not from its pool: Debian's has elements for 536 bytes that say they hold 1460.
  pbuf* p = pbuf_alloc(PBUF_RAW, length, PBUF_RAM);
  if (p == nullptr) return;
  pbuf_take(p, frame + net::kEthernetHeaderBytes, length);
  if (g_netif.input(p, &g_netif) != ERR_OK) pbuf_free(p);
}

void LwipTcp::step(std::uint64_t now_ns) {
  g_now_ns = now_ns;
  sys_check_timeouts();
  push();
}

void LwipTcp::push() {
  if (pcb_ == nullptr || !open_ || fin_sent_) return;
  const std::vector<std::uint8_t>& bytes = setup_.to_send;
  while (queued_ < bytes.size()) {
    const std::size_t n = std::min<std::size_t>(bytes.size() - queued_, tcp_sndbuf(pcb_));
    const auto piece = static_cast<std::uint16_t>(std::min<std::size_t>(n, 8192));
    if (piece == 0) break;
    if (tcp_write(pcb_, bytes.data() + queued_, piece, TCP_WRITE_FLAG_COPY) != ERR_OK) break;
    queued_ += piece;
  }
  if (queued_ == bytes.size() && tcp_shutdown(pcb_, 0, 1) == ERR_OK) fin_sent_ = true;
  if (pcb_ != nullptr) tcp_output(pcb_);
}

std::uint64_t LwipTcp::next(std::uint64_t now_ns) const {
  const std::uint32_t sleep = sys_timeouts_sleeptime();
  if (sleep == SYS_TIMEOUTS_SLEEPTIME_INFINITE) return ~std::uint64_t{0};
  return (now_ns / 1'000'000 + sleep) * 1'000'000;
}

}  // namespace vctoe::peers
