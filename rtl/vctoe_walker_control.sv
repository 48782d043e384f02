// Cancels and invalidations: one pulse to all parts, then waiting until nothing of it is left.
module vctoe_walker_control (
    input logic clk_i,
    input logic rst_ni,

    input  logic cancel_valid_i,
    output logic cancel_ready_o,
    input  logic inv_valid_i,
    output logic inv_ready_o,
    input  logic filling_i,  // answers of the host that came before an invalidation

    output logic kill_o,        // pulse: the connection's walks and fetches end
    output logic inv_o,         // pulse: the page's translation and records are void
    output logic inv_busy_o,

    // The connection's places to start from are forgotten.
    output logic forget_valid_o,
    input  logic forget_ready_i,

    input logic       flush_busy_i,    // record cache
    input logic       drained_i,       // reader
    input logic [2:0] out_level_i,     // beats that wait to leave
    input logic       out_pop_i,

    output logic idle_o
);

  localparam logic [2:0] Ready = 3'd0;
  localparam logic [2:0] Kill = 3'd1;
  localparam logic [2:0] Forget = 3'd2;
  localparam logic [2:0] Drain = 3'd3;
  localparam logic [2:0] Invalidate = 3'd4;
  localparam logic [2:0] Flush = 3'd5;

  logic [2:0] state_q;
  logic [2:0] left_q;  // beats that may be of the connection

  // Out of registers, because they reach everything.
  assign kill_o = state_q == Kill;
  assign inv_o = state_q == Invalidate;
  assign inv_busy_o = state_q == Flush;
  assign forget_valid_o = state_q == Forget;
  assign cancel_ready_o = state_q == Drain && left_q == '0 && drained_i && !flush_busy_i;
  assign inv_ready_o = state_q == Flush && !flush_busy_i;
  assign idle_o = state_q == Ready;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= Ready;
      left_q <= '0;
    end else begin
      if (kill_o) left_q <= out_level_i - 3'(out_pop_i);
      else if (left_q != '0) left_q <= left_q - 3'(out_pop_i);
      case (state_q)
        Ready: begin
          if (cancel_valid_i) state_q <= Kill;
          else if (inv_valid_i && !filling_i) state_q <= Invalidate;
        end
        Kill: state_q <= Forget;
        Invalidate: state_q <= Flush;
        Forget: if (forget_ready_i) state_q <= Drain;
        Drain: if (cancel_ready_o) state_q <= Ready;
        default: if (inv_ready_o) state_q <= Ready;
      endcase
    end
  end

`ifdef VCTOE_CHECK
  vctoe_walker_control_check u_check (.*, .left(left_q));
`endif

endmodule
