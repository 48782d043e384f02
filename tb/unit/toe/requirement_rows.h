// docs/tcp_requirements.csv as rows.
#pragma once

#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace vctoe::requirements {

struct Row {
  std::string id, level, requirement, met, reason, test;
  /// Names of planted faults that break it; "none: " and why, where none can.
  std::string fault;
};

/// The fields of a line of CSV (RFC 4180).
inline std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool twice = quoted && line[i] == '"' && i + 1 < line.size() && line[i + 1] == '"';
    if (twice) {
      out.back() += line[++i];
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == ',' && !quoted) {
      out.emplace_back();
    } else {
      out.back() += line[i];
    }
  }
  return out;
}

/// Throws where the file is not what it should be.
inline std::vector<Row> read(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  if (line != "id,level,requirement,met,reason,test,fault") {
    throw std::runtime_error(path + " is not there, or its columns are others: " + line);
  }
  std::vector<Row> out;
  while (std::getline(in, line)) {
    const auto f = fields(line);
    if (f.size() != 7) throw std::runtime_error(path + ": not seven fields: " + line);
    out.push_back({f[0], f[1], f[2], f[3], f[4], f[5], f[6]});
  }
  return out;
}

inline std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

/// The planted faults of a row.
inline std::vector<std::string> faults_of(const Row& row) {
  return row.fault.rfind("none", 0) == 0 ? std::vector<std::string>{} : words(row.fault);
}

}  // namespace vctoe::requirements
