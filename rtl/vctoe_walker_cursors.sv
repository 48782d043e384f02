// Places in the lists of a connection from which a walk can start, so that it need not start at the
// head. Per connection: the newest place of the first transmission, that of retransmission, and a
// ring of anchors which the first transmission leaves behind every so many records and at the end of
// each list. Direct mapped by connection: who comes takes the row of who was there.
//
// A lookup takes one cycle more than the row has places; a note takes two or three, and one more for
// each place of the row when it is of the first record of a list.
module vctoe_walker_cursors #(
    parameter int unsigned Sets = 16,
    parameter int unsigned Anchors = 4
) (
    input  logic                        clk_i,
    input  logic                        rst_ni,
    input  logic [ 4:0]                 cfg_anchors_i,        // in use, 0 .. Anchors
    input  logic [16:0]                 cfg_anchor_stride_i,  // records, 1 .. 65536

    input  logic                        op_valid_i,
    output logic                        op_ready_o,
    input  logic [ 1:0]                 op_kind_i,   // 0 lookup, 1 note, 2 forget the connection
    input  vctoe_walker_pkg::walk_t     op_walk_i,
    input  vctoe_walker_pkg::place_t    op_place_i,  // to be noted
    output logic                        result_valid_o,  // for one cycle
    output vctoe_walker_pkg::place_t    result_place_o,  // the head when nothing nearer is known
    input  logic                        abort_i,         // gives up a lookup: no result from now on
    output logic                        idle_o
);
  localparam int unsigned Slots = Anchors + 2;  // newest, newest of retransmission, anchors
  localparam int unsigned SlotBits = $clog2(Slots);
  localparam int unsigned SetBits = Sets > 1 ? $clog2(Sets) : 1;
  localparam int unsigned PlaceBits = $clog2(Sets * Slots);
  localparam int unsigned ListBits = 112;    // asid, first sequence number, head
  localparam int unsigned PlaceW = vctoe_walker_pkg::PlaceW;
  localparam int unsigned IndexW = vctoe_walker_pkg::IndexW;
  localparam int unsigned CursorBits = ListBits + PlaceW;
  // Flags of up to 1024 rows in a word, so that a reset of all of them is a short loop.
  localparam int unsigned WordRows = Sets > 1024 ? 1024 : Sets;
  localparam int unsigned Words = Sets / WordRows;
  localparam int unsigned WordBits = Words > 1 ? $clog2(Words) : 1;
  localparam int unsigned FlagBits = WordRows > 1 ? $clog2(WordRows) : 1;

  localparam logic [1:0] KindLookup = 2'd0;
  localparam logic [1:0] KindNote = 2'd1;

  if (Sets < 1 || Sets > 65536 || (Sets & (Sets - 1)) != 0) begin : gen_bad_sets
    $error("vctoe_walker_cursors: Sets must be a power of two, 1 .. 65536");
  end
  if (Anchors > 16) begin : gen_bad_anchors
    $error("vctoe_walker_cursors: Anchors must be 0 .. 16");
  end

  typedef enum logic [2:0] {
    StIdle,
    StLookup,  // reads the places of the row, one after the other
    StLeave,   // the list of the newest place is over: that becomes an anchor
    StVoid,    // a list is entered at its head: what is known of one by its name is void
    StNote,
    StAnchor
  } state_e;

  state_e state_q, state_d;
  logic [WordRows-1:0] taken_q[0:Words-1];
  logic [15:0] owner_q[0:Sets-1];
  logic [Slots-1:0] valid_q[0:Sets-1];
  logic [4:0] next_q[0:Sets-1];       // anchor that is written next
  logic [IndexW-1:0] anchored_q[0:Sets-1];  // index of the newest anchor in the newest list
  logic [CursorBits-1:0] cursor_q[0:Sets*Slots-1];

  // The operation under way.
  logic [SetBits-1:0] row_q;
  logic [ListBits-1:0] list_q;
  logic [31:0] target_q;  // bytes from the list's first
  logic again_q;
  logic [Slots-1:0] pending_q;              // places still to be read
  vctoe_walker_pkg::place_t place_q;        // to be noted; the best so far

  logic accept, known;
  logic [SetBits-1:0] op_row;

  assign op_ready_o = state_q == StIdle;
  assign idle_o = state_q == StIdle;
  assign accept = op_valid_i && op_ready_o;
  assign op_row = SetBits'(op_walk_i.connection & 16'(Sets - 1));
  assign known = taken_q[WordBits'(32'(op_row)/WordRows)][FlagBits'(32'(op_row)%WordRows)] &&
                 owner_q[op_row] == op_walk_i.connection;

  logic unused_walk;
  assign unused_walk = ^{op_walk_i.txn, op_walk_i.length, op_walk_i.block_size,
                         op_walk_i.end_sequence};

  // The place that is read.
  logic [SlotBits-1:0] slot;
  logic [CursorBits-1:0] cursor;
  logic [Slots-1:0] slot_flag, row_valid;
  logic of_list, nearer;
  vctoe_walker_pkg::place_t cursor_place;

  always_comb begin
    slot = '0;  // StLeave reads the newest
    slot_flag = pending_q & (~pending_q + Slots'(1));
    cursor = '0;
    row_valid = '0;
    if (state_q == StLookup || state_q == StVoid) begin
      for (int unsigned i = 0; i < Slots; i++) begin
        if (slot_flag[i]) slot = SlotBits'(i);
      end
    end
    if (state_q != StIdle) begin
      cursor = cursor_q[PlaceBits'(32'(row_q)*Slots+32'(slot))];
      row_valid = valid_q[row_q];
    end
    cursor_place = cursor[PlaceW-1:0];
    of_list = cursor[CursorBits-1:PlaceW] == list_q;
    nearer = of_list && cursor_place.covered <= {1'b0, target_q} &&
             cursor_place.covered > place_q.covered;
  end

  // What is written: at most one place a cycle.
  logic write, anchor, leave, far;
  logic [SlotBits-1:0] write_slot;
  logic [CursorBits-1:0] write_cursor;

  assign leave = row_valid[0] && !of_list;
  assign far = 32'(place_q.index) >= 32'(anchored_q[row_q]) + 32'(cfg_anchor_stride_i);
  assign anchor = cfg_anchors_i != '0 &&
                  ((state_q == StLeave && leave) || state_q == StAnchor);
  assign write = anchor || state_q == StNote;

  always_comb begin
    write_slot = SlotBits'(again_q);
    write_cursor = {list_q, place_q};
    if (anchor) write_slot = SlotBits'(32'(next_q[row_q]) + 2);
    if (state_q == StLeave) write_cursor = cursor;
  end

  always_comb begin
    state_d = state_q;
    unique case (state_q)
      StIdle: begin
        if (accept && op_kind_i == KindLookup) state_d = StLookup;
        if (accept && op_kind_i == KindNote) state_d = op_walk_i.retransmit ? StNote : StLeave;
      end
      StLookup: if (abort_i || pending_q == '0) state_d = StIdle;
      StLeave: state_d = place_q.index == '0 ? StVoid : StNote;
      StVoid: if (pending_q == '0) state_d = StNote;
      StNote: state_d = !again_q && far && cfg_anchors_i != '0 ? StAnchor : StIdle;
      default: state_d = StIdle;
    endcase
  end

  assign result_valid_o = state_q == StLookup && pending_q == '0 && !abort_i;
  assign result_place_o = place_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      row_q <= '0;
      list_q <= '0;
      target_q <= '0;
      again_q <= 1'b0;
      pending_q <= '0;
      place_q <= '0;
    end else begin
      state_q <= state_d;
      if (accept) begin
        row_q <= op_row;
        list_q <= {op_walk_i.asid, op_walk_i.first_sequence, op_walk_i.head};
        target_q <= op_walk_i.sequence_number - op_walk_i.first_sequence;
        again_q <= op_walk_i.retransmit;
        pending_q <= known ? valid_q[op_row] : '0;
        place_q <= op_place_i;
        if (op_kind_i == KindLookup) place_q <= {op_walk_i.head, {IndexW{1'b0}}, 33'd0};
      end else if (state_q == StLookup || state_q == StVoid) begin
        pending_q <= pending_q & ~slot_flag;
        if (state_q == StLookup && nearer && pending_q != '0) place_q <= cursor_place;
      end else if (state_q == StLeave) begin
        pending_q[0] <= 1'b0;  // is written anew
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      for (int unsigned i = 0; i < Words; i++) taken_q[i] <= '0;
    end else if (accept && op_kind_i != KindLookup) begin
      if (op_kind_i == KindNote || known) begin
        taken_q[WordBits'(32'(op_row)/WordRows)][FlagBits'(32'(op_row)%WordRows)] <=
            op_kind_i == KindNote;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (accept && op_kind_i == KindNote && !known) begin
      owner_q[op_row] <= op_walk_i.connection;
      valid_q[op_row] <= '0;
      next_q[op_row] <= '0;
      anchored_q[op_row] <= '0;
    end
    if (write) begin
      cursor_q[PlaceBits'(32'(row_q)*Slots+32'(write_slot))] <= write_cursor;
      valid_q[row_q] <= row_valid | (Slots'(1) << write_slot);
    end
    if (anchor) next_q[row_q] <= next_q[row_q] + 5'd1 >= cfg_anchors_i ? '0 : next_q[row_q] + 5'd1;
    if (state_q == StVoid && of_list) valid_q[row_q] <= row_valid & ~slot_flag;
    if (state_q == StLeave && leave) anchored_q[row_q] <= '0;
    if (state_q == StAnchor) anchored_q[row_q] <= place_q.index;
  end

`ifdef VCTOE_ASSERT
`ifdef VCTOE_TOP_CURSORS
`define VCTOE_ASSUME assume
`else
`define VCTOE_ASSUME assert
`endif
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      `VCTOE_ASSUME (32'(cfg_anchors_i) <= Anchors);
      `VCTOE_ASSUME (cfg_anchor_stride_i >= 17'd1 && cfg_anchor_stride_i <= 17'd65536);
      `VCTOE_ASSUME (!op_valid_i || op_kind_i != 2'd3);
      assert (!result_valid_o || result_place_o.covered <= {1'b0, target_q});
      assert (!write || 32'(write_slot) < Slots);
    end
  end
`undef VCTOE_ASSUME
`endif

`ifdef VCTOE_TOP_CURSORS
`include "cursors.svh"
`endif

`ifdef VCTOE_CHECK
  logic [Sets*16-1:0] all_owners;
  logic [Sets*Slots-1:0] all_valid;
  logic [Sets*5-1:0] all_next;
  logic [Sets*IndexW-1:0] all_anchored;
  for (genvar i = 0; i < Sets; i++) begin : gen_all_all_owners
    assign all_owners[i*16+:16] = owner_q[i];
    assign all_valid[i*Slots+:Slots] = valid_q[i];
    assign all_next[i*5+:5] = next_q[i];
    assign all_anchored[i*IndexW+:IndexW] = anchored_q[i];
  end
  logic [Sets*Slots*CursorBits-1:0] all_cursors;
  for (genvar i = 0; i < Sets * Slots; i++) begin : gen_all_all_cursors
    assign all_cursors[i*CursorBits+:CursorBits] = cursor_q[i];
  end
  vctoe_walker_cursors_check #(
      .Sets(Sets),
      .Anchors(Anchors)
  ) u_check (
      .*,
      .all_taken(taken_q[0]),
      .held_list(list_q),
      .held_target(target_q),
      .held_row(row_q)
  );
`endif

endmodule
