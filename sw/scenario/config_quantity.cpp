#include "sw/scenario/config_quantity.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "sw/scenario/config_names.h"

namespace vctoe::config {

namespace {

struct Unit {
  std::string_view name;
  QuantityKind kind;
  std::uint64_t factor;  ///< in ps, bytes or bit/s
};

// Largest first within a kind: printing takes the first one that is not too large.
constexpr std::array kUnits{
    Unit{"s", QuantityKind::kTime, 1'000'000'000'000},
    Unit{"ms", QuantityKind::kTime, 1'000'000'000},
    Unit{"us", QuantityKind::kTime, 1'000'000},
    Unit{"ns", QuantityKind::kTime, 1'000},
    Unit{"ps", QuantityKind::kTime, 1},
    Unit{"TiB", QuantityKind::kSize, std::uint64_t{1} << 40},
    Unit{"GiB", QuantityKind::kSize, std::uint64_t{1} << 30},
    Unit{"MiB", QuantityKind::kSize, std::uint64_t{1} << 20},
    Unit{"KiB", QuantityKind::kSize, std::uint64_t{1} << 10},
    Unit{"TB", QuantityKind::kSize, 1'000'000'000'000},
    Unit{"GB", QuantityKind::kSize, 1'000'000'000},
    Unit{"MB", QuantityKind::kSize, 1'000'000},
    Unit{"kB", QuantityKind::kSize, 1'000},
    Unit{"B", QuantityKind::kSize, 1},
    Unit{"Tb/s", QuantityKind::kRate, 1'000'000'000'000},
    Unit{"Gb/s", QuantityKind::kRate, 1'000'000'000},
    Unit{"Mb/s", QuantityKind::kRate, 1'000'000},
    Unit{"kb/s", QuantityKind::kRate, 1'000},
    Unit{"b/s", QuantityKind::kRate, 1},
};

/// A non-negative decimal number and what follows it.
struct Split {
  std::string whole, fraction;
  std::string_view unit;
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string take_digits(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() && is_digit(text[n])) ++n;
  std::string digits(text.substr(0, n));
  text.remove_prefix(n);
  return digits;
}

std::optional<Split> split(std::string_view text) {
  Split s;
  s.whole = take_digits(text);
  if (s.whole.empty()) return std::nullopt;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    s.fraction = take_digits(text);
    if (s.fraction.empty()) return std::nullopt;
  }
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  s.unit = text;
  return s;
}

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

std::string hint_for(QuantityKind kind) {
  return "write a " + std::string(kind_name(kind)) + " such as " + quoted(kind_example(kind));
}

std::vector<std::string> unit_names(QuantityKind kind) {
  std::vector<std::string> names;
  for (const Unit& u : kUnits) {
    if (u.kind == kind) names.emplace_back(u.name);
  }
  return names;
}

QuantityError unknown_unit(const Split& s, QuantityKind kind) {
  std::string hint;
  const auto near = nearest(s.unit, unit_names(kind));
  if (near.empty()) {
    hint = "units of a " + std::string(kind_name(kind)) + ":";
    for (const auto& n : unit_names(kind)) hint += " " + n;
  } else {
    const std::string number = s.fraction.empty() ? s.whole : s.whole + "." + s.fraction;
    hint = "did you mean " + quoted(number + " " + near) + "?";
  }
  return {"unknown unit " + quoted(s.unit), hint};
}

/// The unit of the text, provided it is one of `kind`; else fills in `error`.
const Unit* find_unit(std::string_view text, const Split& s, QuantityKind kind,
                      QuantityError& error) {
  if (s.unit.empty()) {
    error = {quoted(text) + " has no unit", hint_for(kind)};
    return nullptr;
  }
  const std::string_view wanted = s.unit == "\u00b5s" || s.unit == "\u03bcs" ? "us" : s.unit;
  for (const Unit& u : kUnits) {
    if (u.name != wanted) continue;
    if (u.kind == kind) return &u;
    error = {quoted(text) + " is a " + std::string(kind_name(u.kind)) + ", but this key wants a " +
                 std::string(kind_name(kind)) + " such as " + quoted(kind_example(kind)),
             ""};
    return nullptr;
  }
  error = unknown_unit(s, kind);
  return nullptr;
}

/// whole.fraction x factor when that is an integer below 2^64. `too_large` tells the two apart.
std::optional<std::uint64_t> exact(const Split& s, std::uint64_t factor, bool& too_large) {
  __extension__ using Wide = unsigned __int128;
  constexpr Wide kLimit = ~std::uint64_t{0};
  Wide whole = 0;
  for (const char c : s.whole) {
    whole = whole * 10 + static_cast<unsigned>(c - '0');
    if (whole > kLimit) return too_large = true, std::nullopt;
  }
  std::string fraction = s.fraction;
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  // 18 digits times the largest unit stay within 128 bits; nobody writes more.
  if (fraction.size() > 18) return std::nullopt;
  Wide numerator = 0, scale = 1;
  for (const char c : fraction) {
    numerator = numerator * 10 + static_cast<unsigned>(c - '0');
    scale *= 10;
  }
  numerator *= factor;
  if (numerator % scale != 0) return std::nullopt;
  const Wide value = whole * factor + numerator / scale;
  if (value > kLimit) return too_large = true, std::nullopt;
  return static_cast<std::uint64_t>(value);
}

QuantityResult<std::uint64_t> parse_exact(std::string_view text, QuantityKind kind,
                                          std::string_view grain) {
  QuantityResult<std::uint64_t> result;
  const auto s = split(text);
  if (!s) {
    result.error = {quoted(text) + " is not a " + std::string(kind_name(kind)), hint_for(kind)};
    return result;
  }
  const Unit* unit = find_unit(text, *s, kind, result.error);
  if (unit == nullptr) return result;
  bool too_large = false;
  result.value = exact(*s, unit->factor, too_large);
  if (!result.value && too_large) {
    result.error = {quoted(text) + " is too large to be counted in " + std::string(grain) + "s",
                    ""};
  } else if (!result.value) {
    result.error = {quoted(text) + " is not a whole number of " + std::string(grain) + "s", ""};
  }
  return result;
}

/// value x 10^-decimals with trailing zeros cut.
std::string decimal(std::string digits, std::size_t decimals) {
  if (digits.size() <= decimals) digits.insert(0, decimals - digits.size() + 1, '0');
  std::string fraction = digits.substr(digits.size() - decimals);
  digits.resize(digits.size() - decimals);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return fraction.empty() ? digits : digits + "." + fraction;
}

/// Shortest significant digits d1d2.. and exponent e with value = 0.d1d2.. x 10^e.
std::pair<std::string, int> shortest_digits(double value) {
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::scientific);
  std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  const std::size_t e = text.find('e');
  std::string digits(1, text[0]);
  if (e > 1) digits += text.substr(2, e - 2);
  return {digits, std::atoi(text.data() + e + 1) + 1};
}

}  // namespace

std::string_view kind_name(QuantityKind kind) {
  constexpr std::string_view kNames[] = {"time", "size", "rate"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view kind_example(QuantityKind kind) {
  constexpr std::string_view kExamples[] = {"10 us", "4 KiB", "10 Gb/s"};
  return kExamples[static_cast<std::size_t>(kind)];
}

QuantityResult<sim::Time> parse_time(std::string_view text) {
  const auto r = parse_exact(text, QuantityKind::kTime, "picosecond");
  if (!r.value) return {std::nullopt, r.error};
  return {sim::Time{*r.value}, {}};
}

QuantityResult<sim::Bytes> parse_size(std::string_view text) {
  const auto r = parse_exact(text, QuantityKind::kSize, "byte");
  if (!r.value) return {std::nullopt, r.error};
  return {sim::Bytes{*r.value}, {}};
}

QuantityResult<sim::BitRate> parse_rate(std::string_view text) {
  QuantityResult<sim::BitRate> result;
  const auto s = split(text);
  if (!s) {
    result.error = {quoted(text) + " is not a rate", hint_for(QuantityKind::kRate)};
    return result;
  }
  const Unit* unit = find_unit(text, *s, QuantityKind::kRate, result.error);
  if (unit == nullptr) return result;
  // The unit becomes the exponent of the decimal text, so that only one rounding takes place.
  const auto exponent =
      static_cast<int>(std::lround(std::log10(static_cast<double>(unit->factor))));
  const std::string number = s->whole + "." + s->fraction + "e" + std::to_string(exponent);
  double bps = 0;
  if (std::from_chars(number.data(), number.data() + number.size(), bps).ec != std::errc{}) {
    result.error = {quoted(text) + " is too large or too small for a rate", ""};
    return result;
  }
  result.value = sim::BitRate{bps};
  return result;
}

std::string to_text(sim::Time time) {
  if (time.ps == 0) return "0 s";
  std::size_t decimals = 12;
  for (const Unit& u : kUnits) {
    if (u.kind != QuantityKind::kTime) continue;
    if (time.ps >= u.factor) {
      return decimal(std::to_string(time.ps), decimals) + " " + std::string(u.name);
    }
    decimals -= 3;
  }
  return {};
}

std::string to_text(sim::Bytes size) {
  for (const Unit& u : kUnits) {
    const bool binary = u.kind == QuantityKind::kSize && (u.factor & (u.factor - 1)) == 0;
    if (!binary || size.n < u.factor || size.n % u.factor != 0) continue;
    return std::to_string(size.n / u.factor) + " " + std::string(u.name);
  }
  return "0 B";
}

std::string to_text(sim::BitRate rate) {
  if (!(rate.bps > 0)) return "0 b/s";
  auto [digits, point] = shortest_digits(rate.bps);
  std::string_view unit = "Tb/s";
  int exponent = 12;
  for (const Unit& u : kUnits) {
    if (u.kind != QuantityKind::kRate) continue;
    unit = u.name;
    if (point > exponent || exponent == 0) break;
    exponent -= 3;
  }
  point -= exponent;
  if (point <= 0) digits.insert(0, static_cast<std::size_t>(1 - point), '0'), point = 1;
  const auto whole = static_cast<std::size_t>(point);
  if (digits.size() < whole) digits.append(whole - digits.size(), '0');
  return decimal(digits, digits.size() - whole) + " " + std::string(unit);
}

std::string to_text(double value) {
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  std::string text(buffer.data(), end.ptr);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

}  // namespace vctoe::config
