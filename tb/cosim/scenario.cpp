#include "tb/cosim/scenario.h"

#include <fmt/format.h>

#include <algorithm>

namespace vctoe::cosim {
namespace {

void add_op(std::string& text, const Scenario& s, const Op& op) {
  static constexpr const char* kNames[] = {"walk",    "cancel", "invalidate",
                                           "install", "drain",  "reset"};
  const auto to = std::back_inserter(text);
  fmt::format_to(to, "  {}", kNames[static_cast<std::size_t>(op.kind)]);
  if (op.kind == OpKind::kWalk) {
    fmt::format_to(to, " txn={:x} list={} sequence={:x} length={}{}", op.txn, op.list, op.sequence,
                   op.length, op.retransmit != 0 ? " retransmit" : "");
  } else if (op.kind == OpKind::kCancel) {
    fmt::format_to(to, " connection={}", s.lists[op.list].connection);
  } else if (op.kind == OpKind::kInvalidate) {
    const ListSpec& list = s.lists[op.list];
    fmt::format_to(to, " list={} page={:x}", op.list, list.records[op.record].address / 4096);
  } else if (op.kind == OpKind::kInstall) {
    fmt::format_to(to, " list={}", op.list);
  }
  if (op.rewrite) text += " and rewrite its lists";
  if (op.gap != 0) fmt::format_to(to, ", {} cycles later", op.gap);
  if (op.when != When::kNow) fmt::format_to(to, ", when {}", when_name(op.when));
  text += '\n';
}

void add_list(std::string& text, std::size_t index, const ListSpec& list) {
  const auto to = std::back_inserter(text);
  fmt::format_to(to,
                 "  list {}: connection={} asid={:x} head={:x} first_sequence={:x} block_size={:x} "
                 "end_sequence={:x}\n",
                 index, list.connection, list.asid, list.head, list.first_sequence, list.block_size,
                 list.end_sequence);
  for (const ListRecord& r : list.records) {
    fmt::format_to(to,
                   "    {:x}: address={:x} offset={:x} size={:x} sequence={:x} flags={} version={} "
                   "next={:x}{}\n",
                   r.address, r.raw.virtual_address, r.raw.offset, r.raw.data_size,
                   r.raw.starting_sequence, r.raw.flags, r.raw.version, r.raw.next,
                   r.broken ? " (reads fail)" : "");
  }
}

}  // namespace

const char* when_name(When when) {
  static constexpr const char* kNames[] = {"now",       "queued",     "fetch_stalled",
                                           "fetch_out", "page_asked", "out_stalled",
                                           "block",     "read_ahead"};
  return kNames[static_cast<std::size_t>(when)];
}

const char* pattern_name(Pattern p) {
  static constexpr const char* kNames[] = {"always", "random", "bursts", "lazy", "rare"};
  return kNames[static_cast<std::size_t>(p)];
}

const char* order_name(Order order) {
  static constexpr const char* kNames[] = {"in_order", "random", "newest_first"};
  return kNames[static_cast<std::size_t>(order)];
}

std::size_t requests(const Scenario& scenario) {
  return static_cast<std::size_t>(
      std::count_if(scenario.ops.begin(), scenario.ops.end(), [](const Op& op) {
        return op.kind == OpKind::kWalk || op.kind == OpKind::kCancel ||
               op.kind == OpKind::kInvalidate;
      }));
}

std::string text_of(const Scenario& s) {
  std::string text = fmt::format("  set={} ", limits(s.set).name);
  WalkerConfig::fields(s.config, [&](const char* name, const auto& value) {
    text += fmt::format(" {}={}", name, value);
  });
  const Traffic& t = s.traffic;
  text += fmt::format(
      "\n  valid: walk={} fill={} inv={} cancel={} rsp={}; ready: fetch={} out={}\n"
      "  memory {}-{} cycles {}, host {}-{} cycles, errors {}/1000, failed pages {}/1000{}\n",
      pattern_name(t.walk), pattern_name(t.fill), pattern_name(t.invalidate),
      pattern_name(t.cancel), pattern_name(t.completion), pattern_name(t.fetch),
      pattern_name(t.out), t.memory_min, t.memory_max, order_name(t.order), t.host_min, t.host_max,
      t.error_permille, t.fail_permille, t.gate_clock ? ", clock gated" : "");
  for (std::size_t i = 0; i < s.lists.size(); ++i) {
    const bool used = std::any_of(s.ops.begin(), s.ops.end(), [&](const Op& op) {
      return op.kind != OpKind::kDrain && op.kind != OpKind::kReset && op.list == i;
    });
    if (used) add_list(text, i, s.lists[i]);
  }
  for (const auto& [asid, page] : s.bad_pages) {
    text += fmt::format("  the host cannot identify asid={:x} page={:x}\n", asid, page);
  }
  for (const Op& op : s.ops) add_op(text, s, op);
  return text;
}

}  // namespace vctoe::cosim
