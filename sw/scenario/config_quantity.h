// Quantities as people write them: "10 us", "4 KiB", "10.3125 Gb/s". Decimal text is converted to
// whole picoseconds and bytes without a detour through floating point, and back without loss.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "models/sim/units.h"

namespace vctoe::config {

enum class QuantityKind { kTime, kSize, kRate };

/// "time", "size", "rate" and an example of each for messages.
std::string_view kind_name(QuantityKind kind);
std::string_view kind_example(QuantityKind kind);

/// A message without the name of the parameter, and a hint (may be empty).
struct QuantityError {
  std::string message;
  std::string hint;
};

/// A quantity of the kind of T, or what is wrong with the text.
template <class T>
struct QuantityResult {
  std::optional<T> value;
  QuantityError error;
};

/// ps, ns, us (also written µs), ms, s. Anything finer than a picosecond is an error.
QuantityResult<sim::Time> parse_time(std::string_view text);
/// B, kB, MB, GB, TB (powers of 1000), KiB, MiB, GiB, TiB. A fraction of a byte is an error.
QuantityResult<sim::Bytes> parse_size(std::string_view text);
/// b/s, kb/s, Mb/s, Gb/s, Tb/s; correctly rounded to the nearest double.
QuantityResult<sim::BitRate> parse_rate(std::string_view text);

/// Text that the parse functions turn back into exactly the same value.
std::string to_text(sim::Time time);
std::string to_text(sim::Bytes size);
std::string to_text(sim::BitRate rate);
/// Shortest text that reads back as the same double and is a TOML float ("1.0", not "1").
std::string to_text(double value);

}  // namespace vctoe::config
