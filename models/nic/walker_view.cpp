// A save file for GTKWave of what WalkerLog::replay() dumps.
#include "models/nic/walker_view.h"

#include <fmt/format.h>

#include <fstream>
#include <string_view>

#include "models/nic/fault.h"
#include "models/sim/error.h"

namespace vctoe::nic {

namespace {

// Flags of a trace, as in GTKWave's analyzer.h (3.3.118).
constexpr unsigned kHex = 0x22, kDecimal = 0x24, kBit = 0x28, kNames = 0x2024, kBlank = 0x200;

struct Pin {
  const char* name;
  unsigned width;
  unsigned flags;
};
constexpr Pin kPins[] = {
    {"clk_i", 1, kBit},
    {nullptr, 0, 0},
    {"walk_valid_i", 1, kBit},
    {"walk_ready_o", 1, kBit},
    {"walk_txn_i", 32, kDecimal},
    {"walk_connection_i", 16, kDecimal},
    {"walk_head_i", 64, kHex},
    {"walk_sequence_i", 32, kDecimal},
    {"walk_length_i", 31, kDecimal},
    {nullptr, 0, 0},
    {"fill_valid_i", 1, kBit},
    {"fill_failed_i", 1, kBit},
    {"fill_page_i", 52, kHex},
    {"inv_valid_i", 1, kBit},
    {"cancel_valid_i", 1, kBit},
    {"cancel_ready_o", 1, kBit},
    {"cancel_connection_i", 16, kDecimal},
    {nullptr, 0, 0},
    {"fetch_valid_o", 1, kBit},
    {"fetch_tag_o", 8, kDecimal},
    {"fetch_address_o", 64, kHex},
    {"fetch_txn_o", 32, kDecimal},
    {"rsp_valid_i", 1, kBit},
    {"rsp_tag_i", 8, kDecimal},
    {"rsp_error_i", 1, kBit},
    {nullptr, 0, 0},
    {"out_valid_o", 1, kBit},
    {"out_kind_o", 3, kNames},
    {"out_txn_o", 32, kDecimal},
    {"out_connection_o", 16, kDecimal},
    {"out_address_o", 64, kHex},
    {"out_length_o", 31, kDecimal},
    {"out_sequence_o", 32, kDecimal},
    {"out_last_o", 1, kBit},
    {"out_code_o", 4, kNames},
    {nullptr, 0, 0},
    {"busy_o", 11, kDecimal},
    {"queue_o", 11, kDecimal},
    {"quiet_o", 1, kBit},
};

void write(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  if (!file) sim::user_error("cannot write " + path);
}

template <class Names>
std::string filter(const Names& names) {
  std::string text;
  int i = 0;
  for (const std::string_view name : names) text += fmt::format("{:x} {}\n", i++, name);
  return text;
}

}  // namespace

void write_walker_view(const std::string& directory, const std::string& prefix) {
  constexpr std::string_view kKinds[] = {"block", "node", "release", "fault", "done"};
  write(directory + "/" + prefix + ".out_kind_o.filter", filter(kKinds));
  write(directory + "/" + prefix + ".out_code_o.filter", filter(sim::EnumNames<Fault>::kNames));
  std::string text = fmt::format(
      "[*] vctoe\n[dumpfile] \"{0}.vcd\"\n[savefile] \"{0}.gtkw\"\n[size] 1400 900\n", prefix);
  for (const Pin& pin : kPins) {
    if (pin.name == nullptr) {
      text += fmt::format("@{:x}\n-\n", kBlank);
      continue;
    }
    text += fmt::format("@{:x}\n", pin.flags);
    if (pin.flags == kNames) text += fmt::format("^1 {}.{}.filter\n", prefix, pin.name);
    const std::string range = pin.width == 1 ? "" : fmt::format("[{}:0]", pin.width - 1);
    text += fmt::format("walker.{}{}\n", pin.name, range);
  }
  write(directory + "/" + prefix + ".gtkw", text);
}

}  // namespace vctoe::nic
