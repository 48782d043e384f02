# Parts of the NIC that stand alone, each a library of its own.
vctoe_library(vctoe_nic_parts mac.cpp packet_buffer.cpp LINK vctoe_net)
