find_package(fmt CONFIG REQUIRED)
vctoe_library(vctoe_nic
  connection.cpp esp.cpp in_ring.cpp interrupts.cpp neighbours.cpp nic.cpp nic_commands.cpp nic_params.cpp nic_registers.cpp
  nic_stats.cpp node_pages.cpp page_requester.cpp payload_source.cpp pin_agent.cpp plain_mac.cpp post_trace.cpp request_engine.cpp
  request_engine_blocks.cpp request_stats.cpp
  room_queue.cpp rx_engine.cpp tx_engine.cpp tx_engine_account.cpp tx_sealing.cpp
  walk_queue.cpp
  LINK vctoe_nic_parts vctoe_nic_rtl vctoe_nic_walker vctoe_toe vctoe_net vctoe_pcie vctoe_sim fmt::fmt
  OpenSSL::Crypto)
