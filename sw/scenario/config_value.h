// Puts one scalar into one parameter, with every check that a single value allows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "models/sim/params.h"

namespace vctoe::config {

/// Something that is no scalar of the language: an array, a date, a table.
struct Other {
  std::string what;
};
/// A value as written, before it is known what the parameter wants.
using Value = std::variant<std::int64_t, double, bool, std::string, Other>;

struct ValueError {
  std::string message;
  std::string hint;
};

/// Sets the parameter, or leaves it and says what is wrong.
std::optional<ValueError> assign(const sim::ParamField& field, const Value& value);

/// The text of a command-line assignment as a value for this parameter: numbers and flags are bare,
/// everything else is text with or without quotes.
Value value_of_text(const sim::ParamField& field, std::string_view text);

/// The present value as TOML: quoted text for quantities, text and names, bare otherwise.
std::string toml_value(const sim::ParamField& field);
/// "time", "size", "rate", "number", "whole number", "flag", "text", "name".
std::string_view type_name(const sim::ParamRef& ref);
/// "1 us to 10 s", "at least 1", the names of an enum, or empty where everything is legal.
std::string range_text(const sim::ParamField& field);
/// Whether the present value lies in the field's own range.
bool in_range(const sim::ParamField& field);

/// Text as a TOML basic string, quotes included.
std::string toml_quoted(std::string_view text);

}  // namespace vctoe::config
