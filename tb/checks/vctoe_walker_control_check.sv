// Cancels and invalidations, cycle by cycle.
(* keep_hierarchy *)
module vctoe_walker_control_check (
    input logic       clk_i,
    input logic       rst_ni,
    input logic       cancel_valid_i,
    input logic       cancel_ready_o,
    input logic       inv_valid_i,
    input logic       inv_ready_o,
    input logic       filling_i,
    input logic       kill_o,
    input logic       inv_o,
    input logic       inv_busy_o,
    input logic       forget_valid_o,
    input logic       forget_ready_i,
    input logic       flush_busy_i,
    input logic       drained_i,
    input logic [2:0] out_level_i,
    input logic       out_pop_i,
    input logic       idle_o,
    input logic [2:0] left
);
  logic cancelling_q, invalidating_q, first_q, forgotten_q;
  logic [2:0] before_q;  // beats from before the cancel that are still there
  logic cancelled, invalidated;

  assign cancelled = cancelling_q && forgotten_q && before_q == '0 && drained_i && !flush_busy_i;
  assign invalidated = invalidating_q && !first_q && !flush_busy_i;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {cancelling_q, invalidating_q, first_q, forgotten_q} <= '0;
      before_q <= '0;
    end else begin
      first_q <= 1'b0;
      if (!cancelling_q && !invalidating_q) begin
        cancelling_q <= cancel_valid_i;
        invalidating_q <= inv_valid_i && !cancel_valid_i && !filling_i;
        first_q <= cancel_valid_i || (inv_valid_i && !filling_i);
        forgotten_q <= 1'b0;
      end
      if (cancelled) cancelling_q <= 1'b0;
      if (invalidated) invalidating_q <= 1'b0;
      if (cancelling_q && !first_q && forget_ready_i) forgotten_q <= 1'b1;
      if (cancelling_q && first_q) before_q <= out_level_i;
      if (cancelling_q && first_q && out_pop_i) before_q <= out_level_i - 3'd1;
      if (cancelling_q && !first_q && out_pop_i && before_q != '0) before_q <= before_q - 3'd1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (idle_o == !(cancelling_q || invalidating_q));
      assert (left == before_q);
      assert (kill_o == (cancelling_q && first_q));
      assert (inv_o == (invalidating_q && first_q));
      assert (inv_busy_o == (invalidating_q && !first_q));
      assert (forget_valid_o == (cancelling_q && !first_q && !forgotten_q));
      assert (cancel_ready_o == cancelled);
      assert (inv_ready_o == invalidated);
    end
  end
endmodule
