// Everything that is wrong with a configuration, in the form that editors jump to.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace vctoe::config {

/// A place in a file or on the command line. Line and column count from 1; 0 = unknown.
struct Location {
  std::string file;  ///< as the user wrote it, or "--set 1"
  std::size_t line = 0;
  std::size_t column = 0;
  std::size_t length = 1;  ///< columns to underline
};

struct Problem {
  Location where;
  std::string message;
  std::string hint;  ///< printed below the source line; may be empty
};

/// Collects problems and the texts in which they were found.
class Report {
 public:
  /// `source` is kept to quote lines from; the order of the calls is the order of the files.
  void add_source(const std::string& file, const std::string& source);
  void add(Problem problem) { problems_.push_back(std::move(problem)); }
  bool empty() const { return problems_.empty(); }
  std::size_t size() const { return problems_.size(); }

  /// All problems by file and line, then how many there are. No newline at the end.
  std::string format(bool colour) const;

 private:
  struct Source {
    std::string file;
    std::vector<std::string> lines;
  };
  const Source* find(const std::string& file) const;
  std::size_t rank(const std::string& file) const;
  void format_one(const Problem& p, bool colour, std::string& out) const;

  std::vector<Source> sources_;
  std::vector<Problem> problems_;
};

/// Whether to colour what goes to this file descriptor: a terminal, and NO_COLOR not set.
bool wants_colour(int fd);

}  // namespace vctoe::config
