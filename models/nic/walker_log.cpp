#include "models/nic/walker_log.h"

#include <deque>
#include <tuple>

#include "models/sim/error.h"

namespace vctoe::nic {

WalkerLog::~WalkerLog() {
  if (file_ != nullptr) std::fclose(file_);
}

template <class Beat>
void WalkerLog::see(std::uint64_t cycle, const WalkerPins::Stream<Beat>& stream, bool& shown) {
  if (stream.valid && !shown) {
    if (file_ == nullptr) file_ = std::tmpfile();
    if (file_ == nullptr) sim::user_error("no temporary file can be made for the walker's inputs");
    const Entry entry{cycle, stream.beat};
    static_assert(std::is_trivially_copyable_v<Entry>);
    std::fwrite(&entry, sizeof entry, 1, file_);
  }
  shown = stream.valid && !stream.ready;
}

void WalkerLog::cycle(std::uint64_t cycle, const WalkerPins& pins) {
  last_ = cycle;
  see(cycle, pins.walk, walk_);
  see(cycle, pins.fill, fill_);
  see(cycle, pins.invalidate, invalidate_);
  see(cycle, pins.cancel, cancel_);
  see(cycle, pins.completion, completion_);
}

bool WalkerLog::next(Entry& entry) {
  return file_ != nullptr && std::fread(&entry, sizeof entry, 1, file_) == 1;
}

void WalkerLog::replay(const WalkerSet& set, const WalkerConfig& config, sim::Time clock,
                       std::uint64_t cycles, const std::string& vcd) {
  if (file_ != nullptr) std::rewind(file_);
  const auto core = make_walker_core(set);
  core->reset(config);
  WalkerPins pins;
  pins.fetch.ready = pins.out.ready = true;
  Entry entry{};
  bool more = next(entry);
  bool dumping = false;
  const auto show = [&pins](const auto& beat) {
    const auto streams =
        std::tie(pins.walk, pins.fill, pins.invalidate, pins.cancel, pins.completion);
    const auto one = [&beat](auto& stream) {
      if constexpr (std::is_same_v<std::decay_t<decltype(stream.beat)>,
                                   std::decay_t<decltype(beat)>>) {
        stream.beat = beat;
        stream.valid = true;
      }
    };
    std::apply([&one](auto&... each) { (one(each), ...); }, streams);
  };
  for (std::uint64_t cycle = more ? entry.cycle : last_ + 1; cycle <= last_;) {
    for (; more && entry.cycle == cycle; more = next(entry)) std::visit(show, entry.beat);
    if (!dumping && cycle + cycles > last_) {
      core->dump(vcd);
      dumping = true;
    }
    pins.from = clock * (cycle - 1);
    pins.to = clock * cycle;
    core->settle(pins);
    core->edge(pins.to);
    const bool active = !pins.quiet || pins.any_input() || pins.fetch.valid || pins.out.valid;
    const auto passed = [](auto& stream) { stream.valid = stream.valid && !stream.ready; };
    passed(pins.walk), passed(pins.fill), passed(pins.invalidate);
    passed(pins.cancel), passed(pins.completion);
    cycle = active ? cycle + 1 : more ? entry.cycle : last_ + 1;
  }
  core->dump("");
}

void WalkerRecordingTap::cycle(std::uint64_t cycle, const WalkerPins& pins) {
  put(cycle, pins.walk);
  put(cycle, pins.fill);
  put(cycle, pins.invalidate);
  put(cycle, pins.cancel);
  put(cycle, pins.completion);
  put(cycle, pins.fetch);
  put(cycle, pins.out);
}

}  // namespace vctoe::nic
