// What model.sh compiles into model.so: the Verilated netlist behind the bench's pins.
#include "tb/mutation/netlist_model.h"

#include "VNetlist.h"
#include "tb/cosim/verilated_dut.h"

namespace {

std::uint32_t chosen_mutant;
VNetlist* made_last;

struct Netlist : VNetlist {
  explicit Netlist(VerilatedContext* context) : VNetlist(context) {
    made_last = this;
#ifdef VCTOE_MUTANTS
    mutsel = chosen_mutant;
#endif
  }
  // The model has no code for waves.
  void trace(VerilatedVcdC*, int) {}
};

/// As a Verilated walker, but that its assertions are an output.
class NetlistDut : public vctoe::cosim::VerilatedDut<Netlist> {
 public:
  explicit NetlistDut(std::uint64_t seed) : VerilatedDut(seed), netlist_(made_last) {}
  bool assertion_failed() const override { return netlist_->trigger != 0; }
#ifdef VCTOE_MUTANTS
  unsigned counter_bits() const override {
    return 6;
  }  // "narrow" of netlist.sh
#endif

 private:
  const VNetlist* netlist_;
};

}  // namespace

extern "C" vctoe::cosim::Dut* vctoe_make_netlist(std::uint64_t seed, std::uint32_t mutant) {
  chosen_mutant = mutant;
  return new NetlistDut(seed);
}
