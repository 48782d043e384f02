#include "models/host/lazy_bytes.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "models/sim/error.h"

namespace vctoe::host {

LazyBytes::LazyBytes(std::uint64_t size) : size_(size) {
  sim::ensure(size > 0, "host: a memory of no bytes");
  void* at = mmap(nullptr, size, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED) {
    sim::user_error("cannot reserve " + std::to_string(size) +
                    " bytes of address space for a modelled memory or disk; make it smaller");
  }
  data_ = static_cast<std::uint8_t*>(at);
}

LazyBytes::~LazyBytes() {
  munmap(data_, size_);
}

std::uint64_t LazyBytes::resident() const {
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  std::vector<unsigned char> present((size_ + page - 1) / page);
  if (mincore(const_cast<std::uint8_t*>(data_), size_, present.data()) != 0) return size_;
  const auto pages =
      std::count_if(present.begin(), present.end(), [](unsigned char p) { return (p & 1) != 0; });
  return static_cast<std::uint64_t>(pages) * page;
}

}  // namespace vctoe::host
