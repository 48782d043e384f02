// A SystemC program that simulates nothing.
#include <systemc>

int sc_main(int /*argc*/, char** /*argv*/) {
  sc_core::sc_start();
  return 0;
}
