// What the arbiter must grant: whoever asks first behind the one that was served last.
(* keep_hierarchy *)
module vctoe_walker_arbiter_check #(
    parameter int unsigned Requests = 2
) (
    input logic                clk_i,
    input logic                rst_ni,
    input logic [Requests-1:0] request_i,
    input logic                accept_i,
    input logic [Requests-1:0] grant_o,
    input logic [Requests-1:0] later  // those behind the one served last
);
  logic [7:0] last_q;  // was served last
  logic [7:0] next, who;

  always_comb begin
    next = last_q;
    who = '0;
    for (int unsigned i = Requests; i > 0; i--) begin
      who = last_q + 8'(i);
      if (who >= 8'(Requests)) who = who - 8'(Requests);
      for (int unsigned r = 0; r < Requests; r++) begin
        if (who == 8'(r) && request_i[r]) next = who;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) last_q <= 8'(Requests - 1);
    else if (accept_i) last_q <= next;
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      for (int unsigned r = 0; r < Requests; r++) begin
        assert (later[r] == (8'(r) > last_q));
        assert (grant_o[r] == (request_i[r] && next == 8'(r)));
      end
    end
  end
endmodule
