// Other programs as judges.
#pragma once

#include <array>
#include <cstdio>
#include <string>

namespace vctoe::support {

/// What a command writes, and how it ended.
struct Said {
  std::string text;
  int status = -1;  ///< as pclose() has it; -1: it did not run
};

/// `command`: for the shell.
inline Said ask(const std::string& command) {
  Said said;
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return said;
  std::array<char, 4096> piece{};
  while (std::fgets(piece.data(), piece.size(), pipe) != nullptr) said.text += piece.data();
  said.status = pclose(pipe);
  return said;
}

/// What a command writes; where it fails, that stands behind it.
inline std::string output_of(const std::string& command) {
  const Said said = ask(command);
  return said.status == 0 ? said.text : said.text + "<failed: " + command + ">";
}

}  // namespace vctoe::support
