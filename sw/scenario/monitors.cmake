# Always-on checks of a run.
vctoe_library(vctoe_monitors
  monitors.cpp monitors_memory.cpp monitors_text.cpp monitors_wire.cpp watchdog.cpp
  LINK vctoe_driver fmt::fmt)
