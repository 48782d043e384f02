// Proof of the reader's tags, part of vctoe_walker_reader.sv, with tlb_stub.sv for the translation
// cache. Any one tag is followed from the wish for a record to its completion.
(* anyconst *) logic [8:0] tags;
(* anyconst *) logic [8:0] walks;
(* anyconst *) logic [TagW-1:0] tag;

// Reads that hold each translation.
logic [Pages*4-1:0] held;
logic [31:0] states, used_count, flying_count;
logic wrong, beyond;

always_comb begin
  held = '0;
  wrong = 1'b0;
  beyond = 1'b0;
  used_count = '0;
  flying_count = '0;
  for (int unsigned i = 0; i < Tags; i++) begin
    for (int unsigned e = 0; e < Pages; e++) begin
      if (used_q[i] && !waits_q[i] && !failed_q[i] && 32'(entry_q[i]) == e) begin
        held[e*4+:4] = held[e*4+:4] + 4'd1;
      end
    end
    // A tag in use is in one place.
    states = 32'(waits_q[i]) + 32'(issue_q[i]) + 32'(failed_q[i]) + 32'(flying_q[i]) +
             32'(fetch_valid_q && 32'(fetch_q.tag) == i);
    if (states != 32'(used_q[i])) wrong = 1'b1;
    if (used_q[i] && i >= 32'(tags)) beyond = 1'b1;
    if (used_q[i] && 32'(entry_q[i]) >= Pages) beyond = 1'b1;
    used_count = used_count + 32'(used_q[i]);
    flying_count = flying_count + 32'(flying_q[i]);
  end
end

// What the tag was taken for.
logic taken, joined;
logic [vctoe_walker_pkg::WantW-1:0] want_seen_q;
logic killed_q;  // cancelled since
logic [31:0] accepted_q, completed_q;

assign taken = begins && free_tag == tag;
assign joined = op_want && same_found && same_tag == tag;
always_ff @(posedge clk_i or negedge rst_ni) begin
  if (!rst_ni) begin
    want_seen_q <= '0;
    killed_q <= 1'b0;
    accepted_q <= '0;
    completed_q <= '0;
  end else begin
    if (taken || joined) want_seen_q <= want;  // a walk may join what is read ahead
    if (taken) killed_q <= 1'b0;
    else if (kill_valid_i && used_q[tag] &&
             want_seen_q[vctoe_walker_pkg::WantW-1-:16] == kill_connection_i) begin
      killed_q <= 1'b1;
    end
    if (fetch_valid_o && fetch_ready_i) accepted_q <= accepted_q + 1;
    if (op_rsp) completed_q <= completed_q + 1;
  end
end

// What a completion says, for the record that was wished for.
vctoe_walker_pkg::want_t want_seen;
vctoe_walker_pkg::record_t told;
logic [31:0] fixed_size;
logic plain;  // of version 0: its flags mean nothing
assign want_seen = want_seen_q;
always_comb begin
  told.address = rsp_data_i[63:0] + rsp_data_i[95:64];
  told.size = rsp_data_i[127:96];
  told.sequence_number = rsp_data_i[159:128];
  told.next = rsp_data_i[255:192];
  told.unknown = rsp_data_i[175:168] > 8'd1;
  plain = rsp_data_i[175:168] != 8'd1;
  fixed_size = want_seen.end_sequence - want_seen.key.sequence_number;
  if (want_seen.block_size < fixed_size) fixed_size = want_seen.block_size;
  if (!plain && rsp_data_i[160]) told.next = want_seen.key.address + 64'd32;
  if (!plain && rsp_data_i[161]) told.size = fixed_size;
end

always_ff @(posedge clk_i) begin
  assume (cfg_tags_i == tags && cfg_walks_i == walks && 32'(tags) <= Tags);
  assume (32'(tag) < Tags);
  if (rst_ni) begin
    // What the translation cache keeps to (tlb.svh).
    assume (!(acquire_hit && acquire_wait));
    assume (32'(acquire_entry) < Pages && 32'(fill_entry) < Pages && 32'(inv_entry) < Pages);
    assume (!acquire_wait || held[32'(acquire_entry)*4+:4] == '0);
    assume (!fill_hit || held[32'(fill_entry)*4+:4] == '0);

    assert (!wrong && !beyond);
    assert (!begins || !used_q[free_tag]);  // no tag is given twice
    assert (flying_count <= used_count && used_count <= 32'(tags));
    assert (accepted_q - completed_q == flying_count);  // completions are bounded by fetches
    // What the translation cache asks of its user.
    assert (32'(acquire) + 32'(op_rsp) + 32'(op_fill) + 32'(op_inv) + 32'(forgetting) <= 1);
    assert (!op_rsp || held[32'(entry_q[rsp_tag])*4+:4] != '0);
    assert (!acquire_hit || !acquire || 32'(held[32'(acquire_entry)*4+:4]) < Tags);

    // What the engines take for granted.
    assert (!wake_valid_o || (wake_kind_o >= vctoe_walker_pkg::WakeRecord &&
                              wake_kind_o <= vctoe_walker_pkg::WakeBadCompletion));
    assert (want_answer_o <= vctoe_walker_pkg::AnswerAgain);

    // What was wished for is what is read, and what comes of it.
    assert (!used_q[tag] || want_q[tag] == want_seen_q);
    assert (!used_q[tag] || key_q[tag] == want_seen_q[vctoe_walker_pkg::WantW-1-:128]);
    if (fetch_valid_q && 32'(fetch_q.tag) == 32'(tag)) begin
      assert (fetch_q.connection == want_seen_q[vctoe_walker_pkg::WantW-1-:16]);
      assert (fetch_q.asid == want_seen_q[vctoe_walker_pkg::WantW-17-:16]);
      assert (fetch_q.address[11:0] == want_seen_q[128+:12]);
    end
    assert (!used_q[tag] || !killed_q || (dead_q[tag] && !waits_q[tag] && !failed_q[tag]));
    if (op_rsp && rsp_tag == tag) begin
      assert (!insert_valid_o || insert_key_o == want_seen_q[vctoe_walker_pkg::WantW-1-:128]);
      assert (!insert_valid_o || (!rsp_error_i && !stale_q[tag]));
      assert (!(insert_valid_o || wake_valid_o) || wake_record_o == told);
      assert (!wake_valid_o || wake_kind_o == (stale_q[tag] ? vctoe_walker_pkg::WakeAgain :
                                               rsp_error_i ? vctoe_walker_pkg::WakeBadCompletion :
                                               vctoe_walker_pkg::WakeRecord));
      // Nothing comes of what was cancelled.
      assert (!killed_q || (!wake_valid_o && !insert_valid_o && !more_valid_o));
    end
    if (op_failed && failed_tag == tag) assert (!killed_q);

    cover (op_rsp && rsp_tag == tag && wake_valid_o);
    cover (op_rsp && rsp_tag == tag && killed_q);
    cover (op_rsp && rsp_tag == tag && stale_q[tag] && wake_valid_o);
    cover (op_rsp && rsp_tag == tag && more_valid_o);
    cover (op_rsp && rsp_tag != tag && flying_q[tag] && flying_count == 2);  // out of order
    cover (op_failed && failed_tag == tag);
    cover (op_fill && fill_holds == 9'd2);
    cover (op_want && same_found);
    cover (op_want && !free_found && !same_found);
    cover (fetch_valid_q && !fetch_ready_i && issue_q != '0);
  end
end
