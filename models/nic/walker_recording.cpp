#include "models/nic/walker_recording.h"

#include <fmt/format.h>

#include <cctype>
#include <sstream>
#include <stdexcept>

namespace vctoe::nic {
namespace {

constexpr const char* kMagic = "vctoe-walker";
constexpr const char* kPorts[] = {"walk", "fill", "inv", "cancel", "fetch", "rsp", "out"};

/// A beat of the port, all zero.
WalkerBeat empty_beat(std::size_t port) {
  switch (port) {
    case 0:
      return WalkBeat{};
    case 1:
      return FillBeat{};
    case 2:
      return InvalidateBeat{};
    case 3:
      return CancelBeat{};
    case 4:
      return FetchBeat{};
    case 5:
      return CompletionBeat{};
    default:
      return OutBeat{};
  }
}

/// f(name, value) for each field of whatever beat it is.
template <class Beat, class F>
void each_field(Beat& beat, F&& f) {
  std::visit([&](auto& b) { std::decay_t<decltype(b)>::fields(b, f); }, beat);
}

}  // namespace

const char* port_name(std::size_t port) {
  return kPorts[port];
}

std::string text_of(const WalkerBeat& beat) {
  std::string text;
  each_field(beat, [&](const char* name, const auto& value) {
    fmt::format_to(std::back_inserter(text), "{}{}={:x}", text.empty() ? "" : " ", name, value);
  });
  return text;
}

WalkerRecorder::WalkerRecorder(const std::string& path, const WalkerConfig& config)
    : path_(path), file_(path) {
  if (!file_) throw std::runtime_error("cannot write " + path);
  file_ << kMagic << " 1";
  WalkerConfig::fields(config,
                       [&](const char* name, auto value) { file_ << ' ' << name << '=' << value; });
  file_ << '\n';
  for (std::size_t port = 0; port < std::variant_size_v<WalkerBeat>; ++port) {
    file_ << "# cycle " << port_name(port);
    const WalkerBeat beat = empty_beat(port);
    each_field(beat, [&](const char* name, const auto&) { file_ << ' ' << name; });
    file_ << '\n';
  }
}

void WalkerRecorder::write(std::uint64_t cycle, const WalkerBeat& beat) {
  line_.clear();
  auto to = std::back_inserter(line_);
  fmt::format_to(to, "{} {}", cycle, port_name(beat.index()));
  each_field(beat, [&](const char*, const auto& value) { fmt::format_to(to, " {:x}", value); });
  line_ += '\n';
  file_ << line_;
}

void WalkerRecorder::close() {
  file_.close();
  if (!file_) throw std::runtime_error("could not write all of " + path_);
}

WalkerRecording::WalkerRecording(const std::string& path) : path_(path), file_(path) {
  if (!file_) throw std::runtime_error("cannot read " + path);
  std::string text;
  std::getline(file_, text);
  line_ = 1;
  read_header(text);
}

void WalkerRecording::fail(const std::string& why) const {
  throw std::runtime_error(fmt::format("{}:{}: {}", path_, line_, why));
}

void WalkerRecording::read_header(const std::string& text) {
  std::istringstream words(text);
  std::string magic, word;
  int version = 0;
  if (!(words >> magic >> version) || magic != kMagic || version != 1) {
    fail("this is no recording of a walker, version 1");
  }
  WalkerConfig::fields(config_, [&](const char* name, auto& value) {
    const std::string begin = std::string(name) + "=";
    if (!(words >> word) || word.compare(0, begin.size(), begin) != 0) fail("no value " + begin);
    std::istringstream number(word.substr(begin.size()));
    if (!(number >> value) || !number.eof()) fail("no number in " + word);
  });
  if (words >> word) fail("unknown value " + word);
}

bool WalkerRecording::next(WalkerEvent& event) {
  std::string text;
  do {
    if (!std::getline(file_, text)) return false;
    ++line_;
  } while (text.empty() || text[0] == '#');
  std::istringstream words(text);
  std::string name;
  if (!(words >> event.cycle >> name)) fail("no cycle and port");
  if (event.cycle < cycle_) fail("earlier than the line before");
  cycle_ = event.cycle;
  std::size_t port = 0;
  while (port < std::size(kPorts) && name != kPorts[port]) ++port;
  if (port == std::size(kPorts)) fail("unknown port " + name);
  event.beat = empty_beat(port);
  words >> std::hex;
  each_field(event.beat, [&](const char* field, auto& value) {
    if (!(words >> value)) fail(std::string("no hexadecimal number for ") + field);
  });
  if (words >> name) fail("more fields than the port has");
  return true;
}

}  // namespace vctoe::nic
