// Proof of the translation cache, part of vctoe_walker_tlb.sv. Any one page is followed through what
// leaves and comes back, any one connection's share in it, and any one entry's holds.
(* anyconst *) logic [8:0] pages;
(* anyconst *) logic [15:0] asid;
(* anyconst *) logic [51:0] page;
(* anyconst *) logic [15:0] connection;

localparam logic [1:0] Unknown = 2'd0;  // to the host
localparam logic [1:0] Asked = 2'd1;
localparam logic [1:0] Pinned = 2'd2;
logic [1:0] phase_q;
logic asks, answered, refused, releases;

always_comb begin
  asks = need_leaves && need_asid_o == asid && need_page_o == page;
  releases = drop_leaves && drop_asid_o == asid && drop_page_o == page;
  answered = fill_valid_i && !fill_failed_i && fill_asid_i == asid && fill_page_i == page;
  refused = fill_valid_i && fill_failed_i && fill_asid_i == asid && fill_page_i == page;
end

// What the host sees of the page: asked for, answered, released, and so on from the start.
always_ff @(posedge clk_i or negedge rst_ni) begin
  if (!rst_ni) begin
    phase_q <= Unknown;
  end else begin
    if (asks) phase_q <= Asked;
    if (answered) phase_q <= Pinned;
    if (refused || releases) phase_q <= Unknown;
  end
end

// Who uses the page's translation: reads that hold it, and whether the connection shares it.
logic own_acquire, own_hit, own_release, own_fill, own_drop;
logic [9:0] held_q;
logic shares_q;
logic [51:0] frame_seen_q;

always_comb begin
  own_acquire = (acquire_hit_o || acquire_wait_o) && acquire_asid_i == asid &&
                acquire_page_i == page;
  own_hit = own_acquire && acquire_hit_o;
  own_release = release_valid_i && asid_q[release_entry_i] == asid &&
                page_q[release_entry_i] == page;
  own_drop = drop && asid_q[drop_entry] == asid && page_q[drop_entry] == page;
  own_fill = fill_hit_o && fill_asid_i == asid && fill_page_i == page;
end

always_ff @(posedge clk_i or negedge rst_ni) begin
  if (!rst_ni) begin
    held_q <= '0;
    shares_q <= 1'b0;
    frame_seen_q <= '0;
  end else begin
    if (own_hit) held_q <= held_q + 1'b1;
    if (own_release) held_q <= held_q - 1'b1;
    if (own_fill && !fill_failed_i) held_q <= 10'(fill_holds_i);
    if (own_fill) frame_seen_q <= fill_frame_i;
    if (own_acquire && acquire_connection_i == connection) shares_q <= 1'b1;
    if (own_drop) shares_q <= 1'b0;
    if (own_fill && fill_failed_i) shares_q <= 1'b0;
    if (forget_busy_q && 16'(forget_sharer_q) == connection && forget_of_page) shares_q <= 1'b0;
  end
end

logic forget_of_page;
always_comb begin
  forget_of_page = (requested_q[forget_entry_q] || valid_q[forget_entry_q]) &&
                   asid_q[forget_entry_q] == asid && page_q[forget_entry_q] == page;
end

// Reads through any one entry, as its user counts them.
(* anyconst *) logic [EntryBits-1:0] spot;
logic [9:0] reads_q;
always_ff @(posedge clk_i or negedge rst_ni) begin
  if (!rst_ni) begin
    reads_q <= '0;
  end else begin
    if (acquire_hit_o && acquire_entry_o == spot) reads_q <= reads_q + 1'b1;
    if (release_valid_i && release_entry_i == spot) reads_q <= reads_q - 1'b1;
    if (fill_hit_o && fill_entry_o == spot && !fill_failed_i) reads_q <= reads_q + 10'(fill_holds_i);
  end
end

// Invariants that tie this to the entries and to what is owed.
logic [31:0] entries, as_requested, as_valid, as_stale, as_owed, drops, needs, all_valid, all_asked;
logic holds_differ, sharers_differ, counts_differ, unused_kept, need_wrong, used_up;
logic [31:0] ones;

// Which places of the two rings hold something.
logic [Pages-1:0] drop_open, need_open;
for (genvar i = 0; i < Pages; i++) begin : gen_open
  assign drop_open[i] =
      (i >= 32'(drop_head_q) ? i - 32'(drop_head_q) : i + Pages - 32'(drop_head_q)) <
      32'(drop_count_q);
  assign need_open[i] =
      (i >= 32'(need_head_q) ? i - 32'(need_head_q) : i + Pages - 32'(need_head_q)) <
      32'(need_count_q);
end

always_comb begin
  entries = '0;
  as_requested = '0;
  as_valid = '0;
  as_stale = '0;
  as_owed = '0;
  all_valid = '0;
  all_asked = '0;
  holds_differ = 1'b0;
  sharers_differ = 1'b0;
  counts_differ = 1'b0;
  unused_kept = 1'b0;
  for (int unsigned i = 0; i < Pages; i++) begin
    ones = '0;
    for (int unsigned c = 0; c < Connections; c++) ones = ones + 32'(sharers_q[i][c]);
    if (requested_q[i] || valid_q[i]) begin
      if (ones != 32'(sharer_count_q[i])) counts_differ = 1'b1;
      if (asid_q[i] == asid && page_q[i] == page) begin
        entries = entries + 1;
        as_requested = as_requested + 32'(requested_q[i]);
        as_valid = as_valid + 32'(valid_q[i]);
        as_stale = as_stale + 32'(stale_q[i]);
        as_owed = as_owed + 32'(owed_q[i]);
        if (valid_q[i] && 10'(holds_q[i]) != held_q) holds_differ = 1'b1;
        if (valid_q[i] && frame_q[i] != frame_seen_q) holds_differ = 1'b1;
        if (sharers_q[i][ConnectionBits'(connection)] != shares_q) sharers_differ = 1'b1;
      end
    end
    if (valid_q[i] && holds_q[i] == '0 && (stale_q[i] || sharer_count_q[i] == '0)) begin
      unused_kept = 1'b1;
    end
    if (i >= 32'(pages) && (requested_q[i] || valid_q[i])) unused_kept = 1'b1;
    all_valid = all_valid + 32'(valid_q[i]);
    all_asked = all_asked + 32'(requested_q[i] && !owed_q[i]);
  end
  // The waiting releases and requests.
  drops = '0;
  needs = '0;
  need_wrong = 1'b0;
  for (int unsigned i = 0; i < Pages; i++) begin
    if (drop_open[i] && drop_asid_q[i] == asid && drop_page_q[i] == page) drops = drops + 1;
    if (need_open[i]) begin
      needs = needs + 1;
      if (32'(need_q[i]) >= Pages || !owed_q[need_q[i]]) need_wrong = 1'b1;
      for (int unsigned j = 0; j < i; j++) begin
        if (need_open[j] && need_q[j] == need_q[i]) need_wrong = 1'b1;
      end
    end
  end
  ones = '0;
  for (int unsigned i = 0; i < Pages; i++) ones = ones + 32'(owed_q[i]);
  if (ones != needs) need_wrong = 1'b1;
  used_up = 32'(drop_count_q) + all_valid + all_asked > Pages;
end

always_ff @(posedge clk_i) begin
  assume (cfg_pages_i == pages);
  assume (32'(connection) < Connections && 32'(spot) < Pages);
  if (rst_ni) begin
    assert (!asks || phase_q == Unknown);
    assert (!releases || phase_q == Pinned);
    assert (!(answered || refused) || phase_q == Asked);
    // What the reader takes for granted (reader.svh).
    assert (reads_q == (valid_q[spot] ? 10'(holds_q[spot]) : '0));
    assert (!acquire_wait_o || acquire_entry_o != spot || reads_q == '0);
    assert (!fill_hit_o || fill_entry_o != spot || reads_q == '0);
    assert (32'(acquire_entry_o) < Pages && 32'(fill_entry_o) < Pages && 32'(inv_entry_o) < Pages);
    assert (!own_hit || (phase_q == Pinned && frame_q[entry] == frame_seen_q));
    // Nothing reads through it after the cycle in which it goes.
    assert (!own_drop || (held_q == 10'(own_release) && !own_hit));
    assert (entries <= 1);  // a page has one entry
    assert (!holds_differ && !sharers_differ && !counts_differ);
    assert (!unused_kept);  // nothing stays pinned that nobody uses
    assert (!need_wrong && !used_up);
    assert (32'(need_count_q) <= Pages && 32'(drop_count_q) <= Pages);
    assert (32'(need_head_q) < Pages && 32'(need_tail_q) < Pages);
    assert (32'(drop_head_q) < Pages && 32'(drop_tail_q) < Pages);
    assert ((32'(need_head_q) + 32'(need_count_q)) % Pages == 32'(need_tail_q));
    assert ((32'(drop_head_q) + 32'(drop_count_q)) % Pages == 32'(drop_tail_q));
    assert (32'(requested_count_q) == all_asked + 32'(need_count_q));
    assert (!forget_busy_q || 32'(forget_entry_q) < 32'(pages));
    assert (drops <= 1);
    assert (phase_q != 2'd3);
    assert (drops == 0 || (phase_q == Pinned && as_valid == 0));
    assert (as_valid == 0 || (phase_q == Pinned && drops == 0));
    assert (as_owed == 0 || phase_q == Unknown || drops == 1);
    assert (as_requested == as_owed || phase_q == Asked);
    assert (phase_q != Asked || (as_requested == 1 && as_owed == 0 && drops == 0));
    assert (phase_q != Pinned || as_valid == 1 || drops == 1);
    assert (as_valid == 1 || held_q == 0);
    assert (entries == 1 || !shares_q);

    cover (acquire_hit_o && held_q != 0);
    cover (acquire_wait_o && acquire_evict_o);
    cover (acquire_wait_o && own_acquire && as_requested == 1);
    cover (acquire_valid_i && acquire_ahead_i && !acquire_hit_o && !acquire_wait_o);
    cover (acquire_valid_i && own_acquire == 1'b0 && as_stale == 1 && acquire_asid_i == asid &&
           acquire_page_i == page && !acquire_hit_o && !acquire_wait_o);
    cover (drop && release_valid_i);
    cover (drop && fill_valid_i);
    cover (drop && inv_valid_i);
    cover (drop && forget_busy_q);
    cover (releases && as_requested == 1);
    cover (asks && past_released_q);
    cover (refused);
    cover (32'(drop_count_q) == Pages);
  end
end

logic past_released_q;
always_ff @(posedge clk_i or negedge rst_ni) begin
  if (!rst_ni) past_released_q <= 1'b0;
  else if (releases) past_released_q <= 1'b1;
end
