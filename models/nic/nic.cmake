find_package(fmt CONFIG REQUIRED)
vctoe_library(vctoe_nic
  connection.cpp interrupts.cpp nic.cpp nic_params.cpp nic_registers.cpp request_engine.cpp ring.cpp rx_engine.cpp
  tx_engine.cpp
  LINK vctoe_nic_parts vctoe_nic_walker vctoe_toe vctoe_net vctoe_pcie vctoe_sim fmt::fmt)
