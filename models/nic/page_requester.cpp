#include "models/nic/page_requester.h"

#include <algorithm>
#include <utility>

#include "models/sim/kernel.h"

namespace vctoe::nic {

PageRequester::PageRequester(sim::Context& context, std::uint8_t node, DmaPort& dma,
                             OutRing<RequestEntry>& requests, Refused refused)
    : context_(context),
      node_(node),
      dma_(dma),
      requests_(requests),
      refused_(std::move(refused)) {}

void PageRequester::Stats::declare(sim::StatList& list) const {
  list.add("accesses", accesses, "1", "DMA requests by virtual address");
  list.add("page_requests", page_requests, "1", "ranges asked for because a page was not there");
  list.add("repeated", repeated, "1", "DMA requests issued again after that");
  list.add("refused", refused, "1", "page requests that the host refused");
  list.add("wait_ps", wait_ps, "ps", "from a page request to its response");
}

void PageRequester::submit(const DmaRequest& request) {
  if (!request.by_virtual_address) return dma_.submit(request);
  ++stats_.accesses;
  Access& access = accesses_.get();
  access.request = request;
  access.tries = 0;
  access.sg.assign(request.sg, request.sg + request.count);
  start(access);
}

void PageRequester::start(Access& access) {
  access.unanswered = 0;
  access.refused = false;
  DmaRequest request = access.request;
  request.sg = access.sg.data();
  request.client = this;
  request.cookie = reinterpret_cast<std::uintptr_t>(&access);
  dma_.submit(request);
}

void PageRequester::dma_done(std::uint64_t cookie, bool ok) {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): a cookie is whatever its client wants back
  Access& access = *reinterpret_cast<Access*>(static_cast<std::uintptr_t>(cookie));
  if (ok) return finish(access, true);
  ask(access);
}

/// For every range of it: which page was missing is known to the IOMMU, not to the channel.
void PageRequester::ask(Access& access) {
  access.asked = sim::now();
  trace(sim::TraceKind::kPageRequest, access);
  access.unanswered = static_cast<std::uint32_t>(access.sg.size());
  for (const SgElement& e : access.sg) {
    RequestEntry entry;
    entry.why = static_cast<std::uint8_t>(sim::Why::kFirst);
    entry.identify = Identify::kResident;
    entry.asid = access.request.asid;
    entry.connection = access.request.connection;
    entry.length = e.length;
    entry.virtual_address = e.address;
    entry.txn = context_.next_txn();
    asked_.push_back({entry.txn, &access});
    ++stats_.page_requests;
    requests_.push(entry);
  }
}

bool PageRequester::reply(const ReplyEntry& entry) {
  const auto asked = std::find_if(asked_.begin(), asked_.end(),
                                  [&](const Asked& a) { return a.txn == entry.txn; });
  if (asked == asked_.end()) return false;
  Access& access = *asked->access;
  asked_.erase(asked);
  if (entry.kind != ReplyKind::kResident) {
    ++stats_.refused;
    access.refused = true;
  }
  if (--access.unanswered != 0) return true;
  trace(sim::TraceKind::kPageResponse, access);
  stats_.wait_ps.record((sim::now() - access.asked).ps);
  if (++access.tries == kMostTries) access.refused = true;
  if (!access.refused) {
    ++stats_.repeated;
    start(access);
    return true;
  }
  refused_(access.request.connection);
  finish(access, false);
  return true;
}

void PageRequester::trace(sim::TraceKind kind, const Access& access) {
  sim::TraceEvent event;
  event.kind = kind;
  event.node = node_;
  event.asid = access.request.asid;
  event.connection = access.request.connection;
  event.txn = access.request.txn;
  context_.trace.emit(event);
}

void PageRequester::finish(Access& access, bool ok) {
  DmaClient* const client = access.request.client;
  const std::uint64_t cookie = access.request.cookie;
  accesses_.put(access);
  if (client != nullptr) client->dma_done(cookie, ok);
}

}  // namespace vctoe::nic
