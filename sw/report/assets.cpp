#include "sw/report/assets.h"

// A compiler takes seconds and much memory for an array of a megabyte; the assembler just reads the
// file.
#define VCTOE_EMBED(name, path)                                                       \
  asm(".pushsection .rodata\n"                                                        \
      ".local vctoe_" #name                                                           \
      "_begin\n"                                                                      \
      ".local vctoe_" #name                                                           \
      "_end\n"                                                                        \
      "vctoe_" #name "_begin:\n.incbin \"" path                                       \
      "\"\n"                                                                          \
      "vctoe_" #name                                                                  \
      "_end:\n.byte 0\n"                                                              \
      ".popsection\n");                                                               \
  extern "C" const char vctoe_##name##_begin[] __attribute__((visibility("hidden"))); \
  extern "C" const char vctoe_##name##_end[] __attribute__((visibility("hidden")));   \
  std::string_view name() {                                                           \
    return {vctoe_##name##_begin,                                                     \
            static_cast<std::size_t>(vctoe_##name##_end - vctoe_##name##_begin)};     \
  }

namespace vctoe::report {

VCTOE_EMBED(skeleton, REPORT_PAGE "/report.html")
VCTOE_EMBED(style, REPORT_PAGE "/report.css")
VCTOE_EMBED(script, REPORT_SCRIPT)
VCTOE_EMBED(echarts, REPORT_ECHARTS)

}  // namespace vctoe::report
