#include "tb/cosim/coverage.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tb/cosim/scenario.h"

namespace vctoe::cosim {
namespace {

constexpr Unreachable kUnreachableBins[] = {
    {"fault null_head: at a later record",
     "A link of 0 behind a record is the end of the list (range), by definition; proven in "
     "tb/formal/engine.svh."},
    {"fault null_head: after blocks",
     "As above: no record, hence no block, comes before the head."},
    {"fault range: at the first record",
     "range names the last record seen; the list's end is behind it, so one was taken. Counted as "
     "the first only before any record is taken; proven in tb/formal/engine.svh."},
    {"fault too_long: at the first record",
     "The first record is number 0, a limit is at least 1, a loop needs a record before, and one "
     "record has less than 2^31 bytes."},
};

std::vector<std::string> patterns(bool takes) {
  std::vector<std::string> names;
  for (unsigned p = 0; p < static_cast<unsigned>(Pattern::kCount); ++p) {
    // Lazy is a way of taking.
    if (takes || static_cast<Pattern>(p) != Pattern::kLazy) {
      names.emplace_back(pattern_name(static_cast<Pattern>(p)));
    }
  }
  return names;
}

}  // namespace

Coverage::Coverage(Set set) : set_(set) {
  declare();
}

void Coverage::add(const std::string& group, const std::vector<std::string>& names) {
  for (const auto& name : names) {
    const std::string bin = group + ": " + name;
    const auto none = unreachable();
    if (std::any_of(none.begin(), none.end(), [&](const auto& u) { return bin == u.bin; })) {
      continue;
    }
    order_.push_back(bin);
    bins_[bin] = 0;
  }
}

void Coverage::declare() {
  for (const std::uint32_t code : {1, 2, 3, 4, 5, 6, 7, 8, 10}) {
    add(std::string("fault ") + fault_name(code),
        {"at the first record", "at a later record", "after blocks"});
  }
  add("fault sequence_gap", {"fetched", "read ahead"});
  for (const std::uint32_t code : {kZeroSize, kVersion}) {
    add(std::string("fault ") + fault_name(code), {"fetched", "read ahead", "cached"});
  }
  add("fault bad_completion", {"fetched", "read ahead"});
  for (const char* depth : {"0", "1", "2-4", "5-16", "17-64"}) {
    add(std::string("prefetch ") + depth,
        {"list of 1", "list of 2", "list of 3-8", "list of 9-32", "list of 33 or more"});
  }
  add("counter",
      {"record hits", "record misses", "evictions", "translation hits", "translation evictions"});
  add("translation",
      {"miss", "shared", "evicted", "released after an invalidation", "released after a cancel"});
  add("invalidate", {"absent", "asked for", "held", "under a fetch", "twice"});
  add("host", {"filled", "failed", "filled for nobody"});
  add("completion", {"in order", "overtakes", "error", "error of a prefetch",
                     "of a cancelled fetch", "of an invalidated fetch"});
  if (set_ != Set::kSmall) add("completion", {"overtakes many"});
  add("wrap",
      {"none", "before the walk", "at its begin", "inside a block", "between blocks", "behind it"});
  add("cancel", {"idle", "queued", "started", "waits for a page", "fetch offered", "fetch out",
                 "output offered", "between blocks", "read ahead"});
  for (const char* port : {"walk", "fill", "inv", "cancel", "rsp"}) {
    add(std::string(port) + " valid", patterns(false));
  }
  for (const char* port : {"fetch", "out"}) add(std::string(port) + " ready", patterns(true));
  add("stalled", {"walk", "inv", "cancel", "fetch", "fetch ahead", "block", "node", "release",
                  "fault", "done"});
  add("memory", {"in_order", "random", "newest_first"});
  for (std::uint32_t n = 0; n <= limits(set_).engines; ++n) add("in progress", {std::to_string(n)});
  add("in progress", {"more than engines"});
  add("all in use", {"queue", "tags", "pages"});
  add("mode", {"ordered", "tagged", "split at pages", "whole", "clock gated", "clock free",
               "fewer engines or walks"});
  add("reset", {"idle", "queued", "started", "waits for a page", "fetch offered", "fetch out",
                "output offered", "between blocks", "read ahead"});
  add("record", {"version 0", "version 0 with flags", "version 1", "adjacent", "fixed size",
                 "fixed size and adjacent", "high address", "offset carries"});
  add("block", {"one byte", "of the granularity", "ends at a page", "ends with the record", "last",
                "of a retransmission"});
  add("walk", {"in sequence", "goes back", "skips", "behind a fault", "again after a rewrite"});
}

std::vector<Unreachable> Coverage::unreachable() const {
  std::vector<Unreachable> all;
  for (const Unreachable& u : kUnreachableBins) {
    if (!u.small_only || set_ == Set::kSmall) all.push_back(u);
  }
  return all;
}

void Coverage::hit(const std::string& bin) {
  const auto found = bins_.find(bin);
  if (found == bins_.end()) throw std::logic_error("coverage: no bin " + bin);
  ++found->second;
}

std::vector<std::string> Coverage::holes() const {
  std::vector<std::string> names;
  for (const auto& bin : order_) {
    if (bins_.at(bin) == 0) names.push_back(bin);
  }
  return names;
}

void Coverage::merge(const std::string& path) {
  nlohmann::json all = nlohmann::json::object();
  if (std::ifstream file(path); file) {
    all = nlohmann::json::parse(file, nullptr, false);
    if (!all.is_object()) throw std::runtime_error(path + ": no coverage of this bench");
  }
  const char* const mine = limits(set_).name;
  for (auto& [bin, count] : bins_) {
    if (all.contains(mine)) count += all[mine].value(bin, std::uint64_t{0});
    all[mine][bin] = count;
  }
  std::ofstream to(path);
  to << all.dump(1) << '\n';
  to.close();
  if (!to) throw std::runtime_error("cannot write " + path);
}

}  // namespace vctoe::cosim
