# The checks that are on in every run. They see trace events only and know no model.
vctoe_library(vctoe_monitors
  monitors.cpp monitors_pins.cpp monitors_posted.cpp monitors_failure.cpp monitors_watchdog.cpp
  monitors_window.cpp
  LINK vctoe_sim)

# Divides the elapsed time of a run among its parts, from trace events only.
vctoe_library(vctoe_attribution attribution.cpp attribution_blame.cpp attribution_stream.cpp
  LINK vctoe_outputs vctoe_sim)
