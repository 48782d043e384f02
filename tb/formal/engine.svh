// Proof of a walk engine, part of vctoe_walker_engine.sv. Any one walk is followed from the load to
// its end: what is cut from the records that come is checked against what was asked for.
initial assume (!rst_ni);

(* anyconst *) logic [30:0] max_records;
(* anyconst *) logic [30:0] granularity;
(* anyconst *) logic split;
(* anyconst *) logic [6:0] ahead;

logic past_q;
logic out_held_q, read_held_q, lookup_held_q, checked_q;
logic [199:0] out_bits, out_seen_q;
logic killed_seen_q;
logic parked;

assign out_bits = out_o;
assign parked = park_valid_o;

// What the walk still has to find, by the beats that have left.
logic [31:0] next_q;
logic [30:0] left_q;
logic loaded;
assign loaded = state_q == Idle && load_valid_i;

always_ff @(posedge clk_i or negedge rst_ni) begin
  if (!rst_ni) begin
    past_q <= 1'b0;
    next_q <= '0;
    left_q <= '0;
    out_held_q <= 1'b0;
    killed_seen_q <= 1'b0;
    checked_q <= 1'b0;
  end else begin
    past_q <= 1'b1;
    out_held_q <= out_valid_o && !out_ready_i;
    killed_seen_q <= killed;
    checked_q <= lookup_valid_o && lookup_ready_i;
    if (loaded) begin
      next_q <= load_progress_i.walk.sequence_number;
      left_q <= load_progress_i.walk.length;
    end else if (out_valid_o && out_ready_i && out_o.kind == vctoe_walker_pkg::OutBlock) begin
      next_q <= next_q + 32'(out_o.length);
      left_q <= left_q - out_o.length;
    end
  end
end

always_ff @(posedge clk_i) begin
  out_seen_q <= out_bits;
end

logic [31:0] distance;  // from the record's first byte to the next one wanted, modulo 2^32
assign distance = next_q - progress_q.at;

logic in_hand, sized;
assign in_hand = state_q == Note || state_q == Emit;
assign sized = record_q.size != '0 && record_q.size <= MaxSize;

always_ff @(posedge clk_i) begin
  assume (cfg_max_records_i == max_records && cfg_granularity_i == granularity);
  assume (cfg_split_i == split && cfg_prefetch_i == ahead);
  assume (granularity >= 31'd1 && granularity <= 31'h40000000);
  if (rst_ni) begin
    // What the neighbours keep to.
    assume (!load_valid_i || (load_progress_i.walk.length != '0 && load_kind_i <= 3'd4));
    assume (!load_valid_i || load_progress_i.place.covered <= 33'h1_0000_0000);
    assume (!cursor_result_valid_i || (cursor_result_i.covered <= 33'h0_ffff_ffff));
    assume (!wake_valid_i || (wake_kind_i >= 3'd1 && wake_kind_i <= 3'd4));
    assume (read_answer_i != 2'd3);

    assert (state_q <= Fault);
    assert (state_q == Check ? checked_q : 1'b1);  // the cache's answer is of this lookup
    // Nothing is asked for or offered in the cycle of a cancel, and the walk is gone after it.
    assert (!killed || !(out_valid_o || read_valid_o || lookup_valid_o || cursor_valid_o ||
                         ahead_valid_o || park_valid_o || over_o));
    assert (!killed_seen_q || state_q == Idle);
    assert (!past_q || !out_held_q || killed || killed_seen_q || !out_valid_o ||
            out_bits == out_seen_q);
    assert (!past_q || !out_held_q || out_valid_o || killed);
    assert (idle_o == (state_q == Idle));
    assert (!over_o || out_o.kind == vctoe_walker_pkg::OutDone ||
            out_o.kind == vctoe_walker_pkg::OutFault);

    // The walk in the engine is what was asked for less what has left.
    if (state_q != Idle) begin
      assert (walk.sequence_number == next_q && walk.length == left_q);
      assert ((left_q == '0) == (state_q == Done));
      assert (place.covered <= 33'h1_0000_0000);
    end
    if (in_hand) assert (sized && distance < record_q.size && !record_q.unknown);
    if (in_hand) assert (record_q.sequence_number == progress_q.at);
    if (in_hand) assert ({1'b0, place.covered} + {2'b0, record_q.size} <= MaxList);
    if (out_valid_o && out_o.kind == vctoe_walker_pkg::OutBlock) begin
      assert (out_o.length != '0 && out_o.length <= left_q && out_o.length <= granularity);
      assert (out_o.sequence_number == next_q);
      assert (out_o.last == (out_o.length == left_q));
      // Inside the record, where the byte is, and not across a page.
      assert (out_o.address == record_q.address + 64'(distance));
      assert (32'(out_o.length) <= record_q.size - distance);
      assert (!split || 32'(out_o.address[11:0]) + 32'(out_o.length) <= 32'h1000);
    end
    if (state_q == Forget || state_q == Fault) begin
      assert (code_q != '0 && code_q != 4'd9 && code_q <= vctoe_walker_pkg::FaultVersion);
      if (code_q == vctoe_walker_pkg::FaultNullHead) begin
        assert (place.address == '0 && place.index == '0 && culprit_q == '0);
      end else if (code_q == vctoe_walker_pkg::FaultRange) begin
        assert (place.address == '0 && place.index != '0 && culprit_q == progress_q.previous);
      end else begin
        assert (culprit_q == place.address);
      end
      if (code_q == vctoe_walker_pkg::FaultMisaligned) assert (place.address[4:0] != '0);
    end
    if (out_valid_o && out_o.kind == vctoe_walker_pkg::OutFault) begin
      assert (out_o.code == code_q && out_o.address == culprit_q);
    end
    if (out_valid_o) assert (out_o.kind != vctoe_walker_pkg::OutNode &&
                             out_o.kind != vctoe_walker_pkg::OutRelease);
    if (lookup_valid_o) assert (key_o.address[4:0] == '0 && key_o.address != '0);
    if (lookup_valid_o) assert (place.index < max_records);

    cover (killed && state_q == Emit);
    cover (out_valid_o && out_o.kind == vctoe_walker_pkg::OutBlock && next_q < progress_q.at);
    cover (park_valid_o && park_again_o);
    cover (state_q == Emit && out_ready_i && 32'(piece) == rest && piece != walk.length);
    cover (state_q == Emit && out_ready_i && split && 31'(in_page) == piece && piece < rest[30:0]);
  end
end

for (genvar s = 0; s < 13; s++) begin : gen_cover_state
  always_ff @(posedge clk_i) if (rst_ni) cover (state_q == 4'(s));
end
for (genvar c = 1; c < 11; c++) begin : gen_cover_code
  if (c != 9) begin : gen_used
    always_ff @(posedge clk_i) begin
      if (rst_ni) cover (over_o && out_o.kind == vctoe_walker_pkg::OutFault && out_o.code == 4'(c));
    end
  end
end
