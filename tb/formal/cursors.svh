// Proof of the places, part of vctoe_walker_cursors.sv: any one place of any one list of any one
// connection is followed. It is an answer only if it was noted of that list and not forgotten since,
// nor the list entered anew.
(* anyconst *) logic [4:0] anchors;
(* anyconst *) logic [16:0] stride;
(* anyconst *) logic [15:0] connection;
(* anyconst *) logic [ListBits-1:0] list;
(* anyconst *) vctoe_walker_pkg::place_t spot;

logic of_connection, of_the_list, notes, enters, forgets;
logic noted_q;    // the spot was noted
logic voiding_q;  // the list is being entered anew
logic ours_q;     // the operation under way is of the connection
logic [15:0] asker_q;

always_comb begin
  of_connection = accept && op_walk_i.connection == connection;
  of_the_list = of_connection &&
                {op_walk_i.asid, op_walk_i.first_sequence, op_walk_i.head} == list;
  notes = of_the_list && op_kind_i == KindNote && op_place_i == spot;
  enters = of_the_list && op_kind_i == KindNote && !op_walk_i.retransmit &&
           op_place_i.index == '0;
  forgets = of_connection && op_kind_i == 2'd2;
end

always_ff @(posedge clk_i or negedge rst_ni) begin
  if (!rst_ni) begin
    noted_q <= 1'b0;
    voiding_q <= 1'b0;
    ours_q <= 1'b0;
    asker_q <= '0;
  end else begin
    if (accept) asker_q <= op_walk_i.connection;
    if (accept) ours_q <= op_walk_i.connection == connection;
    if (forgets || enters) noted_q <= 1'b0;
    if (notes) noted_q <= 1'b1;
    if (accept) voiding_q <= enters;
  end
end

// Where the connection's row says that the spot is in the list.
logic [SetBits-1:0] home;
logic ours;
logic [Slots-1:0] here;

always_comb begin
  home = SetBits'(connection & 16'(Sets - 1));
  ours = taken_q[0][home] && owner_q[home] == connection;
  here = '0;
  for (int unsigned i = 0; i < Slots; i++) begin
    here[i] = ours && valid_q[home][i] &&
              cursor_q[32'(home)*Slots+i] == {list, spot};
  end
end

logic answers;  // the spot is the answer to a lookup in the list, and not for want of another
always_comb begin
  answers = result_valid_o && ours_q && list_q == list && place_q == spot &&
            place_q != {list_q[63:0], 31'd0, 33'd0};
end

logic next_wrong;  // an anchor that is not in use would be written
always_comb begin
  next_wrong = 1'b0;
  for (int unsigned i = 0; i < Sets; i++) begin
    if (taken_q[0][i] && next_q[i] != '0 && next_q[i] >= anchors) next_wrong = 1'b1;
  end
end

logic voided;  // of the places that the entering leaves to be looked at, none holds the spot
assign voided = (here & ~pending_q & ~(Slots'(1))) == '0;

always_ff @(posedge clk_i) begin
  assume (cfg_anchors_i == anchors);
  assume (cfg_anchor_stride_i == stride);
  if (rst_ni) begin
    assert (!answers || noted_q);
    // What the row knows was noted; while a list is entered, what is still to be voided may linger.
    assert (here == '0 || noted_q || (state_q != StIdle && voiding_q));
    if (state_q != StIdle) assert (32'(row_q) == 32'(asker_q & 16'(Sets - 1)));
    if (state_q != StIdle) assert (ours_q == (asker_q == connection));
    if (state_q != StIdle && voiding_q) assert (ours_q && list_q == list && place_q.index == '0);
    if (state_q != StIdle && voiding_q) assert (!again_q && state_q != StLookup);
    if (state_q == StLookup && ours_q) begin
      // The best so far is the head, or a place that the row knows.
      assert (place_q == {list_q[63:0], 31'd0, 33'd0} ||
              !(list_q == list && place_q == spot) || noted_q);
      assert (place_q.covered <= {1'b0, target_q});
      assert (pending_q == '0 || ours);
    end
    if (state_q == StLookup && pending_q != '0) begin
      assert (taken_q[0][row_q] && owner_q[row_q] == asker_q);
      assert ((pending_q & ~valid_q[row_q]) == '0);
    end
    if (state_q == StLookup && !ours_q) assert (place_q.covered <= {1'b0, target_q});
    if (state_q != StIdle && state_q != StLookup) begin
      assert (taken_q[0][row_q] && owner_q[row_q] == asker_q);
    end
    if (state_q != StIdle && ours_q && list_q == list && place_q == spot &&
        state_q != StLookup) begin
      assert (noted_q);
    end
    if (voiding_q && (state_q == StLeave || state_q == StVoid)) begin
      assert (voided || noted_q);
    end
    if (voiding_q && (state_q == StNote || state_q == StAnchor)) begin
      assert ((here & ~(Slots'(1))) == '0 || noted_q);
    end
    if (voiding_q && state_q == StAnchor) assert (here == '0 || noted_q);
    assert (32'(state_q) <= 5);
    assert (!next_wrong);

    cover (answers && anchor_of_it_q);
    cover (result_valid_o && pending_q == '0 && place_q.covered != '0);
    cover (state_q == StVoid && of_list && pending_q != '0);
    cover (state_q == StAnchor && next_q[row_q] != '0);
    cover (state_q == StLeave && leave);
    cover (state_q == StLookup && abort_i && pending_q != '0);
    cover (accept && !known && taken_q[0][op_row] && op_kind_i == KindNote);
    // Across the wrap of sequence numbers.
    cover (answers && list[95:64] > 32'hffff0000 && target_q > 32'h10000);
  end
end

logic anchor_of_it_q;
always_ff @(posedge clk_i or negedge rst_ni) begin
  if (!rst_ni) anchor_of_it_q <= 1'b0;
  else if (anchor && here == '0) anchor_of_it_q <= 1'b1;
end
