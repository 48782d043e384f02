# The DMA engine and the virtual-context walker.
vctoe_library(vctoe_nic_walker dma_engine.cpp record_cache.cpp record_reader.cpp tlm_walker.cpp
  translation_cache.cpp walk_cursors.cpp walk_outbox.cpp walker_params.cpp LINK vctoe_sim)

# What passes through the ports of the RTL walker, and files of it. Without SystemC: the bench of the
# RTL alone uses it too.
vctoe_library(vctoe_walker_recording walker_recording.cpp LINK fmt::fmt)
