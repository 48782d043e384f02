// A record as read from host memory, with its offset added and its size and link written out
// (models/nic/context_format.h). Combinational.
module vctoe_walker_spell (
    input  logic [255:0]               data_i,
    input  logic [63:0]                address_i,   // where it lies, virtual
    input  logic [31:0]                sequence_i,  // where it must begin
    input  logic [31:0]                block_size_i,
    input  logic [31:0]                end_sequence_i,
    output vctoe_walker_pkg::record_t  record_o
);

  localparam int unsigned Adjacent = 0;   // flag: the next record lies directly behind
  localparam int unsigned FixedSize = 1;  // flag: the block has the size that came with the list

  vctoe_walker_pkg::context_t context_;
  logic [31:0] left;
  logic        unknown;
  logic        flags_count;

  assign context_ = data_i;
  assign left = end_sequence_i - sequence_i;
  assign unknown = context_.version > vctoe_walker_pkg::ContextVersion;
  assign flags_count = context_.version != '0 && !unknown;

  always_comb begin
    record_o.unknown = unknown;
    record_o.address = context_.virtual_address + 64'(context_.offset);
`ifdef VCTOE_BUG_OFFSET_ADDED_TWICE
    record_o.address = record_o.address + 64'(context_.offset);
`endif
    record_o.sequence_number = context_.starting_sequence;
    record_o.size = context_.data_size;
    record_o.next = context_.next;
    if (flags_count && context_.flags[FixedSize]) begin
      record_o.size = block_size_i < left ? block_size_i : left;
    end
    if (flags_count && context_.flags[Adjacent]) record_o.next = address_i + 64'd32;
  end

  logic unused;
  assign unused = ^{context_.asid, context_.flags[7:2]};

endmodule
