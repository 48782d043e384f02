// libFuzzer's entry for the receive path: frame bytes, header and options, TCP core, reassembly.
#include <cstddef>
#include <cstdint>

#include "tb/fuzz/host.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr int kMostSteps = 500;
  vctoe::fuzz::Script script(data, size);
  vctoe::fuzz::Host host(script);
  for (int i = 0; i < kMostSteps && !script.empty(); ++i) host.step();
  host.finish();
  return 0;
}
