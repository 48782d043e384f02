// What the NIC says of itself: statistics, and whether it waits for anybody.
#include <fmt/format.h>

#include "models/nic/nic.h"

namespace vctoe::nic {

void Nic::Stats::declare(sim::StatList& list) const {
  list.add("register_writes", register_writes, "1", "writes to registers, doorbells included");
  list.add("pushed_bytes", pushed_bytes, "B", "bytes pushed into the packet buffer by the host");
  list.add("bad_accesses", bad_accesses, "1",
           "accesses to no register or outside the window, doorbells that cannot be");
  list.add("bad_submissions", bad_submissions, "1", "submit entries refused");
  list.add("faults", faults, "1", "connections ended by a fault of list or reply");
  list.add("connections_opened", connections_opened, "1", "connections established");
  list.add("timeouts", timeouts, "1", "retransmission timers that ran out");
}

void Nic::declare_stats(sim::StatList& list) const {
  stats_.declare(list);
  list.add("unit_busy", unit_.busy(), "s", "nic.units = single: time that the processor worked");
  list.group("request", requests_.stats());
  list.group("pages", pages_.stats());
  list.group("pins", pins_.stats());
  list.group("tx", tx_.stats());
  list.group("rx", rx_.stats());
  list.group("dma", dma_.stats());
  list.group("walker", walker_->stats());
  list.nested("walker", [&] { walker_->declare_more(list); });
  list.group("packet_buffer", buffer_.stats());
  list.group("receive_buffer", rx_buffer_.stats());
  if (mac_) list.group("mac", mac_->stats());
  list.group("neighbours", neighbours_.stats());
  if (esp_) list.group("esp", esp_->stats());
}

void Nic::settle_stats() {
  buffer_.settle_stats();
  rx_buffer_.settle_stats();
  dma_.settle_stats();
  walker_->settle_stats();
  if (mac_) mac_->settle_stats();
}

bool Nic::busy() const {
  return requests_.busy() || tx_.busy() != 0 || rx_.busy() != 0 || !submit_ring_.idle() ||
         !reply_ring_.idle() || request_ring_.backlog() != 0 || completion_ring_.backlog() != 0 ||
         buffer_.stats().used.value() != 0 || pins_.busy() != 0;
}

std::string Nic::describe() const {
  return fmt::format(
      "nic {}: {} segments under way, {} frames being stored, {} walks, {} DMA transfers, "
      "packet buffer {} of {} B free, rings: submit {}, reply {}, request backlog {}, completion "
      "backlog {}",
      node_, tx_.busy(), rx_.busy(), walker_->busy(), dma_.pending(), buffer_.free_bytes(),
      buffer_.size(), submit_ring_.idle() ? "idle" : "busy", reply_ring_.idle() ? "idle" : "busy",
      request_ring_.backlog(), completion_ring_.backlog());
}

}  // namespace vctoe::nic
