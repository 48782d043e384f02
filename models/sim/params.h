// How a block declares its parameters: once, beside the block, each with its unit (by its type),
// its default (the member's initial value), its legal range, a sentence and a source. The program's
// configuration, its error messages and the parameter tables of the docs are all made from this.
//
//   struct LinkParams {
//     std::uint64_t lanes = 8;
//     sim::Time propagation = sim::Time::from_ns(5);
//     void declare(sim::ParamList& list) {
//       list.add("lanes", lanes, {1, 16}, "number of lanes", "PCIe base specification 5.0");
//       list.add("propagation", propagation, {...}, "...", "...");
//     }
//   };
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "models/sim/units.h"

namespace vctoe::sim {

/// Specialise for each enum used as a parameter: names in the order of the values 0, 1, 2, ...
///   template <> struct EnumNames<Mode> { static constexpr std::string_view kNames[] = {"a", "b"};
///   };
template <class E>
struct EnumNames;

template <class E>
std::string_view enum_name(E e) {
  return EnumNames<E>::kNames[static_cast<std::size_t>(e)];
}

/// An enum parameter with its type erased: an index into the list of names.
struct EnumRef {
  std::vector<std::string_view> names;
  std::function<std::size_t()> get;
  std::function<void(std::size_t)> set;
};

using ParamRef =
    std::variant<Time*, Bytes*, BitRate*, double*, std::uint64_t*, bool*, std::string*, EnumRef>;

/// Legal values of a number, in its base unit (ps, bytes, bit/s, 1); both ends are legal.
struct Range {
  double min = 0;
  double max = 1.8e19;
};
constexpr Range time_range(Time min, Time max) {
  return {static_cast<double>(min.ps), static_cast<double>(max.ps)};
}
constexpr Range bytes_range(Bytes min, Bytes max) {
  return {static_cast<double>(min.n), static_cast<double>(max.n)};
}

struct ParamField {
  std::string path;  ///< dotted, from the root: "pcie.lanes"
  ParamRef ref;
  Range range;
  std::string sentence;  ///< what it means
  std::string
      source;  ///< where the default comes from: specification paragraph, RFC, calibration id
};

/// Collects the fields of a tree of parameter structs; pointers stay valid as long as the tree.
class ParamList {
 public:
  template <class T>
  void add(std::string_view name, T& field, Range range, std::string_view sentence,
           std::string_view source) {
    fields_.push_back({prefix_ + std::string(name), make_ref(field), range, std::string(sentence),
                       std::string(source)});
  }
  /// For flags, text and enums, which have no range.
  template <class T>
  void add(std::string_view name, T& field, std::string_view sentence, std::string_view source) {
    add(name, field, Range{}, sentence, source);
  }
  /// A nested struct: its fields get "name." in front.
  template <class Params>
  void group(std::string_view name, Params& params) {
    const std::string outer = prefix_;
    prefix_ += std::string(name) + ".";
    params.declare(*this);
    prefix_ = outer;
  }

  const std::vector<ParamField>& fields() const { return fields_; }

 private:
  template <class T>
  static ParamRef make_ref(T& field) {
    if constexpr (std::is_enum_v<T>) {
      return EnumRef{{std::begin(EnumNames<T>::kNames), std::end(EnumNames<T>::kNames)},
                     [&field] { return static_cast<std::size_t>(field); },
                     [&field](std::size_t i) { field = static_cast<T>(i); }};
    } else {
      return &field;
    }
  }

  std::string prefix_;
  std::vector<ParamField> fields_;
};

}  // namespace vctoe::sim
