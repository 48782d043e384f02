#include "sw/report/page.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "sw/app/digest.h"
#include "sw/report/assets.h"

namespace vctoe::report {

namespace {

std::string hash_of(std::string_view text) {
  app::Digest digest;
  digest.add(text.data(), text.size());
  return "'sha256-" + base64_of_hex(digest.hex()) + "'";
}

unsigned digit_of(char c) {
  return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
}

}  // namespace

std::string base64_of_hex(const std::string& hex) {
  static constexpr char kDigits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0, held = 0;
  for (const char c : hex) {
    held = held << 4U | digit_of(c);
    bits += 4;
    if (bits < 6) continue;
    bits -= 6;
    out += kDigits[held >> bits & 63U];
  }
  if (bits > 0) out += kDigits[held << (6 - bits) & 63U];
  while (out.size() % 4 != 0) out += '=';
  return out;
}

std::string script_safe(const std::string& json) {
  std::string out;
  out.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      out += c;
    }
  }
  return out;
}

std::string page(const std::string& title, const std::string& document) {
  const std::string script =
      "(() => {\n\"use strict\";\n" + std::string(report::script()) + "})();";
  const std::map<std::string_view, std::string> parts{{"script_hash", hash_of(script)},
                                                      {"echarts_hash", hash_of(echarts())},
                                                      {"style_hash", hash_of(style())},
                                                      {"title", escaped(title)},
                                                      {"style", std::string(style())},
                                                      {"echarts", std::string(echarts())},
                                                      {"script", script},
                                                      {"document", script_safe(document)}};
  // Text and places take turns between the @; what is put in is not looked at again.
  std::string out;
  std::string_view rest = skeleton();
  for (bool place = false; !rest.empty(); place = !place) {
    const std::string_view piece = rest.substr(0, rest.find('@'));
    if (place) {
      out += parts.at(piece);
    } else {
      out += piece;
    }
    rest.remove_prefix(std::min(rest.size(), piece.size() + 1));
  }
  return out;
}

}  // namespace vctoe::report
