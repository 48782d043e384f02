#include "sw/cli/build_id.h"

#include <elf.h>
#include <link.h>

#include <cstring>

namespace vctoe::cli {

namespace {

std::size_t padded(std::size_t size) {
  return (size + 3) & ~std::size_t{3};
}

std::string hex(const unsigned char* bytes, std::size_t count) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

/// The build id among the notes of one segment; empty when there is none.
std::string id_among(const unsigned char* notes, std::size_t size) {
  for (std::size_t at = 0; at + sizeof(ElfW(Nhdr)) <= size;) {
    ElfW(Nhdr) note;
    std::memcpy(&note, notes + at, sizeof note);
    const unsigned char* name = notes + at + sizeof note;
    const unsigned char* bytes = name + padded(note.n_namesz);
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0) {
      return hex(bytes, note.n_descsz);
    }
    at += sizeof note + padded(note.n_namesz) + padded(note.n_descsz);
  }
  return "";
}

/// Called for each loaded object; the first is the program itself.
int look(dl_phdr_info* object, std::size_t /*size*/, void* out) {
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    // The loader has mapped it there: the address is all that it tells.
    const auto* notes =
        reinterpret_cast<const unsigned char*>(object->dlpi_addr + segment.p_vaddr);  // NOLINT
    const std::string id = id_among(notes, segment.p_memsz);
    if (!id.empty()) *static_cast<std::string*>(out) = id;
  }
  return 1;  // no further objects
}

}  // namespace

const std::string& build_id() {
  static const std::string kId = [] {
    std::string id;
    dl_iterate_phdr(&look, &id);
    return id;
  }();
  return kId;
}

}  // namespace vctoe::cli
