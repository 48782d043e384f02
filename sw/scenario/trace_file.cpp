#include "sw/scenario/trace_file.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fstream>
#include <map>
#include <string_view>

#include "models/sim/error.h"
#include "sw/scenario/outputs_trace.h"

namespace vctoe::outputs {

namespace {

using Kinds = std::map<std::string_view, sim::TraceKind>;

Kinds kinds() {
  Kinds all;
  for (std::size_t i = 0; i < static_cast<std::size_t>(sim::TraceKind::kCount); ++i) {
    const auto kind = static_cast<sim::TraceKind>(i);
    all[sim::enum_name(kind)] = kind;
  }
  return all;
}

/// Takes the words of a line one behind the other.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) {}
  std::string_view next() {
    const std::size_t blank = rest_.find(' ');
    const std::string_view word = rest_.substr(0, blank);
    rest_.remove_prefix(blank == std::string_view::npos ? rest_.size() : blank + 1);
    return word;
  }
  template <class T>
  void number(T& value) {
    std::string_view word = next();
    const bool hex = word.substr(0, 2) == "0x";
    if (hex) word.remove_prefix(2);
    const auto end = word.data() + word.size();
    const auto result = std::from_chars(word.data(), end, value, hex ? 16 : 10);
    good_ = good_ && !word.empty() && result.ec == std::errc{} && result.ptr == end;
  }
  bool good() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

bool parse(std::string_view line, const Kinds& kinds, sim::TraceEvent& e) {
  Words words(line);
  words.number(e.at.ps);
  const auto kind = kinds.find(words.next());
  if (kind == kinds.end()) return false;
  e.kind = kind->second;
  words.number(e.node);
  words.number(e.asid);
  words.number(e.connection);
  words.number(e.txn);
  words.number(e.address);
  words.number(e.length);
  words.number(e.seq);
  words.number(e.detail);
  return words.good();
}

}  // namespace

TraceFile::TraceFile(const std::string& path) {
  std::ifstream in(path);
  if (!in) sim::user_error("cannot read " + path + ": " + std::strerror(errno));
  std::string line;
  if (!std::getline(in, line) || line != TraceWriter::kHeading) {
    sim::user_error(path + " is no event trace of this version of vctoe");
  }
  const Kinds known = kinds();
  for (std::size_t number = 2; std::getline(in, line); ++number) {
    sim::TraceEvent e;
    if (!parse(line, known, e)) {
      sim::user_error(path + ":" + std::to_string(number) + ": this line is no event: " + line);
    }
    events_.push_back(e);
  }
}

const sim::TraceEvent* TraceFile::first(const Test& test) const {
  const auto found = std::find_if(events_.begin(), events_.end(), test);
  return found == events_.end() ? nullptr : &*found;
}

const sim::TraceEvent* TraceFile::last(const Test& test) const {
  const auto found = std::find_if(events_.rbegin(), events_.rend(), test);
  return found == events_.rend() ? nullptr : &*found;
}

std::vector<const sim::TraceEvent*> TraceFile::all(const Test& test) const {
  std::vector<const Event*> found;
  for (const Event& e : events_) {
    if (test(e)) found.push_back(&e);
  }
  return found;
}

}  // namespace vctoe::outputs
