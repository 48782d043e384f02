// Round robin: who was served last comes last. Nobody who keeps asking is passed over by the same
// rival twice, so that each is served after at most Requests - 1 others.
module vctoe_walker_arbiter #(
    parameter int unsigned Requests = 2
) (
    input  logic                clk_i,
    input  logic                rst_ni,
    input  logic [Requests-1:0] request_i,
    input  logic                accept_i,  // the grant is taken
    output logic [Requests-1:0] grant_o    // one-hot, or 0
);
  if (Requests < 1) begin : gen_bad_requests
    $error("vctoe_walker_arbiter: Requests must be at least 1");
  end

  logic [Requests-1:0] later_q;  // those behind the one served last: they come first
  logic [Requests-1:0] preferred, chosen;

  assign preferred = request_i & later_q;
  assign chosen = preferred != '0 ? preferred : request_i;
  assign grant_o = chosen & (~chosen + Requests'(1));  // the lowest of them

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      later_q <= '0;
    end else if (accept_i && request_i != '0) begin
      later_q <= ~((grant_o - Requests'(1)) | grant_o);
    end
  end

`ifdef VCTOE_ASSERT
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert ((grant_o & (grant_o - Requests'(1))) == '0);  // one-hot, or nothing
      assert ((grant_o & ~request_i) == '0);
      assert ((grant_o == '0) == (request_i == '0));
      // Those that come first are the upper part of the row.
      assert ((later_q | (later_q << 1)) == later_q);
    end
  end
`endif

`ifdef VCTOE_TOP_ARBITER
  localparam int unsigned IndexBits = Requests > 1 ? $clog2(Requests) : 1;
  // Bounded waiting of any one requester that keeps asking.
  (* anyconst *) logic [IndexBits-1:0] who;
  logic [31:0] passed_q;  // grants to others while it waits
  logic [31:0] ahead;     // how many may still come before it

  always_comb begin
    ahead = '0;
    for (int unsigned i = 0; i < Requests; i++) begin
      if (later_q[who]) begin
        if (i < 32'(who) && later_q[i]) ahead = ahead + 1;
      end else begin
        if (i < 32'(who) || later_q[i]) ahead = ahead + 1;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      passed_q <= '0;
    end else if (!request_i[who] || (accept_i && grant_o[who])) begin
      passed_q <= '0;
    end else if (accept_i) begin
      passed_q <= passed_q + 1;
    end
  end

  always_ff @(posedge clk_i) begin
    assume (32'(who) < Requests);
    if (rst_ni) begin
      assert (passed_q + ahead < Requests);
      assert (passed_q < Requests);
      cover (accept_i && grant_o[who] && passed_q == Requests - 1);
      cover (grant_o != '0 && !accept_i);
    end
  end
`endif

`ifdef VCTOE_CHECK
  vctoe_walker_arbiter_check #(.Requests(Requests)) u_check (.*, .later(later_q));
`endif

endmodule
