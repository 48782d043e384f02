# The DMA engine and the virtual-context walker.
vctoe_library(vctoe_nic_walker dma_engine.cpp record_cache.cpp record_reader.cpp tlm_walker.cpp
  translation_cache.cpp walk_cursors.cpp walk_outbox.cpp walker_block.cpp walker_params.cpp LINK vctoe_sim)

# The walker in RTL: whoever chooses nic.walker.impl. Only walker_core.cpp sees Verilator's headers.
vctoe_library(vctoe_nic_rtl lockstep_events.cpp lockstep_reads.cpp lockstep_records.cpp lockstep_walker.cpp
  rtl_walker.cpp rtl_walker_outputs.cpp walker_core.cpp walker_factory.cpp walker_log.cpp walker_sets.cpp walker_view.cpp
  LINK vctoe_nic_walker vctoe_walker_recording vctoe_sim fmt::fmt)
target_link_libraries(vctoe_nic_rtl PRIVATE vctoe_rtl_small vctoe_rtl_standard vctoe_rtl_large)

# What passes through the ports of the RTL walker, and files of it. Without SystemC: the bench of the
# RTL alone uses it too.
vctoe_library(vctoe_walker_recording walker_recording.cpp LINK fmt::fmt)
