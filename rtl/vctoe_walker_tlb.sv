// Translations of the pages that context records lie in. Each that is held is a pinned page of the
// host. An entry is requested from the request for its page until the host answers, then valid until
// its release leaves. It is given up when it makes room for another page (least recently used
// first), when it is invalidated and when the last connection that used it is cancelled; but never
// before the reads that go through it are over. A page has at most one entry.
//
// A request for a page shows only while no release is owed, so it may go again while it waits.
module vctoe_walker_tlb #(
    parameter int unsigned Pages = 16,
    parameter int unsigned Connections = 16,
    parameter int unsigned Reads = 256  // that there are at most at a time
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [ 8:0] cfg_pages_i,  // entries in use, 1 .. Pages

    // At most one of acquire, release, fill, inv and a step of forget in a cycle.
    input  logic        acquire_valid_i,
    input  logic        acquire_ahead_i,  // not needed yet
    input  logic [15:0] acquire_connection_i,
    input  logic [15:0] acquire_asid_i,
    input  logic [51:0] acquire_page_i,
    output logic        acquire_hit_o,    // valid, and held for the caller until release
    output logic        acquire_wait_o,   // the host is asked; fill will name the entry
    output logic [(Pages > 1 ? $clog2(Pages) : 1)-1:0] acquire_entry_o,
    output logic        acquire_evict_o,  // another translation was given up for it

    input  logic [(Pages > 1 ? $clog2(Pages) : 1)-1:0] frame_entry_i,
    output logic [51:0] frame_o,

    input  logic        release_valid_i,
    input  logic [(Pages > 1 ? $clog2(Pages) : 1)-1:0] release_entry_i,

    input  logic        fill_valid_i,
    input  logic        fill_failed_i,
    input  logic [15:0] fill_asid_i,
    input  logic [51:0] fill_page_i,
    input  logic [51:0] fill_frame_i,
    input  logic [$clog2(Reads+1)-1:0] fill_holds_i,  // reads that wait for it, from fill_entry_o
    output logic        fill_hit_o,
    output logic [(Pages > 1 ? $clog2(Pages) : 1)-1:0] fill_entry_o,

    input  logic        inv_valid_i,
    input  logic [15:0] inv_asid_i,
    input  logic [51:0] inv_page_i,
    output logic        inv_hit_o,
    output logic [(Pages > 1 ? $clog2(Pages) : 1)-1:0] inv_entry_o,

    input  logic        forget_valid_i,
    input  logic [15:0] forget_connection_i,
    output logic        forget_busy_o,

    output logic        need_valid_o,
    input  logic        need_ready_i,
    output logic [15:0] need_connection_o,  // that asked first
    output logic [15:0] need_asid_o,
    output logic [51:0] need_page_o,

    output logic        drop_valid_o,
    input  logic        drop_ready_i,
    output logic [15:0] drop_asid_o,
    output logic [51:0] drop_page_o,

    output logic        freed_o,  // who was told busy may try again
    output logic        idle_o
);
  localparam int unsigned EntryBits = Pages > 1 ? $clog2(Pages) : 1;
  localparam int unsigned ConnectionBits = Connections > 1 ? $clog2(Connections) : 1;
  localparam int unsigned CountBits = $clog2(Connections + 1);
  localparam int unsigned HoldBits = $clog2(Reads + 1);
  localparam int unsigned LevelBits = $clog2(Pages + 1);  // of counts of entries
  localparam logic [EntryBits-1:0] LastEntry = EntryBits'(Pages - 1);

  if (Pages < 1 || Pages > 256) begin : gen_bad_pages
    $error("vctoe_walker_tlb: Pages must be 1 .. 256");
  end
  if (Connections < 1 || Connections > 65536) begin : gen_bad_connections
    $error("vctoe_walker_tlb: Connections must be 1 .. 65536");
  end
  if (Reads < 1 || Reads > 256) $error("vctoe_walker_tlb: Reads must be 1 .. 256");

  // State of the entries. What is not reset means nothing while an entry is free.
  logic [Pages-1:0] requested_q, valid_q;
  logic [Pages-1:0] stale_q;  // invalidated while reads go through it
  logic [15:0] asid_q[0:Pages-1];
  logic [51:0] page_q[0:Pages-1];
  logic [51:0] frame_q[0:Pages-1];
  logic [HoldBits-1:0] holds_q[0:Pages-1];
  logic [EntryBits-1:0] rank_q[0:Pages-1];  // entries that were used after it, free ones too
  logic [15:0] first_q[0:Pages-1];  // connection that asked first
  logic [Connections-1:0] sharers_q[0:Pages-1];
  logic [CountBits-1:0] sharer_count_q[0:Pages-1];
  logic [LevelBits-1:0] requested_count_q;

  // A request that waits and a release that waits: each entry owes at most one of each, because it
  // is not filled before its request has left, and that leaves after all releases.
  logic [EntryBits-1:0] need_q[0:Pages-1];
  logic [EntryBits-1:0] need_head_q, need_tail_q;
  logic [LevelBits-1:0] need_count_q;
  logic [15:0] drop_asid_q[0:Pages-1];
  logic [51:0] drop_page_q[0:Pages-1];
  logic [EntryBits-1:0] drop_head_q, drop_tail_q;
  logic [LevelBits-1:0] drop_count_q;

  logic forget_busy_q;
  logic [ConnectionBits-1:0] forget_sharer_q;
  logic [EntryBits-1:0] forget_entry_q;

  // The entry of the page that acquire, fill or inv names.
  logic found;
  logic [EntryBits-1:0] entry;
  logic [15:0] search_asid;
  logic [51:0] search_page;

  always_comb begin
    search_asid = acquire_asid_i;
    search_page = acquire_page_i;
    if (fill_valid_i) begin
      search_asid = fill_asid_i;
      search_page = fill_page_i;
    end else if (inv_valid_i) begin
      search_asid = inv_asid_i;
      search_page = inv_page_i;
    end
    found = 1'b0;
    entry = '0;
    if (acquire_valid_i || fill_valid_i || inv_valid_i) begin
      for (int unsigned i = 0; i < Pages; i++) begin
        if ((requested_q[i] || valid_q[i]) && page_q[i] == search_page &&
            asid_q[i] == search_asid) begin
          found = 1'b1;
          entry = EntryBits'(i);
        end
      end
    end
  end

  // Room for a page: a free entry, else the least recently used one that no read goes through.
  logic room, room_free;
  logic [EntryBits-1:0] room_entry;
  logic [EntryBits-1:0] room_rank;

  always_comb begin
    room = 1'b0;
    room_free = 1'b0;
    room_entry = '0;
    room_rank = '0;
    if (acquire_valid_i && !found) begin
      for (int unsigned i = 0; i < Pages; i++) begin
        if (i < 32'(cfg_pages_i) && !room_free) begin
          if (!requested_q[i] && !valid_q[i]) begin
            room = 1'b1;
            room_free = 1'b1;
            room_entry = EntryBits'(i);
          end else if (valid_q[i] && holds_q[i] == '0 && (!room || rank_q[i] > room_rank)) begin
            room = 1'b1;
            room_entry = EntryBits'(i);
            room_rank = rank_q[i];
          end
        end
      end
    end
  end

  logic use_present, allocate, answer, invalidate, forget_step, let_go;
  logic [ConnectionBits-1:0] acquire_sharer;

  assign acquire_sharer = acquire_connection_i[ConnectionBits-1:0];
  assign use_present = acquire_valid_i && found && !stale_q[entry];
  assign allocate = acquire_valid_i && !found && room &&
                    !(acquire_ahead_i && 9'(requested_count_q) >= {1'b0, cfg_pages_i[8:1]});
  assign answer = fill_valid_i && found && requested_q[entry];
  assign invalidate = inv_valid_i && found && valid_q[entry];
  assign let_go = release_valid_i && holds_q[release_entry_i] == HoldBits'(1);
  assign forget_step = forget_busy_q && (requested_q[forget_entry_q] || valid_q[forget_entry_q]) &&
                       sharers_q[forget_entry_q][forget_sharer_q];

  assign acquire_hit_o = use_present && valid_q[entry];
  assign acquire_wait_o = allocate || (use_present && requested_q[entry]);
  assign acquire_entry_o = found ? entry : room_entry;
  assign acquire_evict_o = allocate && !room_free;
  assign fill_hit_o = answer;
  assign fill_entry_o = entry;
  assign inv_hit_o = invalidate;
  assign inv_entry_o = entry;
  assign frame_o = frame_q[frame_entry_i];
  assign forget_busy_o = forget_busy_q;

  // A valid translation goes.
  logic drop;
  logic [EntryBits-1:0] drop_entry;

  always_comb begin
    drop = 1'b0;
    drop_entry = entry;
    if (allocate) begin
      drop = !room_free;
      drop_entry = room_entry;
    end else if (release_valid_i) begin
      drop = let_go && (stale_q[release_entry_i] || sharer_count_q[release_entry_i] == '0);
      drop_entry = release_entry_i;
    end else if (answer) begin
      drop = !fill_failed_i && fill_holds_i == '0 && sharer_count_q[entry] == '0;
    end else if (invalidate) begin
      drop = holds_q[entry] == '0;
    end else if (forget_step) begin
      drop = valid_q[forget_entry_q] && holds_q[forget_entry_q] == '0 &&
             sharer_count_q[forget_entry_q] == CountBits'(1);
      drop_entry = forget_entry_q;
    end
  end

  assign freed_o = let_go || answer || (drop && !allocate);

  // One process an entry: Verilator unrolls no loop of 256 steps that writes an array.
  for (genvar i = 0; i < Pages; i++) begin : gen_rank
    always_ff @(posedge clk_i or negedge rst_ni) begin
      if (!rst_ni) rank_q[i] <= EntryBits'(i);
      else if (use_present || allocate) begin
        if (acquire_entry_o == EntryBits'(i)) rank_q[i] <= '0;
        else if (rank_q[i] < rank_q[acquire_entry_o]) rank_q[i] <= rank_q[i] + 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      requested_q <= '0;
      valid_q <= '0;
      stale_q <= '0;
      requested_count_q <= '0;
    end else begin
      if (allocate) begin
        requested_q[room_entry] <= 1'b1;
        requested_count_q <= requested_count_q + 1'b1;
      end
      if (answer) begin
        requested_q[entry] <= 1'b0;
        requested_count_q <= requested_count_q - 1'b1;
        valid_q[entry] <= !fill_failed_i && !drop;
      end
      if (invalidate) stale_q[entry] <= !drop;
      if (drop && !answer) begin
        valid_q[drop_entry] <= 1'b0;
        stale_q[drop_entry] <= 1'b0;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (allocate) begin
      asid_q[room_entry] <= acquire_asid_i;
      page_q[room_entry] <= acquire_page_i;
      first_q[room_entry] <= acquire_connection_i;
    end
    if (answer) frame_q[entry] <= fill_frame_i;
  end

  always_ff @(posedge clk_i) begin
    if (acquire_hit_o) holds_q[entry] <= holds_q[entry] + 1'b1;
    else if (release_valid_i) holds_q[release_entry_i] <= holds_q[release_entry_i] - 1'b1;
    else if (answer) holds_q[entry] <= fill_holds_i;
  end

  always_ff @(posedge clk_i) begin
    if (allocate) begin
      sharers_q[room_entry] <= Connections'(1) << acquire_sharer;
      sharer_count_q[room_entry] <= CountBits'(1);
    end else if (use_present && !sharers_q[entry][acquire_sharer]) begin
      sharers_q[entry][acquire_sharer] <= 1'b1;
      sharer_count_q[entry] <= sharer_count_q[entry] + 1'b1;
    end else if (forget_step) begin
      sharers_q[forget_entry_q][forget_sharer_q] <= 1'b0;
      sharer_count_q[forget_entry_q] <= sharer_count_q[forget_entry_q] - 1'b1;
    end
  end

  // A cancelled connection's share in every page.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      forget_busy_q <= 1'b0;
      forget_sharer_q <= '0;
      forget_entry_q <= '0;
    end else if (forget_valid_i) begin
      forget_busy_q <= 1'b1;
      forget_sharer_q <= forget_connection_i[ConnectionBits-1:0];
      forget_entry_q <= '0;
    end else if (forget_busy_q) begin
      forget_entry_q <= forget_entry_q + 1'b1;
      if (9'(forget_entry_q) + 9'd1 >= cfg_pages_i) forget_busy_q <= 1'b0;
    end
  end

  if (Connections < 65536) begin : gen_unused
    logic unused_connection;
    assign unused_connection = ^forget_connection_i[15:ConnectionBits];
  end

  // What the host is told: all releases, then the requests.
  logic need_leaves, drop_leaves;

  assign drop_valid_o = drop_count_q != '0;
  assign drop_asid_o = drop_asid_q[drop_head_q];
  assign drop_page_o = drop_page_q[drop_head_q];
  assign drop_leaves = drop_valid_o && drop_ready_i;
  assign need_valid_o = need_count_q != '0 && !drop_valid_o;
  assign need_connection_o = first_q[need_q[need_head_q]];
  assign need_asid_o = asid_q[need_q[need_head_q]];
  assign need_page_o = page_q[need_q[need_head_q]];
  assign need_leaves = need_valid_o && need_ready_i;
  assign idle_o = need_count_q == '0 && !drop_valid_o && !forget_busy_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      need_head_q  <= '0;
      need_tail_q  <= '0;
      need_count_q <= '0;
      drop_head_q  <= '0;
      drop_tail_q  <= '0;
      drop_count_q <= '0;
    end else begin
      if (allocate) need_tail_q <= need_tail_q == LastEntry ? '0 : need_tail_q + 1'b1;
      if (need_leaves) need_head_q <= need_head_q == LastEntry ? '0 : need_head_q + 1'b1;
      need_count_q <= need_count_q + LevelBits'(allocate) - LevelBits'(need_leaves);
      if (drop) drop_tail_q <= drop_tail_q == LastEntry ? '0 : drop_tail_q + 1'b1;
      if (drop_leaves) drop_head_q <= drop_head_q == LastEntry ? '0 : drop_head_q + 1'b1;
      drop_count_q <= drop_count_q + LevelBits'(drop) - LevelBits'(drop_leaves);
    end
  end

  always_ff @(posedge clk_i) begin
    if (allocate) need_q[need_tail_q] <= room_entry;
    if (drop) begin
      drop_asid_q[drop_tail_q] <= asid_q[drop_entry];
      drop_page_q[drop_tail_q] <= page_q[drop_entry];
    end
  end

`ifdef VCTOE_ASSERT
`ifdef VCTOE_TOP_TLB
`define VCTOE_ASSUME assume
`else
`define VCTOE_ASSUME assert
`endif
  logic [Pages-1:0] owed_q;  // the request has not left yet

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      owed_q <= '0;
    end else begin
      if (need_leaves) owed_q[need_q[need_head_q]] <= 1'b0;
      if (allocate) owed_q[room_entry] <= 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      `VCTOE_ASSUME (32'(acquire_valid_i) + 32'(release_valid_i) + 32'(fill_valid_i) +
                     32'(inv_valid_i) + 32'(forget_busy_q) <= 1);
      `VCTOE_ASSUME (32'(cfg_pages_i) >= 1 && 32'(cfg_pages_i) <= Pages);
      `VCTOE_ASSUME (!acquire_valid_i || 32'(acquire_connection_i) < Connections);
      `VCTOE_ASSUME (!forget_valid_i ||
                     (32'(forget_connection_i) < Connections && !forget_busy_q));
      // Holds are those of reads.
      `VCTOE_ASSUME (!acquire_hit_o || holds_q[entry] != '1);
      // Only what is held is released, and the host answers what it was asked.
      `VCTOE_ASSUME (!release_valid_i || (32'(release_entry_i) < Pages &&
                     valid_q[release_entry_i] && holds_q[release_entry_i] != '0));
      `VCTOE_ASSUME (!fill_valid_i || (answer && !owed_q[entry]));
      assert (!(acquire_hit_o && acquire_wait_o));
      assert (!drop || (valid_q[drop_entry] || answer));
      assert (!drop || 32'(drop_count_q) < Pages);
      assert (!allocate || 32'(need_count_q) < Pages);
      assert (!need_valid_o || owed_q[need_q[need_head_q]]);
      assert ((requested_q & valid_q) == '0 && (stale_q & ~valid_q) == '0);
      assert ((owed_q & ~requested_q) == '0);
    end
  end
`undef VCTOE_ASSUME
`endif

`ifdef VCTOE_TOP_TLB
`include "tlb.svh"
`endif

`ifdef VCTOE_CHECK
  logic [Pages*16-1:0] all_asids;
  logic [Pages*52-1:0] all_pages;
  logic [Pages*52-1:0] all_frames;
  logic [Pages*HoldBits-1:0] all_holds;
  logic [Pages*Connections-1:0] all_sharers;
  logic [Pages*CountBits-1:0] all_counts;
  logic [Pages*EntryBits-1:0] all_ranks;
  for (genvar i = 0; i < Pages; i++) begin : gen_all_all_asids
    assign all_asids[i*16+:16] = asid_q[i];
    assign all_pages[i*52+:52] = page_q[i];
    assign all_frames[i*52+:52] = frame_q[i];
    assign all_holds[i*HoldBits+:HoldBits] = holds_q[i];
    assign all_sharers[i*Connections+:Connections] = sharers_q[i];
    assign all_counts[i*CountBits+:CountBits] = sharer_count_q[i];
    assign all_ranks[i*EntryBits+:EntryBits] = rank_q[i];
  end
  vctoe_walker_tlb_check #(
      .Pages(Pages),
      .Connections(Connections),
      .Reads(Reads)
  ) u_check (
      .*,
      .all_requested(requested_q),
      .all_valid(valid_q),
      .all_stale(stale_q),
      .requested_count(requested_count_q),
      .need_count(need_count_q),
      .drop_count(drop_count_q)
  );
`endif

endmodule
