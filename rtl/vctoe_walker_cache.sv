// Records kept on the NIC: set-associative, least recently used first out. A copy is a hit only when
// it begins at the sequence number expected there: the host may use a record's memory again for
// another list, and an old copy then must not be taken for the new record.
module vctoe_walker_cache #(
    parameter int unsigned Sets = 16,
    parameter int unsigned Ways = 4
) (
    input  logic                         clk_i,
    input  logic                         rst_ni,
    input  logic [15:0]                  cfg_set_mask_i,  // sets in use, less one

    input  logic                         lookup_valid_i,
    output logic                         lookup_ready_o,
    input  vctoe_walker_pkg::key_t       lookup_key_i,
    input  logic                         lookup_peek_i,   // is no use of the record
    output logic                         result_hit_o,    // from the next cycle to the next lookup
    output vctoe_walker_pkg::record_t    result_record_o,

    input  logic                         insert_valid_i,  // always taken
    input  vctoe_walker_pkg::key_t       insert_key_i,
    input  vctoe_walker_pkg::record_t    insert_record_i,
    output logic                         insert_evict_o,  // another record was lost

    // All records of a connection, of a page. Both may be under way at once, but only one of a kind.
    input  logic                         flush_connection_valid_i,
    input  logic [15:0]                  flush_connection_i,
    input  logic                         flush_page_valid_i,
    input  logic [15:0]                  flush_asid_i,
    input  logic [51:0]                  flush_page_i,
    output logic                         flush_busy_o
);
  localparam int unsigned Lines = Sets * Ways;
  localparam int unsigned SetBits = Sets > 1 ? $clog2(Sets) : 1;
  localparam int unsigned WayBits = Ways > 1 ? $clog2(Ways) : 1;
  localparam int unsigned LineBits = Lines > 1 ? $clog2(Lines) : 1;
  localparam int unsigned RecordBits = vctoe_walker_pkg::RecordW;
  localparam int unsigned RanksBits = Ways * WayBits;
  // Valid flags of up to 256 sets in a word, so that a reset of all of them is a short loop.
  localparam int unsigned WordSets = Sets > 256 ? 256 : Sets;
  localparam int unsigned Words = Sets / WordSets;
  localparam int unsigned WordBits = Words > 1 ? $clog2(Words) : 1;
  localparam int unsigned FlagBits = WordSets * Ways > 1 ? $clog2(WordSets * Ways) : 1;

  if (Sets < 1 || Sets > 16384 || (Sets & (Sets - 1)) != 0) begin : gen_bad_sets
    $error("vctoe_walker_cache: Sets must be a power of two, 1 .. 16384");
  end
  if (Ways < 1 || Ways > 16 || (Ways & (Ways - 1)) != 0) begin : gen_bad_ways
    $error("vctoe_walker_cache: Ways must be a power of two, 1 .. 16");
  end

  logic [WordSets*Ways-1:0] valid_q[0:Words-1];
  logic [31:0] owner_q[0:Lines-1];  // connection, asid
  logic [63:0] address_q[0:Lines-1];
  logic [RecordBits-1:0] record_q[0:Lines-1];
  // Per way how many of its set were used after it. Means nothing while the set is empty.
  logic [RanksBits-1:0] ranks_q[0:Sets-1];

  // Ranks of a set of which nothing is known.
  function automatic logic [RanksBits-1:0] first_ranks(input logic unused_argument);
    first_ranks = '0;
    for (int unsigned w = 0; w < Ways; w++) begin
      first_ranks[w*WayBits+:WayBits] = WayBits'(w);
    end
  endfunction

  // Ranks after a use of `way`.
  function automatic logic [RanksBits-1:0] used_ranks(input logic [RanksBits-1:0] ranks,
                                                      input logic [WayBits-1:0] way);
    used_ranks = ranks;
    for (int unsigned w = 0; w < Ways; w++) begin
      if (ranks[w*WayBits+:WayBits] < ranks[32'(way)*WayBits+:WayBits]) begin
        used_ranks[w*WayBits+:WayBits] = ranks[w*WayBits+:WayBits] + 1'b1;
      end
    end
    used_ranks[32'(way)*WayBits+:WayBits] = '0;
  endfunction

  logic [15:0] lookup_hash, insert_hash;
  logic [SetBits-1:0] lookup_set, insert_set, flush_set_q;
  logic [Ways-1:0] lookup_row, insert_row, flush_row;
  logic lookup, lookup_hit, lookup_use;
  logic [WayBits-1:0] lookup_way, insert_way;
  logic [LineBits-1:0] lookup_line, insert_line;
  logic flush_connection_q, flush_page_q;

  assign lookup_hash = lookup_key_i.address[20:5] + lookup_key_i.connection * 16'h9e37;
  assign insert_hash = insert_key_i.address[20:5] + insert_key_i.connection * 16'h9e37;
  assign lookup_set = SetBits'(lookup_hash & cfg_set_mask_i);
  assign insert_set = SetBits'(insert_hash & cfg_set_mask_i);

  assign lookup_ready_o = !flush_busy_o;
  assign lookup = lookup_valid_i && lookup_ready_o;
  assign lookup_use = lookup_hit && !lookup_peek_i;
  assign lookup_line = LineBits'(32'(lookup_set) * Ways + 32'(lookup_way));

  always_comb begin
    lookup_row = '0;
    lookup_hit = 1'b0;
    lookup_way = '0;
    if (lookup) begin
      lookup_row = valid_q[WordBits'(32'(lookup_set)/WordSets)]
                          [FlagBits'((32'(lookup_set)%WordSets)*Ways)+:Ways];
      for (int unsigned w = 0; w < Ways; w++) begin
        if (lookup_row[w] &&
            address_q[LineBits'(32'(lookup_set)*Ways+w)] == lookup_key_i.address &&
            owner_q[LineBits'(32'(lookup_set)*Ways+w)] ==
                {lookup_key_i.connection, lookup_key_i.asid}) begin
          lookup_hit = record_q[LineBits'(32'(lookup_set)*Ways+w)][31:0] ==
                       lookup_key_i.sequence_number;
          lookup_way = WayBits'(w);
        end
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      result_hit_o <= 1'b0;
    end else if (lookup) begin
      result_hit_o <= lookup_hit;
    end
  end

  always_ff @(posedge clk_i) begin
    if (lookup && lookup_hit) result_record_o <= record_q[lookup_line];
  end

  // What a record must say, it says itself.
  logic unused_sequence;
  assign unused_sequence = ^insert_key_i.sequence_number;

  // Where an insert goes: over the same record, to a free way, over the least recently used.
  logic present, vacant;
  logic [RanksBits-1:0] lookup_ranks, insert_ranks;

  assign insert_line = LineBits'(32'(insert_set) * Ways + 32'(insert_way));
  assign insert_evict_o = insert_valid_i && !present && !vacant;

  always_comb begin
    lookup_ranks = '0;
    if (lookup_use) lookup_ranks = used_ranks(ranks_q[lookup_set], lookup_way);
    insert_row = '0;
    insert_ranks = '0;
    present = 1'b0;
    vacant = 1'b0;
    insert_way = '0;
    if (insert_valid_i) begin
      insert_row = valid_q[WordBits'(32'(insert_set)/WordSets)]
                          [FlagBits'((32'(insert_set)%WordSets)*Ways)+:Ways];
      insert_ranks = ranks_q[insert_set];
      if (lookup_use && lookup_set == insert_set) insert_ranks = lookup_ranks;
      if (insert_row == '0) insert_ranks = first_ranks(1'b0);
      for (int unsigned w = 0; w < Ways; w++) begin
        if (!present && !insert_row[w]) begin
          vacant = 1'b1;
          insert_way = WayBits'(w);
        end
        if (insert_row[w] && address_q[LineBits'(32'(insert_set)*Ways+w)] == insert_key_i.address &&
            owner_q[LineBits'(32'(insert_set)*Ways+w)] ==
                {insert_key_i.connection, insert_key_i.asid}) begin
          present = 1'b1;
          insert_way = WayBits'(w);
        end
        if (!present && !vacant && insert_ranks[w*WayBits+:WayBits] == WayBits'(Ways - 1)) begin
          insert_way = WayBits'(w);
        end
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (lookup_use) ranks_q[lookup_set] <= lookup_ranks;
    if (insert_valid_i) begin
      ranks_q[insert_set] <= used_ranks(insert_ranks, insert_way);
      owner_q[insert_line] <= {insert_key_i.connection, insert_key_i.asid};
      address_q[insert_line] <= insert_key_i.address;
      record_q[insert_line] <= insert_record_i;
    end
  end

  // One set a cycle is looked at.
  logic [15:0] flush_connection_id_q, flush_asid_q;
  logic [51:0] flush_page_id_q;

  assign flush_busy_o = flush_connection_q || flush_page_q;

  always_comb begin
    flush_row = '0;
    if (flush_busy_o) begin
      flush_row = valid_q[WordBits'(32'(flush_set_q)/WordSets)]
                         [FlagBits'((32'(flush_set_q)%WordSets)*Ways)+:Ways];
      for (int unsigned w = 0; w < Ways; w++) begin
        if (flush_connection_q &&
            owner_q[LineBits'(32'(flush_set_q)*Ways+w)][31:16] == flush_connection_id_q) begin
          flush_row[w] = 1'b0;
        end
`ifndef VCTOE_BUG_STALE_CACHE_AFTER_INVALIDATE
        if (flush_page_q && owner_q[LineBits'(32'(flush_set_q)*Ways+w)][15:0] == flush_asid_q &&
            address_q[LineBits'(32'(flush_set_q)*Ways+w)][63:12] == flush_page_id_q) begin
          flush_row[w] = 1'b0;
        end
`endif
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      for (int unsigned i = 0; i < Words; i++) valid_q[i] <= '0;
    end else begin
      if (flush_busy_o) begin
        valid_q[WordBits'(32'(flush_set_q)/WordSets)]
               [FlagBits'((32'(flush_set_q)%WordSets)*Ways)+:Ways] <= flush_row;
      end
      if (insert_valid_i) begin
        valid_q[WordBits'(32'(insert_set)/WordSets)]
               [FlagBits'((32'(insert_set)%WordSets)*Ways+32'(insert_way))] <= 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      flush_connection_q <= 1'b0;
      flush_page_q <= 1'b0;
      flush_set_q <= '0;
    end else if (flush_connection_valid_i || flush_page_valid_i) begin
      // Starts over when the other kind is under way: what that has cleared stays clear.
      flush_connection_q <= flush_connection_q || flush_connection_valid_i;
      flush_page_q <= flush_page_q || flush_page_valid_i;
      flush_set_q <= '0;
    end else if (flush_busy_o) begin
      flush_set_q <= flush_set_q + 1'b1;
      if (16'(flush_set_q) == cfg_set_mask_i) begin
        flush_connection_q <= 1'b0;
        flush_page_q <= 1'b0;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (flush_connection_valid_i) flush_connection_id_q <= flush_connection_i;
    if (flush_page_valid_i) begin
      flush_asid_q <= flush_asid_i;
      flush_page_id_q <= flush_page_i;
    end
  end

`ifdef VCTOE_ASSERT
`ifdef VCTOE_TOP_CACHE
`define VCTOE_ASSUME assume
`else
`define VCTOE_ASSUME assert
`endif
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      `VCTOE_ASSUME (32'(cfg_set_mask_i) < Sets && (cfg_set_mask_i & (cfg_set_mask_i + 16'd1)) == '0);
      `VCTOE_ASSUME (!(flush_connection_valid_i && flush_connection_q));
      `VCTOE_ASSUME (!(flush_page_valid_i && flush_page_q));
      // Nothing comes of what is being thrown away.
      `VCTOE_ASSUME (!(insert_valid_i && flush_connection_q &&
                       insert_key_i.connection == flush_connection_id_q));
      `VCTOE_ASSUME (!(insert_valid_i && flush_page_q && insert_key_i.asid == flush_asid_q &&
                       insert_key_i.address[63:12] == flush_page_id_q));
    end
  end
`undef VCTOE_ASSUME
`endif

`ifdef VCTOE_TOP_CACHE
`include "cache.svh"
`endif

`ifdef VCTOE_CHECK
  logic [Lines*32-1:0] all_owners;
  logic [Lines*64-1:0] all_addresses;
  logic [Lines*RecordBits-1:0] all_records;
  for (genvar i = 0; i < Lines; i++) begin : gen_all_all_owners
    assign all_owners[i*32+:32] = owner_q[i];
    assign all_addresses[i*64+:64] = address_q[i];
    assign all_records[i*RecordBits+:RecordBits] = record_q[i];
  end
  vctoe_walker_cache_check #(.Sets(Sets), .Ways(Ways)) u_check (.*, .all_valid(valid_q[0]));
`endif

endmodule
