// The walks in progress, one a slot. A walk that waits for the host leaves its engine and is kept here
// until it can go on.
module vctoe_walker_park #(
    parameter int unsigned Walks = 20,
    localparam int unsigned SlotW = Walks > 1 ? $clog2(Walks) : 1
) (
    input logic clk_i,
    input logic rst_ni,

    input logic [8:0] cfg_walks_i,

    // Slots.
    output logic             free_valid_o,
    output logic [SlotW-1:0] free_slot_o,
    input  logic             take_valid_i,  // a walk starts in the free slot
    input  logic [15:0]      take_connection_i,
    input  logic             over_valid_i,
    input  logic [SlotW-1:0] over_slot_i,
    output logic             any_o,         // a walk is in progress
    output logic [8:0]       live_o,        // how many

    // An engine gives its walk up. `again`: until again_i, else until it is woken.
    input logic                          park_valid_i,
    input logic [SlotW-1:0]              park_slot_i,
    input logic                          park_again_i,
    input vctoe_walker_pkg::progress_t   park_progress_i,

    // What a walk waits for is there (or not to be had). Slots that are with an engine are ignored.
    input logic                        wake_valid_i,
    input logic [SlotW-1:0]            wake_slot_i,
    input logic [2:0]                  wake_kind_i,
    input vctoe_walker_pkg::record_t   wake_record_i,
    input logic                        again_i,

    output logic                         resume_valid_o,
    input  logic                         resume_ready_i,
    output logic [SlotW-1:0]             resume_slot_o,
    output logic [2:0]                   resume_kind_o,
    output vctoe_walker_pkg::progress_t  resume_progress_o,
    output vctoe_walker_pkg::record_t    resume_record_o,

    input  logic        kill_valid_i,
    input  logic [15:0] kill_connection_i,
    output logic        killed_o
);

  localparam int unsigned CountW = $clog2(Walks + 1);

  logic [Walks-1:0]             live_q;
  logic [Walks-1:0]             parked_q;
  logic [Walks-1:0]             again_q;
  logic [Walks-1:0]             awake_q;
  logic [CountW-1:0]            count_q;
  logic [2:0]                   kind_q[Walks];
  logic [15:0]                  connection_q[Walks];
  logic [vctoe_walker_pkg::ProgressW-1:0] progress_q[Walks];
  logic [vctoe_walker_pkg::RecordW-1:0] record_q[Walks];

  logic             resume;
  logic [SlotW-1:0] turn_q;  // the slot after the one resumed last goes first

  always_comb begin
    free_valid_o = 1'b0;
    free_slot_o = '0;
    if (9'(count_q) < cfg_walks_i) begin
      for (int i = Walks - 1; i >= 0; i--) begin
        if (!live_q[i]) begin
          free_valid_o = 1'b1;
          free_slot_o = SlotW'(i);
        end
      end
    end
  end

  always_comb begin
    resume_valid_o = 1'b0;
    resume_slot_o = '0;
    if (awake_q != '0 && !kill_valid_i) begin
      resume_valid_o = 1'b1;
      for (int i = Walks - 1; i >= 0; i--) begin
        if (awake_q[i]) resume_slot_o = SlotW'(i);
      end
      for (int i = Walks - 1; i >= 0; i--) begin
        if (awake_q[i] && SlotW'(i) >= turn_q) resume_slot_o = SlotW'(i);
      end
    end
  end

  assign resume = resume_valid_o && resume_ready_i;
  assign resume_kind_o = kind_q[resume_slot_o];
  assign resume_progress_o = progress_q[resume_slot_o];
  assign resume_record_o = record_q[resume_slot_o];
  assign any_o = count_q != '0;
  assign live_o = 9'(count_q);

  always_comb begin
    killed_o = 1'b0;
    if (kill_valid_i) begin
      for (int i = 0; i < Walks; i++) begin
        if (live_q[i] && connection_q[i] == kill_connection_i) killed_o = 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      live_q <= '0;
      parked_q <= '0;
      again_q <= '0;
      awake_q <= '0;
      count_q <= '0;
      turn_q <= '0;
    end else begin
      // A walk may end by itself in the cycle in which that of another connection is cancelled.
      count_q <= count_q + CountW'(take_valid_i) - CountW'(over_valid_i) - CountW'(killed_o) +
                 CountW'(over_valid_i && killed_o &&
                         connection_q[over_slot_i] == kill_connection_i);
      if (take_valid_i) live_q[free_slot_o] <= 1'b1;
      if (over_valid_i) live_q[over_slot_i] <= 1'b0;
      if (again_i) begin
        awake_q <= awake_q | again_q;
        again_q <= '0;
      end
      if (park_valid_i) begin
        parked_q[park_slot_i] <= 1'b1;
        again_q[park_slot_i] <= park_again_i;
      end
      if (wake_valid_i && parked_q[wake_slot_i]) awake_q[wake_slot_i] <= 1'b1;
      if (resume) begin
        parked_q[resume_slot_o] <= 1'b0;
        awake_q[resume_slot_o] <= 1'b0;
        turn_q <= 32'(resume_slot_o) + 1 == Walks ? '0 : resume_slot_o + 1'b1;
      end
      if (kill_valid_i) begin
        for (int i = 0; i < Walks; i++) begin
          if (connection_q[i] == kill_connection_i) begin
            live_q[i] <= 1'b0;
            parked_q[i] <= 1'b0;
            again_q[i] <= 1'b0;
            awake_q[i] <= 1'b0;
          end
        end
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (take_valid_i) connection_q[free_slot_o] <= take_connection_i;
    if (park_valid_i) begin
      progress_q[park_slot_i] <= park_progress_i;
      kind_q[park_slot_i] <= vctoe_walker_pkg::WakeAgain;
    end
    if (wake_valid_i) begin
      kind_q[wake_slot_i] <= wake_kind_i;
      record_q[wake_slot_i] <= wake_record_i;
    end
  end

  if (Walks < 1 || Walks > 256) $error("vctoe_walker_park: Walks must be 1 .. 256");

`ifdef VCTOE_TOP_PARK
`include "park.svh"
`endif

`ifdef VCTOE_CHECK
  logic [Walks*3-1:0] all_kinds;
  logic [Walks*16-1:0] all_connections;
  logic [Walks*vctoe_walker_pkg::ProgressW-1:0] all_progress;
  logic [Walks*vctoe_walker_pkg::RecordW-1:0] all_records;
  for (genvar i = 0; i < Walks; i++) begin : gen_all_all_kinds
    assign all_kinds[i*3+:3] = kind_q[i];
    assign all_connections[i*16+:16] = connection_q[i];
    assign all_progress[i*vctoe_walker_pkg::ProgressW+:vctoe_walker_pkg::ProgressW] = progress_q[i];
    assign all_records[i*vctoe_walker_pkg::RecordW+:vctoe_walker_pkg::RecordW] = record_q[i];
  end
  vctoe_walker_park_check #(
      .Walks(Walks),
      .SlotW(SlotW)
  ) u_check (
      .*,
      .all_live(live_q),
      .all_parked(parked_q),
      .all_again(again_q),
      .all_awake(awake_q)
  );
`endif

endmodule
