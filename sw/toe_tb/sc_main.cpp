// libsystemc has a main() that calls this, and cannot be loaded without it. Nobody does: the
// program that loads the test bench has a main() of its own.
extern "C" int sc_main(int /*argc*/, char** /*argv*/) {
  return 1;
}
