// Pages of context records: asks the host for those that the walker cannot translate, and tells it
// when their pins may go.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "models/nic/out_ring.h"
#include "models/nic/walker.h"

namespace vctoe::nic {

class NodePages {
 public:
  NodePages(sim::Context& context, OutRing<RequestEntry>& requests,
            OutRing<CompletionEntry>& completions)
      : context_(context), requests_(requests), completions_(completions) {}
  /// Before the first request.
  void set_walker(Walker& walker) { walker_ = &walker; }

  void ask(const NodeRequest& request);
  /// The walker's translation is gone: the host may unpin the page.
  void release(std::uint16_t asid, std::uint64_t page);
  /// Hands the answer to the walker; false if it answers no request of these.
  bool reply(const ReplyEntry& entry, const std::vector<SgElement>& sg);
  /// True while the host owes an answer.
  bool busy() const { return !asked_.empty(); }

 private:
  using Page = std::pair<std::uint16_t, std::uint64_t>;  ///< address space, virtual page

  sim::Context& context_;
  OutRing<RequestEntry>& requests_;
  OutRing<CompletionEntry>& completions_;
  Walker* walker_ = nullptr;
  std::map<sim::TxnId, Page> asked_;
  std::map<Page, sim::TxnId> held_;  ///< pinned for the walker's translation cache
};

}  // namespace vctoe::nic
