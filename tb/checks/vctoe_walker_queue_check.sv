// The request queue as a plain list, the oldest walk first: which one starts, when and as what.
(* keep_hierarchy *)
module vctoe_walker_queue_check #(
    parameter int unsigned Queue = 2,
    parameter int unsigned Connections = 2,
    parameter int unsigned SlotW = 1
) (
    input logic                    clk_i,
    input logic                    rst_ni,
    input logic [10:0]             cfg_queue_i,
    input logic                    push_valid_i,
    input logic                    push_ready_o,
    input vctoe_walker_pkg::walk_t push_walk_i,
    input logic                    start_want_i,
    input logic                    start_valid_o,
    input vctoe_walker_pkg::walk_t start_walk_o,
    input logic                    over_valid_i,
    input logic [15:0]             over_connection_i,
    input logic                    kill_valid_i,
    input logic [15:0]             kill_connection_i,
    input logic                    killed_o,
    input logic [10:0]             level_o,
    input logic                    idle_o,
    // What is inside of the block.
    input logic [Queue-1:0]        all_used, all_dead,
    input logic [Connections-1:0]  all_busy,
    input logic [Queue*SlotW-1:0]  all_order,
    input logic [Queue*16-1:0]     all_connections,
    input logic [Queue*vctoe_walker_pkg::WalkW-1:0] all_walks
);
  localparam int unsigned W = vctoe_walker_pkg::WalkW;
  localparam int unsigned ConnectionAt = W - 48;  // in a walk

  logic [Queue*W-1:0] walks_q, walks_d;
  logic [Queue-1:0] used_q, used_d;  // the lowest ones
  logic [Queue-1:0] dead_q, dead_d;
  logic [Connections-1:0] busy_q;
  logic [Queue-1:0] connection_busy;
  logic [Queue-1:0] leaves;  // one-hot, or 0
  logic [W-1:0] leaving;
  logic start, killed, ready, placed;
  logic [Queue-1:0] slots;
  logic [10:0] level;

  always_comb begin
    level = '0;
    connection_busy = '0;
    for (int i = 0; i < Queue; i++) begin
      level = level + 11'(used_q[i]);
      for (int c = 0; c < Connections; c++) begin
        if (busy_q[c] && walks_q[i*W+ConnectionAt+:16] == 16'(c)) connection_busy[i] = 1'b1;
      end
    end
    ready = level < cfg_queue_i && !kill_valid_i;
    killed = !kill_valid_i && dead_q != '0;
    leaves = '0;
    for (int i = Queue - 1; i >= 0; i--) begin
      if (used_q[i] && (killed ? dead_q[i] : !connection_busy[i])) leaves = Queue'(1) << i;
    end
    if (kill_valid_i || (!killed && !start_want_i)) leaves = '0;
    start = leaves != '0 && !killed;

    leaving = '0;
    placed = 1'b0;
    walks_d = walks_q;
    used_d = used_q;
    dead_d = dead_q;
    for (int i = 0; i < Queue; i++) begin
      if (leaves[i]) leaving = walks_q[i*W+:W];
      if (kill_valid_i && used_q[i] && walks_q[i*W+ConnectionAt+:16] == kill_connection_i) begin
        dead_d[i] = 1'b1;
      end
    end
    if (leaves != '0) begin
      for (int i = 0; i < Queue; i++) begin
        // Those behind it move up.
        if (leaves <= (Queue'(1) << i)) begin
          if (i + 1 < Queue) begin
            walks_d[i*W+:W] = walks_q[(i+1<Queue?i+1 : 0)*W+:W];
            used_d[i] = used_q[(i+1<Queue?i+1 : 0)];
            dead_d[i] = dead_q[(i+1<Queue?i+1 : 0)];
          end else begin
            used_d[i] = 1'b0;
            dead_d[i] = 1'b0;
          end
        end
      end
    end
    if (push_valid_i && ready) begin
      for (int i = 0; i < Queue; i++) begin
        if (!placed && !used_d[i]) begin
          walks_d[i*W+:W] = push_walk_i;
          used_d[i] = 1'b1;
          dead_d[i] = 1'b0;
          placed = 1'b1;
        end
      end
    end
  end

  always_ff @(posedge clk_i) walks_q <= walks_d;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {used_q, dead_q, busy_q} <= '0;
    end else begin
      used_q <= used_d;
      dead_q <= dead_d;
      for (int c = 0; c < Connections; c++) begin
        if (over_valid_i && over_connection_i == 16'(c)) busy_q[c] <= 1'b0;
        if (start && leaving[ConnectionAt+:16] == 16'(c)) busy_q[c] <= 1'b1;
        if (kill_valid_i && kill_connection_i == 16'(c)) busy_q[c] <= 1'b0;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (push_ready_o == ready);
      assert (level_o == level);
      assert (start_valid_o == start);
      assert (killed_o == killed);
      assert (idle_o == (dead_q == '0));
      assert (!start || start_walk_o == leaving);
      assert (all_busy == busy_q);
      slots = '0;
      for (int i = 0; i < Queue; i++) begin
        if (used_q[i]) begin
          for (int s = 0; s < Queue; s++) begin
            if (32'(all_order[i*SlotW+:SlotW]) == s) begin
              slots[s] = 1'b1;
              assert (all_dead[s] == dead_q[i]);
              assert (all_walks[s*W+:W] == walks_q[i*W+:W]);
              assert (all_connections[s*16+:16] == walks_q[i*W+ConnectionAt+:16]);
            end
          end
        end
      end
      assert (all_used == slots && (all_dead & ~slots) == '0);
    end
  end
endmodule
