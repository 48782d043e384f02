#include "sw/scenario/waves_vcd.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "models/sim/kernel.h"

namespace vctoe::waves {

namespace {

constexpr std::size_t kFlushAt = 1 << 16;
constexpr std::size_t kLastWords = 160;  ///< bytes kept for the comment that ends a dump

/// Identifiers are the numbers in base 94 with the printable characters as digits.
std::string code_of(std::size_t n) {
  std::string code;
  for (;; n = n / 94 - 1) {
    code += static_cast<char>('!' + n % 94);
    if (n < 94) return code;
  }
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c > ' ' && c <= '~' && c != '\\') {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

void append_binary(std::string& out, std::uint64_t value) {
  char digits[64];
  char* at = std::end(digits);
  do {
    *--at = static_cast<char>('0' + (value & 1));
    value >>= 1;
  } while (value != 0);
  out.append(at, std::end(digits));
}

}  // namespace

VcdWriter::VcdWriter(const std::string& path, const SignalList& signals, const Options& options)
    : signals_(signals),
      window_(options),
      limit_(options.limit),
      file_(path),
      states_(signals.all().size()) {
  for (std::size_t i = 0; i < states_.size(); ++i) states_[i].code = code_of(i);
  write_header();
}

void VcdWriter::set_text(SignalId id, sim::Time at, std::string_view text) {
  if (id == kNoSignal || states_[id].text == text) return;
  states_[id].text = text;
  put(id, at, keep(text));
}

/// Texts of changes that are still held; each has its place until it is written.
std::uint64_t VcdWriter::keep(std::string_view text) {
  if (free_texts_.empty()) {
    texts_.emplace_back(text);
    return texts_.size() - 1;
  }
  const std::uint64_t place = free_texts_.back();
  free_texts_.pop_back();
  texts_[place] = text;
  return place;
}

void VcdWriter::put(SignalId id, sim::Time at, std::uint64_t value) {
  if (stopped_) return;
  State& state = states_[id];
  at = sim::max(at, state.last);
  const bool again = at == state.last;
  state.last = at;
  std::size_t i = changes_.size();
  while (i > head_ && changes_[i - 1].at > at) --i;
  for (std::size_t k = i; again && k > head_ && changes_[k - 1].at == at; --k) {
    if (changes_[k - 1].id != id) continue;
    if (is_text(id)) free_texts_.push_back(changes_[k - 1].value);
    changes_[k - 1].value = value;
    return;
  }
  changes_.insert(changes_.begin() + static_cast<std::ptrdiff_t>(i), {at, id, value});
  if (changes_.size() < drain_at_) return;
  const sim::Time now = sim::now();
  drain(now - sim::min(now, kLateness));
  drain_at_ = std::max<std::size_t>(1 << 14, 2 * changes_.size());
}

/// Writes, or takes for granted, all changes before this time.
void VcdWriter::drain(sim::Time before) {
  if (!window_.open()) before = sim::min(before, window_.surely_before(before));
  while (head_ < changes_.size() && changes_[head_].at < before && !stopped_) {
    apply(changes_[head_++]);
  }
  if (stopped_) head_ = changes_.size();
  changes_.erase(changes_.begin(), changes_.begin() + static_cast<std::ptrdiff_t>(head_));
  head_ = 0;
}

void VcdWriter::apply(const Change& change) {
  State& state = states_[change.id];
  const bool visible = window_.open() && change.at >= window_.start();
  if (visible && !dumping_) begin_dump();
  if (visible && change.at > window_.end()) {
    if (end_time() && window_.end() > written_until_) begin_time(window_.end());
    return stop("");
  }
  if (visible && change.at != written_until_ && !end_time()) return;
  bool changed = true;
  if (is_text(change.id)) {
    changed = state.written_text != texts_[change.value];
    state.written_text = texts_[change.value];
    free_texts_.push_back(change.value);
  } else {
    changed = state.written != change.value;
    state.written = change.value;
  }
  if (!visible || !changed) return;
  if (change.at != written_until_) begin_time(change.at);
  write_value(change.id);
}

void VcdWriter::begin_time(sim::Time at) {
  group_ = out_.size();
  written_until_ = at;
  fmt::format_to(std::back_inserter(out_), FMT_COMPILE("#{}\n"), at.ps);
}

/// Everything of a time is in the file or nothing: false if that would be above the limit.
bool VcdWriter::end_time() {
  if (flushed_ + out_.size() + kLastWords > limit_) {
    out_.resize(group_);
    stop(fmt::format("its size limit of {} B", limit_));
    return false;
  }
  if (out_.size() >= kFlushAt) flush();
  group_ = out_.size();
  return true;
}

void VcdWriter::begin_dump() {
  dumping_ = true;
  begin_time(window_.start());
  out_ += "$dumpvars\n";
  for (SignalId id = 0; id < states_.size(); ++id) write_value(id);
  out_ += "$end\n";
}

void VcdWriter::stop(const std::string& why) {
  stopped_ = true;
  if (why.empty()) return;
  note_ = fmt::format("the wave dump ends before {} us: {}", written_until_.us(), why);
  out_ += "$comment " + note_ + " $end\n";
}

void VcdWriter::write_value(SignalId id) {
  const State& state = states_[id];
  const Signal& signal = signals_.all()[id];
  if (signal.radix == Radix::kText) {
    out_ += 's';
    out_ += escaped(state.written_text);
    out_ += ' ';
  } else if (signal.radix == Radix::kBit) {
    out_ += static_cast<char>('0' + (state.written & 1));
  } else {
    out_ += 'b';
    append_binary(out_, state.written);
    out_ += ' ';
  }
  out_ += state.code;
  out_ += '\n';
}

void VcdWriter::write_header() {
  out_ =
      "$date simulated time 0 $end\n$version vctoe $end\n$timescale 1 ps $end\n"
      "$scope module vctoe $end\n";
  write_scopes();
  out_ += "$upscope $end\n$enddefinitions $end\n";
  group_ = out_.size();
}

/// Signals stand in the order of their registration; scopes are opened and closed between them.
void VcdWriter::write_scopes() {
  std::vector<std::string> open;
  for (SignalId id = 0; id < states_.size(); ++id) {
    const Signal& signal = signals_.all()[id];
    std::vector<std::string> words;
    for (std::size_t at = 0; at != std::string::npos;) {
      const std::size_t dot = signal.path.find('.', at);
      words.push_back(signal.path.substr(at, dot - at));
      at = dot == std::string::npos ? dot : dot + 1;
    }
    std::size_t same = 0;
    while (same < open.size() && same + 1 < words.size() && open[same] == words[same]) ++same;
    for (; open.size() > same; open.pop_back()) out_ += "$upscope $end\n";
    for (; open.size() + 1 < words.size(); open.push_back(words[open.size()])) {
      out_ += "$scope module " + words[open.size()] + " $end\n";
    }
    const bool text = signal.radix == Radix::kText;
    const std::string range =
        signal.width > 1 && !text ? fmt::format(" [{}:0]", signal.width - 1) : "";
    out_ += fmt::format("$var {} {} {} {}{} $end\n", text ? "string" : "wire", signal.width,
                        states_[id].code, words.back(), range);
  }
  for (; !open.empty(); open.pop_back()) out_ += "$upscope $end\n";
}

void VcdWriter::flush() {
  file_.write(out_);
  flushed_ += out_.size();
  out_.clear();
}

void VcdWriter::close(sim::Time end) {
  drain(end + sim::Time{1});
  if (!window_.open()) {
    note_ = "the wave dump is empty: what was to start it never happened";
    out_ += "$comment " + note_ + " $end\n";
  } else if (!stopped_ && window_.start() <= end) {
    if (!dumping_) begin_dump();
    const sim::Time last = sim::min(end, window_.end());
    if (end_time() && last > written_until_) begin_time(last);
  }
  flush();
  file_.commit();
  stopped_ = true;
}

}  // namespace vctoe::waves
