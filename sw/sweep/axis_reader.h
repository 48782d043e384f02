// Axes and samples of a sweep file. Only for sources that include toml++.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "sw/scenario/config_toml.h"
#include "sw/sweep/spread.h"
#include "sw/sweep/sweep_file.h"

namespace vctoe::sweep {

/// What a subset says, by parameter.
struct Reduction {
  std::map<std::string, const toml::node*> values;
  const toml::node* count = nullptr;  ///< of samples
  const toml::node* repeats = nullptr;
};

/// Reads tables of one file; whatever is wrong goes to the report.
class AxisReader {
 public:
  AxisReader(const Design& design, const std::string& file, const Reduction& reduction,
             config::Report& report)
      : design_(design), file_(file), reduction_(reduction), report_(report) {}

  /// Appends what the table describes; `table` is an entry of [[axis]] or [[sample]].
  void read_axis(const toml::node& table, std::vector<Axis>& axes);
  void read_sample(const toml::node& table, std::vector<Axis>& axes);

  /// Reports an entry of the table that is none of `legal`.
  void check_keys(const toml::table& table, std::initializer_list<const char*> legal);
  /// Null, and reported, when it is no parameter of this name that can be swept or set.
  const sim::ParamField* parameter(const toml::node& name);
  const sim::ParamField* parameter(const std::string& path, const toml::source_region& at);
  /// Empty, and reported, when the value does not suit.
  std::string value(const sim::ParamField& field, const toml::node& node, bool any_size = false);
  /// A whole number from `least` to a million; `least`, and reported, when it is none.
  std::uint64_t count(const toml::node& node, const char* name, std::uint64_t least);
  void wrong(const toml::source_region& at, std::string message, std::string hint = "");

 private:
  void finish(Axis axis, const toml::table& table, std::vector<Axis>& axes);
  void read_linked(const toml::table& table, Axis& axis);
  void read_row(const toml::node& row, const std::vector<const sim::ParamField*>& fields,
                Axis& axis);
  std::vector<std::string> list(const sim::ParamField& field, const toml::node& node);
  std::vector<std::string> range(const sim::ParamField& field, const toml::table& table);
  bool span(const sim::ParamField& field, const toml::table& table, Span& out);
  std::vector<std::string> column(const toml::table& table, std::uint64_t seed, std::uint64_t count,
                                  bool stratified, Axis& axis);
  void read_condition(const toml::node& node, Axis& axis);
  void claim(const std::string& path, const toml::source_region& at);

  const Design& design_;
  const std::string& file_;
  const Reduction& reduction_;
  config::Report& report_;
  std::map<std::string, std::size_t> lines_;  ///< of the axis that a parameter belongs to

 public:
  /// Whether an axis has this parameter.
  bool swept(const std::string& path) const { return lines_.count(path) != 0; }
};

}  // namespace vctoe::sweep
