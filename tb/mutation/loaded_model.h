// A model.so, loaded.
#pragma once

#include <dlfcn.h>

#include <stdexcept>
#include <string>

#include "tb/mutation/netlist_model.h"

namespace vctoe::cosim {

class LoadedModel {
 public:
  /// Throws std::runtime_error if there is no such file or it is none of model.sh's.
  explicit LoadedModel(const std::string& path) {
    void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) throw std::runtime_error(dlerror());
    make_ = reinterpret_cast<Make*>(dlsym(library, "vctoe_make_netlist"));
    if (make_ == nullptr) throw std::runtime_error(dlerror());
  }
  std::unique_ptr<Dut> make(std::uint64_t seed, std::uint32_t mutant) const {
    return std::unique_ptr<Dut>(make_(seed, mutant));
  }

 private:
  using Make = decltype(vctoe_make_netlist);
  Make* make_ = nullptr;
};

}  // namespace vctoe::cosim
