# Parameters of a machine and the software of a host, without a run.
vctoe_library(vctoe_setup memory_need.cpp params.cpp schemes.cpp software.cpp
  LINK vctoe_system vctoe_app vctoe_socket vctoe_driver vctoe_kernel vctoe_monitors)

# Builds whole runs.
vctoe_library(vctoe_scenario
  calibrate_walker.cpp params_check.cpp payload.cpp presets.cpp scenario.cpp scenario_run.cpp
  scenario_summary.cpp timeline_taps.cpp waves.cpp waves_host.cpp waves_nic.cpp
  waves_probes.cpp waves_walker.cpp waves_wire.cpp wire_text.cpp
  LINK vctoe_setup vctoe_twin vctoe_attribution vctoe_config vctoe_outputs vctoe_waves)
target_link_libraries(vctoe_scenario PRIVATE fmt::fmt)
