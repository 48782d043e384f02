// The translation cache: which page has which entry, who holds it, what the host is told in turn.
(* keep_hierarchy *)
module vctoe_walker_tlb_check #(
    parameter int unsigned Pages = 2,
    parameter int unsigned Connections = 2,
    parameter int unsigned Reads = 2,
    localparam int unsigned E = Pages > 1 ? $clog2(Pages) : 1
) (
    input logic         clk_i,
    input logic         rst_ni,
    input logic [ 8:0]  cfg_pages_i,
    input logic         acquire_valid_i,
    input logic         acquire_ahead_i,
    input logic [15:0]  acquire_connection_i,
    input logic [15:0]  acquire_asid_i,
    input logic [51:0]  acquire_page_i,
    input logic         acquire_hit_o,
    input logic         acquire_wait_o,
    input logic [E-1:0] acquire_entry_o,
    input logic         acquire_evict_o,
    input logic [E-1:0] frame_entry_i,
    input logic [51:0]  frame_o,
    input logic         release_valid_i,
    input logic [E-1:0] release_entry_i,
    input logic         fill_valid_i,
    input logic         fill_failed_i,
    input logic [15:0]  fill_asid_i,
    input logic [51:0]  fill_page_i,
    input logic [51:0]  fill_frame_i,
    input logic [$clog2(Reads+1)-1:0] fill_holds_i,
    input logic         fill_hit_o,
    input logic [E-1:0] fill_entry_o,
    input logic         inv_valid_i,
    input logic [15:0]  inv_asid_i,
    input logic [51:0]  inv_page_i,
    input logic         inv_hit_o,
    input logic [E-1:0] inv_entry_o,
    input logic         forget_valid_i,
    input logic [15:0]  forget_connection_i,
    input logic         forget_busy_o,
    input logic         need_valid_o,
    input logic         need_ready_i,
    input logic [15:0]  need_connection_o,
    input logic [15:0]  need_asid_o,
    input logic [51:0]  need_page_o,
    input logic         drop_valid_o,
    input logic         drop_ready_i,
    input logic [15:0]  drop_asid_o,
    input logic [51:0]  drop_page_o,
    input logic         freed_o,
    input logic         idle_o,
    // What is inside of the block.
    input logic [Pages-1:0]              all_requested, all_valid, all_stale,
    input logic [Pages*16-1:0]           all_asids,
    input logic [Pages*52-1:0]           all_pages, all_frames,
    input logic [Pages*$clog2(Reads+1)-1:0] all_holds,
    input logic [Pages*Connections-1:0]  all_sharers,
    input logic [Pages*$clog2(Connections+1)-1:0] all_counts,
    input logic [Pages*E-1:0]            all_ranks,
    input logic [$clog2(Pages+1)-1:0]    requested_count, need_count, drop_count
);
  localparam int unsigned C = Connections;
  // State of an entry.
  localparam logic [1:0] Free = 2'd0;
  localparam logic [1:0] Asked = 2'd1;
  localparam logic [1:0] Valid = 2'd2;
  localparam logic [1:0] Stale = 2'd3;

  logic [Pages*2-1:0] state_q, state_d;
  logic [Pages*68-1:0] name_q, name_d;  // address space, page
  logic [Pages*52-1:0] frame_q, frame_d;
  logic [Pages*9-1:0] holds_q, holds_d;
  logic [Pages*32-1:0] used_q, used_d;  // time of the last use
  logic [Pages*C-1:0] users_q, users_d;
  logic [31:0] now_q;
  // What the host is still to be told, the oldest lowest: requests (connection, name), releases.
  logic [Pages*84-1:0] needs_q, needs_d;
  logic [Pages*68-1:0] drops_q, drops_d;
  logic [Pages-1:0] needs_used_q, needs_used_d, drops_used_q, drops_used_d;
  // A cancel's way through the entries.
  logic forgetting_q;
  logic [15:0] forgotten_q;
  logic [8:0] step_q;

  logic [67:0] name;
  logic [Pages-1:0] same, unused, idle_valid, chosen, gone, place;
  logic found, hit, waits, takes, makes_room, ends_hold, answered, invalidated;
  logic [8:0] asked, holds;
  logic [31:0] oldest;
  logic [1:0] state;
  logic [C-1:0] users;
  logic told;
  logic [31:0] counted;

  always_comb begin
    name = {acquire_asid_i, acquire_page_i};
    if (fill_valid_i) name = {fill_asid_i, fill_page_i};
    else if (inv_valid_i) name = {inv_asid_i, inv_page_i};
    asked = '0;
    same = '0;
    unused = '0;
    idle_valid = '0;
    chosen = '0;
    oldest = '1;
    found = 1'b0;
    state = Free;
    for (int i = 0; i < Pages; i++) begin
      if (state_q[i*2+:2] == Asked) asked = asked + 9'd1;
      if (state_q[i*2+:2] != Free && name_q[i*68+:68] == name) begin
        same[i] = 1'b1;
        found = 1'b1;
        state = state_q[i*2+:2];
      end
      unused[i] = state_q[i*2+:2] == Free && 9'(i) < cfg_pages_i;
      // A stale one that nothing goes through is gone already.
      idle_valid[i] = state_q[i*2+:2] == Valid && holds_q[i*9+:9] == '0 && 9'(i) < cfg_pages_i;
    end
    for (int i = Pages - 1; i >= 0; i--) begin
      if (unused[i]) chosen = Pages'(1) << i;
    end
    makes_room = 1'b0;
    for (int i = 0; i < Pages; i++) begin
      if (unused == '0 && idle_valid[i] && used_q[i*32+:32] < oldest) begin
        chosen = Pages'(1) << i;
        oldest = used_q[i*32+:32];
        makes_room = 1'b1;
      end
    end
    hit = acquire_valid_i && state == Valid;
    takes = acquire_valid_i && !found && chosen != '0 &&
            !(acquire_ahead_i && 32'(asked) >= 32'(cfg_pages_i) / 2);
    waits = takes || (acquire_valid_i && state == Asked);
    makes_room = makes_room && takes;
    answered = fill_valid_i && state == Asked;
    invalidated = inv_valid_i && (state == Valid || state == Stale);

    state_d = state_q;
    name_d = name_q;
    frame_d = frame_q;
    holds_d = holds_q;
    used_d = used_q;
    users_d = users_q;
    gone = '0;
    ends_hold = 1'b0;
    for (int i = 0; i < Pages; i++) begin
      users = users_q[i*C+:C];
      holds = holds_q[i*9+:9];
      if (takes && chosen[i]) begin
        gone[i] = makes_room;
        state_d[i*2+:2] = Asked;
        name_d[i*68+:68] = name;
        users_d[i*C+:C] = C'(1) << acquire_connection_i;
        used_d[i*32+:32] = now_q;
      end
      if (acquire_valid_i && same[i] && state != Stale) begin
        users_d[i*C+:C] = users | (C'(1) << acquire_connection_i);
        used_d[i*32+:32] = now_q;
        if (state == Valid) holds_d[i*9+:9] = holds + 9'd1;
      end
      if (release_valid_i && release_entry_i == E'(i)) begin
        holds_d[i*9+:9] = holds - 9'd1;
        ends_hold = holds == 9'd1;
        gone[i] = ends_hold && (users == '0 || state_q[i*2+:2] == Stale);
      end
      if (answered && same[i]) begin
        frame_d[i*52+:52] = fill_frame_i;
        holds_d[i*9+:9] = 9'(fill_holds_i);
        state_d[i*2+:2] = fill_failed_i ? Free : Valid;
        gone[i] = !fill_failed_i && users == '0 && fill_holds_i == '0;
      end
      if (invalidated && same[i]) begin
        state_d[i*2+:2] = Stale;
        gone[i] = holds == '0;
      end
      if (forgetting_q && step_q == 9'(i) && state_q[i*2+:2] != Free) begin
        users_d[i*C+:C] = users & ~(C'(1) << forgotten_q);
        gone[i] = users == (C'(1) << forgotten_q) && holds == '0 && state_q[i*2+:2] != Asked;
      end
      if (gone[i] && !takes) state_d[i*2+:2] = Free;
    end
  end

  always_comb begin
    needs_d = needs_q;
    needs_used_d = needs_used_q;
    drops_d = drops_q;
    drops_used_d = drops_used_q;
    if (drops_used_q[0] && drop_ready_i) begin
      drops_d = drops_q >> 68;
      drops_used_d = drops_used_q >> 1;
    end
    if (needs_used_q[0] && !drops_used_q[0] && need_ready_i) begin
      needs_d = needs_q >> 84;
      needs_used_d = needs_used_q >> 1;
    end
    place = drops_used_d + Pages'(1);  // the first that is free
    for (int i = 0; i < Pages; i++) begin
      for (int k = 0; k < Pages; k++) begin
        if (place[i] && gone[k]) begin
          drops_d[i*68+:68] = name_q[k*68+:68];
          drops_used_d[i] = 1'b1;
        end
      end
    end
    told = 1'b0;
    for (int i = 0; i < Pages; i++) begin
      if (takes && !told && !needs_used_d[i]) begin
        needs_d[i*84+:84] = {acquire_connection_i, name};
        needs_used_d[i] = 1'b1;
        told = 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    name_q <= name_d;
    frame_q <= frame_d;
    holds_q <= holds_d;
    users_q <= users_d;
    needs_q <= needs_d;
    drops_q <= drops_d;
    if (forget_valid_i) forgotten_q <= forget_connection_i;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= '0;
      now_q <= 32'(Pages);
      // Those that were never used count as used one after the other before, the first last.
      for (int i = 0; i < Pages; i++) used_q[i*32+:32] <= 32'(Pages - 1 - i);
      {needs_used_q, drops_used_q} <= '0;
      forgetting_q <= 1'b0;
      step_q <= '0;
    end else begin
      state_q <= state_d;
      now_q <= now_q + 32'd1;
      used_q <= used_d;
      needs_used_q <= needs_used_d;
      drops_used_q <= drops_used_d;
      step_q <= step_q + 9'd1;
      if (step_q + 9'd1 == cfg_pages_i) forgetting_q <= 1'b0;
      if (forget_valid_i) begin
        forgetting_q <= 1'b1;
        step_q <= '0;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assert (acquire_hit_o == hit);
      assert (32'(requested_count) == 32'(asked));
      assert (acquire_valid_i || found || acquire_entry_o == '0);
      counted = '0;
      for (int i = 0; i < Pages; i++) begin
        assert (all_requested[i] == (state_q[i*2+:2] == Asked));
        assert (all_valid[i] == (state_q[i*2+:2] == Valid || state_q[i*2+:2] == Stale));
        assert (all_stale[i] == (state_q[i*2+:2] == Stale));
        if (state_q[i*2+:2] != Free) begin
          assert ({all_asids[i*16+:16], all_pages[i*52+:52]} == name_q[i*68+:68]);
          assert (all_sharers[i*C+:C] == users_q[i*C+:C]);
          counted = '0;
          for (int c = 0; c < C; c++) counted = counted + 32'(users_q[i*C+c]);
          assert (32'(all_counts[i*$clog2(Connections+1)+:$clog2(Connections+1)]) == counted);
        end
        if (all_valid[i]) begin
          assert (all_frames[i*52+:52] == frame_q[i*52+:52]);
          assert (9'(all_holds[i*$clog2(Reads+1)+:$clog2(Reads+1)]) == holds_q[i*9+:9]);
        end
        for (int k = 0; k < i; k++) begin
          assert ((all_ranks[i*E+:E] < all_ranks[k*E+:E]) == (used_q[i*32+:32] > used_q[k*32+:32]));
        end
      end
      counted = '0;
      for (int i = 0; i < Pages; i++) counted = counted + 32'(needs_used_q[i]);
      assert (32'(need_count) == counted);
      counted = '0;
      for (int i = 0; i < Pages; i++) counted = counted + 32'(drops_used_q[i]);
      assert (32'(drop_count) == counted);
      assert (acquire_wait_o == waits);
      assert (acquire_evict_o == makes_room);
      assert (fill_hit_o == answered);
      assert (inv_hit_o == invalidated);
      assert (forget_busy_o == forgetting_q);
      assert (freed_o == (ends_hold || answered || (gone != '0 && !takes)));
      assert (idle_o == !(forgetting_q || needs_used_q[0] || drops_used_q[0]));
      assert (drop_valid_o == drops_used_q[0]);
      assert (!drop_valid_o || {drop_asid_o, drop_page_o} == drops_q[67:0]);
      assert (need_valid_o == (needs_used_q[0] && !drops_used_q[0]));
      assert (!need_valid_o || {need_connection_o, need_asid_o, need_page_o} == needs_q[83:0]);
      for (int i = 0; i < Pages; i++) begin
        if (hit || (waits && !takes)) assert (!same[i] || acquire_entry_o == E'(i));
        if (takes) assert (!chosen[i] || acquire_entry_o == E'(i));
        if (answered) assert (!same[i] || fill_entry_o == E'(i));
        if (invalidated) assert (!same[i] || inv_entry_o == E'(i));
        if (frame_entry_i == E'(i) && (state_q[i*2+:2] == Valid || state_q[i*2+:2] == Stale)) begin
          assert (frame_o == frame_q[i*52+:52]);
        end
      end
    end
  end
endmodule
