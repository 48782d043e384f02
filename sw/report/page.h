// One HTML file that needs nothing else.
#pragma once

#include <string>

namespace vctoe::report {

/// The report of a document (document.h). Its security policy allows the scripts and the style that
/// are in it, by hash, and nothing else: no network, no other file. The same document gives the
/// same bytes.
std::string page(const std::string& title, const std::string& document);

/// JSON that may stand inside a script element: no "<" is left that could end it.
std::string script_safe(const std::string& json);
/// Text that may stand in an element.
std::string escaped(const std::string& text);
/// As in 'sha256-...' of a Content-Security-Policy, of the bytes given in hexadecimal.
std::string base64_of_hex(const std::string& hex);

}  // namespace vctoe::report
