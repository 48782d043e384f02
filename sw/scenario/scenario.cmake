# Builds whole runs.
vctoe_library(vctoe_scenario
  calibrate_walker.cpp memory_need.cpp params.cpp params_check.cpp payload.cpp presets.cpp scenario.cpp scenario_run.cpp
  scenario_summary.cpp schemes.cpp software.cpp timeline_taps.cpp waves.cpp waves_host.cpp waves_nic.cpp
  waves_probes.cpp waves_walker.cpp waves_wire.cpp wire_text.cpp
  LINK vctoe_system vctoe_app vctoe_socket vctoe_driver vctoe_kernel vctoe_monitors vctoe_config
    vctoe_outputs vctoe_waves)
target_link_libraries(vctoe_scenario PRIVATE fmt::fmt)
