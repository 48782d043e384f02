// Proof of a walk engine, part of vctoe_walker_engine.sv. Any one walk is followed from the load to
// its end: what is cut from the records that come is checked against what was asked for.
(* anyconst *) logic [30:0] max_records;
(* anyconst *) logic [30:0] granularity;
(* anyconst *) logic split;
(* anyconst *) logic [6:0] ahead;

logic past_q;
logic out_held_q, read_held_q, lookup_held_q, checked_q;
logic [199:0] out_bits, out_seen_q;
logic killed_seen_q;

assign out_bits = out_o;

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

logic in_hand;
assign in_hand = state_q == Note || state_q == Emit;

// The walk as it was loaded, and why it was woken last.
logic [vctoe_walker_pkg::WalkW-1:0] loaded_q;
logic [2:0] woken_q;
vctoe_walker_pkg::walk_t asked;
assign asked = loaded_q;

always_ff @(posedge clk_i) begin
  if (loaded) loaded_q <= load_progress_i.walk;
  if (loaded) woken_q <= load_kind_i;
  else if (state_q == Wait && wake_valid_i) woken_q <= wake_kind_i;
end

// What is wrong, in the order of the contract (design: fault codes), with the link in `place` and with
// the record in record_q.
logic [3:0] link_cause, record_cause;
logic refused;  // by the host, or by the read
always_comb begin
  refused = woken_q == vctoe_walker_pkg::WakeUnresolvable ||
            woken_q == vctoe_walker_pkg::WakeBadCompletion;
  if (place.address == '0 && place.index == '0) link_cause = vctoe_walker_pkg::FaultNullHead;
  else if (place.address == '0) link_cause = vctoe_walker_pkg::FaultRange;
  else if (place.address % 32 != 0) link_cause = vctoe_walker_pkg::FaultMisaligned;
  else if (place.index >= max_records || place.address == progress_q.previous ||
           (place.address == asked.head && place.index != '0)) begin
    link_cause = vctoe_walker_pkg::FaultTooLong;
  end else link_cause = vctoe_walker_pkg::FaultNone;

  if (record_q.unknown) record_cause = vctoe_walker_pkg::FaultVersion;
  else if (record_q.size == '0 || record_q.size[31]) record_cause = vctoe_walker_pkg::FaultZeroSize;
  else if (record_q.sequence_number != progress_q.at) begin
    record_cause = vctoe_walker_pkg::FaultSequenceGap;
  end else if (34'(place.covered) + 34'(record_q.size) > MaxList) begin
    record_cause = vctoe_walker_pkg::FaultTooLong;
  end else record_cause = vctoe_walker_pkg::FaultNone;
end

always_ff @(posedge clk_i) begin
  assume (cfg_max_records_i == max_records && cfg_granularity_i == granularity);
  assume (cfg_split_i == split && cfg_prefetch_i == ahead);
  if (rst_ni) begin
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
    // Nor anything else of it changes, and its place agrees with its sequence number, modulo 2^32.
    if (state_q != Idle) begin
      assert (walk.txn == asked.txn && walk.connection == asked.connection &&
              walk.asid == asked.asid && walk.head == asked.head);
      assert (walk.first_sequence == asked.first_sequence && walk.block_size == asked.block_size &&
              walk.end_sequence == asked.end_sequence && walk.retransmit == asked.retransmit);
    end
    if (state_q >= Lookup) assert (progress_q.at == asked.first_sequence + place.covered[31:0]);
    // No fault is overlooked: beyond the check of the link it is sound, and so is a record in hand.
    if (state_q >= Check && state_q <= Done) assert (link_cause == vctoe_walker_pkg::FaultNone);
    if (in_hand) assert (record_cause == vctoe_walker_pkg::FaultNone && distance < record_q.size);
    if (state_q >= Start && state_q <= Done) assert (!refused);
    if (out_valid_o && out_o.kind == vctoe_walker_pkg::OutBlock) begin
      assert (out_o.length != '0 && out_o.length <= left_q && out_o.length <= granularity);
      assert (out_o.sequence_number == next_q);
      assert (out_o.last == (out_o.length == left_q));
      // Inside the record, where the byte is, and not across a page.
      assert (out_o.address == record_q.address + 64'(distance));
      assert (32'(out_o.length) <= record_q.size - distance);
      assert (!split || 32'(out_o.address[11:0]) + 32'(out_o.length) <= 32'h1000);
    end
    if (out_valid_o) assert (out_o.txn == asked.txn && out_o.connection == asked.connection);
    // A fault has the code of its cause.
    if (state_q == Forget || state_q == Fault) begin
      if (refused) begin
        assert (code_q == (woken_q == vctoe_walker_pkg::WakeUnresolvable ?
                           vctoe_walker_pkg::FaultUnresolvable : vctoe_walker_pkg::FaultBadCompletion));
      end else if (link_cause != vctoe_walker_pkg::FaultNone) begin
        assert (code_q == link_cause);
      end else begin
        assert (code_q == record_cause && record_cause != vctoe_walker_pkg::FaultNone);
      end
    end
    if (out_valid_o && out_o.kind == vctoe_walker_pkg::OutFault) begin
      // Which faults a first record can have: tb/cosim/coverage.cpp leaves out the bins of the others.
      if (out_o.code == vctoe_walker_pkg::FaultNullHead) assert (place.index == '0);
      if (out_o.code == vctoe_walker_pkg::FaultRange) assert (place.index != '0);
      assert (out_o.code == code_q);
      assert (out_o.address == (!refused && link_cause == vctoe_walker_pkg::FaultRange ?
                                progress_q.previous : place.address));
    end
    if (out_valid_o) assert (out_o.kind != vctoe_walker_pkg::OutNode &&
                             out_o.kind != vctoe_walker_pkg::OutRelease);
    if (lookup_valid_o) assert (key_o.address[4:0] == '0 && key_o.address != '0);
    if (lookup_valid_o) assert (place.index < max_records);

    cover (killed && state_q == Emit);
    cover (state_q == Fault && record_cause == vctoe_walker_pkg::FaultTooLong && !refused &&
           link_cause == vctoe_walker_pkg::FaultNone);
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
