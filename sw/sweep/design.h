// The space that is swept: the parameters of a simulation by name, with their values as text.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/sim/params.h"
#include "sw/scenario/config_value.h"

namespace vctoe::sweep {

/// A parameter's value as on a command line: "10 us", "0.001", "fig3"; without quotes.
std::string plain_text(const sim::ParamField& field);
/// The inverse. Says what is wrong with text that is none of this parameter's.
std::optional<config::ValueError> set_plain(const sim::ParamField& field, const std::string& text);

/// Whether values lie on a scale: times, sizes, rates and numbers.
bool is_number(const sim::ParamField& field);
/// The present value in seconds, bytes, bits a second or plain.
double number_of(const sim::ParamField& field);
/// "s", "B", "bit/s", "1", or "" for names, flags and text.
std::string unit_of(const sim::ParamField& field);

/// Every parameter by its path. The list and what it points at must outlive this.
class Design {
 public:
  using FullName = std::function<std::string(const std::string&)>;

  Design(const sim::ParamList& list, std::vector<std::string> schemes, FullName full_name);

  const sim::ParamList& list() const { return *list_; }
  const std::vector<std::string>& schemes() const { return schemes_; }
  /// Null when there is none.
  const sim::ParamField* find(const std::string& path) const;
  /// "did you mean ...?" for a path that is not there, or empty.
  std::string hint(const std::string& path) const;

  /// The one way in which this value is written, if it is one of the parameter's (`any_size`: its
  /// range does not matter). The parameter keeps the value that it has.
  std::optional<config::ValueError> canonical(const sim::ParamField& field,
                                              const config::Value& value, std::string& text,
                                              bool any_size = false) const;
  /// number_of() with this value, which the parameter does not keep.
  double number(const sim::ParamField& field, const std::string& text) const;
  /// The value of this many base units (picoseconds, bytes, bits a second), rounded to what the
  /// parameter can hold.
  std::string text_of(const sim::ParamField& field, long double base_units) const;
  /// The inverse.
  long double base_units(const sim::ParamField& field, const std::string& text) const;

  /// All values, in the order of declaration; and back. A text that does not fit is a model_error.
  std::vector<std::string> save() const;
  void restore(const std::vector<std::string>& texts) const;

 private:
  std::optional<config::ValueError> scheme(const config::Value& value, std::string& text) const;

  const sim::ParamList* list_;
  std::vector<std::string> schemes_;
  FullName full_name_;
  std::map<std::string, const sim::ParamField*> fields_;
};

/// The SHA-256 of a text, in lower-case hexadecimal.
std::string sha256(const std::string& text);

}  // namespace vctoe::sweep
