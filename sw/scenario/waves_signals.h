// The list of signals of a wave dump: dump, save file and filter files are all written from it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/sim/params.h"

namespace vctoe::waves {

/// How a signal is written and shown.
enum class Radix : std::uint8_t {
  kBit,
  kUnsigned,  ///< a decimal number
  kHex,
  kEnum,    ///< a number that is shown by its name
  kAnalog,  ///< a decimal number that is drawn as a curve of steps
  kText
};

struct Signal {
  std::string path;  ///< dotted, its last word is the signal's own name: "sender.nic.dma.state"
  Radix radix = Radix::kUnsigned;
  unsigned width = 1;                     ///< bits; texts have none
  std::string enumeration{};              ///< kEnum: name of its filter file
  std::vector<std::string_view> names{};  ///< kEnum: by value
};

using SignalId = std::uint32_t;
/// Of a signal that is out of scope: nothing is recorded of it.
constexpr SignalId kNoSignal = ~SignalId{0};

class SignalList {
 public:
  /// `scopes`: what is wanted, each a path, the beginning of one that ends at a dot, or a pattern
  /// with `*` and `?`; none: everything.
  explicit SignalList(std::vector<std::string> scopes = {});

  /// The number of the signal, or kNoSignal.
  SignalId add(Signal signal);
  SignalId add_bit(std::string path) { return add({std::move(path), Radix::kBit}); }
  SignalId add_number(std::string path, unsigned width) {
    return add({std::move(path), Radix::kUnsigned, width});
  }
  SignalId add_hex(std::string path, unsigned width) {
    return add({std::move(path), Radix::kHex, width});
  }
  SignalId add_curve(std::string path, unsigned width) {
    return add({std::move(path), Radix::kAnalog, width});
  }
  SignalId add_text(std::string path) { return add({std::move(path), Radix::kText}); }
  /// Names by value; two signals with one `enumeration` have the same names.
  SignalId add_names(std::string path, std::string enumeration,
                     std::vector<std::string_view> names);
  template <class Enum>
  SignalId add_enum(std::string path, std::string enumeration) {
    const auto& names = sim::EnumNames<Enum>::kNames;
    return add_names(std::move(path), std::move(enumeration), {std::begin(names), std::end(names)});
  }

  const std::vector<Signal>& all() const { return signals_; }
  /// Scopes in which no signal was added: a user error.
  void check_scopes() const;

 private:
  std::vector<std::string> scopes_;
  std::vector<bool> matched_;  ///< by scope
  std::vector<Signal> signals_;
};

}  // namespace vctoe::waves
