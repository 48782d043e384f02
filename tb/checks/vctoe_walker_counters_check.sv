// The counter that is read has counted every event since the reset.
(* keep_hierarchy *)
module vctoe_walker_counters_check (
    input logic        clk_i,
    input logic        rst_ni,
    input logic [12:0] event_i,
    input logic        second_kill_i,
    input logic [ 3:0] index_i,
    input logic [31:0] value_o,
    input logic        idle_o,
    input logic [13*vctoe_walker_pkg::CounterW-1:0] all_counts
);
  logic [13*32-1:0] counts_q;
  logic [31:0] value_q;
  logic counted_q, valid_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      counts_q <= '0;
      {counted_q, valid_q} <= '0;
    end else begin
      valid_q <= 1'b1;
      counted_q <= |{event_i, second_kill_i};
      for (int i = 0; i < 13; i++) begin
        counts_q[i*32+:32] <= counts_q[i*32+:32] + 32'(event_i[i]) + 32'(i == 2 && second_kill_i);
      end
    end
  end

  always_ff @(posedge clk_i) begin
    value_q <= '0;
    for (int i = 0; i < 13; i++) begin
      if (index_i == 4'(i)) value_q <= counts_q[i*32+:32];
    end
    if (rst_ni) begin
      assert (idle_o == !counted_q);
      for (int i = 0; i < 13; i++) begin
        assert (all_counts[i*vctoe_walker_pkg::CounterW+:vctoe_walker_pkg::CounterW] ==
                vctoe_walker_pkg::CounterW'(counts_q[i*32+:32]));
      end
      assert (!valid_q || value_o == 32'(vctoe_walker_pkg::CounterW'(value_q)));
    end
  end
endmodule
