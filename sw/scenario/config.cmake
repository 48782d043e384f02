# The configuration and the outputs: what stands between the user and a run, without SystemC models.
vctoe_library(vctoe_config
  config_loader.cpp config_names.cpp config_print.cpp config_quantity.cpp config_report.cpp
  config_toml.cpp config_value.cpp
  LINK vctoe_sim)
target_link_libraries(vctoe_config
  PRIVATE tomlplusplus::tomlplusplus nlohmann_json::nlohmann_json)

vctoe_library(vctoe_outputs
  outputs.cpp outputs_files.cpp outputs_json.cpp outputs_series.cpp outputs_spans.cpp outputs_table.cpp
  outputs_timeline.cpp outputs_trace.cpp time_parts.cpp trace_file.cpp
  explain.cpp explain_block.cpp explain_links.cpp explain_story.cpp
  LINK vctoe_sim)
target_link_libraries(vctoe_outputs PRIVATE nlohmann_json::nlohmann_json fmt::fmt)

vctoe_library(vctoe_waves
  waves_gtkw.cpp waves_signals.cpp waves_vcd.cpp
  LINK vctoe_outputs vctoe_sim)
target_link_libraries(vctoe_waves PRIVATE fmt::fmt)
