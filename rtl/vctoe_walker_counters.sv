// Performance counters, read by index (rtl/README.md). They wrap.
module vctoe_walker_counters (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [12:0] event_i,        // by index, each once a cycle
    input  logic        second_kill_i,  // a cancel may end two walks in a cycle
    input  logic [3:0]  index_i,
    output logic [31:0] value_o,        // of the index in the cycle before
    output logic        idle_o          // value_o has what was counted
);

  localparam int unsigned Cancelled = 2;

  localparam int unsigned CounterW = vctoe_walker_pkg::CounterW;

  logic [CounterW-1:0] count_q[13];
  logic [CounterW-1:0] value_q;
  logic        counted_q;

  assign value_o = 32'(value_q);
  assign idle_o = !counted_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) counted_q <= 1'b0;
    else counted_q <= event_i != '0 || second_kill_i;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      for (int i = 0; i < 13; i++) count_q[i] <= '0;
    end else if (event_i != '0 || second_kill_i) begin
      for (int i = 0; i < 13; i++) begin
        if (event_i[i]) count_q[i] <= count_q[i] + 1'b1;
      end
      if (second_kill_i) begin
        count_q[Cancelled] <= count_q[Cancelled] + 1'b1 + CounterW'(event_i[Cancelled]);
      end
    end
  end

  always_ff @(posedge clk_i) begin
    value_q <= index_i < 4'd13 ? count_q[index_i] : '0;
  end

`ifdef VCTOE_CHECK
  logic [13*CounterW-1:0] all_counts;
  for (genvar i = 0; i < 13; i++) begin : gen_all_all_counts
    assign all_counts[i*CounterW+:CounterW] = count_q[i];
  end
  vctoe_walker_counters_check u_check (.*);
`endif

endmodule
