// Request queue. Walks leave in order of age, but only one of a connection is in progress at a time:
// the oldest whose connection has none goes first.
module vctoe_walker_queue #(
    parameter int unsigned Queue = 16,
    parameter int unsigned Connections = 1024
) (
    input logic clk_i,
    input logic rst_ni,

    input logic [10:0] cfg_queue_i,

    input  logic                     push_valid_i,
    output logic                     push_ready_o,
    input  vctoe_walker_pkg::walk_t  push_walk_i,

    // An engine wants a walk; it takes what start_valid_o offers in the same cycle.
    input  logic                     start_want_i,
    output logic                     start_valid_o,
    output vctoe_walker_pkg::walk_t  start_walk_o,

    // A walk in progress is over.
    input logic        over_valid_i,
    input logic [15:0] over_connection_i,

    // The connection's walks go, also the one in progress.
    input  logic        kill_valid_i,
    input  logic [15:0] kill_connection_i,
    output logic        killed_o,  // one of the queue is gone

    output logic [10:0] level_o,
    output logic        idle_o
);

  localparam int unsigned SlotW = Queue > 1 ? $clog2(Queue) : 1;
  localparam int unsigned LevelW = Queue > 0 ? $clog2(Queue + 1) : 1;
  localparam int unsigned ConnW = Connections > 1 ? $clog2(Connections) : 1;

  // Slots are named in order_q from the oldest to the youngest.
  logic [SlotW-1:0]             order_q[Queue];
  logic [LevelW-1:0]            level_q;
  logic [Queue-1:0]             used_q;
  logic [Queue-1:0]             dead_q;
  logic [15:0]                  connection_q[Queue];
  logic [vctoe_walker_pkg::WalkW-1:0] walk_q[Queue];
  logic [Connections-1:0]       busy_q;

  logic             remove;
  logic [SlotW-1:0] pick;
  logic [SlotW-1:0] pick_slot;
  logic [SlotW-1:0] free_slot;
  logic             push;

  // What was cancelled goes first, one a cycle.
  always_comb begin
    pick = '0;
    remove = 1'b0;
    if (dead_q != '0) begin
      for (int i = Queue - 1; i >= 0; i--) begin
        if (LevelW'(i) < level_q && dead_q[order_q[i]]) begin
          pick = SlotW'(i);
          remove = !kill_valid_i;
        end
      end
    end else if (start_want_i && level_q != '0 && !kill_valid_i) begin
      for (int i = Queue - 1; i >= 0; i--) begin
        if (LevelW'(i) < level_q && !busy_q[connection_q[order_q[i]][ConnW-1:0]]) begin
          pick = SlotW'(i);
          remove = 1'b1;
        end
      end
    end
  end

  always_comb begin
    free_slot = '0;
    if (push_valid_i) begin
      for (int i = Queue - 1; i >= 0; i--) begin
        if (!used_q[i]) free_slot = SlotW'(i);
      end
    end
  end

  assign pick_slot = order_q[pick];
  assign start_valid_o = remove && dead_q == '0;
  assign start_walk_o = walk_q[pick_slot];
  assign killed_o = remove && dead_q != '0;
  assign push_ready_o = 11'(level_q) < cfg_queue_i && !kill_valid_i;
  assign push = push_valid_i && push_ready_o;
  assign level_o = 11'(level_q);
  assign idle_o = dead_q == '0;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      level_q <= '0;
      used_q <= '0;
      dead_q <= '0;
      busy_q <= '0;
    end else begin
      level_q <= level_q + LevelW'(push) - LevelW'(remove);
      if (remove) begin
        used_q[pick_slot] <= 1'b0;
        dead_q[pick_slot] <= 1'b0;
      end
      if (push) used_q[free_slot] <= 1'b1;
      if (over_valid_i) busy_q[over_connection_i[ConnW-1:0]] <= 1'b0;
      if (start_valid_o) busy_q[start_walk_o.connection[ConnW-1:0]] <= 1'b1;
      if (kill_valid_i) begin
        busy_q[kill_connection_i[ConnW-1:0]] <= 1'b0;
        for (int i = 0; i < Queue; i++) begin
          if (used_q[i] && connection_q[i] == kill_connection_i) dead_q[i] <= 1'b1;
        end
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (remove) begin
      for (int i = 0; i + 1 < Queue; i++) begin
        if (SlotW'(i) >= pick) order_q[i] <= order_q[i+1];
      end
    end
    if (push) begin
      order_q[SlotW'(level_q-LevelW'(remove))] <= free_slot;
      connection_q[free_slot] <= push_walk_i.connection;
      walk_q[free_slot] <= push_walk_i;
    end
  end

  // Connections are below the parameter of that name.
  logic unused;
  assign unused = ^{over_connection_i};

  if (Queue < 1 || Queue > 1024) $error("vctoe_walker_queue: Queue must be 1 .. 1024");
  if (Connections < 1 || Connections > 65536) $error("vctoe_walker_queue: Connections must be 1 .. 65536");

`ifdef VCTOE_CHECK
  logic [Queue*SlotW-1:0] all_order;
  logic [Queue*16-1:0] all_connections;
  logic [Queue*vctoe_walker_pkg::WalkW-1:0] all_walks;
  for (genvar i = 0; i < Queue; i++) begin : gen_all_all_order
    assign all_order[i*SlotW+:SlotW] = order_q[i];
    assign all_connections[i*16+:16] = connection_q[i];
    assign all_walks[i*vctoe_walker_pkg::WalkW+:vctoe_walker_pkg::WalkW] = walk_q[i];
  end
  vctoe_walker_queue_check #(
      .Queue(Queue),
      .Connections(Connections),
      .SlotW(SlotW)
  ) u_check (
      .*,
      .all_used(used_q),
      .all_dead(dead_q),
      .all_busy(busy_q)
  );
`endif

endmodule
