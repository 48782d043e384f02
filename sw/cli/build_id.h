// Which build of the program this is.
#pragma once

#include <string>

namespace vctoe::cli {

/// The linker's hash over the contents of the running program (ELF note NT_GNU_BUILD_ID), in
/// hexadecimal digits: the same sources, compiler and options, built in a folder of the same name,
/// give the same one. Empty when it was linked without.
const std::string& build_id();

}  // namespace vctoe::cli
