// The walks in progress: who is where, who goes on next, and with what.
(* keep_hierarchy *)
module vctoe_walker_park_check #(
    parameter int unsigned Walks = 2,
    parameter int unsigned SlotW = 1
) (
    input logic                        clk_i,
    input logic                        rst_ni,
    input logic [8:0]                  cfg_walks_i,
    input logic                        free_valid_o,
    input logic [SlotW-1:0]            free_slot_o,
    input logic                        take_valid_i,
    input logic [15:0]                 take_connection_i,
    input logic                        over_valid_i,
    input logic [SlotW-1:0]            over_slot_i,
    input logic                        any_o,
    input logic [8:0]                  live_o,
    input logic                        park_valid_i,
    input logic [SlotW-1:0]            park_slot_i,
    input logic                        park_again_i,
    input vctoe_walker_pkg::progress_t park_progress_i,
    input logic                        wake_valid_i,
    input logic [SlotW-1:0]            wake_slot_i,
    input logic [2:0]                  wake_kind_i,
    input vctoe_walker_pkg::record_t   wake_record_i,
    input logic                        again_i,
    input logic                        resume_valid_o,
    input logic                        resume_ready_i,
    input logic [SlotW-1:0]            resume_slot_o,
    input logic [2:0]                  resume_kind_o,
    input vctoe_walker_pkg::progress_t resume_progress_o,
    input vctoe_walker_pkg::record_t   resume_record_o,
    input logic                        kill_valid_i,
    input logic [15:0]                 kill_connection_i,
    input logic                        killed_o,
    // What is inside of the block.
    input logic [Walks-1:0]            all_live, all_parked, all_again, all_awake,
    input logic [Walks*3-1:0]          all_kinds,
    input logic [Walks*16-1:0]         all_connections,
    input logic [Walks*vctoe_walker_pkg::ProgressW-1:0] all_progress,
    input logic [Walks*vctoe_walker_pkg::RecordW-1:0]   all_records
);
  localparam int unsigned P = vctoe_walker_pkg::ProgressW;
  localparam int unsigned R = vctoe_walker_pkg::RecordW;
  // Where the walk of a slot is.
  localparam logic [2:0] Nowhere = 3'd0;
  localparam logic [2:0] Engine = 3'd1;
  localparam logic [2:0] Asleep = 3'd2;  // until it is woken
  localparam logic [2:0] Again = 3'd3;   // until there is room, or it is woken
  localparam logic [2:0] Awake = 3'd4;

  logic [Walks*3-1:0] at_q, at_d, kind_q, kind_d;
  logic [Walks*16-1:0] connection_q, connection_d;
  logic [Walks*P-1:0] progress_q, progress_d;
  logic [Walks*R-1:0] record_q, record_d;
  logic [8:0] last_q;  // slot that went on last
  logic [8:0] count, free, next, slot;
  logic free_found, next_found, killed;

  always_comb begin
    count = '0;
    free = '0;
    next = '0;
    free_found = 1'b0;
    next_found = 1'b0;
    killed = 1'b0;
    slot = '0;
    for (int i = 0; i < Walks; i++) begin
      if (at_q[i*3+:3] != Nowhere) begin
        count = count + 9'd1;
        if (kill_valid_i && connection_q[i*16+:16] == kill_connection_i) killed = 1'b1;
      end else if (!free_found) begin
        free_found = 1'b1;
        free = 9'(i);
      end
    end
    if (count >= cfg_walks_i) free_found = 1'b0;
    for (int i = Walks; i > 0; i--) begin
      slot = last_q + 9'(i);
      if (slot >= 9'(Walks)) slot = slot - 9'(Walks);
      for (int s = 0; s < Walks; s++) begin
        if (slot == 9'(s) && at_q[s*3+:3] == Awake) begin
          next_found = !kill_valid_i;
          next = slot;
        end
      end
    end

    at_d = at_q;
    kind_d = kind_q;
    connection_d = connection_q;
    progress_d = progress_q;
    record_d = record_q;
    for (int i = 0; i < Walks; i++) begin
      if (again_i && at_q[i*3+:3] == Again) at_d[i*3+:3] = Awake;
      if (take_valid_i && free == 9'(i)) begin
        at_d[i*3+:3] = Engine;
        connection_d[i*16+:16] = take_connection_i;
      end
      if (over_valid_i && 9'(over_slot_i) == 9'(i)) at_d[i*3+:3] = Nowhere;
      if (park_valid_i && 9'(park_slot_i) == 9'(i)) begin
        at_d[i*3+:3] = park_again_i ? Again : Asleep;
        kind_d[i*3+:3] = vctoe_walker_pkg::WakeAgain;
        progress_d[i*P+:P] = park_progress_i;
      end
      if (wake_valid_i && 9'(wake_slot_i) == 9'(i) && at_q[i*3+:3] >= Asleep) begin
        at_d[i*3+:3] = Awake;
        kind_d[i*3+:3] = wake_kind_i;
        record_d[i*R+:R] = wake_record_i;
      end
      if (next_found && resume_ready_i && next == 9'(i)) at_d[i*3+:3] = Engine;
      if (kill_valid_i && connection_q[i*16+:16] == kill_connection_i) at_d[i*3+:3] = Nowhere;
    end
  end

  always_ff @(posedge clk_i) begin
    kind_q <= kind_d;
    connection_q <= connection_d;
    progress_q <= progress_d;
    record_q <= record_d;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      at_q <= '0;
      last_q <= 9'(Walks - 1);
    end else begin
      at_q <= at_d;
      if (next_found && resume_ready_i) last_q <= next;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (live_o == count);
      assert (any_o == (count != '0));
      assert (killed_o == killed);
      assert (free_valid_o == free_found);
      assert (!free_found || 9'(free_slot_o) == free);
      assert (resume_valid_o == next_found);
      assert (free_found || free_slot_o == '0);
      assert (next_found || resume_slot_o == '0);
      for (int i = 0; i < Walks; i++) begin
        assert (all_live[i] == (at_q[i*3+:3] != Nowhere));
        assert (all_parked[i] == (at_q[i*3+:3] >= Asleep));
        assert (all_again[i] == (at_q[i*3+:3] == Again));
        assert (all_awake[i] == (at_q[i*3+:3] == Awake));
        if (all_live[i]) assert (all_connections[i*16+:16] == connection_q[i*16+:16]);
        if (all_parked[i]) begin
          assert (all_progress[i*P+:P] == progress_q[i*P+:P]);
          assert (all_kinds[i*3+:3] == kind_q[i*3+:3]);
        end
        if (all_awake[i] && kind_q[i*3+:3] != vctoe_walker_pkg::WakeAgain) begin
          assert (all_records[i*R+:R] == record_q[i*R+:R]);
        end
      end
      for (int i = 0; i < Walks; i++) begin
        if (next_found && next == 9'(i)) begin
          assert (9'(resume_slot_o) == next);
          assert (resume_kind_o == kind_q[i*3+:3]);
          assert (resume_progress_o == progress_q[i*P+:P]);
          assert (kind_q[i*3+:3] != vctoe_walker_pkg::WakeRecord ||
                  resume_record_o == record_q[i*R+:R]);
        end
      end
    end
  end
endmodule
