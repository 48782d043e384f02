// Places to start from: an operation's effect on its row, in one step, and how long it takes.
(* keep_hierarchy *)
module vctoe_walker_cursors_check #(
    parameter int unsigned Sets = 2,
    parameter int unsigned Anchors = 2
) (
    input logic                     clk_i,
    input logic                     rst_ni,
    input logic [ 4:0]              cfg_anchors_i,
    input logic [16:0]              cfg_anchor_stride_i,
    input logic                     op_valid_i,
    input logic                     op_ready_o,
    input logic [ 1:0]              op_kind_i,
    input vctoe_walker_pkg::walk_t  op_walk_i,
    input vctoe_walker_pkg::place_t op_place_i,
    input logic                     result_valid_o,
    input vctoe_walker_pkg::place_t result_place_o,
    input logic                     abort_i,
    input logic                     idle_o,
    // What is inside of the block.
    input logic [Sets-1:0]          all_taken,
    input logic [Sets*16-1:0]       all_owners,
    input logic [Sets*(Anchors+2)-1:0] all_valid,
    input logic [Sets*5-1:0]        all_next,
    input logic [Sets*vctoe_walker_pkg::IndexW-1:0] all_anchored,
    input logic [Sets*(Anchors+2)*(vctoe_walker_pkg::PlaceW+112)-1:0] all_cursors,
    input logic [111:0]             held_list,
    input logic [31:0]              held_target,
    input logic [(Sets > 1 ? $clog2(Sets) : 1)-1:0] held_row,
    input logic [vctoe_walker_pkg::PlaceW+111:0] cursor,
    input logic [Anchors+1:0]       row_valid
);
  localparam int unsigned Slots = Anchors + 2;
  localparam int unsigned P = vctoe_walker_pkg::PlaceW;
  localparam int unsigned L = 112;
  localparam int unsigned RowW = 1 + 16 + Slots + 5 + vctoe_walker_pkg::IndexW + Slots * (P + L);

  logic [Sets*RowW-1:0] rows_q;
  logic [5:0] left_q;  // cycles until it is ready again
  logic looks_q;
  vctoe_walker_pkg::place_t result_q;

  // The row of the operation, before and after.
  localparam int unsigned I = vctoe_walker_pkg::IndexW;
  localparam int unsigned RowBits = Sets > 1 ? $clog2(Sets) : 1;
  logic [L+32+RowBits-1:0] op_q;
  logic of_taken;
  logic [15:0] of_owner;
  logic [Slots-1:0] of_valid;
  logic [4:0] of_next;
  logic [I-1:0] of_anchored;
  logic [Slots*P-1:0] of_places;
  logic [Slots*L-1:0] of_lists;
  logic [RowW-1:0] row;
  logic taken;
  logic [15:0] owner;
  logic [Slots-1:0] valid;
  logic [4:0] next;
  logic [vctoe_walker_pkg::IndexW-1:0] anchored;
  logic [Slots*P-1:0] places;
  logic [Slots*L-1:0] lists;

  logic accept, known, leave;
  logic [L-1:0] list;
  logic [32:0] target;
  vctoe_walker_pkg::place_t place, best;
  logic [5:0] takes, in_row;

  always_comb begin
    row = '0;
    for (int r = 0; r < Sets; r++) begin
      if (32'(op_walk_i.connection) % Sets == r) row = rows_q[r*RowW+:RowW];
    end
    {taken, owner, valid, next, anchored, places, lists} = row;
    accept = op_valid_i && left_q == '0;
    known = taken && owner == op_walk_i.connection;
    list = {op_walk_i.asid, op_walk_i.first_sequence, op_walk_i.head};
    target = {1'b0, op_walk_i.sequence_number - op_walk_i.first_sequence};
    if (!known) begin
      valid = '0;
      next = '0;
      anchored = '0;
    end
    in_row = '0;
    for (int s = 0; s < Slots; s++) in_row = in_row + 6'(valid[s]);
    best = {op_walk_i.head, {vctoe_walker_pkg::IndexW{1'b0}}, 33'd0};
    place = best;
    takes = '0;
    leave = 1'b0;

    case (op_kind_i)
      2'd0: begin
        takes = in_row + 6'd1;
        for (int s = 0; s < Slots; s++) begin
          place = places[s*P+:P];
          if (valid[s] && lists[s*L+:L] == list && place.covered <= target &&
              place.covered > best.covered) begin
            best = place;
          end
        end
      end
      2'd1: begin
        taken = 1'b1;
        owner = op_walk_i.connection;
        if (op_walk_i.retransmit) begin
          takes = 6'd1;
          valid[1] = 1'b1;
          places[P+:P] = op_place_i;
          lists[L+:L] = list;
        end else begin
          takes = 6'd2;
          leave = valid[0] && lists[L-1:0] != list;
          if (op_place_i.index == '0) takes = 6'd3 + in_row - 6'(valid[0]);
          if (leave) anchored = '0;
          if (leave && cfg_anchors_i != '0) begin
            for (int s = 2; s < Slots; s++) begin
              if (32'(next) + 2 == s) begin
                valid[s] = 1'b1;
                places[s*P+:P] = places[P-1:0];
                lists[s*L+:L] = lists[L-1:0];
              end
            end
            next = next + 5'd1 < cfg_anchors_i ? next + 5'd1 : 5'd0;
          end
          for (int s = 1; s < Slots; s++) begin
            if (op_place_i.index == '0 && lists[s*L+:L] == list) valid[s] = 1'b0;
          end
          valid[0] = 1'b1;
          places[P-1:0] = op_place_i;
          lists[L-1:0] = list;
          if (cfg_anchors_i != '0 &&
              33'(op_place_i.index) >= 33'(anchored) + 33'(cfg_anchor_stride_i)) begin
            takes = takes + 6'd1;
            for (int s = 2; s < Slots; s++) begin
              if (32'(next) + 2 == s) begin
                valid[s] = 1'b1;
                places[s*P+:P] = op_place_i;
                lists[s*L+:L] = list;
              end
            end
            next = next + 5'd1 < cfg_anchors_i ? next + 5'd1 : 5'd0;
            anchored = op_place_i.index;
          end
        end
      end
      default: if (known) taken = 1'b0;
    endcase
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      rows_q <= '0;
      left_q <= '0;
      looks_q <= 1'b0;
      result_q <= '0;
      op_q <= '0;
    end else begin
      if (left_q != '0) left_q <= looks_q && abort_i ? '0 : left_q - 6'd1;
      if (accept) begin
        left_q <= takes;
        op_q <= {list, 32'(target), RowBits'(32'(op_walk_i.connection) % Sets)};
        looks_q <= op_kind_i == 2'd0;
        result_q <= best;
      end
      for (int r = 0; r < Sets; r++) begin
        if (accept && op_kind_i != 2'd0 && 32'(op_walk_i.connection) % Sets == r) begin
          rows_q[r*RowW+:RowW] <= op_kind_i == 2'd1 || known ?
              {taken, owner, valid, next, anchored, places, lists} : rows_q[r*RowW+:RowW];
        end
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (idle_o == (left_q == '0));
      assert (left_q != '0 || {cursor, row_valid} == '0);
      assert (left_q == '0 || {held_list, held_target, held_row} == op_q);
      for (int r = 0; r < Sets; r++) begin
        {of_taken, of_owner, of_valid, of_next, of_anchored, of_places, of_lists} =
            rows_q[r*RowW+:RowW];
        // While an operation is under way its row is not yet what it will be.
        if (left_q == '0) begin
          assert (all_taken[r] == of_taken);
          if (of_taken) begin
            assert (all_owners[r*16+:16] == of_owner);
            assert (all_valid[r*Slots+:Slots] == of_valid);
            assert (all_next[r*5+:5] == of_next);
            assert (all_anchored[r*I+:I] == of_anchored);
            for (int s = 0; s < Slots; s++) begin
              if (of_valid[s]) begin
                assert (all_cursors[(r*Slots+s)*(P+L)+:P+L] == {of_lists[s*L+:L], of_places[s*P+:P]});
              end
            end
          end
        end
      end
      assert (op_ready_o == (left_q == '0));
      assert (result_valid_o == (looks_q && left_q == 6'd1 && !abort_i));
      assert (!result_valid_o || result_place_o == result_q);
    end
  end
endmodule
