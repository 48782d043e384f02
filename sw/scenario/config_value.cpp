#include "sw/scenario/config_value.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

#include "sw/scenario/config_names.h"
#include "sw/scenario/config_quantity.h"

namespace vctoe::config {

namespace {

using Result = std::optional<ValueError>;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

/// The largest limit that a declaration can state; from here on there is none.
constexpr double kNoLimit = 1.8e19;

double base_value(sim::Time t) {
  return static_cast<double>(t.ps);
}
double base_value(sim::Bytes b) {
  return static_cast<double>(b.n);
}
double base_value(sim::BitRate r) {
  return r.bps;
}
double base_value(double d) {
  return d;
}
double base_value(std::uint64_t n) {
  return static_cast<double>(n);
}

bool within(double v, sim::Range range) {
  return v >= range.min && (range.max >= kNoLimit || v <= range.max);
}

std::string limit_text(const sim::ParamRef& ref, double limit) {
  const auto whole = static_cast<std::uint64_t>(limit < 0 ? 0 : limit);
  return std::visit(Overloaded{[&](sim::Time*) { return to_text(sim::Time{whole}); },
                               [&](sim::Bytes*) { return to_text(sim::Bytes{whole}); },
                               [&](sim::BitRate*) { return to_text(sim::BitRate{limit}); },
                               [&](double*) { return to_text(limit); },
                               [&](const auto&) { return std::to_string(whole); }},
                    ref);
}

Result out_of_range(const sim::ParamField& f, const std::string& shown) {
  return ValueError{f.path + " = " + shown + " is out of range", "legal: " + range_text(f)};
}

std::string describe(const Value& value) {
  return std::visit(Overloaded{[](std::int64_t) { return std::string("a whole number"); },
                               [](double) { return std::string("a number"); },
                               [](bool) { return std::string("a flag"); },
                               [](const std::string&) { return std::string("text"); },
                               [](const Other& o) { return o.what; }},
                    value);
}

Result wrong_type(const sim::ParamField& f, const Value& value, const std::string& wanted) {
  return ValueError{f.path + " is " + describe(value) + ", but this key wants " + wanted, ""};
}

template <class T>
QuantityResult<T> parse_as(std::string_view text);
template <>
QuantityResult<sim::Time> parse_as(std::string_view text) {
  return parse_time(text);
}
template <>
QuantityResult<sim::Bytes> parse_as(std::string_view text) {
  return parse_size(text);
}
template <>
QuantityResult<sim::BitRate> parse_as(std::string_view text) {
  return parse_rate(text);
}

QuantityKind kind_of(const sim::Time&) {
  return QuantityKind::kTime;
}
QuantityKind kind_of(const sim::Bytes&) {
  return QuantityKind::kSize;
}
QuantityKind kind_of(const sim::BitRate&) {
  return QuantityKind::kRate;
}

template <class T>
Result assign_quantity(const sim::ParamField& f, T& target, const Value& value) {
  const QuantityKind kind = kind_of(target);
  const std::string example = "\"" + std::string(kind_example(kind)) + "\"";
  if (std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value)) {
    return ValueError{f.path + " is a bare number: the unit is missing",
                      "write a " + std::string(kind_name(kind)) + " such as " + example};
  }
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) {
    return wrong_type(f, value, "a " + std::string(kind_name(kind)) + " such as " + example);
  }
  const auto parsed = parse_as<T>(*text);
  if (!parsed.value) return ValueError{f.path + ": " + parsed.error.message, parsed.error.hint};
  if (!within(base_value(*parsed.value), f.range)) return out_of_range(f, *text);
  target = *parsed.value;
  return std::nullopt;
}

Result assign_whole(const sim::ParamField& f, std::uint64_t& target, const Value& value) {
  std::uint64_t n = 0;
  if (const auto* i = std::get_if<std::int64_t>(&value)) {
    if (*i < 0) return out_of_range(f, std::to_string(*i));
    n = static_cast<std::uint64_t>(*i);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    // TOML's integers end at 2^63-1; the upper half of the range is written as text.
    const auto end = std::from_chars(text->data(), text->data() + text->size(), n);
    const bool all = end.ec == std::errc{} && end.ptr == text->data() + text->size();
    if (!all || n <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return wrong_type(f, value, "a whole number");
    }
  } else {
    return wrong_type(f, value, "a whole number");
  }
  if (!within(base_value(n), f.range)) return out_of_range(f, std::to_string(n));
  target = n;
  return std::nullopt;
}

Result assign_number(const sim::ParamField& f, double& target, const Value& value) {
  double d = 0;
  if (const auto* i = std::get_if<std::int64_t>(&value)) {
    d = static_cast<double>(*i);
  } else if (const auto* v = std::get_if<double>(&value)) {
    d = *v;
  } else {
    return wrong_type(f, value, "a number");
  }
  if (!std::isfinite(d) || !within(d, f.range)) return out_of_range(f, to_text(d));
  target = d;
  return std::nullopt;
}

Result assign_name(const sim::ParamField& f, const sim::EnumRef& target, const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return wrong_type(f, value, "one of: " + range_text(f));
  for (std::size_t i = 0; i < target.names.size(); ++i) {
    if (target.names[i] == *text) return target.set(i), std::nullopt;
  }
  const auto near = nearest(*text, {target.names.begin(), target.names.end()});
  return ValueError{f.path + ": unknown value \"" + *text + "\"",
                    (near.empty() ? "" : "did you mean \"" + near + "\"? ") +
                        std::string("legal: ") + range_text(f)};
}

Result assign_flag(const sim::ParamField& f, bool& target, const Value& value) {
  const auto* flag = std::get_if<bool>(&value);
  if (flag == nullptr) return wrong_type(f, value, "true or false");
  target = *flag;
  return std::nullopt;
}

Result assign_text(const sim::ParamField& f, std::string& target, const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return wrong_type(f, value, "text in quotes");
  target = *text;
  return std::nullopt;
}

}  // namespace

std::optional<ValueError> assign(const sim::ParamField& field, const Value& value) {
  return std::visit(Overloaded{[&](std::uint64_t* p) { return assign_whole(field, *p, value); },
                               [&](double* p) { return assign_number(field, *p, value); },
                               [&](bool* p) { return assign_flag(field, *p, value); },
                               [&](std::string* p) { return assign_text(field, *p, value); },
                               [&](const sim::EnumRef& p) { return assign_name(field, p, value); },
                               [&](auto* p) { return assign_quantity(field, *p, value); }},
                    field.ref);
}

Value value_of_text(const sim::ParamField& field, std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    return std::string(text.substr(1, text.size() - 2));
  }
  if (std::holds_alternative<std::string*>(field.ref) ||
      std::holds_alternative<sim::EnumRef>(field.ref)) {
    return std::string(text);
  }
  if (text == "true" || text == "false") return text == "true";
  const char* end = text.data() + text.size();
  std::int64_t whole = 0;
  const auto i = std::from_chars(text.data(), end, whole);
  if (i.ec == std::errc{} && i.ptr == end) return whole;
  double number = 0;
  const auto d = std::from_chars(text.data(), end, number);
  // Digits that do not fit are left to assign_whole, which knows the upper half of 64 bits.
  const bool digits_only = text.find_first_not_of("0123456789") == std::string_view::npos;
  if (d.ec == std::errc{} && d.ptr == end && !digits_only) return number;
  return std::string(text);
}

std::string toml_value(const sim::ParamField& field) {
  return std::visit(Overloaded{[](bool* p) { return std::string(*p ? "true" : "false"); },
                               [](double* p) { return to_text(*p); },
                               [](std::uint64_t* p) {
                                 const std::string digits = std::to_string(*p);
                                 return *p >> 63 == 0 ? digits : toml_quoted(digits);
                               },
                               [](std::string* p) { return toml_quoted(*p); },
                               [](const sim::EnumRef& p) { return toml_quoted(p.names[p.get()]); },
                               [](auto* p) { return toml_quoted(to_text(*p)); }},
                    field.ref);
}

std::string_view type_name(const sim::ParamRef& ref) {
  // In the order of the alternatives of sim::ParamRef.
  constexpr std::string_view kNames[] = {"time",         "size", "rate", "number",
                                         "whole number", "flag", "text", "name"};
  static_assert(std::size(kNames) == std::variant_size_v<sim::ParamRef>);
  return kNames[ref.index()];
}

std::string range_text(const sim::ParamField& field) {
  if (const auto* names = std::get_if<sim::EnumRef>(&field.ref)) {
    std::string text;
    for (const auto n : names->names) text += (text.empty() ? "" : ", ") + std::string(n);
    return text;
  }
  if (std::holds_alternative<bool*>(field.ref)) return "true, false";
  if (std::holds_alternative<std::string*>(field.ref)) return "";
  const std::string least = limit_text(field.ref, field.range.min);
  if (field.range.max >= kNoLimit) return "at least " + least;
  return least + " to " + limit_text(field.ref, field.range.max);
}

bool in_range(const sim::ParamField& field) {
  return std::visit(Overloaded{[](bool*) { return true; }, [](std::string*) { return true; },
                               [](const sim::EnumRef& p) { return p.get() < p.names.size(); },
                               [&](auto* p) { return within(base_value(*p), field.range); }},
                    field.ref);
}

std::string toml_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (u < 0x20 || u == 0x7f) {
      constexpr char kHex[] = "0123456789ABCDEF";
      out += std::string("\\u00") + kHex[u >> 4] + kHex[u & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace vctoe::config
