// Bounded proof of the whole walker with one engine, part of vctoe_walker.sv. The environment keeps
// the rules of rtl/README.md; what leaves is checked as a user sees it.
(* anyconst *) logic [10:0] queue_places;
(* anyconst *) logic [8:0] tags;
(* anyconst *) logic [8:0] walks;
(* anyconst *) logic [8:0] pages;
(* anyconst *) logic [6:0] ahead;
(* anyconst *) logic [4:0] anchors;
(* anyconst *) logic [16:0] stride;
(* anyconst *) logic [30:0] max_records;
(* anyconst *) logic [30:0] granularity;
(* anyconst *) logic split;
(* anyconst *) logic ordered;
always_comb begin
  assume (cfg_engines_i == 4'd1);
  assume (cfg_queue_i == queue_places && 32'(queue_places) >= 1 && 32'(queue_places) <= Queue);
  assume (cfg_tags_i == tags && 32'(tags) >= 1 && 32'(tags) <= Tags);
  assume (cfg_walks_i == walks && 32'(walks) >= 1 && 32'(walks) <= Walks && walks <= tags);
  assume (cfg_pages_i == pages && 32'(pages) >= 1 && 32'(pages) <= Pages);
  assume (cfg_set_mask_i == '0);
  assume (cfg_prefetch_i == ahead && ahead <= 7'd64);
  assume (cfg_anchors_i == anchors && 32'(anchors) <= Anchors);
  assume (cfg_anchor_stride_i == stride && stride >= 17'd1 && stride <= 17'd65536);
  assume (cfg_max_records_i == max_records);
  assume (cfg_granularity_i == granularity && granularity >= 31'd1 && granularity <= 31'h40000000);
  assume (cfg_split_i == split && cfg_ordered_i == ordered);
end

// ---- streams: what is offered stays until it is taken ----

logic past_q;  // there was a cycle before this one, without reset
always_ff @(posedge clk_i or negedge rst_ni) begin
  if (!rst_ni) past_q <= 1'b0;
  else past_q <= 1'b1;
end

logic walk_held_q, fill_held_q, inv_held_q, cancel_held_q, rsp_held_q, fetch_held_q, out_held_q;
logic [287:0] walk_bits, walk_bits_q;
logic [120:0] fill_bits, fill_bits_q;
logic [67:0] inv_bits, inv_bits_q;
logic [15:0] cancel_bits_q;
logic [264:0] rsp_bits, rsp_bits_q;
logic [136:0] fetch_bits, fetch_bits_q;
logic [199:0] out_bits, out_bits_q;

assign walk_bits = push_walk;
assign fill_bits = {fill_failed_i, fill_asid_i, fill_page_i, fill_frame_i};
assign inv_bits = {inv_asid_i, inv_page_i};
assign rsp_bits = {rsp_tag_i, rsp_error_i, rsp_data_i};
assign fetch_bits = fetch;
assign out_bits = out;

always_ff @(posedge clk_i) begin
  walk_held_q <= walk_valid_i && !walk_ready_o;
  fill_held_q <= fill_valid_i && !fill_ready_o;
  inv_held_q <= inv_valid_i && !inv_ready_o;
  cancel_held_q <= cancel_valid_i && !cancel_ready_o;
  rsp_held_q <= rsp_valid_i && !rsp_ready_o;
  fetch_held_q <= fetch_valid_o && !fetch_ready_i;
  out_held_q <= out_valid_o && !out_ready_i;
  walk_bits_q <= walk_bits;
  fill_bits_q <= fill_bits;
  inv_bits_q <= inv_bits;
  cancel_bits_q <= cancel_connection_i;
  rsp_bits_q <= rsp_bits;
  fetch_bits_q <= fetch_bits;
  out_bits_q <= out_bits;
  if (rst_ni && past_q) begin
    assume (!walk_held_q || (walk_valid_i && walk_bits == walk_bits_q));
    assume (!fill_held_q || (fill_valid_i && fill_bits == fill_bits_q));
    assume (!inv_held_q || (inv_valid_i && inv_bits == inv_bits_q));
    assume (!cancel_held_q || (cancel_valid_i && cancel_connection_i == cancel_bits_q));
    assume (!rsp_held_q || (rsp_valid_i && rsp_bits == rsp_bits_q));
    assert (!fetch_held_q || (fetch_valid_o && fetch_bits == fetch_bits_q));
    assert (!out_held_q || (out_valid_o && out_bits == out_bits_q));
  end
end

// ---- fetches: tags are unique in flight, and only what is in flight comes back ----

logic [Tags-1:0] flying_q;
logic [31:0] flying_count;
always_comb begin
  flying_count = '0;
  for (int unsigned i = 0; i < Tags; i++) flying_count = flying_count + 32'(flying_q[i]);
end

localparam int unsigned FlyBits = Tags > 1 ? $clog2(Tags) : 1;
always_ff @(posedge clk_i or negedge rst_ni) begin
  if (!rst_ni) begin
    flying_q <= '0;
  end else begin
    if (rsp_valid_i && rsp_ready_o) flying_q[FlyBits'(rsp_tag_i)] <= 1'b0;
    if (fetch_valid_o && fetch_ready_i) flying_q[FlyBits'(fetch_tag_o)] <= 1'b1;
  end
end

// ---- pages: asked for, answered, released, in this order ----

localparam logic [1:0] Asked = 2'd1;
localparam logic [1:0] Pinned = 2'd2;
logic [Pages*2-1:0] page_state_q;
logic [67:0] page_name_q[0:Pages-1];
logic [67:0] out_name, fill_name;
logic [31:0] out_at, fill_at, free_at;  // Pages: nowhere
logic node_leaves, release_leaves, fill_taken;

assign out_name = {out_asid_o, out_address_o[63:12]};
assign fill_name = {fill_asid_i, fill_page_i};
assign node_leaves = out_pop && out_kind_o == vctoe_walker_pkg::OutNode;
assign release_leaves = out_pop && out_kind_o == vctoe_walker_pkg::OutRelease;
assign fill_taken = fill_valid_i && fill_ready_o;
always_comb begin
  out_at = Pages;
  fill_at = Pages;
  free_at = Pages;
  for (int unsigned i = 0; i < Pages; i++) begin
    if (page_state_q[i*2+:2] == 2'd0) free_at = i;
    if (page_state_q[i*2+:2] != 2'd0 && page_name_q[i] == out_name) out_at = i;
    if (page_state_q[i*2+:2] == Asked && page_name_q[i] == fill_name) fill_at = i;
  end
end

for (genvar i = 0; i < Pages; i++) begin : gen_page_state
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      page_state_q[i*2+:2] <= 2'd0;
    end else begin
      if (fill_taken && fill_at == i) page_state_q[i*2+:2] <= fill_failed_i ? 2'd0 : Pinned;
      if (release_leaves && out_at == i) page_state_q[i*2+:2] <= 2'd0;
      if (node_leaves && free_at == i) page_state_q[i*2+:2] <= Asked;
    end
  end
  always_ff @(posedge clk_i) begin
    if (node_leaves && free_at == i) page_name_q[i] <= out_name;
  end
end

// ---- any one walk: nothing lost, doubled or altered, nothing after a cancel ----

(* anyconst *) logic [31:0] txn_q;
logic follow_q, ever_q;
logic [15:0] connection_q;
logic [30:0] left_q;
logic [31:0] next_q;
logic retransmit_q;
logic [15:0] asid_q;
logic taken_walk, own_beat;

assign taken_walk = walk_valid_i && walk_ready_o;
assign own_beat = out_pop && ever_q && out_txn_o == txn_q &&
                  (out_kind_o == vctoe_walker_pkg::OutBlock ||
                   out_kind_o == vctoe_walker_pkg::OutFault ||
                   out_kind_o == vctoe_walker_pkg::OutDone);

always_ff @(posedge clk_i or negedge rst_ni) begin
  if (!rst_ni) begin
    follow_q <= 1'b0;
    ever_q <= 1'b0;
    connection_q <= '0;
    left_q <= '0;
    next_q <= '0;
    retransmit_q <= 1'b0;
    asid_q <= '0;
  end else begin
    if (taken_walk && walk_txn_i == txn_q && !ever_q) begin
      follow_q <= 1'b1;
      ever_q <= 1'b1;
      connection_q <= walk_connection_i;
      left_q <= walk_length_i;
      next_q <= walk_sequence_i;
      retransmit_q <= walk_retransmit_i;
      asid_q <= walk_asid_i;
    end
    if (own_beat && follow_q) begin
      if (out_kind_o == vctoe_walker_pkg::OutBlock) begin
        left_q <= left_q - out_length_o;
        next_q <= next_q + 32'(out_length_o);
      end else begin
        follow_q <= 1'b0;
      end
    end
    if (cancel_valid_i && cancel_ready_o && cancel_connection_i == connection_q) follow_q <= 1'b0;
  end
end

// Few names are enough for every coincidence: the solver need not tell 2^64 addresses apart.
always_comb begin
  assume (walk_txn_i[31:2] == '0 && walk_asid_i[15:1] == '0 && walk_head_i[63:14] == '0);
  assume (fill_asid_i[15:1] == '0 && fill_page_i[51:2] == '0 && fill_frame_i[51:2] == '0);
  assume (inv_asid_i[15:1] == '0 && inv_page_i[51:2] == '0 && cancel_connection_i[15:1] == '0);
  assume (rsp_data_i[255:206] == '0 && txn_q[31:2] == '0);  // links: the record's first 64 bits
  assume (rsp_data_i[63:14] == '0);
end

always_ff @(posedge clk_i) begin
  if (rst_ni) begin
    assume (!walk_valid_i || (32'(walk_connection_i) < Connections && walk_length_i != '0));
    assume (!cancel_valid_i || 32'(cancel_connection_i) < Connections);
    // No two walks have the transaction of the one that is followed.
    assume (!(taken_walk && ever_q && walk_txn_i == txn_q));
    assume (!fill_valid_i || fill_at < Pages);
    assume (!rsp_valid_i || (32'(rsp_tag_i) < Tags && flying_q[FlyBits'(rsp_tag_i)]));

    assert (!fetch_valid_o || (32'(fetch_tag_o) < 32'(tags) &&
                               !flying_q[FlyBits'(fetch_tag_o)]));
    assert (flying_count <= 32'(tags));
    assert (!node_leaves || (out_at == Pages && free_at < Pages));
    assert (!release_leaves || (out_at < Pages && page_state_q[out_at*2+:2] == Pinned));

    if (own_beat) begin
      assert (follow_q);
      assert (out_connection_o == connection_q);
      if (out_kind_o == vctoe_walker_pkg::OutBlock) begin
        assert (out_length_o != '0 && out_length_o <= left_q && out_length_o <= granularity);
        assert (out_sequence_o == next_q && out_asid_o == asid_q);
        assert (out_retransmit_o == retransmit_q);
        assert (out_last_o == (out_length_o == left_q));
        assert (!split || 32'(out_address_o[11:0]) + 32'(out_length_o) <= 32'h1000);
      end
      if (out_kind_o == vctoe_walker_pkg::OutDone) assert (left_q == '0);
      if (out_kind_o == vctoe_walker_pkg::OutFault) begin
        assert (left_q != '0);
        assert (out_code_o != '0 && out_code_o <= 4'd10 && out_code_o != 4'd9);
      end
    end
    assert (32'(busy_o) <= 32'(queue_places) + 32'(walks));
    assert (queue_o <= queue_places && queue_o <= busy_o);
    assert (!follow_q || left_q == '0 || busy_o != '0 || out_valid_o ||
            (cancel_valid_i && cancel_connection_i == connection_q));
  end
end

for (genvar s = 0; s < 13; s++) begin : gen_cover_state
  always_ff @(posedge clk_i) if (rst_ni) cover (engine_state[3:0] == 4'(s));
end
for (genvar k = 0; k < 5; k++) begin : gen_cover_kind
  always_ff @(posedge clk_i) if (rst_ni) cover (out_pop && out_kind_o == 3'(k));
end
for (genvar c = 1; c < 11; c++) begin : gen_cover_code
  if (c != 9) begin : gen_used
    always_ff @(posedge clk_i) begin
      if (rst_ni) cover (out_pop && out_kind_o == vctoe_walker_pkg::OutFault && out_code_o == 4'(c));
    end
  end
end
always_ff @(posedge clk_i) begin
  if (rst_ni) begin
    cover (follow_q && cancel_valid_i && cancel_ready_o && cancel_connection_i == connection_q);
    cover (inv_valid_i && inv_ready_o && page_state_q != '0);
  end
end
