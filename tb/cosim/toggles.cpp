#include "tb/cosim/toggles.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace vctoe::cosim {

ssize_t Toggles::write(const char* text, ssize_t length) {
  const char* const end = text + length;
  while (text != end) {
    const auto* stop =
        static_cast<const char*>(std::memchr(text, '\n', static_cast<std::size_t>(end - text)));
    if (stop == nullptr) {
      rest_.append(text, end);
      break;
    }
    if (rest_.empty()) {
      line(text, stop);
    } else {
      rest_.append(text, stop);
      line(rest_.data(), rest_.data() + rest_.size());
      rest_.clear();
    }
    text = stop + 1;
  }
  return length;
}

void Toggles::line(const char* begin, const char* end) {
  if (declaring_) return declare({begin, end});
  if (begin == end) return;
  if (*begin == '0' || *begin == '1') return change(begin + 1, end, begin, 1);
  if (*begin != 'b') return;  // a time
  const char* const space = std::find(begin, end, ' ');
  change(space + 1, end, begin + 1, static_cast<std::size_t>(space - begin - 1));
}

/// "$scope module u_tlb $end", "$var wire 16 4# asid_q[3] [15:0] $end", "$upscope $end"
void Toggles::declare(const std::string& text) {
  std::istringstream words(text);
  std::string word, kind, name, code;
  words >> word >> kind;
  if (word == "$enddefinitions") declaring_ = false;
  if (word == "$scope" && words >> name) scopes_.push_back(name + (kind == "struct" ? "." : "/"));
  if (word == "$upscope") scopes_.pop_back();
  std::size_t width = 0;
  if (word != "$var" || !(words >> width >> code >> name)) return;
  std::string path;
  for (const std::string& scope : scopes_) path += scope;
  // The signal begins behind the last instance.
  path += name;
  path[path.rfind('/')] = ' ';
  Signal& s = signal(code.data(), code.data() + code.size());
  s.names.push_back(path);
  s.value.assign(width, '0');
  s.changed = s.value;
}

/// Codes are numbers in base 94.
Toggles::Signal& Toggles::signal(const char* code, const char* end) {
  std::size_t number = 0;
  while (end != code) number = number * 94 + static_cast<std::size_t>(*--end - '!' + 1);
  if (number >= signals_.size()) signals_.resize(number + 1);
  return signals_[number];
}

void Toggles::change(const char* code, const char* end, const char* value, std::size_t width) {
  Signal& s = signal(code, end);
  width = std::min(width, s.value.size());
  for (std::size_t i = 0; i < width; ++i) {
    if (s.value[i] != value[i]) s.changed[i] = '1';
  }
  s.value.assign(value, width);
}

void Toggles::merge_into(ToggleBook& book) const {
  for (const Signal& s : signals_) {
    for (const std::string& name : s.names) {
      std::string& all = book.try_emplace(name, s.changed.size(), '0').first->second;
      for (std::size_t i = 0; i < all.size(); ++i) all[i] = std::max(all[i], s.changed[i]);
    }
  }
}

void write_toggles(const ToggleBook& book, const std::string& path) {
  std::ofstream file(path);
  for (const auto& [name, changed] : book) file << name << ' ' << changed << '\n';
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path);
}

}  // namespace vctoe::cosim
