// A record read from memory, by the words of its image.
(* keep_hierarchy *)
module vctoe_walker_spell_check (
    input logic                      clk_i,
    input logic                      rst_ni,
    input logic                      valid_i,
    input logic [255:0]              data_i,
    input logic [63:0]               address_i,
    input logic [31:0]               sequence_i,
    input logic [31:0]               block_size_i,
    input logic [31:0]               end_sequence_i,
    input vctoe_walker_pkg::record_t record_i
);
  logic [31:0] rest, fixed;
  logic new_format, later;

  always_comb begin
    rest = end_sequence_i - sequence_i;
    fixed = rest < block_size_i ? rest : block_size_i;
    later = data_i[175:169] != '0;
    new_format = data_i[175:168] == 8'd1;
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && valid_i) begin
      assert (record_i.unknown == later);
      assert (record_i.address - data_i[63:0] == {32'd0, data_i[95:64]});
      assert (record_i.sequence_number == data_i[159:128]);
      assert (record_i.size == (new_format && data_i[161] ? fixed : data_i[127:96]));
      assert (record_i.next == (new_format && data_i[160] ? address_i + 64'd32 : data_i[255:192]));
    end
  end
endmodule
