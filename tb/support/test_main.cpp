// Every test program's main. SystemC owns main(), so gtest starts from sc_main. A SystemC warning,
// error or fatal is a test failure: a simulation that complained has not passed.
#include <gtest/gtest.h>

#include <systemc>

#ifdef __SANITIZE_ADDRESS__
/// What SC_THREADs hold that have not come to their end when the simulation has, and what SystemC
/// itself holds then.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:sc_core\n";
}
#endif

namespace {
void fail_on_report(const sc_core::sc_report& report, const sc_core::sc_actions& actions) {
  if (report.get_severity() >= sc_core::SC_WARNING) {
    ADD_FAILURE() << "SystemC report: " << report.get_msg_type() << ": " << report.get_msg();
  }
  if ((actions & sc_core::SC_THROW) != 0) throw report;
}
}  // namespace

int sc_main(int argc, char** argv) {
  sc_core::sc_report_handler::set_handler(&fail_on_report);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
