// Proof of the record cache, part of vctoe_walker_cache.sv: any one record, named by connection,
// address space and address, is followed. What a lookup of it returns is what was inserted last, and
// nothing once it was flushed.
(* anyconst *) logic [15:0] mask;
(* anyconst *) logic [15:0] connection;
(* anyconst *) logic [15:0] asid;
(* anyconst *) logic [63:0] address;

logic [15:0] hash;
logic [SetBits-1:0] home;
logic inserted, named, flushed_connection, flushed_page;
logic known_q;                // was inserted, and not flushed since
logic leaving_q;              // a flush that concerns it is under way
logic [RecordBits-1:0] last_q;  // what was inserted last
logic looked_q;               // the result is of a lookup of this record
logic [31:0] expected_q;      // with this sequence number
logic [RecordBits-1:0] answer_q;

always_comb begin
  hash = address[20:5] + connection * 16'h9e37;
  home = SetBits'(hash & mask);
  inserted = insert_valid_i && insert_key_i.connection == connection &&
             insert_key_i.asid == asid && insert_key_i.address == address;
  named = lookup && lookup_key_i.connection == connection && lookup_key_i.asid == asid &&
          lookup_key_i.address == address;
  flushed_connection = flush_connection_valid_i && flush_connection_i == connection;
  flushed_page = flush_page_valid_i && flush_asid_i == asid && flush_page_i == address[63:12];
end

always_ff @(posedge clk_i or negedge rst_ni) begin
  if (!rst_ni) begin
    known_q <= 1'b0;
    leaving_q <= 1'b0;
    last_q <= '0;
    looked_q <= 1'b0;
    expected_q <= '0;
    answer_q <= '0;
  end else begin
    if (flushed_connection || flushed_page) begin
      known_q <= 1'b0;
      leaving_q <= 1'b1;
    end else begin
      if (inserted) known_q <= 1'b1;
      if (!flush_busy_o || (16'(flush_set_q) == mask && !flush_connection_valid_i &&
                            !flush_page_valid_i)) begin
        leaving_q <= 1'b0;
      end
    end
    if (inserted) last_q <= insert_record_i;
    if (lookup) begin
      looked_q <= named && known_q;
      expected_q <= lookup_key_i.sequence_number;
      answer_q <= last_q;
    end
  end
end

// Lines that hold the record, and any of them in a set that is not its own.
logic [31:0] copies;
logic present_somewhere, elsewhere, wrong, permuted;
logic [WayBits-1:0] first_way;
logic gone;  // by the flush, from its set

always_comb begin
  copies = '0;
  present_somewhere = 1'b0;
  elsewhere = 1'b0;
  wrong = 1'b0;
  permuted = 1'b1;
  for (int unsigned s = 0; s < Sets; s++) begin
    for (int unsigned w = 0; w < Ways; w++) begin
      if (valid_q[0][s*Ways+w] && owner_q[s*Ways+w] == {connection, asid} &&
          address_q[s*Ways+w] == address) begin
        copies = copies + 1;
        present_somewhere = 1'b1;
        if (s != 32'(home)) elsewhere = 1'b1;
        if (record_q[s*Ways+w] != last_q) wrong = 1'b1;
      end
      for (int unsigned v = 0; v < w; v++) begin
        if (valid_q[0][s*Ways+:Ways] != '0 &&
            ranks_q[s][w*WayBits+:WayBits] == ranks_q[s][v*WayBits+:WayBits]) begin
          permuted = 1'b0;
        end
      end
    end
  end
  gone = leaving_q && (32'(flush_set_q) > 32'(home));
end

always_ff @(posedge clk_i) begin
  assume (cfg_set_mask_i == mask);
  if (rst_ni) begin
    assert (!(result_hit_o && looked_q) ||
            (result_record_o == answer_q && result_record_o.sequence_number == expected_q));
    // A lookup of what was flushed, or never inserted, finds nothing.
    assert (!(named && !known_q && lookup_hit));
    assert (copies <= 1);
    assert (!elsewhere && !wrong);
    assert (!present_somewhere || known_q || (leaving_q && !gone));
    assert (!leaving_q || (flush_busy_o && !known_q));
    assert (!leaving_q || (flush_connection_q && flush_connection_id_q == connection) ||
            (flush_page_q && flush_asid_q == asid && flush_page_id_q == address[63:12]));
    // A use orders the ways of a set; it never loses one.
    assert (permuted);
    assert (!flush_busy_o || 32'(flush_set_q) <= 32'(mask));
    cover (result_hit_o && looked_q && !flush_busy_o);
    cover (insert_evict_o);
    cover (leaving_q && gone);
    cover (named && !known_q && copies == 0 && past_known_q);
    cover (inserted && flush_busy_o);
    cover (inserted && copies == 1);
  end
end

logic past_known_q;  // was known once
always_ff @(posedge clk_i or negedge rst_ni) begin
  if (!rst_ni) past_known_q <= 1'b0;
  else if (known_q) past_known_q <= 1'b1;
end
