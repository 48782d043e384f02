// How many words are in a queue, and what that says about its two sides.
(* keep_hierarchy *)
module vctoe_walker_fifo_check #(
    parameter int unsigned Depth = 2
) (
    input logic                       clk_i,
    input logic                       rst_ni,
    input logic                       push_valid_i,
    input logic                       push_ready_o,
    input logic                       pop_valid_o,
    input logic                       pop_ready_i,
    input logic [$clog2(Depth+1)-1:0] level_o
);
  logic [Depth:0] level_q;  // one-hot
  logic push, pop;

  assign push = push_valid_i && !level_q[Depth];
  assign pop = pop_ready_i && !level_q[0];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) level_q <= (Depth + 1)'(1);
    else if (push && !pop) level_q <= level_q << 1;
    else if (pop && !push) level_q <= level_q >> 1;
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (push_ready_o == !level_q[Depth]);
      assert (pop_valid_o == !level_q[0]);
      for (int unsigned i = 0; i <= Depth; i++) begin
        assert (!level_q[i] || 32'(level_o) == i);
      end
    end
  end
endmodule
