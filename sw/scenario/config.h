// Loads a configuration onto a tree of parameters: defaults, then files (each after what it
// includes), then assignments of the command line. Nothing is accepted silently, and everything
// that is wrong is reported at once.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/sim/params.h"

namespace vctoe::config {

/// A check between parameters. A problem that names a parameter by its dotted path is reported at
/// the line that set it (the first one named that was set).
using Validator = std::function<void(std::vector<std::string>& problems)>;

/// Values that one value of a parameter, the selector, brings along for others.
struct Preset {
  std::string selector;                                       ///< path
  std::string value;                                          ///< as on the command line
  std::vector<std::pair<std::string, std::string>> settings;  ///< path and value
};

class Loader {
 public:
  /// The list and what it points at must outlive the loader. A declaration that is itself wrong
  /// (two parameters of one name, a default outside its range) is a model_error. `colour`: paint
  /// the report for a terminal.
  explicit Loader(const sim::ParamList& list, bool colour = false);
  ~Loader();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  /// TOML 1.0. `include = ["other.toml"]` at the root loads other files first, relative to this
  /// one.
  void load_file(const std::string& path);
  /// "a.b=3", as given on the command line; reported as "--set N" for the Nth call.
  void set(const std::string& assignment);
  /// The same for an option with a name of its own, such as "--seed".
  void set(const std::string& option, const std::string& path, const std::string& value);
  void add_validator(Validator validator);
  /// Applied by finish() when the selector was set to the value. What is set in the same file or
  /// behind it, or on the command line, stays; what an included file set does not. Ignored when the
  /// selector is not declared; a setting that is not, or not so, is a model_error.
  void add_preset(Preset preset);

  /// Runs the validators when every single value is right. Throws sim::Error(kUser) with the whole
  /// report when anything was wrong; parameters are then not to be used.
  void finish();

  /// Directory of the file that gave this parameter its value, "." for one without a folder; empty
  /// when the value is the default or comes from the command line.
  std::string directory_of(const std::string& path) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// A file's whole text; fills in `problem` ("No such file or directory") and returns "" on failure.
std::string read_text(const std::string& path, std::string& problem);

}  // namespace vctoe::config
